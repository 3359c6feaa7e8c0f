"""Handovers: a territory changes hands, and what its former holder leaves to the next."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, choice


class HandoverState(StrEnum):
    """How far a handover is."""

    # The leaver is asked what the successor must know.
    PREPARED = "prepared"
    # The territory has changed hands.
    DONE = "done"
    CANCELLED = "cancelled"


class Handover(Base):
    """From one holder of a territory to the next, on a day. The brief is read live, by this row."""

    __tablename__ = "handovers"
    __table_args__ = (
        Index(None, "territory_id", "state"),
        Index(None, "from_id", "state"),
        Index(None, "to_id", "state"),
    )

    id: Mapped[Key]
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    # Nobody held it when empty.
    from_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # Whether the next one only holds it until somebody is found.
    interim: Mapped[bool] = mapped_column(default=False)
    # The first day of the next holder.
    on: Mapped[date]
    state: Mapped[HandoverState] = mapped_column(choice(HandoverState, "state"))
    creator_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When the leaver said that everything is told.
    interviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MustKnow(Base):
    """What whoever holds a territory must know, pinned by somebody who held it.

    Of the territory, and not of one handover: it goes on to the holder after the next. Seen by
    those who hold the territory or one above, by analysts and admins, and by who pinned it.
    """

    __tablename__ = "must_knows"
    __table_args__ = (Index(None, "territory_id", "retired_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    text: Mapped[str] = mapped_column(Text)
    # The question of the exit interview that it answers; empty for one pinned besides.
    prompt: Mapped[str] = mapped_column(String(40), default="")
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("notes.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    position: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class HandoverRead(Base):
    """A line of a brief that somebody has read; `line` is its key, as in “note:…”."""

    __tablename__ = "handover_reads"

    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    line: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
