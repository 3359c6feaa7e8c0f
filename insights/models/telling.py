"""Tellings: what one person is told, once, on their page and by mail or Slack if they chose so."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, choice


class TellingMatter(StrEnum):
    """What is told; `subject` says of which, `services/letters.py` puts it in words."""

    # What became of a note that the person wrote or has seen too: "TOPIC:NOTE".
    OUTCOME = "outcome"
    # A question to the field, and its summary: the number of the question.
    QUESTION = "question"
    QUESTION_SUMMARY = "question-summary"
    # “Still true?”: the number of the check.
    CHECK = "check"
    # A territory that is theirs now, or that they are asked to hand over: the handover's number.
    HANDOVER = "handover"
    HANDOVER_INTERVIEW = "handover-interview"
    # A topic that was given to them: the topic's number.
    TOPIC = "topic"


class Telling(Base):
    """One thing told to one person. Its words are made when it is read, as its reader may see."""

    __tablename__ = "tellings"
    __table_args__ = (
        Index(None, "person_id", "at", "id"),
        Index(None, "person_id", "read_at"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    matter: Mapped[TellingMatter] = mapped_column(choice(TellingMatter, "matter"))
    subject: Mapped[str] = mapped_column(String(60))
    # The same cause never tells twice.
    cause: Mapped[str] = mapped_column(String(120), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
