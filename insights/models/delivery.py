"""Deliveries: a note, a trend or a week's summary on its way to one destination."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, choice


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    # Handed to the receiver, whose answer is not known yet; after a crash it is looked up there.
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    # Withdrawn, no longer open to the destination, its route ended, or another route was first.
    WITHHELD = "withheld"


class DeliveryMatter(StrEnum):
    """What a delivery tells of."""

    NOTE = "note"
    # What became of somebody's own note.
    NEWS = "news"
    TREND = "trend"
    # What a week brought.
    SUMMARY = "summary"
    # Something told to one person (models/telling.py).
    TELLING = "telling"
    # Tried out by whoever keeps the route.
    TEST = "test"


class Delivery(Base):
    """A job row. What a digest gathers are deliveries that are due together."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(None, "destination_id", "state", "due_at", "id"),
        Index(None, "note_id"),
    )

    id: Mapped[Key]
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("notes.id"))
    destination_id: Mapped[int] = mapped_column(ForeignKey("destinations.id"))
    # The route that made it; its rules may have changed or it may be gone since.
    route_id: Mapped[int | None]
    matter: Mapped[DeliveryMatter] = mapped_column(
        choice(DeliveryMatter, "matter"),
        default=DeliveryMatter.NOTE,
        server_default=DeliveryMatter.NOTE.value,
    )
    # Which news (the state of triage), which trend (its id), which week (its Monday),
    # which telling (its id).
    detail: Mapped[str | None] = mapped_column(String(80))
    # The same cause never makes two deliveries.
    cause: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState, "state"))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # The receiver's own id of what it got.
    receipt: Mapped[str | None] = mapped_column(String(200))
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
