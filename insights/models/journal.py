"""The journal: the append-only record of everything that changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime


class JournalEntry(Base):
    """One change. Ids rise in the order of commit (see services.journal), so that readers with
    a cursor never skip one."""

    __tablename__ = "journal"
    # SQLite must not give the id of a rolled-back row out again after a reader saw a higher one.
    __table_args__ = (
        Index(None, "subject_type", "subject_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Empty when the product itself acted.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    verb: Mapped[str] = mapped_column(String(40))
    subject_type: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(36))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class JournalCursor(Base):
    """How far a reader of the journal is that keeps its place in the database."""

    __tablename__ = "journal_cursors"

    reader: Mapped[str] = mapped_column(String(40), primary_key=True)
    cursor: Mapped[int] = mapped_column(BigInteger)
