"""Reassignments: who holds many territories, and where many accounts belong, changed at once.

First a preview, which writes nothing and carries a fingerprint of what it was made from; then the
deed, one transaction of a few statements for all rows, which is refused when that has changed.
What was done is written down row by row, so that it can be taken back for a day
(`reassignment_undo`). Of accounts the journal keeps the number only: those rows name each.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Conflict, Invalid
from insights.models import (
    Account,
    ReassignedAccount,
    ReassignedAssignment,
    Reassignment,
)
from insights.services import accounts, assignments, catalogue, journal, people, promise_moves
from insights.services import reassignment_plan as planning
from insights.services.access import Actor
from insights.services.assignments import Held, NewPeriod
from insights.services.catalogue import Place
from insights.services.reassignment_filters import Choice
from insights.services.reassignment_plan import AccountMove, HolderMove, Plan
from insights.services.reassignment_views import (
    AccountRow,
    HolderRow,
    ReassignmentView,
    get,
    title_of,
)


@dataclass(frozen=True, slots=True)
class AccountGroup:
    """How many accounts go from one territory to another one."""

    former: Place | None
    next_place: Place
    number: int


@dataclass(frozen=True)
class Preview:
    """What would move: counts of everything, and one page of the rows."""

    title: str
    since: date
    fingerprint: str
    territories: int
    accounts: int
    warnings: tuple[str, ...]
    holder_rows: tuple[HolderRow, ...]
    account_rows: tuple[AccountRow, ...]
    account_groups: tuple[AccountGroup, ...]


def preview(
    session: Session, actor: Actor, choice: Choice, *, today: date, limit: int, start: int = 0
) -> Preview:
    """What the reassignment would do, with `limit` rows of each kind from number `start` on.

    Nothing is written. `today` is the day in the organisation's time zone. Raises Forbidden unless
    the actor may reassign all that is named, and Invalid with the fields that are wrong.
    """
    plan = planning.make(session, actor, choice, today=today)
    shown = slice(start, start + limit)
    return Preview(
        title=title_of(session, actor, choice),
        since=choice.since,
        fingerprint=plan.fingerprint,
        territories=len(plan.moves),
        accounts=len(plan.accounts),
        warnings=plan.warnings,
        holder_rows=_holder_rows(session, actor, plan.moves[shown]),
        account_rows=_account_rows(session, actor, plan.accounts[shown]),
        account_groups=_account_groups(session, plan.accounts, limit),
    )


def carry_out(
    session: Session,
    actor: Actor,
    choice: Choice,
    *,
    fingerprint: str,
    now: datetime,
    today: date,
) -> ReassignmentView:
    """Does what the preview with that fingerprint has shown, all of it or nothing.

    Afterwards the next holders hold the territories from `choice.since` on, and the accounts stand
    in their next territories at once, with the open promises to them. Raises what `preview` raises,
    Conflict when something that the preview was made from has changed, and Invalid when nothing
    would move.
    """
    plan = planning.make(session, actor, choice, today=today, lock=True)
    if plan.fingerprint != fingerprint:
        raise Conflict(
            "Holders or accounts have changed since the preview, so nothing was done. "
            "Look at what would move now, then confirm it."
        )
    if not plan.moves and not plan.accounts:
        raise Invalid("Nothing would move: everything stands already where it is to go.")
    row = _add(session, actor, plan, now)
    entries = _move_holders(session, actor, row.id, plan, now)
    _move_accounts(session, row.id, plan.accounts)
    promises = promise_moves.take_along(session, row.id) if plan.accounts else 0
    data = {"territories": row.territories, "accounts": row.accounts, "promises": promises}
    subject = ("reassignment", row.id)
    made = journal.entry(
        "reassignment.made", subject, actor_id=actor.journal_id, now=now, data=data
    )
    journal.append_many(session, [*entries, made])
    return get(session, actor, reassignment_id=row.id, now=now)


def _add(session: Session, actor: Actor, plan: Plan, now: datetime) -> Reassignment:
    row = Reassignment(
        actor_id=actor.journal_id,
        at=now,
        since=plan.choice.since,
        title=title_of(session, actor, plan.choice),
        chosen=plan.choice.as_stored(),
        territories=len(plan.moves),
        accounts=len(plan.accounts),
    )
    session.add(row)
    session.flush()
    return row


def _move_holders(
    session: Session, actor: Actor, reassignment_id: int, plan: Plan, now: datetime
) -> list[dict[str, Any]]:
    """Gives the journal entries."""
    on = plan.choice.since
    periods = [
        NewPeriod(one.territory_id, one.to_id, on, one.until)
        for one in plan.moves
        if one.to_id is not None
    ]
    # Started before anything is taken back: SQLite would give its number to a new one.
    started, starting = assignments.start_many(session, actor, periods, now=now)
    ended = [one for move in plan.moves for one in move.ended]
    ending = assignments.end_many(session, actor, ended, on=on, now=now)
    rows = [
        *(
            _row(reassignment_id, one, before=True, until=on, exists=one.since < on)
            for one in ended
        ),
        *(_row(reassignment_id, one, before=False, until=one.until) for one in started),
    ]
    if rows:
        session.execute(insert(table_of(ReassignedAssignment)), rows)
    return [*ending, *starting]


def _row(
    reassignment_id: int,
    one: Held,
    *,
    before: bool,
    exists: bool = True,
    until: date | None = None,
) -> dict[str, Any]:
    return {
        "reassignment_id": reassignment_id,
        "assignment_id": one.id,
        "territory_id": one.territory_id,
        "person_id": one.person_id,
        "since": one.since,
        "until_before": one.until if before else None,
        "existed_before": before,
        "until_after": until if exists else None,
        "exists_after": exists,
    }


def _move_accounts(session: Session, reassignment_id: int, moves: Sequence[AccountMove]) -> None:
    if not moves:
        return
    rows = [
        {
            "reassignment_id": reassignment_id,
            "account_id": one.account_id,
            "former_id": one.former_id,
            "territory_id": one.next_id,
        }
        for one in moves
    ]
    moved, columns = table_of(ReassignedAccount), table_of(ReassignedAccount).c
    session.execute(insert(moved), rows)
    put_accounts(session, reassignment_id, columns.territory_id)


def put_accounts(session: Session, reassignment_id: int, column: Any) -> None:
    """Puts the accounts of a reassignment where that column of its rows says. One statement."""
    columns, own = table_of(ReassignedAccount).c, table_of(Account).c
    here = columns.reassignment_id == reassignment_id
    place = select(column).where(here, columns.account_id == own.id).scalar_subquery()
    concerned = own.id.in_(select(columns.account_id).where(here))
    session.execute(update(table_of(Account)).where(concerned).values(territory_id=place))


def _holder_rows(
    session: Session, actor: Actor, moves: Sequence[HolderMove]
) -> tuple[HolderRow, ...]:
    ids = {held.person_id for one in moves for held in (*one.ended, *one.standing)}
    ids |= {one.to_id for one in moves if one.to_id is not None}
    names = people.person_names(session, actor, ids=ids)
    places = catalogue.current(session).territories
    return tuple(
        HolderRow(
            places[one.territory_id],
            tuple(dict.fromkeys(names[held.person_id] for held in one.ended)),
            None if one.to_id is None else names[one.to_id],
            tuple(dict.fromkeys(names[held.person_id] for held in one.standing)),
        )
        for one in moves
    )


def _account_rows(
    session: Session, actor: Actor, moves: Sequence[AccountMove]
) -> tuple[AccountRow, ...]:
    names = accounts.account_names(session, actor, ids=[one.account_id for one in moves])
    places = catalogue.current(session).territories
    return tuple(
        AccountRow(
            one.account_id,
            names[one.account_id],
            None if one.former_id is None else places[one.former_id],
            places[one.next_id],
        )
        for one in moves
    )


def _account_groups(
    session: Session, moves: Sequence[AccountMove], limit: int
) -> tuple[AccountGroup, ...]:
    """The largest groups first."""
    places = catalogue.current(session).territories
    numbers = Counter((one.former_id, one.next_id) for one in moves)
    return tuple(
        AccountGroup(None if former is None else places[former], places[next_id], number)
        for (former, next_id), number in numbers.most_common(limit)
    )
