"""Days as people type them into a search."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.services.search_dates import EARLIEST, LATEST, days_of

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("2026-03-18", date(2026, 3, 18), date(2026, 3, 18)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("today", TODAY, TODAY),
        ("Yesterday", date(2026, 3, 30), date(2026, 3, 30)),
        ("30d", date(2026, 3, 1), TODAY),
        ("2w", date(2026, 3, 17), TODAY),
        ("1m", date(2026, 2, 28), TODAY),
        ("13m", date(2025, 2, 28), TODAY),
        ("2y", date(2024, 3, 31), TODAY),
        ("2026-01..2026-02-14", date(2026, 1, 1), date(2026, 2, 14)),
        ("2025-Q4..today", date(2025, 10, 1), TODAY),
    ],
)
def test_a_word_stands_for_days(word: str, first: date, last: date) -> None:
    assert days_of(word, TODAY) == (first, last)


@pytest.mark.parametrize(
    "word",
    ["", "soon", "2026-13", "2026-02-30", "2026-Q5", "2026-W60", "9999y", "d", "..", "2026..",
     "2026-03..2026-01", "1500", "2500", "18/03/2026"],
)  # fmt: skip
def test_what_is_no_day_stands_for_none(word: str) -> None:
    assert days_of(word, TODAY) is None


def test_what_reaches_too_far_is_cut() -> None:
    assert days_of("1900..2200", TODAY) == (EARLIEST, LATEST)


@given(st.text(max_size=20) | st.from_regex(r"[0-9]{1,4}[dwmyqW-][0-9]{0,4}", fullmatch=True))
def test_any_text_can_be_asked_for(word: str) -> None:
    days = days_of(word, TODAY)
    assert days is None or EARLIEST <= days[0] <= days[1] <= LATEST
