"""Merges: what was made one, and all that is needed to make it two again."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, choice


class MergeKind(StrEnum):
    """What was merged, or split."""

    COMPETITOR = "competitor"
    PRODUCT = "product"
    TOPIC = "topic"
    TOPIC_SPLIT = "topic-split"


class Merge(Base):
    """One merge (or split) from a source into a target; undone at most once."""

    __tablename__ = "merges"
    __table_args__ = (
        Index(None, "kind", "source_id"),
        Index(None, "kind", "target_id"),
    )

    id: Mapped[Key]
    kind: Mapped[MergeKind] = mapped_column(choice(MergeKind, "kind"))
    source_id: Mapped[int]
    target_id: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    # The former values of both, as the service of the kind writes them.
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class MergedNote(Base):
    """A note that a merge moved from the source to the target."""

    __tablename__ = "merged_notes"

    merge_id: Mapped[int] = mapped_column(ForeignKey("merges.id"), primary_key=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    # Whether it was the target's too before.
    had_both: Mapped[bool]
    # What the two rows said, where they say more than that they exist.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
