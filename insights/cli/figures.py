"""`insights import figures`: quota, revenue and win rates by territory and month."""

from dataclasses import asdict
from pathlib import Path

import click

from insights.cli import context
from insights.clock import utc_now
from insights.services import import_figures, people
from insights.services.access import OPERATOR, load_actor
from insights.services.import_figures import FiguresImport
from insights.services.import_file import open_source

MOST_SHOWN = 20


def take_file(file: Path, email: str | None, *, dry_run: bool) -> FiguresImport:
    """Takes the file as the person of that address, otherwise as the operator."""
    chosen = context.settings()
    now = utc_now()
    database = context.open_database(chosen)
    with open_source(file) as source, database.writing() as session:
        actor = OPERATOR
        if email:
            person = people.require_email(session, OPERATOR, email=email)
            actor = load_actor(session, person.id, today=now.astimezone(chosen.zone).date())
        return import_figures.take(session, actor, source, dry_run=dry_run, now=now)


def show(result: FiguresImport, *, as_json: bool) -> None:
    """What was done: for machines, or in sentences."""
    if as_json:
        context.print_json(asdict(result))
        return
    would = "would be " if result.dry_run else ""
    click.echo(
        f"{result.read:,} rows: {result.added:,} {would}added, {result.replaced:,} {would}"
        f"replaced, {result.unchanged:,} there already, {result.refused:,} refused."
    )
    if result.ignored_columns:
        ignored = ", ".join(result.ignored_columns[:10])
        click.secho(f"Ignored columns: {ignored}.", fg="yellow", err=True)
    for one in result.problems[:MOST_SHOWN]:
        column = f", {one.column}" if one.column else ""
        click.secho(f"Line {one.line}{column}: {one.reason}", fg="yellow", err=True)
    if len(result.problems) > MOST_SHOWN:
        click.secho("More are listed with --json.", fg="yellow", err=True)
