"""`insights demo`: an invented organisation to look around in."""

import gc

import click
from sqlalchemy import select

from insights.cli import context
from insights.cli.progress import progress_bar
from insights.clock import utc_now
from insights.db import Database
from insights.demo.load import PASSWORD, SIGN_IN_EMAILS, load
from insights.models import Person


@click.command()
@click.option("--notes", default=6_000, show_default=True, type=click.IntRange(0, 10_000_000))
@click.option("--seed", default=1, show_default=True, help="Another seed, other notes.")
@click.option("--if-empty", is_flag=True, help="No failure when the database is in use.")
@context.in_words
def demo(notes: int, seed: int, if_empty: bool) -> None:
    """Fill an empty database with a telecom company and a year of its field notes."""
    database = context.open_database(context.settings())
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
    _print_sign_ins(database)


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
