"""Cells of CSV files: no spreadsheet runs one, and each gives its value back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.services.csv_cells import join_values, protect, split_values, unprotect
from insights.services.names import one_line
from insights.text import neutralise_formula

LIKE_FORMULAS = st.text("'=+-@\t 1a;\"\n", max_size=8)
NAMES = (st.text() | st.text(';" a')).map(one_line).filter(bool)


@given(st.text() | LIKE_FORMULAS)
def test_a_protected_value_is_no_formula_and_comes_back(value: str) -> None:
    cell = protect(value)
    assert neutralise_formula(cell) == cell
    assert unprotect(cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [("'=1+1", "=1+1"), ("''=1+1", "'=1+1"), ("'tis so", "'tis so"), ("-5", "-5"), ("", "")],
)
def test_exactly_the_protecting_apostrophe_is_taken_away(cell: str, value: str) -> None:
    assert unprotect(cell) == value
    assert protect(value) == cell


@given(st.lists(NAMES, max_size=4))
def test_values_that_share_a_cell_come_back(values: list[str]) -> None:
    assert list(split_values(join_values(values))) == values


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("Acme; Ionfield ;", ("Acme", "Ionfield")),
        ('"Rent; Lend";Acme', ("Rent; Lend", "Acme")),
        ("LDF Holdings, LLC", ("LDF Holdings, LLC",)),
        ('The "Big" One', ('The "Big" One',)),
        ("a\nb; c", ("a b", "c")),
        (" ", ()),
    ],
)
def test_cells_as_people_write_them(cell: str, values: tuple[str, ...]) -> None:
    assert split_values(cell) == values


@given(st.text())
def test_any_cell_can_be_split(cell: str) -> None:
    assert all(value.strip() == value != "" for value in split_values(cell))
