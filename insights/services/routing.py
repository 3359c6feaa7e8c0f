"""Routing: which routes each new note matches, and the deliveries that follow from it.

Read from the journal, in the order of commit. A route and a note make one delivery however often
the rows are read, so that a reader that died reads them again without harm.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from insights.clock import in_zone
from insights.db import insert_or_skip
from insights.models import Delivery, DeliveryState, Destination, JournalEntry, Note, Person, Route
from insights.search.analysis import Analysis
from insights.search.query import parse
from insights.search.standing import StandingQueries
from insights.search.tree import Node
from insights.services import access, catalogue, documents
from insights.services.access import Actor
from insights.services.route_times import RouteTimes, due_at
from insights.services.search_terms import terms

ROUTED_VERBS = frozenset({"note.posted", "note.edited", "note.restored"})
# What was captured longer ago is no news: an import of last year's notes must not flood a channel.
OLDEST = timedelta(days=14)
# Names of people and accounts that queries hold are looked up again after this time.
READ_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Target:
    """What the router knows of a route: when it sends, where to, and who may read there.

    `reader` is the one reader of a private destination, None for the others.
    """

    route_id: int
    destination_id: int
    takes_sealed: bool
    reader: Actor | None
    times: RouteTimes


@dataclass(frozen=True)
class Routes:
    """All routes that are not muted, ready to be matched; `stamp` tells when to read them anew."""

    stamp: tuple[object, ...]
    read_at: datetime
    targets: dict[int, Target]
    standing: StandingQueries


def current(
    session: Session, known: Routes | None, analysis: Analysis, *, zone: ZoneInfo, now: datetime
) -> Routes:
    """The routes as they are: `known` while nothing they depend on has changed, else read anew."""
    stamp = _stamp(session, zone, now)
    if known is not None and known.stamp == stamp and now - known.read_at < READ_AGAIN:
        return known
    rows = session.execute(_ACTIVE).all()
    today = in_zone(now, zone).date()
    people = {row.Route.owner_id for row in rows} | {row.Destination.person_id for row in rows}
    actors = access.load_actors(session, people - {None}, today=today)
    targets, queries = {}, {}
    for row in rows:
        owner = actors.get(row.Route.owner_id)
        # A route whose owner has left goes on; their own alert does not.
        if owner is None and row.Route.personal:
            continue
        target = _target(row.Route, row.Destination, actors)
        if target is None:
            continue
        targets[row.Route.id] = target
        reads_as = owner or access.OPERATOR
        queries[row.Route.id] = _tree(
            session, reads_as, row.Route.query, analysis, zone=zone, now=now
        )
    return Routes(stamp, now, targets, StandingQueries(queries, analysis))


def route(
    session: Session,
    routes: Routes,
    entries: Sequence[JournalEntry],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Makes the deliveries that these journal rows cause; returns how many are new."""
    notes = _fresh_notes(session, entries, now)
    if not notes or not routes.targets:
        return 0
    found = routes.standing.match(documents.documents_of(session, list(notes), zone))
    rows = [
        _delivery(target, note_id, now)
        for note_id, note in notes.items()
        for target in (routes.targets[one] for one in found.get(note_id, ()))
        if _may_go(target, note)
    ]
    if not rows:
        return 0
    made = session.execute(insert_or_skip(session, Delivery, Delivery.destination_id), rows).all()
    _wake(session, rows)
    return len(made)


_ACTIVE = (
    select(Route, Destination)
    .join(Destination, Destination.id == Route.destination_id)
    .where(Route.muted.is_(False))
    .order_by(Route.id)
)


def _stamp(session: Session, zone: ZoneInfo, now: datetime) -> tuple[object, ...]:
    """Changes whenever a route, the catalogue, a person or the day does."""
    routes = session.execute(select(func.count(), func.max(Route.updated_at))).one()
    places = session.execute(select(func.count(), func.max(Destination.id))).one()
    left = session.scalar(select(func.count()).where(Person.deactivated_at.is_not(None)))
    version = catalogue.current(session).version
    return (*routes, *places, left, version, in_zone(now, zone).date())


def _target(route: Route, place: Destination, actors: dict[int, Actor]) -> Target | None:
    """None when the one reader of a private destination has left."""
    reader = None
    if place.person_id is not None:
        reader = actors.get(place.person_id)
        if reader is None:
            return None
    quiet = None
    if route.quiet_from is not None and route.quiet_until is not None:
        quiet = route.quiet_from, route.quiet_until
    times = RouteTimes(route.cadence, ZoneInfo(route.zone), route.send_at, route.weekday, quiet)
    return Target(route.id, place.id, place.takes_sealed, reader, times)


def _tree(
    session: Session, owner: Actor, text: str, analysis: Analysis, *, zone: ZoneInfo, now: datetime
) -> Node:
    query = parse(text, analysis)
    known = catalogue.current(session)
    today = in_zone(now, zone).date()
    return terms(session, owner, known, query, zone=zone, today=today).resolved(query.tree)


def _fresh_notes(
    session: Session, entries: Iterable[JournalEntry], now: datetime
) -> dict[UUID, Note]:
    """The notes that were posted or changed, in the order in which the journal tells of them;
    without those that are withdrawn or no news any more."""
    ids = list(dict.fromkeys(UUID(one.subject_id) for one in entries if one.verb in ROUTED_VERBS))
    if not ids:
        return {}
    fresh = Note.id.in_(ids), Note.withdrawn_at.is_(None), Note.noted_at >= now - OLDEST
    found = {note.id: note for note in session.scalars(select(Note).where(*fresh))}
    return {one: found[one] for one in ids if one in found}


def _may_go(target: Target, note: Note) -> bool:
    """Whether everyone who reads at the destination may see the note."""
    if target.reader is not None:
        return access.may_see(target.reader, note)
    return access.is_open(note) or target.takes_sealed


def _delivery(target: Target, note_id: UUID, now: datetime) -> dict[str, Any]:
    return {
        "note_id": note_id,
        "destination_id": target.destination_id,
        "route_id": target.route_id,
        "cause": f"route:{target.route_id}/note:{note_id}",
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "due_at": due_at(target.times, now),
        "created_at": now,
    }


def _wake(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Sets when each destination is to be looked at: not later than what is due first."""
    first: dict[datetime, set[int]] = defaultdict(set)
    earliest: dict[int, datetime] = {}
    for row in rows:
        place, due = row["destination_id"], row["due_at"]
        earliest[place] = min(due, earliest.get(place, due))
    for place, due in earliest.items():
        first[due].add(place)
    for due, places in first.items():
        later = or_(Destination.next_at.is_(None), Destination.next_at > due)
        session.execute(
            update(Destination)
            .where(Destination.id.in_(places), later, Destination.trouble == "")
            .values(next_at=due)
        )
