"""`insights trends`: what emerges, computed from the notes."""

import os
import signal
import sys
import time
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from socket import gethostname
from typing import Any
from zoneinfo import ZoneInfo

import click

from insights.cli import context
from insights.cli.progress import progress_bar
from insights.clock import utc_now
from insights.db import Database
from insights.services import jobs, trend_runs
from insights.services.trend_runs import Day, Looked, Refresh

DAY = click.DateTime(["%Y-%m-%d"])
# Whoever waits for a page comes first.
NICE = 10


@click.group()
def trends() -> None:
    """Trends: what is said more often than usual, by territory and segment."""


@trends.command()
@click.option("--full", is_flag=True, help="Read all notes again, and compute the day anew.")
@click.option("--as-of", type=DAY, help="Compute this past day (YYYY-MM-DD) instead of today.")
@click.option("--since", type=DAY, help="Compute the last day of each week from here on, too.")
@click.option("--quiet", is_flag=True, help="Say nothing unless it fails.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
@context.in_words
def refresh(
    full: bool, as_of: datetime | None, since: datetime | None, quiet: bool, as_json: bool
) -> None:
    """Read what changed and compute today's trends.

    A day that is over keeps what it showed, unless --full says otherwise.
    """
    chosen = context.settings()
    database = context.open_database(chosen)
    days = _days(database, chosen.zone, as_of, since, full=full)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))
    if quiet:
        os.nice(NICE)
    started = time.monotonic()
    packed, looked = compute(database, chosen.zone, days, full=full, shown=not quiet)
    told = {
        "packed": packed,
        "seconds": round(time.monotonic() - started, 3),
        "runs": [_told(day, one) for day, one in looked],
    }
    if as_json:
        context.print_json(told)
    elif not quiet:
        _say(told)


def compute(
    database: Database, zone: ZoneInfo, days: list[Day], *, full: bool = False, shown: bool = True
) -> tuple[int, list[tuple[Day, Looked]]]:
    """Packs what changed and looks at these days; returns the weeks packed, and what came of it.

    Raises Conflict when a worker is at it already.
    """
    holder = f"{gethostname()}:{os.getpid()}"
    looked: list[tuple[Day, Looked]] = []
    with (
        jobs.held(database, jobs.TRENDS_JOB, holder=holder, clock=utc_now) as lease,
        progress_bar("Computing trends") if shown else nullcontext(_nothing) as advance,
    ):

        def progress(stage: str, done: int, total: int) -> None:
            lease.say(stage, done, total)
            advance(done, total)

        run = Refresh(database, zone, utc_now, progress)
        packed = run.pack(full=full)
        for number, day in enumerate(days):
            lease.say(f"Looking at {day.day}", number, len(days))
            advance(number, len(days))
            looked += [(day, one) for one in run.look(day, packed=packed)]
        advance(len(days), len(days))
    return packed, looked


def last_days(first: date, last: date, zone: ZoneInfo) -> list[Day]:
    """The last day of each week that is over, from `first` to before `last`."""
    sunday = first + timedelta(days=6 - first.weekday())
    weeks = max((last - sunday).days + 6, 0) // 7
    return [Day.past(sunday + timedelta(weeks=number), zone) for number in range(weeks)]


def _nothing(_done: int, _total: int) -> None:
    pass


def _days(
    database: Database,
    zone: ZoneInfo,
    as_of: datetime | None,
    since: datetime | None,
    *,
    full: bool,
) -> list[Day]:
    present = Day.present(utc_now(), zone)
    if as_of is None:
        past = [] if since is None else last_days(since.date(), present.day, zone)
        return [*_missing(database, past, full), present]
    if as_of.date() > present.day:
        context.fail(f"{as_of.date()} is still to come.", 2)
    if as_of.date() == present.day:
        return [present]
    chosen = _missing(database, [Day.past(as_of.date(), zone)], full)
    if not chosen:
        context.fail(f"{as_of.date()} was computed and is over; --full computes it anew.")
    return chosen


def _missing(database: Database, days: list[Day], full: bool) -> list[Day]:
    with database.reading() as session:
        return [one for one in days if full or not trend_runs.has_run(session, one.day)]


def _told(day: Day, looked: Looked) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "reach": looked.reach.value,
        "observations": looked.observations,
        "history": looked.history,
        "seconds": round(looked.seconds, 3),
        "stories": len(looked.stories),
    }


def _say(told: dict[str, Any]) -> None:
    for run in told["runs"]:
        click.echo(
            f"{run['day']} ({run['reach']}): {run['stories']} stories in "
            f"{run['observations']:,} observations, {run['seconds']:.1f} seconds."
        )
    click.echo(f"{told['packed']} weeks packed, {told['seconds']:.1f} seconds in all.")
