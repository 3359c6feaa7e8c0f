"""Routing: which routes each new note and each new trend matches, and the deliveries that follow.

Read from the journal, in the order of commit. A route and a note make one delivery however often
the rows are read, so that a reader that died reads them again without harm. What one of the
organisation's routes finds also comes into the inbox of triage.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.clock import in_zone, start_of
from insights.models import (
    DeliveryMatter,
    Destination,
    JournalEntry,
    Note,
    Person,
    Route,
    RouteContent,
    Trend,
    TrendReach,
    TrendRun,
    TrendShowing,
)
from insights.search.analysis import Analysis
from insights.search.document import NoteDocument
from insights.search.query import parse
from insights.search.standing import StandingQueries
from insights.search.tree import Node
from insights.services import access, catalogue, deliveries, documents, trends, triage
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.route_times import RouteTimes, due_at, times_of
from insights.services.search_terms import terms

ROUTED_VERBS = frozenset({"note.posted", "note.edited", "note.restored"})
# Journalled once for each trend, when it is first strong (`trends.STRONG`): a weaker one is shown
# on pages, and told to nobody.
TREND_VERB = "trend.opened"
# What was captured longer ago is no news: an import of last year's notes must not flood a channel.
OLDEST = timedelta(days=14)
# Names of people and accounts that queries hold are looked up again after this time.
READ_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Target:
    """What the router knows of a route: when it sends, where to, and as whom one reads there
    (`deliveries.reader_at`)."""

    route_id: int
    personal: bool
    destination_id: int
    reader: Actor
    times: RouteTimes


@dataclass(frozen=True)
class Routes:
    """All routes that are not muted, ready to be matched; `stamp` tells when to read them anew."""

    stamp: tuple[object, ...]
    read_at: datetime
    targets: Mapping[int, Target]
    for_notes: StandingQueries
    for_trends: StandingQueries


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
    targets: dict[int, Target] = {}
    queries: dict[RouteContent, dict[int, Node]] = {one: {} for one in RouteContent}
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
        queries[row.Route.content][row.Route.id] = tree_of(
            session, reads_as, row.Route.query, analysis, zone=zone, now=now
        )
    for_notes, for_trends = (
        StandingQueries(queries[one], analysis) for one in (RouteContent.NOTES, RouteContent.TRENDS)
    )
    return Routes(stamp, now, targets, for_notes, for_trends)


def route(
    session: Session,
    routes: Routes,
    entries: Sequence[JournalEntry],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Makes the deliveries that these journal rows cause; returns how many are new."""
    if not routes.targets:
        return 0
    rows = [
        *_deliveries_of_notes(session, routes, entries, zone=zone, now=now),
        *_deliveries_of_trends(session, routes, entries, zone=zone, now=now),
    ]
    return deliveries.put(session, rows)


def _deliveries_of_notes(
    session: Session,
    routes: Routes,
    entries: Sequence[JournalEntry],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> list[dict[str, Any]]:
    """Those of notes; what a route of the organisation found is in the inbox afterwards."""
    notes = fresh_notes(session, entries, now)
    if not notes:
        return []
    found = routes.for_notes.match(documents.documents_of(session, list(notes), zone))
    wanted = {note_id: [routes.targets[one] for one in ids] for note_id, ids in found.items()}
    common = [one for one in notes if any(not target.personal for target in wanted.get(one, ()))]
    triage.open_notes(session, common, now=now)
    return [
        deliveries.waiting(
            target.destination_id, cause=f"route:{target.route_id}/note:{note_id}",
            note_id=note_id, route_id=target.route_id, due_at=due_at(target.times, now), now=now,
        )
        for note_id, note in notes.items()
        for target in wanted.get(note_id, ())
        if access.may_see(target.reader, note)
    ]  # fmt: skip


def _deliveries_of_trends(
    session: Session,
    routes: Routes,
    entries: Sequence[JournalEntry],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> list[dict[str, Any]]:
    """Those of trends that have become strong.

    A trend is matched as though it were a note (`trend_document`). It goes only where everyone may
    see the notes from which it was computed; who sees the sealed ones too is told of the trends of
    all notes, and not once more of the same story without the sealed ones.
    """
    ids = [int(one.subject_id) for one in entries if one.verb == TREND_VERB]
    if not ids:
        return []
    found = session.scalars(select(Trend).where(Trend.id.in_(ids)).order_by(Trend.id)).all()
    matched = routes.for_trends.match(_trend_documents(session, found, zone))
    widest = _widest_reach(session)
    return [
        deliveries.waiting(
            target.destination_id, cause=f"route:{target.route_id}/trend:{trend.id}",
            matter=DeliveryMatter.TREND, detail=str(trend.id), route_id=target.route_id,
            due_at=due_at(target.times, now), now=now,
        )
        for trend in found
        for target in (routes.targets[one] for one in matched.get(UUID(int=trend.id), ()))
        if trend.reach is (widest if target.reader.sees_all else TrendReach.EVERYONE)
    ]  # fmt: skip


def count_trends(
    session: Session, standing: StandingQueries, reader: Actor, since: date, zone: ZoneInfo
) -> int:
    """How many trends that became strong and opened on that day or later the queries would have
    sent to that reader."""
    reach = _widest_reach(session) if reader.sees_all else TrendReach.EVERYONE
    told = (Trend.announced_at.is_not(None), Trend.opened_on >= since, Trend.reach == reach)
    found = session.scalars(select(Trend).where(*told))
    return len(standing.match(_trend_documents(session, found, zone)))


def _widest_reach(session: Session) -> TrendReach:
    """That of the newest run: with the sealed notes, while there are any."""
    newest = select(TrendRun.reach).order_by(TrendRun.day.desc(), TrendRun.reach != TrendReach.ALL)
    return session.scalar(newest.limit(1)) or TrendReach.EVERYONE


def _trend_documents(
    session: Session, found: Iterable[Trend], zone: ZoneInfo
) -> list[NoteDocument]:
    rows, known = list(found), catalogue.current(session)
    showings = select(TrendShowing.trend_id, TrendShowing.mostly_id).where(
        TrendShowing.trend_id.in_([row.id for row in rows])
    )
    # Of several showings the last one holds.
    mostly = {
        row.trend_id: row.mostly_id for row in session.execute(showings.order_by(TrendShowing.id))
    }
    return [trend_document(known, row, mostly.get(row.id), zone) for row in rows]


def trend_document(
    known: Catalogue, trend: Trend, mostly_id: int | None, zone: ZoneInfo
) -> NoteDocument:
    """A trend as a route's query looks at it: like a note that says what the trend is about.

    * Words match its name: the competitor, the product, the kind or the phrase.
    * `territory:` matches a trend of that territory or one below it; one of the whole company is
      in none.
    * `competitor:` matches a trend of the competitor or of one of its products, `product:` one of
      the product, `kind:` one of notes of the kind, `segment:` one among these customers or mostly
      among them.
    * `since:` and the other dates look at the day on which it opened.
    * Whatever else can be asked of a note (author, account, impact, …) no trend has.
    """
    product = known.product(trend.product_id) if trend.product_id is not None else None
    competitors = {trend.competitor_id, product.competitor_id if product else None}
    competitors |= {known.competitor(one).id for one in competitors if one is not None}
    return NoteDocument(
        id=UUID(int=trend.id),
        text=trends.name_of(known, trend),
        account_name="",
        kind=trend.kind.value if trend.kind else "",
        known="",
        impact="",
        source="",
        audience=(),
        author_id=0,
        territory_id=trend.territory_id or 0,
        segment_ids=tuple(one for one in (trend.segment_id, mostly_id) if one is not None),
        competitor_ids=tuple(sorted(one for one in competitors if one is not None)),
        product_ids=(trend.product_id,) if trend.product_id is not None else (),
        account_id=None,
        captured_at=start_of(trend.opened_on, zone),
        week=0,
        month=0,
        sightings=0,
    )


_ACTIVE = (
    select(Route, Destination)
    .join(Destination, Destination.id == Route.destination_id)
    .where(Route.muted.is_(False), Route.content != RouteContent.SUMMARY)
    .order_by(Route.id)
)


def _stamp(session: Session, zone: ZoneInfo, now: datetime) -> tuple[object, ...]:
    """Changes whenever a route, the catalogue, a person or the day does."""
    routes = session.execute(select(func.count(), func.max(Route.updated_at))).one()
    places = session.execute(select(func.count(), func.max(Destination.id))).one()
    opened = session.scalar(select(func.count()).where(Destination.takes_sealed))
    left = session.scalar(select(func.count()).where(Person.deactivated_at.is_not(None)))
    version = catalogue.current(session).version
    return (*routes, *places, opened, left, version, in_zone(now, zone).date())


def _target(route: Route, place: Destination, actors: Mapping[int, Actor]) -> Target | None:
    """None when the one reader of a private destination has left."""
    reader = access.OPERATOR if place.takes_sealed else access.EVERYBODY
    if place.person_id is not None:
        if place.person_id not in actors:
            return None
        reader = actors[place.person_id]
    return Target(route.id, route.personal, place.id, reader, times_of(route))


def tree_of(
    session: Session, owner: Actor, text: str, analysis: Analysis, *, zone: ZoneInfo, now: datetime
) -> Node:
    """A standing query in the search language, with all that it names looked up for its owner."""
    query = parse(text, analysis)
    known = catalogue.current(session)
    today = in_zone(now, zone).date()
    return terms(session, owner, known, query, zone=zone, today=today).resolved(query.tree)


def fresh_notes(
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
