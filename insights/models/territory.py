"""Territories, a tree of places that own notes, and who held them when."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Folded, Key, Name, Slug


class Territory(Base):
    """A node of the tree. The territory owns its notes; it is archived, never deleted."""

    __tablename__ = "territories"

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"), index=True)
    name: Mapped[Name]
    folded: Mapped[Folded] = mapped_column(unique=True)
    slug: Mapped[Slug]
    # A short sign such as TX, by which import files and people name the territory.
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    # A US state's code or a GeoJSON geometry.
    shape: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Assignment(Base):
    """Who held a territory, from a day to a day (`until` is the first day no longer held)."""

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > since", name="period"),
        Index(None, "territory_id", "since"),
        Index(None, "person_id", "until"),
    )

    id: Mapped[Key]
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    since: Mapped[date]
    until: Mapped[date | None]
