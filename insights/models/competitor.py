"""Competitors and the names by which people in the field call them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Folded, Key, Name, Slug


class Competitor(Base):
    """Somebody who sells to the same customers."""

    __tablename__ = "competitors"

    id: Mapped[Key]
    name: Mapped[Name]
    folded: Mapped[Folded] = mapped_column(unique=True)
    slug: Mapped[Slug]
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # What it is now, always in one step: never one that was itself merged.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("competitors.id"))


class CompetitorAlias(Base):
    """Another name of a competitor; no two competitors share one."""

    __tablename__ = "competitor_aliases"

    id: Mapped[Key]
    competitor_id: Mapped[int] = mapped_column(ForeignKey("competitors.id"), index=True)
    alias: Mapped[Name]
    folded: Mapped[Folded] = mapped_column(unique=True)
