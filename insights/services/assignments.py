"""Assignments: who held which territory, from a day to a day.

A territory can have several holders and a person several territories. The history is kept: an
assignment is ended, and only one that has not lasted a single day is taken back altogether (the
journal keeps that as well).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import FieldProblems, Invalid, NotFound
from insights.models import Assignment, Person, Territory
from insights.services import access, journal, lookup
from insights.services.access import Actor

EARLIEST = date(1950, 1, 1)
FURTHEST_AHEAD = timedelta(days=366)
# As many ids does one statement name.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Holding:
    """One assignment with the names that pages show; `until` is the first day no longer held."""

    id: int
    person_id: int
    person_name: str
    territory_id: int
    territory_name: str
    territory_slug: str
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the territory is the person's on that day."""
        return self.since <= day and (self.until is None or self.until > day)


class NewPeriod(NamedTuple):
    """An assignment that is to be made."""

    territory_id: int
    person_id: int
    since: date
    until: date | None = None


class Held(NamedTuple):
    """An assignment as it is stored, for changing many at once."""

    id: int
    territory_id: int
    person_id: int
    since: date
    until: date | None


def get(session: Session, _actor: Actor, *, assignment_id: int) -> Holding:
    """The assignment of that number; raises NotFound."""
    return _one(session, lookup.require_id(session, Assignment, assignment_id).id)


def territory_history(session: Session, _actor: Actor, *, territory_id: int) -> list[Holding]:
    """Everyone who held the territory, holds it or will, newest first. One query."""
    return _holdings(session, Assignment.territory_id == territory_id)


def person_history(session: Session, _actor: Actor, *, person_id: int) -> list[Holding]:
    """All territories of a person, past, present and to come, newest first. One query."""
    return _holdings(session, Assignment.person_id == person_id)


def list_holders(
    session: Session,
    _actor: Actor,
    *,
    today: date,
    territory_ids: Iterable[int] | None = None,
) -> dict[int, list[Holding]]:
    """Who holds each territory today, by its id; without ids of all territories. One query."""
    conditions = [_held_on(today)]
    if territory_ids is not None:
        conditions.append(Assignment.territory_id.in_(sorted(set(territory_ids))))
    holders: dict[int, list[Holding]] = {}
    for holding in _holdings(session, *conditions):
        holders.setdefault(holding.territory_id, []).append(holding)
    return holders


def assign(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    territory_slug: str,
    person_id: int,
    since: date,
    until: date | None = None,
) -> Holding:
    """Gives the territory to the person from the day `since` (up to `until`, if that is known).

    Raises NotFound for an unknown territory, Forbidden unless the actor manages it, and
    Invalid(person, territory, since, until).
    """
    territory = lookup.require_slug(session, Territory, territory_slug)
    access.require_manager_of(actor, territory.id)
    person = lookup.by_id(session, Person, person_id, lock=True)
    problems = FieldProblems()
    with problems:
        _require_usable(territory)
    with problems:
        person = _require_active(person)
    with problems:
        _require_period(since, until, now.date())
    problems.settle()
    assert person is not None
    _require_no_overlap(session, territory, person, since, until)
    row = Assignment(territory_id=territory.id, person_id=person.id, since=since, until=until)
    session.add(row)
    session.flush()
    _record(session, actor, now, "assignment.started", row)
    return _one(session, row.id)


def end(
    session: Session, actor: Actor, *, now: datetime, assignment_id: int, until: date
) -> Holding:
    """Ends an assignment; `until` is the first day on which the territory is no longer held.

    Raises NotFound, Forbidden unless the actor manages the territory, and Invalid(until).
    """
    row = lookup.require_id(session, Assignment, assignment_id, lock=True)
    access.require_manager_of(actor, row.territory_id)
    if until == row.until:
        return _one(session, row.id)
    _require_period(row.since, until, now.date())
    if row.until is not None and until > row.until:
        message = f"It ends on {row.until.isoformat()} already. Assign the territory anew instead."
        raise Invalid({"until": [message]})
    row.until = until
    session.flush()
    _record(session, actor, now, "assignment.ended", row)
    return _one(session, row.id)


def take_back(
    session: Session, actor: Actor, *, now: datetime, today: date, assignment_id: int
) -> Holding:
    """Removes an assignment that has not lasted a day, and gives it as it was.

    `today` is the day in the organisation's time zone. Raises NotFound, Forbidden unless the actor
    manages the territory, and Invalid for one that began before today: that one is history.
    """
    row = lookup.require_id(session, Assignment, assignment_id, lock=True)
    access.require_manager_of(actor, row.territory_id)
    if row.since < today:
        raise Invalid("This assignment has begun, so it stays in the history. End it instead.")
    holding = _one(session, row.id)
    session.delete(row)
    session.flush()
    _record(session, actor, now, "assignment.ended", row)
    return holding


def end_all(
    session: Session, actor: Actor, *conditions: ColumnElement[bool], now: datetime, today: date
) -> list[dict[str, Any]]:
    """Ends what meets the conditions and lasts beyond today; for services that have asked access.

    Afterwards nothing of it is held today or later: what began today or would begin later is
    taken back. Gives the journal entries, which the caller appends as its last deed.
    """
    lasting = or_(Assignment.until.is_(None), Assignment.until > today)
    ending = select(Assignment).where(lasting, *conditions).order_by(Assignment.id)
    # As they are once nobody else is changing them: one may have been taken back meanwhile.
    held = ending.with_for_update().execution_options(populate_existing=True)
    rows = session.scalars(held).all()
    for row in rows:
        if row.since < today:
            row.until = today
        else:
            session.delete(row)
    session.flush()
    return [entry(actor, now, "assignment.ended", row) for row in rows]


def hand_over(
    session: Session,
    actor: Actor,
    *,
    territory_id: int,
    from_id: int,
    to_id: int,
    on: date,
    now: datetime,
    today: date,
) -> list[dict[str, Any]]:
    """Gives what one person holds of the territory to another one, from the day `on`.

    Afterwards the former holder holds nothing of it on that day or later: what began before ends
    on that day, what would begin later is taken back. The next one holds it from that day, unless
    they do already. `today` is the day in the organisation's time zone. Gives the journal entries,
    which the caller appends as its last deed. Raises NotFound for an unknown territory, Forbidden
    unless the actor manages it, and Invalid(territory, person, on).
    """
    territory = session.get(
        Territory, territory_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if territory is None:
        raise NotFound(f"There is no territory number {territory_id}.")
    access.require_manager_of(actor, territory.id)
    person = lookup.by_id(session, Person, to_id, lock=True)
    problems = FieldProblems()
    with problems:
        _require_usable(territory)
    with problems:
        _require_active(person)
    with problems:
        require_day_ahead(on, today, "on")
    problems.settle()
    if from_id == to_id:
        return []
    former = (Assignment.territory_id == territory.id, Assignment.person_id == from_id)
    # Started before anything is taken back: SQLite would give its number to the new one.
    row = _start_from(session, territory, to_id, on)
    started = [] if row is None else [entry(actor, now, "assignment.started", row)]
    return [*end_all(session, actor, *former, now=now, today=on), *started]


def held_pairs(session: Session, *, on: date) -> dict[tuple[int, int], Held]:
    """What is held on that day, by territory and person; for services that have asked access.

    One query for all of the organisation: a few thousand rows at most.
    """
    columns = (Assignment.person_id, Assignment.since, Assignment.until)
    statement = select(Assignment.id, Assignment.territory_id, *columns).where(_held_on(on))
    rows = (Held(*row) for row in session.execute(statement))
    return {(row.territory_id, row.person_id): row for row in rows}


def start_many(
    session: Session, actor: Actor, periods: Sequence[NewPeriod], *, now: datetime
) -> tuple[list[Held], list[dict[str, Any]]]:
    """Starts assignments by one statement, for services that have asked access and made sure that
    none of them overlaps; gives them with their journal entries."""
    if not periods:
        return [], []
    table = table_of(Assignment)
    names = ("territory_id", "person_id", "since", "until")
    rows = [dict(zip(names, one, strict=True)) for one in periods]
    started = [Held(*row) for row in session.execute(insert(table).returning(table), rows)]
    return started, [entry(actor, now, "assignment.started", one) for one in started]


def end_many(
    session: Session, actor: Actor, held: Sequence[Held], *, on: date, now: datetime
) -> list[dict[str, Any]]:
    """Ends these assignments on that day by a few statements, and takes back those that would
    begin later; for services that have asked access. Gives the journal entries."""
    table = table_of(Assignment)
    ended = [one for one in held if one.since < on]
    for ids in in_parts([one.id for one in ended]):
        session.execute(update(table).where(table.c.id.in_(ids)).values(until=on))
    for ids in in_parts([one.id for one in held if one.since >= on]):
        session.execute(delete(table).where(table.c.id.in_(ids)))
    now_ended = [one._replace(until=on) if one.since < on else one for one in held]
    return [entry(actor, now, "assignment.ended", one) for one in now_ended]


def in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in parts that one statement can name."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def require_day_ahead(on: date, today: date, field: str) -> None:
    """Raises Invalid(field) unless a change of many assignments may begin on that day."""
    latest = today + FURTHEST_AHEAD
    if not today <= on <= latest:
        message = f"Choose a day from {today.isoformat()} to {latest.isoformat()}."
        raise Invalid({field: [message]})


def _start_from(
    session: Session, territory: Territory, person_id: int, on: date
) -> Assignment | None:
    """Starts an assignment on that day, up to one that would begin later; none if they hold it."""
    lasting = or_(Assignment.until.is_(None), Assignment.until > on)
    theirs = (Assignment.territory_id == territory.id, Assignment.person_id == person_id)
    until = session.scalar(select(func.min(Assignment.since)).where(*theirs, lasting))
    if until is not None and until <= on:
        return None
    row = Assignment(territory_id=territory.id, person_id=person_id, since=on, until=until)
    session.add(row)
    session.flush()
    return row


def entry(actor: Actor, now: datetime, verb: str, row: Assignment | Held) -> dict[str, Any]:
    """What the journal says about an assignment, for `journal.append_many`."""
    data = {
        "territory": row.territory_id,
        "person": row.person_id,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }
    subject = ("assignment", row.id)
    return journal.entry(verb, subject, actor_id=actor.journal_id, now=now, data=data)


def _holdings(session: Session, *conditions: ColumnElement[bool]) -> list[Holding]:
    ordered = _select_holdings().where(*conditions)
    ordered = ordered.order_by(Assignment.since.desc(), Assignment.id.desc())
    return [Holding(*row) for row in session.execute(ordered)]


def _one(session: Session, assignment_id: int) -> Holding:
    return Holding(*session.execute(_select_holdings().where(Assignment.id == assignment_id)).one())


def _select_holdings() -> Select[int, int, str, int, str, str, date, date | None]:
    return (
        select(
            Assignment.id,
            Assignment.person_id,
            Person.name,
            Assignment.territory_id,
            Territory.name,
            Territory.slug,
            Assignment.since,
            Assignment.until,
        )
        .join(Person, Person.id == Assignment.person_id)
        .join(Territory, Territory.id == Assignment.territory_id)
    )


def _held_on(day: date) -> ColumnElement[bool]:
    lasting = or_(Assignment.until.is_(None), Assignment.until > day)
    return and_(Assignment.since <= day, lasting)


def _require_usable(territory: Territory) -> None:
    if territory.archived_at:
        message = f"{territory.name} is archived. Restore it or choose another territory."
        raise Invalid({"territory": [message]})


def _require_active(person: Person | None) -> Person:
    if person is None:
        raise Invalid({"person": ["There is no such person. Choose one from the list."]})
    if not person.is_active:
        message = f"{person.name} is deactivated. Activate them or choose somebody else."
        raise Invalid({"person": [message]})
    if person.guest:
        message = f"{person.name} is a guest without an account. Choose a colleague."
        raise Invalid({"person": [message]})
    return person


def _require_period(since: date, until: date | None, today: date) -> None:
    latest = today + FURTHEST_AHEAD
    if not EARLIEST <= since <= latest:
        message = f"Choose a day between {EARLIEST.isoformat()} and {latest.isoformat()}."
        raise Invalid({"since": [message]})
    if until is not None and not since < until <= latest:
        message = f"Choose a day after {since.isoformat()}, up to {latest.isoformat()}."
        raise Invalid({"until": [message]})


def _require_no_overlap(
    session: Session, territory: Territory, person: Person, since: date, until: date | None
) -> None:
    overlapping = [
        Assignment.territory_id == territory.id,
        Assignment.person_id == person.id,
        or_(Assignment.until.is_(None), Assignment.until > since),
    ]
    if until is not None:
        overlapping.append(Assignment.since < until)
    other = session.scalar(select(Assignment).where(*overlapping).limit(1))
    if other is not None:
        period = f"from {other.since.isoformat()}"
        if other.until:
            period += f" until {other.until.isoformat()}"
        message = f"{person.name} holds {territory.name} {period}. End that first."
        raise Invalid({"person": [message]})


def _record(session: Session, actor: Actor, now: datetime, verb: str, row: Assignment) -> None:
    entries: Sequence[dict[str, Any]] = [entry(actor, now, verb, row)]
    journal.append_many(session, entries)
