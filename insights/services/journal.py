"""The journal: one row for each change, in the transaction that makes the change.

Readers (search replica, router, trends, the audit page) keep the id of the last row they have
seen and ask for later ones. That is only safe when ids become visible in their own order. SQLite
has one writer at a time, so they do; on PostgreSQL a lock is taken before the id is drawn and
held until the transaction ends.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.models import JournalCursor, JournalEntry

# Any constant will do; it only has to differ from the other advisory locks of the product.
APPEND_LOCK = 7_206_001


# The table itself: the mapper would only add work to a row that nobody keeps as an object.
_APPEND = insert(table_of(JournalEntry))


def append(
    session: Session,
    verb: str,
    subject: tuple[str, object],
    *,
    actor_id: int | None,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Appends one row; `subject` is its type and id, as in ("note", note.id).

    `data` holds ids and names of changed fields, never the text of a note: the journal is read by
    people who may not see every note.
    """
    append_many(session, [entry(verb, subject, actor_id=actor_id, now=now, data=data)])


def entry(
    verb: str,
    subject: tuple[str, object],
    *,
    actor_id: int | None,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One row prepared for `append_many`."""
    return {
        "verb": verb,
        "subject_type": subject[0],
        "subject_id": str(subject[1]),
        "data": data or {},
        "actor_id": actor_id,
        "at": now,
    }


def append_many(session: Session, entries: Sequence[dict[str, Any]]) -> None:
    """Appends prepared rows at once: for imports, which write thousands.

    Whoever makes several changes makes all of them first and appends last: the lock on the
    journal then is the last one taken, and two transactions cannot wait for each other.
    """
    if not entries:
        return
    hold_append_lock(session)
    session.execute(_APPEND, entries)


def hold_append_lock(session: Session) -> None:
    """Until the transaction ends no other one can draw a journal id (PostgreSQL)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(APPEND_LOCK)))


def entries_after(session: Session, cursor: int, *, limit: int) -> Sequence[JournalEntry]:
    """The next rows for a reader that has seen everything up to id `cursor`, in order."""
    statement = (
        select(JournalEntry).where(JournalEntry.id > cursor).order_by(JournalEntry.id).limit(limit)
    )
    return session.scalars(statement).all()


def last_id(session: Session) -> int:
    """The id of the newest row; 0 when the journal is empty."""
    return session.scalar(select(func.max(JournalEntry.id))) or 0


def cursor_of(session: Session, reader: str) -> int | None:
    """Up to which row a reader has read; None for one that has not begun."""
    return session.scalar(select(JournalCursor.cursor).where(JournalCursor.reader == reader))


def hold_cursor(session: Session, reader: str) -> int:
    """The same, held until the transaction ends: nobody else reads for this reader meanwhile.

    One that has not begun begins behind the newest row.
    """
    row = session.get(JournalCursor, reader, with_for_update=True)
    if row is None:
        row = JournalCursor(reader=reader, cursor=last_id(session))
        session.add(row)
        session.flush()
    return row.cursor


def move_cursor(session: Session, reader: str, cursor: int) -> None:
    """Writes down that a reader has read up to and with row `cursor`."""
    session.execute(
        update(JournalCursor).where(JournalCursor.reader == reader).values(cursor=cursor)
    )
