"""Notes: one ground-level observation each, what it is tagged with, and what it said before."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, choice


class Kind(StrEnum):
    """What sort of thing was observed."""

    COMPETITOR = "competitor"
    PREFERENCE = "preference"
    CHALLENGE = "challenge"
    OPPORTUNITY = "opportunity"


class Known(StrEnum):
    """How it is known."""

    FIRST_HAND = "first-hand"
    HEARD = "heard"


class Impact(StrEnum):
    """How much it matters, in the author's eyes."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Audience(StrEnum):
    """Who may see it; sealed is for managers, analysts and the holders of the territory."""

    EVERYONE = "everyone"
    SEALED = "sealed"


class Source(StrEnum):
    """The way by which it came in."""

    WEB = "web"
    SLACK = "slack"
    API = "api"
    IMPORT = "import"


class Note(Base):
    """One observation. Owned by its territory, written by its author, never deleted.

    `captured_at` is what the device claimed and never changes. `noted_at` is the time by which
    notes are ordered and counted: the claimed one where it is credible, otherwise the time of
    receipt (then `clock_doubtful` is set).
    """

    __tablename__ = "notes"
    __table_args__ = (
        Index(None, "noted_at", "id"),
        Index(None, "territory_id", "noted_at", "id"),
        Index(None, "author_id", "noted_at", "id"),
        Index(None, "account_id", "noted_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    # The id in the file or system that it was imported from.
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[Kind] = mapped_column(choice(Kind, "kind"))
    known: Mapped[Known] = mapped_column(choice(Known, "known"))
    impact: Mapped[Impact] = mapped_column(choice(Impact, "impact"))
    audience: Mapped[Audience] = mapped_column(choice(Audience, "audience"))
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # Brought in from a file that does not say by whom: the author is whoever brought it in.
    author_unknown: Mapped[bool] = mapped_column(default=False, server_default=false())
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    captured_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    clock_doubtful: Mapped[bool] = mapped_column(default=False)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_reason: Mapped[str | None] = mapped_column(String(500))

    # A change made from an outdated reading fails instead of overwriting (see services.notes).
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class NoteCompetitor(Base):
    """A competitor that a note is about."""

    __tablename__ = "note_competitors"
    __table_args__ = (Index(None, "competitor_id", "note_id"),)

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    competitor_id: Mapped[int] = mapped_column(ForeignKey("competitors.id"), primary_key=True)


class NoteProduct(Base):
    """A product that a note is about."""

    __tablename__ = "note_products"
    __table_args__ = (Index(None, "product_id", "note_id"),)

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)


class NoteSegment(Base):
    """A segment that a note is about."""

    __tablename__ = "note_segments"
    __table_args__ = (Index(None, "segment_id", "note_id"),)

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"), primary_key=True)


class NoteRevision(Base):
    """What a note was before a change: who changed it, when, and the former values."""

    __tablename__ = "note_revisions"
    __table_args__ = (Index(None, "note_id", "version", unique=True),)

    id: Mapped[Key]
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"))
    # The version that the note had before this change.
    version: Mapped[int]
    editor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
