"""Business figures out of a CSV file: a row for each territory and month.

A row takes the place of what was there of its territory and month. A bad row is reported with its
line and the reason, and the others are taken all the same; a trial says what would happen and
keeps nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid
from insights.services import access, business_figures, catalogue
from insights.services.access import Actor
from insights.services.business_figures import AMOUNTS, FigureValues, Stored
from insights.services.import_columns import Columns, Field, Row, match_columns
from insights.services.import_file import ImportSource, Line, examine, read_lines
from insights.services.lookup import quoted

LARGEST_FILE = 20 << 20
MOST_ROWS = 100_000
MOST_REPORTED = 200
FIELDS = (
    Field("territory", ("territory code", "territory name", "region"), required=True),
    Field("month", ("period", "date"), required=True),
    Field("quota", ("target",)),
    Field("revenue", ("sales", "actual", "bookings")),
    Field("win_rate", ("win rate", "winrate", "wins")),
    Field("deal_size", ("deal size", "average deal size", "avg deal size")),
)
COLUMNS = tuple(one.name for one in FIELDS)

_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-01)?")
_PLAIN = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{1,6})?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:[, \u00a0\u202f'][0-9]{3})+(?:\.[0-9]{1,6})?")
_GROUPS = re.compile("[, \u00a0\u202f']")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was refused: its line in the file, the column, and what to do."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class FiguresImport:
    """What came of a file, or would: `refused` rows, of which the first 200 problems are named."""

    dry_run: bool
    read: int
    added: int
    replaced: int
    unchanged: int
    refused: int
    problems: tuple[BadRow, ...]
    ignored_columns: tuple[str, ...]


@dataclass
class _Reading:
    """The rows so far, the last one of each territory and month, and what was wrong with others."""

    rows: dict[tuple[int, date], dict[str, Any]] = field(default_factory=dict)
    problems: list[BadRow] = field(default_factory=list)
    read: int = 0
    refused: int = 0


def take(
    session: Session, actor: Actor, source: ImportSource, *, dry_run: bool, now: datetime
) -> FiguresImport:
    """Takes the rows of the file, or only tries to.

    Raises Forbidden for all but admins, Invalid(file) for a file that is no table of a bearable
    size, and Invalid(columns) when territory or month has no column.
    """
    access.require_admin(actor)
    form = examine(source, largest=LARGEST_FILE)
    header, *lines = islice(read_lines(source, form, lambda _: None), MOST_ROWS + 2)
    if header.problem:
        raise Invalid({"file": [header.problem]})
    if len(lines) > MOST_ROWS:
        raise Invalid({"file": [f"Import {MOST_ROWS:,} rows at a time at most."]})
    columns = match_columns(header.cells, FIELDS, {})
    reading = _read(session, columns, lines)
    stored = _stored(session, actor, reading, dry_run=dry_run, now=now)
    return FiguresImport(
        dry_run=dry_run,
        read=reading.read,
        added=stored.added,
        replaced=stored.replaced,
        unchanged=stored.unchanged,
        refused=reading.refused,
        problems=tuple(reading.problems[:MOST_REPORTED]),
        ignored_columns=columns.ignored,
    )


def month_of(word: str) -> date:
    """The first day of a month that is written as 2026-03; raises Invalid(month)."""
    found = _MONTH.fullmatch(word.strip())
    try:
        if found:
            return date(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass
    raise Invalid({"month": [f"“{quoted(word)}” is no month. Write it as 2026-03."]})


def _stored(
    session: Session, actor: Actor, reading: _Reading, *, dry_run: bool, now: datetime
) -> Stored:
    rows = list(reading.rows.values())
    stored = business_figures.store(session, rows, now=now, keep=not dry_run)
    if not dry_run and (stored.added or stored.replaced):
        months = {row["month"] for row in rows}
        changed = stored.added + stored.replaced
        business_figures.record(session, actor, months=months, rows=changed, now=now)
    return stored


def _read(session: Session, columns: Columns, lines: Iterable[Line]) -> _Reading:
    reading = _Reading()
    for line in lines:
        reading.read += 1
        try:
            row = _row(session, columns.row(line))
        except Invalid as refusal:
            reading.refused += 1
            reading.problems += [
                BadRow(line.number, columns.title(name) if name else "", " ".join(reasons))
                for name, reasons in refusal.fields.items()
            ]
        else:
            reading.rows[row["territory_id"], row["month"]] = row
    return reading


def _row(session: Session, row: Row) -> dict[str, Any]:
    """The columns of a row; raises Invalid with every field to mend."""
    problems = FieldProblems()
    territory_id, month, values = 0, business_figures.EARLIEST, FigureValues()
    with problems:
        territory_id = _territory_id(session, row.get("territory"))
    with problems:
        month = month_of(row.get("month"))
    for name in AMOUNTS:
        with problems:
            if row.get(name):
                values[name] = _amount(name, row.get(name))  # type: ignore[literal-required]
    with problems:
        if row.get("win_rate"):
            values["win_rate"] = _share(row.get("win_rate"))
    problems.settle()
    return business_figures.usable(session, territory_id, month, values)


def _territory_id(session: Session, word: str) -> int:
    place = catalogue.current(session).find_territory(word) if word else None
    if place is None:
        said = f"“{quoted(word)}” is not known." if word else "The territory is missing."
        raise Invalid({"territory": [f"{said} Write its name, code or slug."]})
    return place.id


def _amount(name: str, cell: str) -> Decimal:
    word = cell.strip()
    if _GROUPED.fullmatch(word):
        word = _GROUPS.sub("", word)
    if not _PLAIN.fullmatch(word):
        message = f"“{quoted(cell)}” is no amount. Write it as 12500.50, without a currency."
        raise Invalid({name: [message]})
    return Decimal(word)


def _share(cell: str) -> float:
    word = cell.strip()
    percent = _PERCENT.fullmatch(word)
    if percent:
        return float(percent[1]) / 100
    if _PLAIN.fullmatch(word):
        return float(word)
    message = f"“{quoted(cell)}” is no share. Write it as 0.31 or 31 %."
    raise Invalid({"win_rate": [message]})
