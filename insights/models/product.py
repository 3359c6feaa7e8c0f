"""Products, ours and those of competitors, with their aliases."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Folded, Key, Name, Slug


class Product(Base):
    """Something that is sold; ours when it belongs to no competitor."""

    __tablename__ = "products"

    id: Mapped[Key]
    name: Mapped[Name]
    folded: Mapped[Folded] = mapped_column(unique=True)
    slug: Mapped[Slug]
    competitor_id: Mapped[int | None] = mapped_column(ForeignKey("competitors.id"), index=True)
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # What it is now, always in one step: never one that was itself merged.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))


class ProductAlias(Base):
    """Another name of a product; no two products share one."""

    __tablename__ = "product_aliases"

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    alias: Mapped[Name]
    folded: Mapped[Folded] = mapped_column(unique=True)
