"""Which column of a file is which field.

Columns are found by their names, in any order; capitals, accents, spaces, underscores, hyphens and
dots make no difference, and usual other names are known. What is said explicitly (`--map`) comes
first. A column that is no field is ignored, and reported.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from insights.errors import Invalid
from insights.services.csv_cells import join_values, split_values, unprotect
from insights.services.import_file import Line
from insights.services.lookup import quoted
from insights.services.names import one_line
from insights.text import fold

MOST_COLUMNS = 500
_IGNORED_IN_NAMES = re.compile(r"[\s_.-]+")


@dataclass(frozen=True)
class Field:
    """Something that a row can say, by its name and by other names that files use for it.

    With `many` it may be spread over several columns.
    """

    name: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one line; those that it leaves empty are not there."""

    number: int
    values: Mapping[str, str]

    def get(self, name: str) -> str:
        """What the row says, or nothing at all."""
        return self.values.get(name, "")


@dataclass(frozen=True)
class Columns:
    """The columns of one file, by field."""

    header: tuple[str, ...]
    positions: Mapping[str, tuple[int, ...]]
    ignored: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        used = {one for several in self.positions.values() for one in several}
        ignored = (name for place, name in enumerate(self.header) if place not in used and name)
        object.__setattr__(self, "ignored", tuple(ignored))

    def title(self, field_name: str) -> str:
        """What the file calls a field; its own name when the file does not have it."""
        places = self.positions.get(field_name, ())
        return self.header[places[0]] if places else field_name

    def row(self, line: Line) -> Row:
        """The fields of a line; raises Invalid for a line that is no row of this table."""
        if line.problem:
            raise Invalid(line.problem)
        cells = line.cells
        if len(cells) > len(self.header) and any(cells[len(self.header) :]):
            raise Invalid(
                f"The line has {len(cells)} cells, the header {len(self.header)}. Put a cell "
                "that contains the delimiter in quotation marks."
            )
        values = {}
        for name, places in self.positions.items():
            found = [unprotect(cells[one].strip()) for one in places if one < len(cells)]
            value = found[0] if len(found) == 1 else _together(found)
            if value:
                values[name] = value
        return Row(line.number, values)


def match_columns(
    header: Sequence[str], fields: Sequence[Field], mapping: Mapping[str, str]
) -> Columns:
    """Finds the fields in the header; `mapping` says which field a column is ("" for none).

    Raises Invalid(columns) when a required one is missing, or the mapping names what is not there.
    """
    names = tuple(one_line(name) for name in header)
    if len(names) > MOST_COLUMNS:
        raise _invalid(f"The first line has {len(names)} columns; {MOST_COLUMNS} are the most.")
    said = _said(names, fields, mapping)
    by_key: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if place not in said:
            by_key.setdefault(normal(name), []).append(place)
    positions: dict[str, tuple[int, ...]] = {}
    for one in fields:
        explicit = [place for place, name in said.items() if name == one.name]
        found = explicit or _matching(one, by_key)
        if found:
            positions[one.name] = tuple(found) if one.many else (found[0],)
    _require_all(names, fields, positions)
    return Columns(names, positions)


def normal(name: str) -> str:
    """The form in which names of columns are compared."""
    return _IGNORED_IN_NAMES.sub("", fold(name))


def _together(cells: Iterable[str]) -> str:
    return join_values(value for cell in cells for value in split_values(cell))


def _matching(one: Field, by_key: Mapping[str, list[int]]) -> list[int]:
    """All columns of a field that may have many, otherwise those of its first name found."""
    keys = dict.fromkeys(normal(name) for name in (one.name, *one.synonyms))
    groups = [by_key[key] for key in keys if key in by_key]
    return sorted(place for group in (groups if one.many else groups[:1]) for place in group)


def _said(
    names: Sequence[str], fields: Iterable[Field], mapping: Mapping[str, str]
) -> dict[int, str]:
    """The field of each column that the mapping speaks of."""
    known = {normal(one.name): one.name for one in fields} | {"": ""}
    said: dict[int, str] = {}
    for column, wanted in mapping.items():
        places = [place for place, name in enumerate(names) if normal(name) == normal(column)]
        if not places:
            raise _invalid(f"There is no column “{quoted(column)}”. There are: {_list(names)}.")
        if normal(wanted) not in known:
            allowed = _list(one for one in known.values() if one)
            raise _invalid(f"There is no field “{quoted(wanted)}”. There are: {allowed}.")
        said |= dict.fromkeys(places, known[normal(wanted)])
    return said


def _require_all(
    names: Sequence[str], fields: Iterable[Field], positions: Mapping[str, tuple[int, ...]]
) -> None:
    missing = [one.name for one in fields if one.required and one.name not in positions]
    if missing:
        raise _invalid(
            f"There is no column for: {_list(missing)}. The columns are: {_list(names)}. "
            "Name them in the first line, or say which is which (--map column=field)."
        )


def _list(names: Iterable[str]) -> str:
    return ", ".join(quoted(name) or "(no name)" for name in list(names)[:40])


def _invalid(message: str) -> Invalid:
    return Invalid({"columns": [message]})
