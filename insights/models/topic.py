"""Topics: pieces of work by product or marketing that gather notes and end with an answer."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, choice
from insights.models.note import Audience


class TopicState(StrEnum):
    """How far a topic is; the columns of the board."""

    OPEN = "open"
    IN_PROGRESS = "in-progress"
    ANSWERED = "answered"
    CLOSED = "closed"


class Gathering(StrEnum):
    """Whether a note belongs to a topic, or is only proposed to it."""

    PROPOSED = "proposed"
    GATHERED = "gathered"
    DISMISSED = "dismissed"


class Outcome(StrEnum):
    """What became of a gathered note."""

    USED = "used"
    ALREADY_KNOWN = "already-known"
    NOT_NOW = "not-now"


class Topic(Base):
    """A question that product or marketing answers from notes; never deleted.

    One that was merged into another keeps its row, its discussion and its revisions. `version`
    rises with each change of what it says.
    """

    __tablename__ = "topics"
    __table_args__ = (
        Index(None, "state", "due", "id"),
        Index(None, "owner_id", "state"),
        Index(None, "trend_id"),
    )

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(160))
    # Who is at work on it; nobody yet when empty.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # Whoever shares the work, as the organisation calls them: “Pricing”, “Product, mobile”.
    team: Mapped[str] = mapped_column(String(80), default="")
    due: Mapped[date | None]
    state: Mapped[TopicState] = mapped_column(choice(TopicState, "state"))
    # Sealed from those who may not see every note, as far as their own work is not concerned.
    audience: Mapped[Audience] = mapped_column(choice(Audience, "audience"))
    # In Markdown; empty until there is one.
    answer: Mapped[str] = mapped_column(Text, default="")
    # What feeds it with proposals: a trend's evidence, notes that match a query; both may.
    trend_id: Mapped[int | None] = mapped_column(ForeignKey("trends.id"))
    query: Mapped[str | None] = mapped_column(String(1000))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    creator_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    # A change made from an outdated reading fails instead of overwriting.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class TopicNote(Base):
    """A note in a topic, or proposed to it, and what became of it there."""

    __tablename__ = "topic_notes"
    __table_args__ = (
        Index(None, "note_id"),
        Index(None, "topic_id", "gathering", "added_at"),
        Index(None, "outcome_at"),
    )

    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    gathering: Mapped[Gathering] = mapped_column(choice(Gathering, "gathering"))
    # Empty when a trend or a query proposed it.
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome, "outcome"))
    # Used in what; known from where; why not now.
    outcome_text: Mapped[str] = mapped_column(String(500), default="")
    # The note that said the same before.
    known_note_id: Mapped[UUID | None] = mapped_column(ForeignKey("notes.id"))
    outcome_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TopicComment(Base):
    """A remark in the discussion of a topic; its id is made by the client."""

    __tablename__ = "topic_comments"
    __table_args__ = (Index(None, "topic_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TopicRevision(Base):
    """What a topic was before a change: who changed it, when, and the former values."""

    __tablename__ = "topic_revisions"
    __table_args__ = (Index(None, "topic_id", "version", unique=True),)

    id: Mapped[Key]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    # The version that the topic had before this change.
    version: Mapped[int]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
