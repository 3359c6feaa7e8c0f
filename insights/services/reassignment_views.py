"""Reassignments as pages and programs see them: what was made, by whom, and what it moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from insights.db import table_of
from insights.errors import NotFound
from insights.models import (
    Account,
    Person,
    ReassignedAccount,
    ReassignedAssignment,
    Reassignment,
)
from insights.services import access, access_work, catalogue, lookup, people
from insights.services.access import Actor
from insights.services.catalogue import Place
from insights.services.reassignment_filters import AccountChoice, Choice, HolderChoice
from insights.text import shorten

UNDO_WITHIN = timedelta(hours=24)
LONGEST_TITLE = 200
_MOVED_ACCOUNTS = table_of(ReassignedAccount)
_MOVED_ASSIGNMENTS = table_of(ReassignedAssignment)


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A territory with those whose assignments end, whose begins (None for nobody's), and who
    holds it as before."""

    place: Place
    former: tuple[str, ...]
    next_holder: str | None
    staying: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with its former and its next territory."""

    id: int
    name: str
    former: Place | None
    next_place: Place | None


@dataclass(frozen=True, slots=True)
class ReassignmentView:
    """A reassignment that was made; `may_undo` says whether its day is not over yet, and
    `undone_at` when it was taken back."""

    id: int
    title: str
    actor_name: str
    at: datetime
    since: date
    territories: int
    accounts: int
    undone_at: datetime | None
    undone_by: str | None
    may_undo: bool


def get(session: Session, actor: Actor, *, reassignment_id: int, now: datetime) -> ReassignmentView:
    """The reassignment; raises Forbidden unless the actor reassigns, and NotFound when there is
    none or it is none of their business."""
    if 0 < reassignment_id <= lookup.LARGEST_ID:
        this = Reassignment.id == reassignment_id
        for found in _views(session, actor, now, [this], limit=1):
            return found
    raise NotFound("There is no such reassignment, or you may not see it.")


def list_reassignments(
    session: Session, actor: Actor, *, now: datetime, limit: int, after: int | None = None
) -> list[ReassignmentView]:
    """Up to `limit` reassignments, the newest first, from behind number `after`: for admins all,
    for managers their own and those that touch their part. One query.

    Raises Forbidden unless the actor reassigns.
    """
    older: list[ColumnElement[bool]] = [] if after is None else [Reassignment.id < after]
    return _views(session, actor, now, older, limit=limit)


def holder_rows(
    session: Session,
    actor: Actor,
    *,
    reassignment_id: int,
    now: datetime,
    limit: int,
    start: int = 0,
) -> list[HolderRow]:
    """Up to `limit` territories of a reassignment from number `start` on. Raises as `get` does."""
    get(session, actor, reassignment_id=reassignment_id, now=now)
    moved = _MOVED_ASSIGNMENTS.c
    here = moved.reassignment_id == reassignment_id
    places_of = select(moved.territory_id).where(here).distinct().order_by(moved.territory_id)
    ids = session.scalars(places_of.limit(limit).offset(start)).all()
    statement = select(_MOVED_ASSIGNMENTS).where(here, moved.territory_id.in_(ids))
    rows = session.execute(statement.order_by(moved.assignment_id)).all()
    names = people.person_names(session, actor, ids=[row.person_id for row in rows])
    places = catalogue.current(session).territories
    found = []
    for one in ids:
        of_place = [row for row in rows if row.territory_id == one]
        former = [names[row.person_id] for row in of_place if row.existed_before]
        started = (names[row.person_id] for row in of_place if not row.existed_before)
        found.append(HolderRow(places[one], tuple(former), next(started, None)))
    return found


def account_rows(
    session: Session,
    actor: Actor,
    *,
    reassignment_id: int,
    now: datetime,
    limit: int,
    start: int = 0,
) -> list[AccountRow]:
    """Up to `limit` accounts of a reassignment from number `start` on. Raises as `get` does."""
    get(session, actor, reassignment_id=reassignment_id, now=now)
    moved = _MOVED_ACCOUNTS.c
    statement = (
        select(Account.id, Account.name, moved.former_id, moved.territory_id)
        .join(_MOVED_ACCOUNTS, moved.account_id == Account.id)
        .where(moved.reassignment_id == reassignment_id)
        .order_by(Account.id)
    )
    places = catalogue.current(session).territories
    return [
        AccountRow(row.id, row.name, places.get(row.former_id), places.get(row.territory_id))
        for row in session.execute(statement.limit(limit).offset(start))
    ]


def title_of(session: Session, actor: Actor, choice: Choice) -> str:
    """What is asked for, in words of the organisation, on one line."""
    ids = {one for part in (choice.holders, choice.accounts) if part for one in (part.holder_id,)}
    if choice.holders is not None:
        ids.add(choice.holders.to_id)
    known_ids = [one for one in ids if one is not None]
    names = people.person_names(session, actor, ids=known_ids)
    parts = []
    if choice.holders is not None:
        parts.append(_holder_title(session, choice.holders, names))
    if choice.accounts is not None:
        parts.append(_account_title(session, choice.accounts, names))
    return shorten("; ".join(parts), LONGEST_TITLE)


def _holder_title(session: Session, choice: HolderChoice, names: dict[int, str]) -> str:
    what = _filters(session, choice, names)
    if choice.territory_ids:
        places = catalogue.current(session).territories
        first = places[choice.territory_ids[0]].name
        more = len(choice.territory_ids) - 1
        what.insert(0, f"{first} and {more:,} more" if more else first)
    else:
        what.insert(0, "Territories")
    next_one = "several people" if choice.table else "nobody"
    if choice.to_id is not None:
        next_one = names.get(choice.to_id, "somebody")
    return f"{' '.join(what)} to {next_one}"


def _account_title(session: Session, choice: AccountChoice, names: dict[int, str]) -> str:
    what = ["accounts", *_filters(session, choice, names)]
    if choice.state:
        what.append(f"in the state {choice.state}")
    if choice.team_type:
        what.append(f"of the team “{choice.team_type.value}”")
    if choice.to_id is None:
        return f"{' '.join(what)} to where their rules say"
    return f"{' '.join(what)} to {catalogue.current(session).territories[choice.to_id].name}"


def _filters(
    session: Session, choice: HolderChoice | AccountChoice, names: dict[int, str]
) -> list[str]:
    known = catalogue.current(session)
    words = []
    if choice.holder_id is not None:
        words.append(f"of {names.get(choice.holder_id, 'somebody')}")
    if choice.region_id is not None:
        words.append(f"in {known.territories[choice.region_id].name}")
    if choice.segment_id is not None and choice.segment_id in known.segments:
        words.append(f"with {known.segments[choice.segment_id].name}")
    return words


def _views(
    session: Session,
    actor: Actor,
    now: datetime,
    conditions: Sequence[ColumnElement[bool]],
    *,
    limit: int,
) -> list[ReassignmentView]:
    access.require_assigner(actor)
    undoer = aliased(Person)
    statement = (
        select(Reassignment, Person.name, undoer.name)
        .outerjoin(Person, Person.id == Reassignment.actor_id)
        .outerjoin(undoer, undoer.id == Reassignment.undone_by)
        .where(access_work.visible_reassignments(actor), *conditions)
        .order_by(Reassignment.id.desc())
        .limit(limit)
    )
    return [
        ReassignmentView(
            id=row.id,
            title=row.title,
            actor_name=name or "Operator",
            at=row.at,
            since=row.since,
            territories=row.territories,
            accounts=row.accounts,
            undone_at=row.undone_at,
            undone_by=undone_by,
            may_undo=row.undone_at is None and now < row.at + UNDO_WITHIN,
        )
        for row, name, undone_by in session.execute(statement)
    ]
