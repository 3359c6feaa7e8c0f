"""`insights import` and `insights export`: notes and what they are about, in and out.

Exit codes of an import: 0 all rows are in, 3 some were refused (the report says which), 2 the file,
an argument or the acting person cannot be used and nothing was written.
"""

import gzip
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy.orm import Session

from insights.cli import context, figures, salesforce, waiting
from insights.cli.progress import progress_bar
from insights.clock import utc_now
from insights.db import Database
from insights.errors import InsightsError, Invalid
from insights.models import Role
from insights.services import catalogue, exports, imports, people
from insights.services.access import OPERATOR, Actor, load_actor
from insights.services.exports import ExportFormat
from insights.services.import_file import open_source
from insights.services.import_run import ImportOptions, ImportResult
from insights.services.import_values import TimeReader
from insights.services.lookup import quoted
from insights.services.note_cards import NoteFilter
from insights.settings import Settings

UNUSABLE, IN_PART = 2, 3
WAITING, FIGURES = "waiting", "figures"
# The author of imported notes where nobody is an admin yet; nobody can sign in as this person.
IMPORTER_EMAIL, IMPORTER_NAME = "import@field-insights.invalid", "Import"
MOST_ADMINS = 1_000
DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}

_COLUMNS = "\n\n".join(
    f"\b\n{noun}:\n  " + ", ".join(imports.columns_of(noun)) for noun in imports.NOUNS
)


def _mapping(_context: object, _parameter: object, pairs: Sequence[str]) -> dict[str, str]:
    if not all("=" in pair for pair in pairs):
        raise click.BadParameter("write COLUMN=FIELD, for instance --map Remark=text")
    return {column: field for column, _, field in (pair.rpartition("=") for pair in pairs)}


@click.command(
    "import",
    cls=salesforce.WithSalesforce,
    epilog=f"Columns, in any order, by these names or by usual others:\n\n{_COLUMNS}",
)
@click.argument("noun", type=click.Choice([*imports.NOUNS, WAITING, FIGURES]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    callback=_mapping,
    help="Which field a column is (nothing behind =: none). As often as needed.",
)
@click.option("--dry-run", is_flag=True, help="Do everything but keep it.")
@click.option("--create", is_flag=True, help="Add territories, competitors … that nobody knows.")
@click.option("--territory", help="Where notes go that name no territory.")
@click.option("--date-format", help="How times are written, for instance %d/%m/%Y; else ISO 8601.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where refused rows are reported; FILE.report.csv by default.",
)
@click.option("--as", "email", help="Whose import it is; the first admin's by default.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
@context.in_words
def import_(
    noun: str, file: Path, email: str | None, *, as_json: bool, **told: str | bool | Path | None
) -> None:
    """Take the rows of FILE, a CSV file (.csv or .csv.gz) of any size.

    What is there already stays as it is: to take a file again adds nothing. The noun "waiting" is
    for the file that a device writes of notes it could not send, "figures" for quota, revenue and
    win rates by territory and month, which take the place of former ones; only --dry-run, --as and
    --json apply to these two.

    For what Salesforce has exported see: insights import salesforce --help
    """
    if noun == FIGURES:
        with _refusals():
            brought = figures.take_file(file, email, dry_run=bool(told["dry_run"]))
        figures.show(brought, as_json=as_json)
        sys.exit(IN_PART if brought.refused else 0)
    if noun == WAITING:
        with _refusals():
            taken = waiting.take_file(file, email, dry_run=bool(told["dry_run"]))
        waiting.show(taken, as_json=as_json)
        sys.exit(IN_PART if taken.refused or taken.photos_refused else 0)
    chosen = context.settings()
    options = ImportOptions(zone=chosen.zone, **told)  # type: ignore[arg-type]
    with _refusals():
        result = _import(noun, file, email, options, chosen)
    if as_json:
        context.print_json(asdict(result))
    else:
        _print(result, options)
    sys.exit(IN_PART if result.refused else 0)


@click.group("export")
def export() -> None:
    """Take notes out."""


@export.command()
@click.argument("file", default="-", type=click.Path(dir_okay=False, path_type=str))
@click.option(
    "--format",
    "form",
    type=click.Choice([one.value for one in ExportFormat]),
    default=ExportFormat.CSV.value,
    show_default=True,
    help="How they are written.",
)
@click.option("--territory", help="Only notes of this territory and those below it.")
@click.option("--since", help="Only notes from this day or time on.")
@click.option("--until", help="Only notes before this day or time.")
@click.option("--as", "email", help="Whose notes: all that this person may see.")
@context.in_words
def notes(
    file: str,
    form: str,
    email: str | None,
    *,
    territory: str | None,
    since: str | None,
    until: str | None,
) -> None:
    """Write notes to FILE, packed if it ends in .gz, or to standard output."""
    chosen = context.settings()
    times = TimeReader(chosen.zone)
    database = context.open_database(chosen)
    with database.reading() as session, _refusals():
        actor = _acting(session, email, chosen, utc_now()) or OPERATOR
        wanted = NoteFilter(
            territory_id=_territory_id(session, territory),
            since=times.moment("since", since) if since else None,
            until=times.moment("until", until) if until else None,
        )
        with _output(file) as output:
            for piece in exports.export_notes(session, actor, wanted, ExportFormat(form)):
                output.write(piece)


def _import(
    noun: str, file: Path, email: str | None, options: ImportOptions, chosen: Settings
) -> ImportResult:
    now = utc_now()
    needs_author = noun == "notes" and not options.dry_run
    database = context.open_database(chosen)
    with open_source(file) as source:
        with database.reading() as session:
            actor = _acting(session, email, chosen, now)
        actor = actor or _importer(database, now, needs_author=needs_author)
        with progress_bar(f"Importing {noun}") as progress:
            return imports.import_file(
                noun, database, actor, source, options, progress=progress, now=now
            )


def _acting(session: Session, email: str | None, chosen: Settings, now: datetime) -> Actor | None:
    """The person of that address, otherwise the first admin; None where there is no admin."""
    if email:
        person_id = people.require_email(session, OPERATOR, email=email).id
    else:
        admins = people.list_people(
            session, OPERATOR, limit=MOST_ADMINS, role=Role.ADMIN, active=True
        )
        if not admins:
            return None
        person_id = min(one.id for one in admins)
    return load_actor(session, person_id, today=now.astimezone(chosen.zone).date())


def _importer(database: Database, now: datetime, *, needs_author: bool) -> Actor:
    """The operator, as a person if notes need an author.

    In the tables this person is a rep: an admin who cannot sign in would count as the admin who
    must remain when the last real one is deactivated.
    """
    if not needs_author:
        return OPERATOR
    with database.writing() as session:
        try:
            person_id = people.require_email(session, OPERATOR, email=IMPORTER_EMAIL).id
        except InsightsError:
            person_id = people.add(
                session,
                OPERATOR,
                now=now,
                email=IMPORTER_EMAIL,
                name=IMPORTER_NAME,
                role=Role.REP,
            ).id
    return replace(OPERATOR, id=person_id, name=IMPORTER_NAME, email=IMPORTER_EMAIL)


def _territory_id(session: Session, word: str | None) -> int | None:
    if not word:
        return None
    found = catalogue.current(session).find_territory(word)
    if found is None:
        raise Invalid({"territory": [f"There is no territory “{quoted(word)}”."]})
    return found.id


@contextmanager
def _refusals() -> Iterator[None]:
    """Ends the command with exit code 2 when it was refused as a whole."""
    try:
        yield
    except InsightsError as error:
        context.fail(error.message, UNUSABLE)


@contextmanager
def _output(file: str) -> Iterator[TextIO]:
    """Standard output, or a file that takes its name only when it is complete."""
    if file == "-":
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        yield sys.stdout
        return
    path = Path(file)
    part = path.with_name(path.name + ".part")
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(part, "wt", encoding="utf-8", newline="") as output:
            yield output
        part.replace(path)
    except OSError as error:
        context.fail(f"{file} cannot be written: {error.strerror}.", UNUSABLE)
    finally:
        part.unlink(missing_ok=True)


def _print(result: ImportResult, options: ImportOptions) -> None:
    """What was done, in sentences."""
    would = "would be " if result.dry_run else ""
    click.echo(
        f"{result.read:,} rows: {result.added:,} {would}added, {result.unchanged:,} there already, "
        f"{result.refused:,} refused."
    )
    for noun, names in result.created.items():
        click.echo(f"New {noun}: {_listed(names)}.")
    for line in _remarks(result, options):
        click.secho(line, fg="yellow", err=True)


def _remarks(result: ImportResult, options: ImportOptions) -> Iterator[str]:
    damaged = f", with {result.damaged:,} damaged characters" if result.damaged else ""
    if damaged or result.encoding != "UTF-8":
        yield f"The file was read as {result.encoding}{damaged}."
    if result.delimiter != ",":
        yield f"Its cells are separated by {DELIMITER_NAMES[result.delimiter]}."
    if result.ignored_columns:
        yield f"Ignored columns: {_listed(result.ignored_columns)}."
    if result.unknown_authors:
        yield f"Nobody has these addresses of authors: {_listed(result.unknown_authors)}."
    if result.refused:
        yield f"What was refused, and why: {result.report}"
    if result.refused and not options.create:
        yield "Names that nobody knows are added with --create."


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:10])
    return f"{shown} and {len(names) - 10:,} more" if len(names) > 10 else shown
