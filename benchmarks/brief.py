"""The brief of a territory with many notes, in an installation with many more: service and page.

Beside it the plain way to the same: read all notes of the territory with their tags and sightings,
and count in Python.
"""

import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from benchmarks import scratch
from benchmarks.pages import signed_in
from benchmarks.report import Report
from insights.app import create_app
from insights.db import Database
from insights.http.runtime import Runtime
from insights.models import Note, NoteCompetitor, Person, Sighting, Territory
from insights.services import access, assignments, briefs
from insights.services.access import Actor
from insights.services.brief_lines import Brief, SectionName
from insights.services.brief_places import RECENT_DAYS
from insights.settings import from_environment

INSTALLATION = 100_000
MOST = 20_000
PLACE = "georgia"
READER = "manager@example.com"
REPEATS = 40
PLAIN_REPEATS = 5


@dataclass(frozen=True)
class Case:
    """Whose brief is read, of which territory, and when."""

    actor: Actor
    place_id: int
    leaver_id: int | None
    now: datetime
    today: date


def measure(notes: int) -> Report:
    """How long the brief of a territory with so many notes takes, as its manager sees it."""
    columns = ("what", "notes there", "median ms", "p95 ms", "CPU ms", "times the brief")
    report = Report(f"The brief of a territory, {max(notes, INSTALLATION):,} notes in all", columns)
    with scratch.installation(max(notes, INSTALLATION)) as place:
        settings = from_environment(place.environment)
        database = Database(settings.effective_database_url)
        with database.writing() as session:
            _gather(session, notes)
        database.dispose()
        place.insights("index", "rebuild")
        app = create_app(settings)
        runtime: Runtime = app.extensions["insights"]
        case = _case(runtime)
        _measure_service(report, runtime, case, notes)
        browser = signed_in(app)
        address = f"/briefs/territories/{PLACE}"
        page = _times(lambda: browser.get(address).get_data(), REPEATS)
        report.add("page", notes, *_figures(page), "")
    return report


def _measure_service(report: Report, runtime: Runtime, case: Case, notes: int) -> None:
    def read() -> Brief:
        with runtime.database.reading() as session:
            return _brief(session, runtime, case)

    def plain() -> dict[int, int]:
        with runtime.database.reading() as session:
            return _plainly(session, case)

    found = read()
    [competitors] = [one for one in found.sections if one.name is SectionName.COMPETITORS]
    plainly = plain()
    said = sum(int(line.facts[0].split()[0].replace(",", "")) for line in competitors.lines)
    shown = {int(line.key.split(":")[1]) for line in competitors.lines}
    agree = said == sum(count for one, count in plainly.items() if one in shown)
    service = _times(read, REPEATS)
    slow = _times(plain, PLAIN_REPEATS)
    ratio = _figures(slow)[0] / _figures(service)[0]
    report.add("service", notes, *_figures(service), 1)
    report.add("all notes read instead", notes, *_figures(slow), round(ratio, 1))
    lines = ", ".join(f"{one.name}: {len(one.lines)}" for one in found.sections)
    report.remarks.append(f"Lines: {lines}.")
    report.remarks.append(f"Counts of competitors agree in both ways: {'yes' if agree else 'NO'}.")


def _gather(session: Session, notes: int) -> None:
    """Gives the territory so many notes: those that it lacks come from others, spread over time."""
    place = session.scalars(select(Territory.id).where(Territory.slug == PLACE)).one()
    own = session.scalar(select(func.count()).where(Note.territory_id == place)) or 0
    others = select(Note.id).where(Note.territory_id != place).order_by(text("random()"))
    moved = others.limit(max(0, notes - own)).scalar_subquery()
    session.execute(update(Note).where(Note.id.in_(moved)).values(territory_id=place))


def _case(runtime: Runtime) -> Case:
    today = runtime.today()
    with runtime.database.reading() as session:
        reader = session.scalars(select(Person.id).where(Person.email == READER)).one()
        place = session.scalars(select(Territory.id).where(Territory.slug == PLACE)).one()
        actor = access.load_actor(session, reader, today=today)
        held = assignments.list_holders(session, actor, today=today, territory_ids=[place])
    leaver = held[place][0].person_id if held else None
    return Case(actor, place, leaver, runtime.clock(), today)


def _brief(session: Session, runtime: Runtime, case: Case) -> Brief:
    return briefs.brief(
        session,
        case.actor,
        runtime.reader,
        territory_id=case.place_id,
        now=case.now,
        today=case.today,
        zone=runtime.settings.zone,
        leaver_id=case.leaver_id,
    )


def _plainly(session: Session, case: Case) -> dict[int, int]:
    """The competitors with their notes of 90 days, after reading all that a brief is made of."""
    seen = (Note.territory_id == case.place_id, access.visible_notes(case.actor))
    columns = (Note.id, Note.text, Note.author_id, Note.account_id, Note.noted_at)
    rows = session.execute(select(*columns).where(*seen)).all()
    tags: dict[UUID, list[int]] = {}
    tagged = select(NoteCompetitor).join(Note, Note.id == NoteCompetitor.note_id).where(*seen)
    for tag in session.scalars(tagged):
        tags.setdefault(tag.note_id, []).append(tag.competitor_id)
    sighted = select(Sighting.note_id).join(Note, Note.id == Sighting.note_id).where(*seen)
    corroborated = set(session.scalars(sighted))
    lately, authors = Counter[int](), dict[int, set[int]]()
    since = case.now - timedelta(days=RECENT_DAYS)
    for row in sorted(rows, key=lambda one: one.noted_at, reverse=True):
        for one in tags.get(row.id, ()):
            lately[one] += row.noted_at >= since
            authors.setdefault(one, set()).update(
                (row.author_id, 0) if row.id in corroborated else (row.author_id,)
            )
    return dict(lately)


def _times(deed: Callable[[], object], repeats: int) -> list[tuple[float, float]]:
    """Milliseconds of each run by the clock and of the processor, after one that is not counted."""
    deed()
    found = []
    for _ in range(repeats):
        clock, processor = time.perf_counter(), time.process_time()
        deed()
        spent = time.perf_counter() - clock, time.process_time() - processor
        found.append((spent[0] * 1000, spent[1] * 1000))
    return found


def _figures(found: list[tuple[float, float]]) -> tuple[float, float, float]:
    clock = sorted(one for one, _ in found)
    processor = statistics.median(one for _, one in found)
    p95 = clock[max(0, int(len(clock) * 0.95) - 1)]
    return round(statistics.median(clock), 1), round(p95, 1), round(processor, 1)
