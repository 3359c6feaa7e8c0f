"""`insights demo`: an invented organisation to look around in."""

import gc
from datetime import timedelta

import click
from sqlalchemy import select

from insights.cli import context, trends
from insights.cli.progress import progress_bar
from insights.clock import utc_now
from insights.db import Database
from insights.demo.load import PASSWORD, SIGN_IN_EMAILS, load
from insights.models import Person
from insights.services.trend_runs import Day
from insights.settings import Settings

# So many past weeks have their trends too, so that not all of them are new.
WEEKS_OF_TRENDS = 6
# A worker computes those of a larger demo while one looks around.
MOST_NOTES_COMPUTED = 20_000


@click.command()
@click.option("--notes", default=6_000, show_default=True, type=click.IntRange(0, 10_000_000))
@click.option("--seed", default=1, show_default=True, help="Another seed, other notes.")
@click.option("--if-empty", is_flag=True, help="No failure when the database is in use.")
@context.in_words
def demo(notes: int, seed: int, if_empty: bool) -> None:
    """Fill an empty database with a telecom company and a year of its field notes."""
    chosen = context.settings()
    database = context.open_database(chosen)
    # Millions of rows are made and none refers back to itself: looking for cycles among them as
    # often as usual took a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    with progress_bar("Writing notes") as advance:
        loaded = load(
            database,
            notes=notes,
            seed=seed,
            until=utc_now(),
            progress=lambda done: advance(done, notes),
        )
    if loaded is None and not if_empty:
        context.fail("The database holds people already: the demo needs an empty one.")
    if loaded is not None:
        click.echo(f"{loaded.company}: {loaded.notes:,} notes of the past year.")
        if 0 < notes <= MOST_NOTES_COMPUTED:
            _compute_trends(chosen, database)
    _print_sign_ins(database)


def _compute_trends(chosen: Settings, database: Database) -> None:
    """What emerges today, and what emerged at the end of each of the last weeks."""
    present = Day.present(utc_now(), chosen.zone)
    first = present.day - timedelta(weeks=WEEKS_OF_TRENDS)
    days = trends.last_days(first, present.day, chosen.zone)
    trends.compute(database, chosen.zone, [*days, present])


def _print_sign_ins(database: Database) -> None:
    """The people as whom one can look around, if this is a demo at all."""
    with database.reading() as session:
        rows = session.execute(
            select(Person.email, Person.name, Person.role).where(Person.email.in_(SIGN_IN_EMAILS))
        ).all()
    if rows:
        click.echo(f"Sign in with the password {PASSWORD} as")
    for row in sorted(rows, key=lambda one: SIGN_IN_EMAILS.index(one.email)):
        click.echo(f"  {row.email:24} {row.name}, {row.role.value}")
