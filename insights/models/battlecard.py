"""Battlecards: what is known of a competitor, each line citing the notes on which it rests."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, choice


class CardSection(StrEnum):
    """The part of a battlecard that a line stands in."""

    FACTS = "facts"
    HOW_WE_WIN = "how-we-win"
    OBJECTIONS = "objections"
    PRICING = "pricing"


class LineType(StrEnum):
    """What a line is about, by which it is known how long it holds."""

    PRICE = "price"
    PEOPLE = "people"
    PRODUCT = "product"
    OTHER = "other"


class Verdict(StrEnum):
    """What somebody in the field says of a line."""

    STILL_TRUE = "still-true"
    NO_LONGER = "no-longer"
    DO_NOT_KNOW = "do-not-know"


class BattlecardLine(Base):
    """One line. Archived, never deleted; `version` rises with each change."""

    __tablename__ = "battlecard_lines"
    __table_args__ = (Index(None, "competitor_id", "section", "position"),)

    id: Mapped[Key]
    competitor_id: Mapped[int] = mapped_column(ForeignKey("competitors.id"))
    section: Mapped[CardSection] = mapped_column(choice(CardSection, "section"))
    type: Mapped[LineType] = mapped_column(choice(LineType, "type"))
    # A fact; of an objection what the customer says.
    text: Mapped[str] = mapped_column(Text)
    # Of an objection what we say to it; empty otherwise.
    reply: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]
    # Days without news after which it is stale; empty for what its type says.
    shelf_days: Mapped[int | None]
    creator_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class BattlecardCitation(Base):
    """A note on which a line rests. Who may not see a cited note does not see the line."""

    __tablename__ = "battlecard_citations"
    __table_args__ = (Index(None, "note_id"),)

    line_id: Mapped[int] = mapped_column(ForeignKey("battlecard_lines.id"), primary_key=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BattlecardRevision(Base):
    """What a line was before a change, its citations too: who changed it, and when."""

    __tablename__ = "battlecard_revisions"
    __table_args__ = (Index(None, "line_id", "version", unique=True),)

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("battlecard_lines.id"))
    version: Mapped[int]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)


class BattlecardCheck(Base):
    """“Still true?”, asked of one person about a stale line."""

    __tablename__ = "battlecard_checks"
    __table_args__ = (
        Index(None, "line_id", "answered_at"),
        Index(None, "person_id", "answered_at"),
    )

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("battlecard_lines.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # Whose knowledge was asked for.
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    verdict: Mapped[Verdict | None] = mapped_column(choice(Verdict, "verdict"))


class ShelfLife(Base):
    """How many days lines of a type hold without news."""

    __tablename__ = "shelf_lives"
    __table_args__ = (CheckConstraint("days BETWEEN 1 AND 3650", name="days"),)

    type: Mapped[LineType] = mapped_column(choice(LineType, "type"), primary_key=True)
    days: Mapped[int]


class NameProposal(Base):
    """A name that notes mention often and nobody has entered: perhaps a competitor."""

    __tablename__ = "name_proposals"

    folded: Mapped[str] = mapped_column(String(160), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    # Of notes that everyone may see.
    notes: Mapped[int]
    people: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    dismissed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dismissed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
