"""Imports: notes, and what they are about, from CSV files.

One shape for all nouns: read the whole file once to be sure of it, find the columns, then take the
rows in batches, each in a short transaction of its own. Nothing is written before the file and its
columns have been accepted; after that each good row goes in and each bad one into the report. An
import that was interrupted is simply run again: what is there already stays as it is.

What would take long does not belong into a request: a page passes `LARGEST_AT_ONCE` and sends
whoever has more to the command line.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from insights.db import Database
from insights.errors import Invalid
from insights.services import access, journal
from insights.services.access import Actor
from insights.services.import_catalogue import Accounts, Competitors, Products, Segments
from insights.services.import_columns import Field, Row, match_columns
from insights.services.import_file import (
    FileForm,
    ImportSource,
    Line,
    examine,
    read_lines,
)
from insights.services.import_note_rows import FIELDS as NOTE_FIELDS
from insights.services.import_notes import NoteImport
from insights.services.import_people import People
from insights.services.import_rows import RowImport
from insights.services.import_run import ImportOptions, ImportResult, ImportRun, Progress, Report
from insights.services.import_territories import Territories, TerritoryImport
from insights.services.import_values import require_time_form
from insights.services.lookup import quoted

# What a request takes in a few seconds, unpacked.
LARGEST_AT_ONCE = 10 << 20
MOST_CHARACTERS_AT_ONCE = 2_000_000


class Importer(Protocol):
    """Takes the rows of one file: a survey of all of them if it wants one, then batch by batch."""

    @property
    def surveys(self) -> bool:
        """Whether all rows are to be shown to `survey` first."""

    def survey(self, rows: Sequence[Row]) -> None:
        """Sees a batch before the first one is taken."""

    def prepare(self) -> None:
        """Comes between survey and taking."""

    def take(self, rows: Sequence[Row]) -> None:
        """Takes a batch."""

    def finish(self) -> None:
        """Comes behind the last batch."""


@dataclass(frozen=True)
class Noun:
    """What can be imported: the fields of its rows, and what takes them."""

    fields: tuple[Field, ...]
    importer: Callable[[ImportRun], Importer]


NOUNS: Mapping[str, Noun] = {
    "notes": Noun(NOTE_FIELDS, NoteImport),
    "territories": Noun(Territories.fields, partial(TerritoryImport, make_taker=Territories)),
    "people": Noun(People.fields, partial(RowImport, make_taker=People)),
    "segments": Noun(Segments.fields, partial(RowImport, make_taker=Segments)),
    "competitors": Noun(Competitors.fields, partial(RowImport, make_taker=Competitors)),
    "products": Noun(Products.fields, partial(RowImport, make_taker=Products)),
    "accounts": Noun(Accounts.fields, partial(RowImport, make_taker=Accounts)),
}


def no_progress(_done: int, _total: int) -> None:
    """For whoever does not watch."""


def import_file(
    noun: str,
    database: Database,
    actor: Actor,
    source: ImportSource,
    options: ImportOptions,
    *,
    progress: Progress = no_progress,
    now: datetime,
) -> ImportResult:
    """Takes the rows of a file; `noun` is one of `NOUNS`, where the columns are listed as well.

    A note's author is the person of that e-mail address, otherwise the actor, who then must be a
    person. Ends its own transactions: call it outside of any other. Raises Forbidden unless the
    actor is an admin, and Invalid(file, columns, date_format, territory) with nothing written when
    the file cannot be used.
    """
    access.require_admin(actor)
    if options.date_format:
        require_time_form(options.date_format)
    form = examine(source, largest=options.largest)
    taken = NOUNS[noun]
    header = _header(source, form)
    columns = match_columns(header.cells, taken.fields, options.columns)
    report = Report(options.report or _beside(source))
    run = ImportRun(database, actor, options, now, columns, report)
    try:
        _take_all(taken.importer(run), source, form, run, progress)
    finally:
        report.close()
    result = _result(noun, run, form)
    if not options.dry_run:
        _record(run, source, result)
    return result


def _header(source: ImportSource, form: FileForm) -> Line:
    for line in read_lines(source, form, lambda _read: None):
        if line.problem:
            raise Invalid({"columns": [f"The first line cannot be read. {line.problem}"]})
        return line
    raise Invalid({"file": ["The file is empty."]})


def _take_all(
    importer: Importer, source: ImportSource, form: FileForm, run: ImportRun, progress: Progress
) -> None:
    total = form.size * (2 if importer.surveys else 1)
    if importer.surveys:
        lines = read_lines(source, form, lambda read: progress(read, total))
        for rows in _batches(lines, run, count=False):
            importer.survey(rows)
    importer.prepare()
    before = total - form.size
    lines = read_lines(source, form, lambda read: progress(before + read, total))
    for rows in _batches(lines, run, count=True):
        importer.take(rows)
    importer.finish()
    progress(total, total)


def _batches(lines: Iterator[Line], run: ImportRun, *, count: bool) -> Iterator[list[Row]]:
    """The rows behind the header; bad lines are reported when it is time to `count`."""
    next(lines)
    batch: list[Row] = []
    characters = 0
    for line in lines:
        try:
            row = run.columns.row(line)
        except Invalid as error:
            if count:
                run.refuse(line.number, error.fields, {})
            continue
        batch.append(row)
        characters += sum(map(len, row.values.values()))
        if len(batch) >= run.options.rows_at_once or characters > MOST_CHARACTERS_AT_ONCE:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _beside(source: ImportSource) -> Path | None:
    path = source.path
    return path.with_name(f"{path.name}.report.csv") if path else None


def _result(noun: str, run: ImportRun, form: FileForm) -> ImportResult:
    return ImportResult(
        noun=noun,
        dry_run=run.options.dry_run,
        read=run.added + run.unchanged + run.refused,
        added=run.added,
        unchanged=run.unchanged,
        refused=run.refused,
        created={kind: tuple(names) for kind, names in run.created.items()},
        report=run.report.path,
        encoding=form.encoding_name,
        damaged=form.damaged,
        delimiter=form.delimiter,
        ignored_columns=run.columns.ignored,
        unknown_authors=tuple(run.unknown_authors),
    )


def _record(run: ImportRun, source: ImportSource, result: ImportResult) -> None:
    counts = {name: getattr(result, name) for name in ("read", "added", "unchanged", "refused")}
    created = {kind: len(names) for kind, names in result.created.items()}
    with run.database.writing() as session:
        journal.append(
            session,
            "import.finished",
            ("import", result.noun),
            actor_id=run.actor.journal_id,
            now=run.now,
            data={"file": quoted(source.name), **counts, "created": created},
        )


def columns_of(noun: str) -> Iterable[str]:
    """The names of the columns that a file of that noun may have, for pages and help texts."""
    return [one.name for one in NOUNS[noun].fields]
