"""`insights db`: the schema of the database."""

import click

from insights import migration
from insights.cli import context


@click.group()
def db() -> None:
    """The database and its schema."""


@db.command()
@click.argument("revision", default="head")
@context.in_words
def upgrade(revision: str) -> None:
    """Bring the database to the newest schema (or up to REVISION)."""
    database = context.open_database(context.settings())
    before = migration.current_revision(database)
    migration.migrate(database, revision)
    after = migration.current_revision(database)
    if before == after:
        click.echo(f"The database is up to date (revision {after}).")
    else:
        click.echo(f"The database went from revision {before or 'none'} to {after}.")


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="Going back can lose data. Is there a backup?")
@context.in_words
def downgrade(revision: str) -> None:
    """Take the database back to REVISION ("-1": by one, "base": to nothing)."""
    database = context.open_database(context.settings())
    migration.migrate(database, revision)
    click.echo(f"The database is at revision {migration.current_revision(database) or 'none'}.")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
@context.in_words
def status(as_json: bool) -> None:
    """Say which schema the database has and which is needed (exit code 1 if they differ)."""
    database = context.open_database(context.settings())
    current, newest = migration.current_revision(database), migration.newest_revision()
    if as_json:
        context.print_json({"current": current, "newest": newest})
    else:
        click.echo(f"Current revision {current or 'none'}, newest {newest}.")
    if current != newest:
        context.fail("Run: insights db upgrade")
