"""A small bench for imports: files made of text or bytes, and one call to take them."""

import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from insights.db import Database
from insights.services.access import Actor
from insights.services.import_file import ImportSource, open_source
from insights.services.import_run import ImportOptions, ImportResult
from insights.services.imports import import_file
from tests.organisation import NOW

NEW_YORK = ZoneInfo("America/New_York")


@dataclass
class Bench:
    """Where files are put and who imports them."""

    database: Database
    actor: Actor
    folder: Path
    steps: list[tuple[int, int]] = field(default_factory=list)

    def file(self, contents: str | bytes, name: str = "file.csv") -> Path:
        """A file of that text (in UTF-8) or of those bytes; packed if its name ends in .gz."""
        raw = contents.encode() if isinstance(contents, str) else contents
        path = self.folder / name
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    def take(self, contents: str | bytes | Path, noun: str = "notes", **told: Any) -> ImportResult:
        """Imports the file; every argument of ImportOptions can be given."""
        path = contents if isinstance(contents, Path) else self.file(contents)
        options = ImportOptions(**{"zone": NEW_YORK, **told})
        with open_source(path) as source:
            return self.run(source, options, noun)

    def run(self, source: ImportSource, options: ImportOptions, noun: str) -> ImportResult:
        """Imports from any source."""
        return import_file(
            noun,
            self.database,
            self.actor,
            source,
            options,
            progress=lambda done, total: self.steps.append((done, total)),
            now=NOW,
        )


def table(*rows: Sequence[object]) -> str:
    """The rows as a CSV file."""
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue()


def reported(result: ImportResult) -> list[list[str]]:
    """What the report says, without its header: line, column, value, reason."""
    assert result.report is not None
    with result.report.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]
