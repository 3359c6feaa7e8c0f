"""`python -m benchmarks trends-scale`: how long trends take in a large installation.

The demo organisation grows: several territories stand for each state, and its year of notes is
stretched over three years. What is timed are the product's own commands, with their start.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from benchmarks.report import Report
from benchmarks.scratch import insights
from insights.clock import utc_now
from insights.db import Database
from insights.demo.ahead import notes_ahead
from insights.demo.load import PASSWORD, SIGN_IN_EMAILS
from insights.demo.note_rows import NoteRows
from insights.demo.notes import DemoNote
from insights.demo.organisation import Organisation, Territory, organisation
from insights.demo.organisation_rows import insert_organisation
from insights.models import TrendPast, TrendPrior, TrendWeek
from insights.services import catalogue, trend_weeks
from insights.settings import Settings

YEARS = 3
PARTS_OF_A_STATE = 4
SEED = 1
BATCH = 2_000
DAYS = YEARS * 365
MEGABYTE = 1_000


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds of the clock and of processors, with those of the processes that
    it started; and the most memory that one of them held (megabytes)."""

    seconds: float
    processors: float
    memory: float


def measure(notes: int) -> Report:
    """Loads so many notes and measures the computations of a day."""
    folder = Path(tempfile.mkdtemp(prefix="insights-trends-"))
    environment = os.environ | {
        "INSIGHTS_DATA_DIR": str(folder),
        "INSIGHTS_DEMO": "1",
        "INSIGHTS_DATABASE_URL": "",
    }
    report = Report(
        f"Trends at {notes:,} notes", ("step", "seconds", "processor seconds", "megabytes")
    )
    insights(environment, "db", "upgrade")
    database = Database(Settings(data_dir=folder).effective_database_url)
    try:
        _measure(report, database, environment, notes)
    finally:
        database.dispose()
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _measure(report: Report, database: Database, environment: dict[str, str], count: int) -> None:
    rows, newest = fill(database, count, utc_now())
    full = _refresh(environment, "--full")
    report.add("full computation of a day", *astuple(full))
    with database.writing() as session:
        rows.insert(session, newest)
    seconds = _read_journal(database)
    report.add("a note in the journal reader", seconds / len(newest), "", "")
    daily = _refresh(environment)
    report.add(f"daily refresh, {len(newest):,} new notes", *astuple(daily))
    monday = _refresh_without(database, environment, TrendPast)
    report.add("the same as the first of a week", *astuple(monday))
    refit = _refresh_without(database, environment, TrendPrior)
    report.add("the same with a new fit of what is usual", *astuple(refit))


def _refresh_without(
    database: Database, environment: dict[str, str], kept: type[TrendPast | TrendPrior]
) -> Cost:
    """A refresh of the newest week that finds none of what is kept from one to the next."""
    with database.writing() as session:
        session.execute(delete(kept))
        week = session.scalar(select(func.max(TrendWeek.monday)))
        assert week is not None, "there are notes"
        trend_weeks.mark(session, [week])
    return _refresh(environment)


def fill(database: Database, count: int, until: datetime) -> tuple[NoteRows, list[DemoNote]]:
    """Writes the organisation and all notes but as many as a day has, which it gives back."""
    company = _grown(organisation(SEED, until.date()))
    with database.writing() as session:
        ids = insert_organisation(session, company, SIGN_IN_EMAILS, PASSWORD)
        catalogue.changed(session)
        rows = NoteRows(ids, catalogue.current(session), SEED)
    stream = (_stretched(one, until) for one in notes_ahead(SEED, count, until, chunk=BATCH))
    old = islice(stream, count - count // DAYS)
    while batch := list(islice(old, BATCH)):
        with database.writing() as session:
            rows.insert(session, batch)
    return rows, list(stream)


def _grown(company: Organisation) -> Organisation:
    """The organisation with several territories in place of each state."""
    states = {one.key for one in company.territories if one.state}
    parts = [
        Territory(f"{one.key}-{part}", f"{one.name} {part}", one.parent)
        for one in company.territories
        if one.state
        for part in range(PARTS_OF_A_STATE)
    ]
    return replace(
        company,
        territories=(*(one for one in company.territories if not one.state), *parts),
        accounts=tuple(
            replace(one, territory=_part(one.territory, one.key)) for one in company.accounts
        ),
        assignments=tuple(
            replace(one, territory=_part(one.territory, one.person))
            if one.territory in states
            else one
            for one in company.assignments
        ),
    )


def _part(state: str, key: str) -> str:
    """One of the territories of a state, always the same for a person or an account."""
    return f"{state}-{sum(key.encode()) % PARTS_OF_A_STATE}"


def _stretched(note: DemoNote, until: datetime) -> DemoNote:
    """The note three times as long ago, in a part of its state."""

    def earlier(moment: datetime) -> datetime:
        return until - YEARS * (until - moment)

    return replace(
        note,
        territory=_part(note.territory, note.author),
        captured_at=earlier(note.captured_at),
        sightings=tuple((who, earlier(at)) for who, at in note.sightings),
        comments=(),
    )


def _read_journal(database: Database) -> float:
    """Seconds that the journal reader takes to its end."""
    start = time.perf_counter()
    read = 1
    while read:
        with database.writing() as session:
            read = trend_weeks.read_journal(session, ZoneInfo(Settings().timezone))
    return time.perf_counter() - start


def _refresh(environment: dict[str, str], *options: str) -> Cost:
    command: Sequence[str] = (sys.executable, "-m", "insights", "trends", "refresh", *options)
    start = time.perf_counter()
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=silent, stderr=silent)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    seconds = time.perf_counter() - start
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / MEGABYTE)
