"""Saved searches: queries that are kept under a name."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Folded, Key, choice


class SearchSort(StrEnum):
    """The order in which a saved search shows what it finds."""

    RELEVANCE = "relevance"
    NEWEST = "newest"


class SavedSearch(Base):
    """A search of one person, shown to colleagues when it is shared.

    A setting and not knowledge: its row is deleted when nobody needs it any more.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("owner_id", "folded"),)

    id: Mapped[Key]
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(80))
    folded: Mapped[Folded]
    # In the language of the search box.
    query: Mapped[str] = mapped_column(String(1000))
    sort: Mapped[SearchSort] = mapped_column(choice(SearchSort, "sort"))
    shared: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
