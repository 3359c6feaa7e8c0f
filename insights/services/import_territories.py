"""Territories from a file: name, code, the one above, shape."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.services import territories
from insights.services.catalogue import Catalogue
from insights.services.import_columns import Field, Row
from insights.services.import_rows import RowImport, RowTaker, Words
from insights.services.import_run import ImportRun
from insights.services.names import one_line
from insights.services.shapes import parse_shape
from insights.text import fold

MOST_TERRITORIES = 10_000


class Territories(RowTaker):
    """Takes one territory after the other."""

    noun = "territories"
    fields = (
        Field("name", ("territory", "title"), required=True),
        Field("code", ("abbreviation", "short_name")),
        Field("parent", ("parent_territory", "region", "above", "belongs_to")),
        Field("shape", ("geojson", "geometry", "state")),
    )

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self._words = Words(Catalogue.find_territory)

    def take_row(self, session: Session, row: Row) -> bool:
        """Adds the territory unless its name or code is known."""
        name, code = one_line(row.get("name")), one_line(row.get("code"))
        if any(word and self._words.find(session, word) for word in (name, code)):
            return False
        above = one_line(row.get("parent"))
        parent = self.require(session, self._words, self.noun, above, "parent")
        place = territories.create(
            session,
            self.run.actor,
            now=self.run.now,
            name=name,
            code=code or None,
            parent_slug=parent.slug if parent else None,
            shape=parse_shape(row.get("shape")),
        )
        self._words.add(place, (place.code or "",))
        return True


class TerritoryImport(RowImport):
    """Takes territories once all are known: a file may name the lower ones first.

    They are few, so they are kept until then; a dry run tries all of them in one transaction.
    """

    def __init__(self, run: ImportRun, make_taker: Callable[[ImportRun], RowTaker]) -> None:
        super().__init__(run, make_taker)
        self._rows: list[Row] = []

    def take(self, rows: Sequence[Row]) -> None:
        """Keeps the rows for `finish`."""
        self._rows += rows
        if len(self._rows) > MOST_TERRITORIES:
            raise Invalid({"file": [f"A file may have {MOST_TERRITORIES:,} territories at most."]})

    def finish(self) -> None:
        """Takes the rows, each behind the one that it lies below."""
        ordered = parents_first(self._rows)
        options = self.run.options
        step = len(ordered) if options.dry_run else options.rows_at_once
        for start in range(0, len(ordered), max(step, 1)):
            super().take(ordered[start : start + step])


def parents_first(rows: Sequence[Row]) -> list[Row]:
    """The rows in an order in which each stands behind its parent; those in a circle as they are.

    Without recursion: a file can be a chain of thousands.
    """
    by_word: dict[str, Row] = {}
    for row in rows:
        for word in (row.get("name"), row.get("code")):
            by_word.setdefault(fold(one_line(word)), row)
    by_word.pop("", None)
    ordered: dict[int, Row] = {}
    for row in rows:
        chain: dict[int, Row] = {}
        current: Row | None = row
        while current and current.number not in chain and current.number not in ordered:
            chain[current.number] = current
            current = by_word.get(fold(one_line(current.get("parent"))))
        ordered |= {one.number: one for one in reversed(chain.values())}
    return list(ordered.values())
