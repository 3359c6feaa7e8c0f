"""Triage: how far product and marketing are with a note that was routed to them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import choice


class TriageState(StrEnum):
    """What was decided about a note; the same words on pages, cards and in the API."""

    NEW = "new"
    TAKEN = "taken"
    ALREADY_KNOWN = "already-known"
    DONE = "done"


class Triage(Base):
    """A note in the inbox. It comes in with the first of the organisation's routes that matches
    it, or when somebody decides about it; `version` rises with each decision."""

    __tablename__ = "triages"
    __table_args__ = (
        Index(None, "state", "opened_at", "note_id", "territory_id"),
        Index(None, "person_id", "state", "opened_at", "note_id"),
        Index(None, "decided_at", "territory_id"),
    )

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    # The note's own, kept here so that the inbox of a few territories is read from one index.
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    state: Mapped[TriageState] = mapped_column(choice(TriageState, "state"))
    # Who decided last; empty while it is new.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When somebody decided first, whatever happened since.
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
