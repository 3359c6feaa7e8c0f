"""Routes: standing queries with a destination and a cadence."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Folded, Key, choice


class Cadence(StrEnum):
    """When what matches is sent."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


class RouteContent(StrEnum):
    """What a route sends of what its query describes."""

    NOTES = "notes"
    # New strong trends, each once.
    TRENDS = "trends"
    # Once a week: what emerged, what was seen most often, what nobody has answered.
    SUMMARY = "summary"


class Route(Base):
    """The organisation's route, or a person's own alert.

    Times of the day are minutes since midnight in `zone`; `weekday` 0 is Monday. A setting and not
    knowledge: its row is deleted when it is no longer wanted, its deliveries stay.
    """

    __tablename__ = "routes"
    __table_args__ = (
        UniqueConstraint("owner_id", "folded"),
        CheckConstraint("send_at BETWEEN 0 AND 1439", name="send_at"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    id: Mapped[Key]
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # Seen and kept by its owner alone; the others are the organisation's.
    personal: Mapped[bool]
    name: Mapped[str] = mapped_column(String(80))
    folded: Mapped[Folded]
    query: Mapped[str] = mapped_column(String(1000))
    content: Mapped[RouteContent] = mapped_column(
        choice(RouteContent, "content"),
        default=RouteContent.NOTES,
        server_default=RouteContent.NOTES.value,
    )
    destination_id: Mapped[int] = mapped_column(ForeignKey("destinations.id"), index=True)
    cadence: Mapped[Cadence] = mapped_column(choice(Cadence, "cadence"))
    zone: Mapped[str] = mapped_column(String(60))
    send_at: Mapped[int] = mapped_column(default=8 * 60)
    weekday: Mapped[int] = mapped_column(default=0)
    # No message comes between these; both empty for none.
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    # Whether the notes of a day share one thread.
    threaded: Mapped[bool] = mapped_column(default=False)
    muted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
