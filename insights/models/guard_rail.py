"""Guard-rails: words that a note should not hold, and what was sent in spite of a warning."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Folded, Key, choice


class GuardTopic(StrEnum):
    """Why a word is on the list."""

    RESTRICTED = "restricted"
    COMPETITION = "competition"


class GuardMatch(StrEnum):
    """Whether the whole word is meant, or also a word that has it as a part."""

    EXACT = "exact"
    PART = "part"


class GuardAction(StrEnum):
    """What happens to a note with the word."""

    BLOCK = "block"
    WARN = "warn"


class GuardWord(Base):
    """A word or phrase of the admins' lists.

    A setting and not knowledge: its row is deleted when it is no longer wanted.
    """

    __tablename__ = "guard_words"
    __table_args__ = (UniqueConstraint("topic", "folded"),)

    id: Mapped[Key]
    topic: Mapped[GuardTopic] = mapped_column(choice(GuardTopic, "topic"))
    word: Mapped[str] = mapped_column(String(120))
    folded: Mapped[Folded]
    match: Mapped[GuardMatch] = mapped_column(choice(GuardMatch, "match"))
    action: Mapped[GuardAction] = mapped_column(choice(GuardAction, "action"))
    # What the person is told, in the admin's words; empty for the product's own.
    advice: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class GuardOverride(Base):
    """A finding with which a note was sent all the same: what, by whom, when.

    `finding` is the key of the finding, such as "e-mail" or "word:cartel"; never the personal data
    itself. `was_asked` tells a person who was warned from a program or file that could not be.
    """

    __tablename__ = "guard_overrides"
    __table_args__ = (Index(None, "note_id"), Index(None, "at"))

    id: Mapped[Key]
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    finding: Mapped[str] = mapped_column(String(200))
    was_asked: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
