"""`insights check`: is this installation well?"""

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import uuid4

import click
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from insights import migration
from insights.cli import context
from insights.clock import utc_now
from insights.db import Database
from insights.errors import Unavailable
from insights.models import Job
from insights.models import Replica as ReplicaRow
from insights.services import jobs, replicas, trend_runs
from insights.settings import Settings
from insights.storage.interface import NotStored
from insights.stores import open_replica, open_storage

# The worker reports several times as often.
WORKER_SILENT_AFTER = timedelta(minutes=1)
LAG_TOLERATED = 10_000
# They are computed at least once a night.
TRENDS_OLD_AFTER = timedelta(hours=26)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def check(as_json: bool) -> None:
    """Look at settings, database, index and worker; exit code 1 if one of them is not well."""
    chosen = context.settings()
    database = context.open_database(chosen)
    findings = [Finding("settings", True, f"data in {chosen.data_dir}")]
    for what, look in (
        ("database", _database),
        ("storage", _storage),
        ("index", _index),
        ("worker", _worker),
        ("trends", _trends),
    ):
        findings.append(_finding(what, look, chosen, database))
    if as_json:
        context.print_json([asdict(one) for one in findings])
    else:
        for one in findings:
            mark = click.style("ok  ", fg="green") if one.ok else click.style("FAIL", fg="red")
            click.echo(f"{mark} {one.what}: {one.detail}")
    sys.exit(0 if all(one.ok for one in findings) else 1)


def _finding(
    what: str,
    look: Callable[[Settings, Database], tuple[bool, str]],
    chosen: Settings,
    database: Database,
) -> Finding:
    try:
        ok, detail = look(chosen, database)
    except SQLAlchemyError as error:
        return Finding(what, False, f"the database does not answer: {error.__cause__ or error}")
    return Finding(what, ok, detail)


def _database(_settings: Settings, database: Database) -> tuple[bool, str]:
    current, newest = migration.current_revision(database), migration.newest_revision()
    if current != newest:
        return False, f"revision {current or 'none'}, needs {newest}; run: insights db upgrade"
    return True, f"revision {current}, {database.engine.dialect.name}"


def _storage(chosen: Settings, _unused: Database) -> tuple[bool, str]:
    """Whether a file can be written, read and deleted where photos are kept."""
    storage = open_storage(chosen)
    key, content = f"checks/{uuid4()}", b"insights check"
    try:
        storage.put(key, content)
        with storage.open(key) as file:
            same = file.read() == content
        storage.delete(key)
    except (Unavailable, NotStored) as error:
        return False, f"{storage.place}: cannot be used ({error.__cause__ or error})"
    return same, storage.place


def _index(chosen: Settings, database: Database) -> tuple[bool, str]:
    replica = open_replica(chosen)
    state, trouble = replica.state(), replica.facts().trouble
    if state.cursor is None:
        return False, f"{state.problem} A running worker rebuilds it. {trouble or ''}".strip()
    with database.reading() as session:
        behind = replicas.lag(session, state.cursor, now=utc_now())
    detail = f"{behind.rows} changes and {behind.seconds:.0f} seconds behind"
    if trouble is not None:
        return False, f"{detail}. {trouble}"
    return behind.rows <= LAG_TOLERATED, detail


def _worker(_settings: Settings, database: Database) -> tuple[bool, str]:
    with database.reading() as session:
        seen_at = session.scalar(select(func.max(ReplicaRow.seen_at)))
    if seen_at is None:
        return False, "has never reported; run: insights worker (or insights serve)"
    silent = utc_now() - seen_at
    seconds = int(silent.total_seconds())
    return silent <= WORKER_SILENT_AFTER, f"reported {seconds} seconds ago"


def _trends(_settings: Settings, database: Database) -> tuple[bool, str]:
    with database.reading() as session:
        run, job = trend_runs.last_run(session), session.get(Job, jobs.TRENDS_JOB)
    if job is not None and job.trouble:
        return False, f"the last computation ended badly: {job.trouble}"
    if run is None:
        return True, "not computed yet; a running worker does it within the hour"
    age = utc_now() - run.finished_at
    hours = age.total_seconds() / 3600
    return age <= TRENDS_OLD_AFTER, f"computed {hours:.1f} hours ago, in {run.seconds:.1f} seconds"
