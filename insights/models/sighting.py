"""Sightings: "seen it too", the corroboration that replaces a duplicate."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key


class Sighting(Base):
    """One per person and note, stamped with that person's territory at the time."""

    __tablename__ = "sightings"
    __table_args__ = (UniqueConstraint("note_id", "person_id"), Index(None, "at"))

    id: Mapped[Key]
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
