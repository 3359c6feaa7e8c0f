"""Open promises follow their account to its next territory, and go back with an undo.

Whoever looks after the account next has to keep them. A promise that was made in another territory
than that of its account stays there, as does one whose account gets no territory; what is settled
stays where it was kept.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, literal, select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.models import Promise, ReassignedAccount, ReassignedPromise
from insights.services import journal
from insights.services.access import Actor

AT_ONCE = 500
_PROMISES, _ACCOUNTS = table_of(Promise), table_of(ReassignedAccount)
_MOVED = table_of(ReassignedPromise)


class Move(NamedTuple):
    """An account that has got another territory, or none."""

    account_id: int
    former_id: int | None
    next_id: int | None


def follow(
    session: Session, actor: Actor, moves: Iterable[Move], *, now: datetime
) -> list[dict[str, Any]]:
    """Takes the open promises of accounts along that have moved; gives the journal entries.

    One query for some hundred accounts, and one statement for each territory that they go to.
    """
    usable = {
        one.account_id: one
        for one in moves
        if None not in (one.former_id, one.next_id) and one.former_id != one.next_id
    }
    entries: list[dict[str, Any]] = []
    ids = sorted(usable)
    for start in range(0, len(ids), AT_ONCE):
        entries += _follow(session, actor, usable, ids[start : start + AT_ONCE], now)
    return entries


def take_along(session: Session, reassignment_id: int) -> int:
    """Moves the open promises of the accounts of a reassignment, and writes down which; gives
    their number. Two statements."""
    leaving = (
        select(
            literal(reassignment_id), _PROMISES.c.id, _ACCOUNTS.c.former_id,
            _ACCOUNTS.c.territory_id,
        )
        .join(_ACCOUNTS, _ACCOUNTS.c.account_id == _PROMISES.c.account_id)
        .where(
            _ACCOUNTS.c.reassignment_id == reassignment_id,
            _ACCOUNTS.c.territory_id.is_not(None),
            _PROMISES.c.territory_id == _ACCOUNTS.c.former_id,
            _PROMISES.c.settled_at.is_(None),
        )
    )  # fmt: skip
    columns = ["reassignment_id", "promise_id", "former_id", "territory_id"]
    session.execute(insert(_MOVED).from_select(columns, leaving))
    return _put(session, reassignment_id, _MOVED.c.territory_id)


def put_back(session: Session, reassignment_id: int, *, made_at: datetime) -> None:
    """Puts the promises that a reassignment of `made_at` took along where they stood; open ones
    that were made to its accounts since then go back with the account."""
    _put(session, reassignment_id, _MOVED.c.former_id)
    former = (
        select(_ACCOUNTS.c.former_id)
        .where(
            _ACCOUNTS.c.reassignment_id == reassignment_id,
            _ACCOUNTS.c.account_id == _PROMISES.c.account_id,
            _ACCOUNTS.c.territory_id == _PROMISES.c.territory_id,
            _ACCOUNTS.c.former_id.is_not(None),
        )
        .scalar_subquery()
    )
    of_these = select(_ACCOUNTS.c.account_id).where(_ACCOUNTS.c.reassignment_id == reassignment_id)
    since = update(_PROMISES).where(
        _PROMISES.c.account_id.in_(of_these),
        _PROMISES.c.settled_at.is_(None),
        _PROMISES.c.made_at > made_at,
        former.is_not(None),
    )
    session.execute(since.values(territory_id=former))


def _put(session: Session, reassignment_id: int, column: Any) -> int:
    """Puts the promises of a reassignment where that column of its rows says; gives how many."""
    here = _MOVED.c.reassignment_id == reassignment_id
    place = select(column).where(here, _MOVED.c.promise_id == _PROMISES.c.id).scalar_subquery()
    concerned = _PROMISES.c.id.in_(select(_MOVED.c.promise_id).where(here))
    moved = session.connection().execute(
        update(_PROMISES).where(concerned).values(territory_id=place)
    )
    return moved.rowcount


def _follow(
    session: Session, actor: Actor, moves: dict[int, Move], account_ids: list[int], now: datetime
) -> list[dict[str, Any]]:
    columns = (_PROMISES.c.id, _PROMISES.c.account_id, _PROMISES.c.territory_id)
    open_ones = select(*columns).where(
        _PROMISES.c.account_id.in_(account_ids), _PROMISES.c.settled_at.is_(None)
    )
    going: dict[int, list[Any]] = {}
    entries = []
    for row in session.execute(open_ones):
        move = moves[row.account_id]
        if row.territory_id != move.former_id or move.next_id is None:
            continue
        going.setdefault(move.next_id, []).append(row.id)
        data = {"territory": move.next_id, "account": row.account_id, "fields": ["territory"]}
        entries.append(
            journal.entry(
                "promise.changed", ("promise", row.id), actor_id=actor.journal_id, now=now,
                data=data,
            )
        )  # fmt: skip
    for next_id, ids in going.items():
        for start in range(0, len(ids), AT_ONCE):
            these = _PROMISES.c.id.in_(ids[start : start + AT_ONCE])
            session.execute(update(_PROMISES).where(these).values(territory_id=next_id))
    return entries
