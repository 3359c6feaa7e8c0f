"""`insights import waiting`: notes that a device could not send, from the file it has written."""

from dataclasses import asdict
from pathlib import Path

import click

from insights.cli import context
from insights.clock import utc_now
from insights.schemas.waiting import READERS
from insights.services import import_waiting, people
from insights.services.access import OPERATOR, load_actor
from insights.services.import_waiting import LARGEST, WaitingResult
from insights.stores import open_storage

MOST_SHOWN = 20


def take_file(file: Path, email: str | None, *, dry_run: bool) -> WaitingResult:
    """Takes the file as the person of that address, otherwise as the operator."""
    chosen = context.settings()
    now = utc_now()
    today = now.astimezone(chosen.zone).date()
    database = context.open_database(chosen)
    actor = OPERATOR
    if email:
        with database.reading() as session:
            person = people.require_email(session, OPERATOR, email=email)
            actor = load_actor(session, person.id, today=today)
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    return import_waiting.take(
        database,
        actor,
        content,
        name=file.name,
        readers=READERS,
        storage=open_storage(chosen),
        today=today,
        dry_run=dry_run,
        now=now,
    )


def show(result: WaitingResult, *, as_json: bool) -> None:
    """What was done: for machines, or in sentences."""
    if as_json:
        context.print_json(asdict(result))
        return
    would = "would be " if result.dry_run else ""
    click.echo(
        f"{result.read:,} notes by {result.author}: {result.added:,} {would}added, "
        f"{result.unchanged:,} there already, {len(result.refused):,} refused."
    )
    if result.photos_added:
        click.echo(f"Photos: {result.photos_added:,} {would}added.")
    refused = [*result.refused, *result.photos_refused]
    for one in refused[:MOST_SHOWN]:
        reasons = " ".join(one.reasons)
        click.secho(f"Note {one.place} ({one.excerpt}): {reasons}", fg="yellow", err=True)
    if len(refused) > MOST_SHOWN:
        more = len(refused) - MOST_SHOWN
        click.secho(f"and {more:,} more; --json lists them all.", fg="yellow", err=True)
