"""Taking a reassignment back within a day of it: everything as it was, or nothing at all.

It is refused when something that it moved has changed since, because then “as it was” would undo
somebody else's work as well.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Conflict, Forbidden
from insights.models import (
    Account,
    Assignment,
    Person,
    ReassignedAccount,
    ReassignedAssignment,
    Reassignment,
    Territory,
)
from insights.services import access, assignments, catalogue, journal, lookup, promise_moves
from insights.services.access import Actor
from insights.services.assignments import Held, in_parts
from insights.services.reassignment_filters import first_names
from insights.services.reassignment_views import UNDO_WITHIN, ReassignmentView, get
from insights.services.reassignments import put_accounts

MOST_NAMED = 5
_ASSIGNMENTS, _ACCOUNTS = table_of(Assignment), table_of(Account)
_MOVED, _MOVED_ACCOUNTS = table_of(ReassignedAssignment), table_of(ReassignedAccount)


def undo(
    session: Session, actor: Actor, *, reassignment_id: int, now: datetime
) -> ReassignmentView:
    """Takes the reassignment back: what it ended lasts as before, what it started never was, what
    it took back is there again under its number, and the accounts and the promises to them stand
    where they stood.

    Doing so again changes nothing. Raises NotFound, Forbidden unless all that it moved is the
    actor's to manage, and Conflict when its day is over or something has changed since.
    """
    get(session, actor, reassignment_id=reassignment_id, now=now)
    row = lookup.require_id(session, Reassignment, reassignment_id, lock=True)
    if row.undone_at is not None:
        return get(session, actor, reassignment_id=reassignment_id, now=now)
    if now >= row.at + UNDO_WITHIN:
        raise Conflict(
            "A reassignment can be undone for a day, and that is over. Make a new one instead."
        )
    moved = session.execute(
        select(_MOVED).where(_MOVED.c.reassignment_id == row.id).order_by(_MOVED.c.assignment_id)
    ).all()
    _require_part(session, actor, row.id, moved)
    _hold(session, row.id, moved)
    _require_unchanged(session, row.id, moved)
    entries = _restore_holders(session, actor, moved, now)
    put_accounts(session, row.id, _MOVED_ACCOUNTS.c.former_id)
    promise_moves.put_back(session, row.id, made_at=row.at)
    row.undone_at, row.undone_by = now, actor.journal_id
    session.flush()
    subject = ("reassignment", row.id)
    undone = journal.entry("reassignment.undone", subject, actor_id=actor.journal_id, now=now)
    journal.append_many(session, [*entries, undone])
    return get(session, actor, reassignment_id=row.id, now=now)


def _require_part(
    session: Session, actor: Actor, reassignment_id: int, moved: Sequence[Row[Any]]
) -> None:
    access.require_assigner(actor)
    columns = _MOVED_ACCOUNTS.c
    pairs = select(columns.former_id, columns.territory_id).distinct()
    of_this = pairs.where(columns.reassignment_id == reassignment_id)
    ids = {row.territory_id for row in moved}
    ids |= {one for pair in session.execute(of_this) for one in pair if one is not None}
    outside = sorted(one for one in ids if not actor.manages(one))
    if outside:
        names = first_names(catalogue.current(session), outside)
        raise Forbidden(f"It moved what lies outside of your part: {names}. Ask an admin.")


def _hold(session: Session, reassignment_id: int, moved: Sequence[Row[Any]]) -> None:
    """Nobody else changes any of it until the transaction ends."""
    columns = _MOVED_ACCOUNTS.c
    ours = select(columns.account_id).where(columns.reassignment_id == reassignment_id)
    ids: dict[Any, Any] = {
        table_of(Territory): sorted({row.territory_id for row in moved}),
        table_of(Person): sorted({row.person_id for row in moved}),
        _ASSIGNMENTS: [row.assignment_id for row in moved],
        _ACCOUNTS: ours,
    }
    for table, wanted in ids.items():
        statement = select(table.c.id).where(table.c.id.in_(wanted)).order_by(table.c.id)
        session.execute(statement.with_for_update(key_share=True)).all()


def _require_unchanged(session: Session, reassignment_id: int, moved: Sequence[Row[Any]]) -> None:
    changed = [
        *_changed_holders(session, moved),
        *_changed_accounts(session, reassignment_id),
        *_gone(session, reassignment_id, moved),
    ]
    if not changed:
        return
    more = len(changed) - MOST_NAMED
    others = f" and {more:,} more" if more > 0 else ""
    raise Conflict(
        f"Since then this has changed: {', '.join(changed[:MOST_NAMED])}{others}. "
        "Nothing was undone. Make a new reassignment instead."
    )


def _changed_holders(session: Session, moved: Sequence[Row[Any]]) -> list[str]:
    """Territories whose holders are no longer those that the reassignment left."""
    ids = sorted({row.territory_id for row in moved})
    statement = select(_ASSIGNMENTS).where(_ASSIGNMENTS.c.territory_id.in_(ids))
    present = {row.id: Held(*row) for row in session.execute(statement)}
    expected = {row.assignment_id for row in moved}
    again: dict[tuple[int, int], list[Row[Any]]] = {}
    changed = set()
    for row in moved:
        one = present.get(row.assignment_id)
        after = _as_held(row, row.until_after) if row.exists_after else None
        if one != after:
            changed.add(row.territory_id)
        if row.existed_before:
            again.setdefault((row.territory_id, row.person_id), []).append(row)
    for one in present.values():
        theirs = again.get((one.territory_id, one.person_id), [])
        if one.id not in expected and any(_clashes(one, row) for row in theirs):
            changed.add(one.territory_id)
    places = catalogue.current(session).territories
    return [f"who holds {places[one].name}" for one in sorted(changed)]


def _as_held(row: Row[Any], until: date | None) -> Held:
    return Held(row.assignment_id, row.territory_id, row.person_id, row.since, until)


def _clashes(one: Held, row: Row[Any]) -> bool:
    """Whether what is there now and what would be there again have a day in common."""
    begins_before_end = row.until_before is None or one.since < row.until_before
    return begins_before_end and (one.until is None or one.until > row.since)


def _changed_accounts(session: Session, reassignment_id: int) -> list[str]:
    """Accounts that stand elsewhere by now."""
    moved = _MOVED_ACCOUNTS.c
    statement = (
        select(_ACCOUNTS.c.name)
        .join(_MOVED_ACCOUNTS, moved.account_id == _ACCOUNTS.c.id)
        .where(
            moved.reassignment_id == reassignment_id,
            _ACCOUNTS.c.territory_id.is_distinct_from(moved.territory_id),
        )
        .order_by(_ACCOUNTS.c.folded, _ACCOUNTS.c.id)
    )
    return list(session.scalars(statement))


def _gone(session: Session, reassignment_id: int, moved: Sequence[Row[Any]]) -> list[str]:
    """People who have left and territories that have been archived, which would get something."""
    again = [row for row in moved if row.existed_before]
    people, places = table_of(Person).c, table_of(Territory).c
    former = select(_MOVED_ACCOUNTS.c.former_id).where(
        _MOVED_ACCOUNTS.c.reassignment_id == reassignment_id
    )
    left = select(people.name).where(
        people.deactivated_at.is_not(None),
        people.id.in_(sorted({row.person_id for row in again})),
    )
    archived = select(places.name).where(
        places.archived_at.is_not(None),
        or_(
            places.id.in_(sorted({row.territory_id for row in again})),
            places.id.in_(former),
        ),
    )
    return [
        *(f"{name} has left" for name in session.scalars(left)),
        *(f"{name} is archived" for name in session.scalars(archived)),
    ]


def _restore_holders(
    session: Session, actor: Actor, moved: Sequence[Row[Any]], now: datetime
) -> list[dict[str, Any]]:
    """Gives the journal entries."""
    before = {row.assignment_id: _as_held(row, row.until_before) for row in moved}
    started = [row.assignment_id for row in moved if not row.existed_before]
    for ids in in_parts(started):
        session.execute(delete(_ASSIGNMENTS).where(_ASSIGNMENTS.c.id.in_(ids)))
    ended = [row for row in moved if row.existed_before and row.exists_after]
    again = [before[row.assignment_id] for row in moved if not row.exists_after]
    for until in {row.until_before for row in ended}:
        same = [row.assignment_id for row in ended if row.until_before == until]
        for ids in in_parts(same):
            changed = update(_ASSIGNMENTS).where(_ASSIGNMENTS.c.id.in_(ids))
            session.execute(changed.values(until=until))
    if again:
        session.execute(insert(_ASSIGNMENTS), [one._asdict() for one in again])
    restored = [*(before[row.assignment_id] for row in ended), *again]
    removed = [before[one]._replace(until=None) for one in started]
    return [
        *(assignments.entry(actor, now, "assignment.ended", one) for one in removed),
        *(assignments.entry(actor, now, "assignment.started", one) for one in restored),
    ]
