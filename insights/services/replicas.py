"""How far the search replicas are: this machine's behind the journal, and what workers reported."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Replica
from insights.services import journal


@dataclass(frozen=True)
class Lag:
    """Journal rows that a replica has yet to read, and the age of the oldest of them in seconds;
    both 0 when it is up to date."""

    rows: int
    seconds: float


def lag(session: Session, cursor: int, *, now: datetime) -> Lag:
    """How far a replica that has read up to `cursor` is behind the journal.

    A cursor beyond the journal, as after a restored backup, counts as no lag.
    """
    unread = journal.entries_after(session, cursor, limit=1)
    if not unread:
        return Lag(0, 0.0)
    # Ids may have gaps on PostgreSQL; a number that is too high by some of them does no harm.
    rows = journal.last_id(session) - cursor
    return Lag(rows, max((now - unread[0].at).total_seconds(), 0.0))


def silence(session: Session, *, now: datetime) -> dict[str, float]:
    """The seconds since each worker reported, by the name of its machine."""
    rows = session.execute(select(Replica.name, Replica.seen_at).order_by(Replica.name))
    return {name: max((now - seen_at).total_seconds(), 0.0) for name, seen_at in rows}
