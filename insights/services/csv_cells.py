"""Cells of CSV files: how values are written for spreadsheets, and how they are read back.

Two things stand between a value and its cell, and each has its inverse here. A value that a
spreadsheet would run as a formula gets an apostrophe before it; so that reading can take exactly
that apostrophe away again, a value that looks as if it had got one gets another. And several
values share a cell with ``;`` between them, in quotes where a value itself contains one.
"""

import csv
import io
from collections.abc import Iterable
from functools import lru_cache

from insights.services.names import one_line
from insights.text import neutralise_formula

BETWEEN_VALUES = ";"
LONGEST_REMEMBERED = 200


def protect(value: str) -> str:
    """The cell for a value; no spreadsheet runs it and `unprotect` gives the value back."""
    return f"'{value}" if _is_dangerous(value.lstrip("'")) else value


def unprotect(cell: str) -> str:
    """The value of a cell that `protect` has written, or that somebody else has."""
    return cell[1:] if cell[:1] == "'" and _is_dangerous(cell.lstrip("'")) else cell


def join_values(values: Iterable[str]) -> str:
    """The cell for several values; a single one stands as it is unless it contains ``;``."""
    several = list(values)
    if len(several) == 1 and BETWEEN_VALUES not in several[0]:
        return several[0]
    line = io.StringIO()
    if several:
        csv.writer(line, delimiter=BETWEEN_VALUES, lineterminator="").writerow(several)
    return line.getvalue()


def split_values(cell: str) -> tuple[str, ...]:
    """The values of a cell, each on one line; empty ones are left out."""
    return _split_known(cell) if len(cell) <= LONGEST_REMEMBERED else _split(cell)


def word_of(cell: str) -> str:
    """The single value of a cell, clean and on one line."""
    return _word_known(cell) if len(cell) <= LONGEST_REMEMBERED else one_line(cell)


def _split(cell: str) -> tuple[str, ...]:
    line = one_line(cell)
    if BETWEEN_VALUES not in line:
        return (line,) if line else ()
    (values,) = csv.reader([line], delimiter=BETWEEN_VALUES, skipinitialspace=True)
    return tuple(value.strip() for value in values if value.strip())


# A column names the same few things again and again.
_split_known = lru_cache(maxsize=4096)(_split)
_word_known = lru_cache(maxsize=4096)(one_line)


def _is_dangerous(value: str) -> bool:
    return neutralise_formula(value) != value
