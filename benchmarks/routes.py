"""Routes: what routing a new note costs against ten thousand of them, and how fast what waits goes.

The alternative with which matching is compared asks every query of every note, with the very same
evaluation: the difference is that the product files queries under what they demand.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from benchmarks import scratch
from benchmarks.report import Report
from benchmarks.search_duel import at_share
from benchmarks.search_questions import Words
from benchmarks.search_standing import stored
from insights.clock import utc_now
from insights.db import Database
from insights.models import (
    Cadence,
    Delivery,
    DeliveryState,
    Destination,
    DestinationKind,
    JournalEntry,
    Note,
    Person,
    Route,
)
from insights.search.analysis import ENGLISH
from insights.search.batch import Batch
from insights.search.conditions import condition
from insights.search.document import NoteDocument
from insights.search.query import parse
from insights.services import access, catalogue, deliveries, documents, routing
from insights.services.deliveries import Outcome, Parcel, Sent
from insights.services.parcels import Contents
from insights.services.search_terms import terms
from insights.worker.sender import Sender

ROUTES = 10_000
NOTES = 2_000
# As many as arrive at a time on a busy morning.
BATCH = 20
COMPARED = 100
PLACES = 200
WAITING = (1_000, 100_000)
DRAIN_SECONDS = 20
WANTED = 10
UTC_ZONE = ZoneInfo("UTC")
FIELDS = ("kind:competitor", "kind:challenge", "impact:high", "territory:georgia", "has:photo")


@dataclass
class Instant:
    """A receiver that takes no time."""

    arrived: int = 0

    def send(self, _parcel: Parcel, contents: Contents) -> Outcome:
        """Counts it."""
        self.arrived += len(contents.cards)
        return Sent("receipt")

    def find(self, _parcel: Parcel) -> str | None:
        """Nothing is ever in doubt."""
        return None


def measure(routes: int | None = None) -> Report:
    """Routing a note, the same by asking every query, and draining what waits."""
    count = routes or ROUTES
    report = Report("Routes and deliveries on SQLite", ("what", "median", "p95", "unit", "wanted"))
    with scratch.installation(NOTES) as place:
        database = Database(f"sqlite:///{place.folder / 'insights.db'}")
        with database.reading() as session:
            found = documents.documents_of(session, _newest(database), UTC_ZONE)
        queries = _queries(found, count)
        _store(database, queries)
        routed, busy = _routed(database)
        report.add(f"routing a note, {count:,} routes", *_spread(routed), "ms", WANTED)
        report.add("of it the processor's time", *_spread(busy), "ms", "")
        matched, asked = _compared(database, found[:COMPARED], queries)
        report.add("matching a note alone", *_spread(matched), "ms", "")
        report.add("asking every query of it instead", *_spread(asked), "ms", "")
        ratio = at_share(asked, 0.5) / at_share(matched, 0.5)
        for waiting in WAITING:
            speed = _drained(database, waiting)
            report.add(f"sent with {waiting:,} waiting", speed, speed, "a second", "")
        report.remarks.append(f"Asking every query takes {ratio:,.0f} times as long as matching.")
        database.dispose()
    return report


def _spread(times: Sequence[float]) -> tuple[float, float]:
    return at_share(times, 0.5), at_share(times, 0.95)


def _newest(database: Database) -> list[UUID]:
    with database.reading() as session:
        return list(session.scalars(select(Note.id).order_by(Note.id.desc()).limit(NOTES)))


def _queries(found: Sequence[NoteDocument], count: int) -> list[str]:
    """Words as people save them, every third with a field as well."""
    drawn = random.Random(11)
    words = Words()
    words.count(found)
    return [
        f"{text} {drawn.choice(FIELDS)}" if number % 3 == 0 and " OR " not in text else text
        for number, text in enumerate(stored(words, count))
    ]


def _store(database: Database, queries: Sequence[str]) -> None:
    now = utc_now()
    with database.writing() as session:
        # Those of the demo would be counted along.
        session.execute(delete(Route))
        owner = session.scalars(select(Person.id).order_by(Person.id).limit(1)).one()
        places = [
            Destination(
                kind=DestinationKind.WEBHOOK, address=f"https://example.com/{number}",
                label=f"Team {number}", created_at=now,
            )
            for number in range(PLACES)
        ]  # fmt: skip
        session.add_all(places)
        session.flush()
        session.add_all(
            Route(
                owner_id=owner, personal=False, name=f"Route {number}", folded=f"route {number}",
                query=query, destination_id=places[number % PLACES].id, cadence=Cadence.AT_ONCE,
                zone="UTC", created_at=now, updated_at=now,
            )
            for number, query in enumerate(queries)
        )  # fmt: skip


def _routed(database: Database) -> tuple[list[float], list[float]]:
    """Milliseconds for each note, with the deliveries stored; and those of the processor alone,
    which do not depend on what else the machine does."""
    # Long ago, so that none of the demo's notes is too old.
    now = datetime.now(UTC) - timedelta(days=400)
    with database.reading() as session:
        known = routing.current(session, None, ENGLISH, zone=UTC_ZONE, now=now)
        posted = select(JournalEntry).where(JournalEntry.verb == "note.posted")
        entries = session.scalars(posted.order_by(JournalEntry.id.desc()).limit(NOTES)).all()
        session.expunge_all()
    times, busy = [], []
    for start in range(0, len(entries) - BATCH + 1, BATCH):
        batch = entries[start : start + BATCH]
        begun, busy_before = time.perf_counter(), time.process_time()
        with database.writing() as session:
            routing.route(session, known, batch, zone=UTC_ZONE, now=now)
        times.append((time.perf_counter() - begun) * 1000 / BATCH)
        busy.append((time.process_time() - busy_before) * 1000 / BATCH)
    return times, busy


def _compared(
    database: Database, found: Sequence[NoteDocument], queries: Sequence[str]
) -> tuple[list[float], list[float]]:
    """Milliseconds for each note: by what the queries demand, and by asking all of them."""
    now = utc_now()
    with database.reading() as session:
        known = routing.current(session, None, ENGLISH, zone=UTC_ZONE, now=now)
        names = catalogue.current(session)
        trees = []
        for text in queries:
            query = parse(text)
            meant = terms(session, access.OPERATOR, names, query, zone=UTC_ZONE, today=now.date())
            trees.append(meant.resolved(query.tree))
    conditions = [condition(tree, ENGLISH) for tree in trees]
    matched, asked = [], []
    for document in found:
        begun = time.perf_counter()
        by_demand = len(known.for_notes.match([document]).get(document.id, ()))
        between = time.perf_counter()
        batch = Batch([document], ENGLISH)
        by_asking = sum(bool(batch.found(one, batch.everything)) for one in conditions)
        asked.append((time.perf_counter() - between) * 1000)
        matched.append((between - begun) * 1000)
        if by_demand != by_asking:
            raise RuntimeError(f"{by_demand} queries match by demand, {by_asking} by asking")
    return matched, asked


def _drained(database: Database, waiting: int) -> float:
    """Deliveries a second while that many wait, to a receiver that takes no time."""
    now = utc_now()
    _fill(database, waiting, now)
    carrier = Instant()
    sender = Sender(database, {DestinationKind.WEBHOOK: carrier}, UTC_ZONE, utc_now)
    begun = time.perf_counter()
    while time.perf_counter() - begun < DRAIN_SECONDS and sender.step():
        pass
    return carrier.arrived / (time.perf_counter() - begun)


def _fill(database: Database, waiting: int, now: datetime) -> None:
    ids = _newest(database)
    with database.writing() as session:
        session.execute(delete(Delivery))
        ours = Destination.kind == DestinationKind.WEBHOOK
        places = session.scalars(select(Destination.id).where(ours)).all()
        routes = dict(
            session.execute(
                select(Route.destination_id, func.min(Route.id)).group_by(Route.destination_id)
            ).all()
        )
        rows = [
            deliveries.waiting(
                places[number % PLACES], cause=f"bench:{waiting}:{number}",
                note_id=ids[number // PLACES % len(ids)], route_id=routes[places[number % PLACES]],
                due_at=now, now=now,
            )
            for number in range(waiting)
        ]  # fmt: skip
        deliveries.put(session, rows)
        unsent = Delivery.state == DeliveryState.WAITING
        if session.scalar(select(func.count()).select_from(Delivery).where(unsent)) != waiting:
            raise RuntimeError("not all deliveries were stored")
