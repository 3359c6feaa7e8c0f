"""Rows that no longer tell how things are: each is taken by one worker, done, and settled.

`stale_at` says since when, and when to try next. Whoever works on a row moves it two minutes into
the future; what was marked again meanwhile has another time by then, and stays stale.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import case, null, select, update
from sqlalchemy.orm import Session

from insights.errors import Unavailable
from insights.models import SlackCard, SlackReply
from integrations.slack.gateway import DEAD_TOKENS, SlackBusy, SlackRefused, SlackSilent

Row = TypeVar("Row", SlackCard, SlackReply)
Failure: TypeAlias = SlackRefused | SlackBusy | SlackSilent | Unavailable

LEASE = timedelta(minutes=2)
FIRST_REST, LONGEST_REST = timedelta(seconds=2), timedelta(minutes=10)
REST_WHEN_CLOSED = timedelta(minutes=5)
# After a day or so nothing is tried any more; the next change of the note begins anew.
MOST_ATTEMPTS = 150
_CANDIDATES = 50


class Pace:
    """When the next call may be made: of a method in a workspace, or in a channel."""

    def __init__(self) -> None:
        self._ready: dict[tuple[str, str], datetime] = {}

    def is_ready(self, team_id: str, what: str, now: datetime) -> bool:
        """Whether it may be made now."""
        return self._ready.get((team_id, what), now) <= now

    def rest(self, team_id: str, what: str, until: datetime) -> None:
        """Lets the next one wait."""
        self._ready[team_id, what] = until


def due(session: Session, model: type[Row], *, now: datetime) -> Sequence[Row]:
    """The rows to look at, those that are stale longest first."""
    statement = select(model).where(model.stale_at <= now).order_by(model.stale_at, model.id)
    return session.scalars(statement.limit(_CANDIDATES)).all()


def take(session: Session, row: Row, *, now: datetime) -> datetime | None:
    """Until when the row is the caller's; None when another worker has it."""
    model, lease = type(row), now + LEASE
    taken = session.execute(
        update(model)
        .where(model.id == row.id, model.stale_at == row.stale_at)
        .values(stale_at=lease, attempts=model.attempts + 1)
        .returning(model.id)
    ).first()
    return None if taken is None else lease


def settle(session: Session, row: Row, lease: datetime, **values: Any) -> None:
    """Keeps what came of it; the row is no longer stale unless it was marked again."""
    model = type(row)
    unmarked = case((model.stale_at == lease, null()), else_=model.stale_at)
    session.execute(
        update(model).where(model.id == row.id).values(stale_at=unmarked, attempts=0, **values)
    )


def put_off(session: Session, row: Row, lease: datetime, until: datetime) -> None:
    """Has it tried again then, and not at all after too many attempts."""
    model = type(row)
    again = None if row.attempts >= MOST_ATTEMPTS else until
    session.execute(
        update(model).where(model.id == row.id, model.stale_at == lease).values(stale_at=again)
    )


def rest_after(error: Failure, attempts: int) -> timedelta | None:
    """How long a row rests after its call failed; None when Slack would refuse it for ever."""
    match error:
        case SlackBusy():
            return error.retry_after
        case SlackSilent():
            return _rest_of(attempts)
        case Unavailable():
            return REST_WHEN_CLOSED
        case SlackRefused():
            # An admin installs the app again, and what waits is told then.
            return REST_WHEN_CLOSED if error.code in DEAD_TOKENS else None


def _rest_of(attempts: int) -> timedelta:
    doubled: int = 2 ** min(max(attempts - 1, 0), 12)
    return min(FIRST_REST * doubled, LONGEST_REST)
