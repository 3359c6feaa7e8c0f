"""A first look at a file that is to be imported: its columns, and what each would be taken for.

Nothing is written. What an import would take too long for within a request is told apart from what
cannot be used at all, because the way out is another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from insights.errors import Invalid
from insights.services import access
from insights.services.access import Actor
from insights.services.import_columns import Field, match_columns
from insights.services.import_file import ImportSource, examine, read_lines
from insights.services.imports import LARGEST_AT_ONCE, NOUNS
from insights.text import clean, shorten

SAMPLE_ROWS = 3
LONGEST_SAMPLE = 80


class TooLarge(Invalid):
    """The file is sound, but a request would take too long for it."""


@dataclass(frozen=True, slots=True)
class PreviewColumn:
    """A column: its name, the field that it would be taken for (or none), and its first cells."""

    name: str
    field: str
    sample: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What the file is, as far as its first lines say; `fields` are all that a row can have."""

    columns: tuple[PreviewColumn, ...]
    fields: tuple[Field, ...]
    encoding: str
    delimiter: str


def preview(actor: Actor, source: ImportSource, noun: str) -> Preview:
    """Looks at a file of one of `imports.NOUNS`.

    Raises Forbidden unless the actor is an admin, TooLarge(file) beyond `LARGEST_AT_ONCE` bytes
    unpacked, and Invalid(file, columns) when the file cannot be read.
    """
    access.require_admin(actor)
    try:
        form = examine(source, largest=LARGEST_AT_ONCE)
    except Invalid:
        examine(source)
        message = f"{source.name} holds more than {LARGEST_AT_ONCE >> 20} MB."
        raise TooLarge({"file": [message]}) from None
    fields = NOUNS[noun].fields
    lines = read_lines(source, form, lambda _read: None)
    header, *rows = islice(lines, SAMPLE_ROWS + 1)
    if header.problem:
        raise Invalid({"file": [f"The first line cannot be read. {header.problem}"]})
    optional = [replace(one, required=False) for one in fields]
    columns = match_columns(header.cells, optional, {})
    guesses = {place: name for name, places in columns.positions.items() for place in places}
    return Preview(
        columns=tuple(
            PreviewColumn(name, guesses.get(place, ""), _sample(place, [row.cells for row in rows]))
            for place, name in enumerate(columns.header)
        ),
        fields=fields,
        encoding=form.encoding_name,
        delimiter=form.delimiter,
    )


def mapping_of(seen: Preview, chosen: Mapping[int, str]) -> dict[str, str]:
    """What `ImportOptions.columns` is told: the field chosen for each column, by its place.

    Raises Invalid(columns) when two columns are said to be a field that can only be one, or none
    to be a field that is needed.
    """
    single = {one.name for one in seen.fields if not one.many}
    said: dict[str, str] = {}
    taken: dict[str, str] = {}
    for place, column in enumerate(seen.columns):
        field = chosen.get(place, column.field)
        if field in single and taken.setdefault(field, column.name) != column.name:
            message = f"Both “{taken[field]}” and “{column.name}” are said to be {field}."
            raise Invalid({"columns": [f"{message} Choose one of them."]})
        said[column.name] = field
    missing = [one.name for one in seen.fields if one.required and one.name not in said.values()]
    if missing:
        message = f"No column is said to be: {', '.join(missing)}. Choose which one it is."
        raise Invalid({"columns": [message]})
    return said


def _sample(place: int, rows: list[list[str]]) -> tuple[str, ...]:
    cells = (row[place] if place < len(row) else "" for row in rows)
    return tuple(shorten(" ".join(clean(cell).split()), LONGEST_SAMPLE) for cell in cells)
