"""Days as they are typed into a search: `30d`, `2026-10-01`, `2026-10`, `2026-Q3`, `yesterday`.

All days are those of the organisation's time zone; a stretch of days includes both of its ends.
"""

import re
from datetime import date, timedelta
from typing import TypeAlias

EARLIEST, LATEST = date(1970, 1, 1), date(2099, 12, 31)

Days: TypeAlias = tuple[date, date]
"""The first and the last day."""

_AGO = re.compile(r"([0-9]{1,4})\s?(d|w|m|y)", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7}
_MONTHS = {"m": 1, "y": 12}
_QUARTER = re.compile(r"([0-9]{4})-?q([1-4])", re.IGNORECASE)
_WEEK = re.compile(r"([0-9]{4})-?w([0-9]{2})", re.IGNORECASE)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEAR = re.compile(r"[0-9]{4}")


def days_of(word: str, today: date) -> Days | None:
    """The days that a word stands for, None when it stands for none.

    `30d`, `4w`, `3m` and `1y` stand for the days from then up to today, `a..b` for all from the
    first day of the one to the last day of the other. Nothing reaches beyond 1970 and 2099.
    """
    first, dots, last = word.strip().partition("..")
    days = _stretch(first, today)
    if dots:
        until = _stretch(last, today)
        days = (days[0], until[1]) if days and until else None
    if days is None or days[1] < EARLIEST or days[0] > LATEST or days[1] < days[0]:
        return None
    return max(days[0], EARLIEST), min(days[1], LATEST)


def _stretch(word: str, today: date) -> Days | None:
    word = word.strip().lower()
    if word in ("today", "yesterday"):
        day = today - timedelta(days=word == "yesterday")
        return day, day
    try:
        return _ago(word, today) or _named(word)
    except (ValueError, OverflowError):
        return None


def _ago(word: str, today: date) -> Days | None:
    found = _AGO.fullmatch(word)
    if found is None:
        return None
    count, unit = int(found[1]), found[2]
    if unit in _DAYS:
        return today - timedelta(days=count * _DAYS[unit]), today
    return _months_before(today, count * _MONTHS[unit]), today


def _named(word: str) -> Days | None:
    if found := _QUARTER.fullmatch(word):
        return _months(int(found[1]), 3 * int(found[2]) - 2, 3)
    if found := _WEEK.fullmatch(word):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return monday, monday + timedelta(days=6)
    if found := _MONTH.fullmatch(word):
        return _months(int(found[1]), int(found[2]), 1)
    if _YEAR.fullmatch(word):
        return _months(int(word), 1, 12)
    day = date.fromisoformat(word)
    return day, day


def _months(year: int, month: int, count: int) -> Days:
    first = date(year, month, 1)
    years, following = divmod(month - 1 + count, 12)
    return first, date(year + years, following + 1, 1) - timedelta(days=1)


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    _, last = _months(years, month + 1, 1)
    return date(years, month + 1, min(day.day, last.day))
