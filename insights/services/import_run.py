"""One run of an import: what it was told, what it has counted, and its report of bad rows.

A run takes the good rows and reports the bad ones, with line, column, value and reason, in a CSV
file of its own; the file is written as the rows come, so a million bad rows need no memory. It
begins with the first bad row, and that of an earlier run of the same file is removed.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import FieldErrors
from insights.services.access import Actor
from insights.services.csv_cells import protect
from insights.services.import_columns import Columns
from insights.services.lookup import quoted
from insights.text import clean, shorten

LONGEST_VALUE = 200
MOST_LISTED = 20

# Called with the steps done and the steps in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What an import is told.

    `columns` says which field a column of the file is. `create` adds what the rows name and nobody
    knows; `territory` is the one of notes that name none. With `dry_run` nothing is kept. `report`
    is where bad rows are reported, beside the file by default. `largest` is the most bytes that
    the file may have when unpacked.
    """

    zone: ZoneInfo
    columns: Mapping[str, str] = field(default_factory=dict)
    create: bool = False
    territory: str | None = None
    date_format: str | None = None
    dry_run: bool = False
    report: Path | None = None
    largest: int | None = None
    rows_at_once: int = 500


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """What an import did, or would do: `read` rows are `added`, `unchanged` or `refused`.

    `created` are the names that were new, by noun; `report` is the file about the refused rows,
    None when there are none.
    """

    noun: str
    dry_run: bool
    read: int
    added: int
    unchanged: int
    refused: int
    created: Mapping[str, tuple[str, ...]]
    report: Path | None
    encoding: str
    damaged: int
    delimiter: str
    ignored_columns: tuple[str, ...]
    # E-mail addresses of authors that nobody has, at most 20 of them; their notes are the actor's.
    unknown_authors: tuple[str, ...]


@dataclass
class ImportRun:
    """The run as it goes on; what takes the rows counts here."""

    database: Database
    actor: Actor
    options: ImportOptions
    now: datetime
    columns: Columns
    report: "Report"
    added: int = 0
    unchanged: int = 0
    refused: int = 0
    created: dict[str, dict[str, None]] = field(default_factory=dict)
    unknown_authors: dict[str, None] = field(default_factory=dict)

    def refuse(self, number: int, problems: FieldErrors, values: Mapping[str, str]) -> None:
        """Counts a bad row and reports what is wrong with it."""
        self.refused += 1
        for name, messages in problems.items():
            for message in messages:
                cell = shorten(clean(values.get(name, "")), LONGEST_VALUE)
                self.report.write(number, self.columns.title(name), cell, message)

    def note_created(self, noun: str, name: str) -> None:
        """Remembers a name that the run has added."""
        self.created.setdefault(noun, {})[name] = None

    def note_unknown_author(self, email: str) -> None:
        """Remembers an author that nobody knows."""
        if len(self.unknown_authors) < MOST_LISTED:
            self.unknown_authors[quoted(email)] = None

    @contextmanager
    def changing(self) -> Iterator[Session]:
        """A transaction for one batch; a dry run undoes it."""
        if not self.options.dry_run:
            with self.database.writing() as session:
                yield session
            return
        session = self.database.open_session(write=True)
        try:
            yield session
        finally:
            session.close()


class Report:
    """The file about the rows that were refused; it exists only if there are any."""

    def __init__(self, wanted: Path | None) -> None:
        self._wanted = wanted
        self._file: TextIO | None = None
        self.path: Path | None = None
        if wanted:
            with suppress(OSError):
                wanted.unlink(missing_ok=True)

    def write(self, number: int, column: str, value: str, reason: str) -> None:
        """One line about one cell; the first one opens the file."""
        if self._file is None:
            self._file = self._open()
            csv.writer(self._file).writerow(("line", "column", "value", "reason"))
        cells = (protect(cell) for cell in (column, value, reason))
        csv.writer(self._file).writerow((number, *cells))

    def close(self) -> None:
        """Writes the rest."""
        if self._file:
            self._file.close()

    def _open(self) -> TextIO:
        # With a byte order mark, without which spreadsheets take UTF-8 for something else.
        if self._wanted:
            # Where nobody may write beside the file, the report is not lost for that.
            with suppress(OSError):
                file = self._wanted.open("w", encoding="utf-8-sig", newline="")
                self.path = self._wanted
                return file
        handle, path = tempfile.mkstemp(suffix=".report.csv")
        self.path = Path(path)
        return open(handle, "w", encoding="utf-8-sig", newline="")
