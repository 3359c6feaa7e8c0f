"""Segments: values of at most two dimensions, for instance industry and company size."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Folded, Key, Name, Slug


class Dimension(Base):
    """What a group of segments tells apart. There are two, and their names can be changed."""

    __tablename__ = "dimensions"
    __table_args__ = (CheckConstraint("id IN (1, 2)", name="two"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[Name]


class Segment(Base):
    """One value of a dimension."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("dimension_id", "folded"),)

    id: Mapped[Key]
    dimension_id: Mapped[int] = mapped_column(ForeignKey("dimensions.id"))
    name: Mapped[Name]
    folded: Mapped[Folded]
    slug: Mapped[Slug]
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
