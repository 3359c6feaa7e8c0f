"""Questions: what headquarters wants to hear from the field, of whom, and the notes that answer."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key


class Question(Base):
    """A question to whoever holds a territory that it is aimed at; to all holders without one.

    It is open from when it is asked until the end of the day `until`, or until it is closed with a
    summary, which those who answered are told.
    """

    __tablename__ = "questions"
    __table_args__ = (Index(None, "closed_at", "until", "id"), Index(None, "topic_id"))

    id: Mapped[Key]
    text: Mapped[str] = mapped_column(String(500))
    # The kinds of note that are wanted; any when empty.
    kinds: Mapped[list[str]] = mapped_column(JSON)
    until: Mapped[date]
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    summary: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class QuestionTerritory(Base):
    """A territory at which a question is aimed, with everything below it."""

    __tablename__ = "question_territories"

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"), primary_key=True)


class QuestionSegment(Base):
    """A segment of customers about whom a question is."""

    __tablename__ = "question_segments"

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"), primary_key=True)


class QuestionAnswer(Base):
    """A note that answers a question."""

    __tablename__ = "question_answers"
    __table_args__ = (Index(None, "note_id"),)

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class SearchMiss(Base):
    """A search that found nothing; what people look for and nobody has told yet."""

    __tablename__ = "search_misses"
    __table_args__ = (Index(None, "at"), Index(None, "folded", "at"))

    id: Mapped[Key]
    query: Mapped[str] = mapped_column(String(300))
    folded: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    # The question that was made of it.
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
