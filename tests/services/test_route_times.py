"""When a route sends what has matched."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.models import Cadence
from insights.services.route_times import RouteTimes, due_at

ATLANTA = ZoneInfo("America/New_York")
WEDNESDAY_NOON = datetime(2026, 3, 18, 16, tzinfo=UTC)
EIGHT, TEN_AT_NIGHT, SEVEN = 8 * 60, 22 * 60, 7 * 60

moments = st.integers(1_577_836_800, 1_893_456_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
zones = st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
minutes = st.integers(0, 1439)


def times(cadence: Cadence, **more: object) -> RouteTimes:
    given_times = {"zone": ATLANTA, "send_at": EIGHT, "weekday": 0, **more}
    return RouteTimes(cadence=cadence, **given_times)  # type: ignore[arg-type]


def local(moment: datetime) -> str:
    return moment.astimezone(ATLANTA).strftime("%a %d %H:%M")


def test_at_once_is_now() -> None:
    assert due_at(times(Cadence.AT_ONCE), WEDNESDAY_NOON) == WEDNESDAY_NOON


@pytest.mark.parametrize(
    ("hour", "sent"),
    [(1, "Tue 17 21:00"), (3, "Wed 18 07:00"), (10, "Wed 18 07:00"), (11, "Wed 18 07:00")],
)
def test_quiet_hours_over_midnight_end_in_the_morning(hour: int, sent: str) -> None:
    quiet = times(Cadence.AT_ONCE, quiet=(TEN_AT_NIGHT, SEVEN))
    assert local(due_at(quiet, datetime(2026, 3, 18, hour, tzinfo=UTC))) == sent


def test_quiet_hours_within_a_day_end_that_day() -> None:
    quiet = times(Cadence.AT_ONCE, quiet=(12 * 60, 13 * 60))
    assert local(due_at(quiet, WEDNESDAY_NOON)) == "Wed 18 13:00"


def test_a_daily_one_comes_today_if_its_time_is_still_ahead() -> None:
    early = WEDNESDAY_NOON - timedelta(hours=5)
    assert local(due_at(times(Cadence.DAILY), early)) == "Wed 18 08:00"
    assert local(due_at(times(Cadence.DAILY), WEDNESDAY_NOON)) == "Thu 19 08:00"


def test_a_weekly_one_comes_on_its_weekday() -> None:
    assert local(due_at(times(Cadence.WEEKLY), WEDNESDAY_NOON)) == "Mon 23 08:00"
    wednesdays = times(Cadence.WEEKLY, weekday=2)
    assert local(due_at(wednesdays, WEDNESDAY_NOON)) == "Wed 25 08:00"


def test_a_time_that_the_clock_jumps_over_comes_an_hour_later() -> None:
    half_past_two = times(Cadence.DAILY, send_at=2 * 60 + 30)
    before_the_jump = datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert local(due_at(half_past_two, before_the_jump)) == "Sun 08 03:30"


@given(moments, zones, minutes, st.integers(0, 6), st.sampled_from(Cadence))
def test_it_is_never_in_the_past_and_not_far_ahead(
    now: datetime, zone: str, minute: int, weekday: int, cadence: Cadence
) -> None:
    chosen = times(cadence, zone=ZoneInfo(zone), send_at=minute, weekday=weekday)
    due = due_at(chosen, now)
    assert now <= due <= now + timedelta(days=7, hours=2)
    assert due_at(chosen, due) == due


@given(moments, zones, minutes, minutes)
def test_nothing_is_sent_at_a_quiet_minute(now: datetime, zone: str, begin: int, end: int) -> None:
    quiet = times(Cadence.AT_ONCE, zone=ZoneInfo(zone), quiet=(begin, end))
    due = due_at(quiet, now)
    assert now <= due <= now + timedelta(hours=26)
    assert due_at(quiet, due) == due
