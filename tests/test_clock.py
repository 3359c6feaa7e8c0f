"""Time: weeks begin on Monday where the organisation is, and times leave in one form."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.clock import day_from_number, day_number, in_zone, iso, monday_of, start_of, utc_now

# As far from both ends as any zone reaches.
FIRST, LAST = datetime(1, 1, 9, tzinfo=UTC), datetime(9999, 12, 20, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC)).filter(lambda one: FIRST <= one <= LAST)
ZONES = st.sampled_from(["UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"])


@pytest.mark.parametrize(
    ("moment", "zone", "monday"),
    [
        ("2026-03-18T12:00Z", "UTC", "2026-03-16"),
        ("2026-03-16T00:00Z", "UTC", "2026-03-16"),
        ("2026-03-16T00:00Z", "America/New_York", "2026-03-09"),
        ("2026-03-15T23:00Z", "Europe/Paris", "2026-03-16"),
        ("2026-03-29T22:30Z", "Europe/Paris", "2026-03-30"),
        ("2026-01-01T00:00Z", "UTC", "2025-12-29"),
    ],
)
def test_a_moment_falls_in_the_week_of_the_organisation(
    moment: str, zone: str, monday: str
) -> None:
    found = monday_of(datetime.fromisoformat(moment), ZoneInfo(zone))
    assert found == date.fromisoformat(monday)


@given(MOMENTS, ZONES)
def test_a_moment_lies_between_its_monday_and_the_next(moment: datetime, zone: str) -> None:
    monday = monday_of(moment, ZoneInfo(zone))
    assert monday.weekday() == 0
    start = start_of(monday, ZoneInfo(zone))
    assert start <= moment < start_of(monday + timedelta(days=7), ZoneInfo(zone))


@given(st.dates())
def test_a_day_comes_back_from_its_number(day: date) -> None:
    assert day_from_number(day_number(day)) == day


def test_days_are_counted_from_1970() -> None:
    assert [day_number(date(1970, 1, 1)), day_number(date(1970, 1, 8))] == [0, 7]


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("UTC", "2026-03-29T00:00Z"),
        ("America/New_York", "2026-03-29T04:00Z"),
        # The clocks go forward on this day, after it has begun.
        ("Europe/Paris", "2026-03-28T23:00Z"),
    ],
)
def test_a_day_begins_when_it_does_in_the_zone(zone: str, start: str) -> None:
    began = start_of(date(2026, 3, 29), ZoneInfo(zone))
    assert (began, began.tzinfo) == (datetime.fromisoformat(start), UTC)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 3, 18, 12, tzinfo=UTC), "2026-03-18T12:00:00.000Z"),
        (datetime(2026, 3, 18, 12, 0, 0, 123999, UTC), "2026-03-18T12:00:00.123Z"),
        (datetime(2026, 3, 18, tzinfo=timezone(timedelta(hours=2))), "2026-03-17T22:00:00.000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_is_written_in_utc_with_milliseconds(moment: datetime, written: str) -> None:
    assert iso(moment) == written


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"])
def test_the_ends_of_time_are_the_same_everywhere(zone: str) -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    for moment in (first, last):
        seen = in_zone(moment, ZoneInfo(zone))
        assert abs(seen.replace(tzinfo=UTC) - moment) <= timedelta(hours=15)
        assert monday_of(moment, ZoneInfo(zone)).weekday() == 0
        assert first <= start_of(moment.date(), ZoneInfo(zone)) <= last


def test_now_is_aware() -> None:
    assert utc_now().tzinfo is UTC
