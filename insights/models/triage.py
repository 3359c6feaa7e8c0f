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
    __table_args__ = (Index(None, "state", "opened_at", "note_id"),)

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    state: Mapped[TriageState] = mapped_column(choice(TriageState, "state"))
    # Who decided last; empty while it is new.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
