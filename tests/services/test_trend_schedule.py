"""When trends are computed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.db import Database
from insights.services import jobs, trend_schedule, trend_weeks
from tests.organisation import NOW, TODAY

UTC_ZONE = ZoneInfo("UTC")
HOUR = timedelta(hours=1)


def is_due(database: Database, now: datetime, zone: ZoneInfo = UTC_ZONE) -> bool:
    with database.reading() as session:
        return trend_schedule.is_due(session, now=now, zone=zone)


def mark(database: Database) -> None:
    with database.writing() as session:
        trend_weeks.mark(session, [TODAY - timedelta(days=TODAY.weekday())])


@pytest.fixture
def computed(database: Database) -> Database:
    """Trends were computed at `NOW`, a Wednesday noon."""
    with jobs.held(database, jobs.TRENDS_JOB, holder="a", clock=lambda: NOW):
        pass
    return database


def test_nothing_is_computed_where_nobody_wrote_a_note(database: Database) -> None:
    assert not is_due(database, NOW)
    mark(database)
    assert is_due(database, NOW)


def test_an_hour_after_the_last_time_if_something_changed(computed: Database) -> None:
    assert not is_due(computed, NOW + 2 * HOUR)
    mark(computed)
    assert not is_due(computed, NOW + HOUR / 2)
    assert is_due(computed, NOW + HOUR)


@pytest.mark.parametrize(("zone", "hours"), [("UTC", 12), ("America/New_York", 16)])
def test_at_night_whatever_changed(computed: Database, zone: str, hours: int) -> None:
    assert not is_due(computed, NOW + (hours - 0.1) * HOUR, ZoneInfo(zone))
    assert is_due(computed, NOW + hours * HOUR, ZoneInfo(zone))


def test_at_once_when_somebody_asks(computed: Database) -> None:
    with computed.writing() as session:
        jobs.want(session, jobs.TRENDS_JOB, now=NOW)
    assert is_due(computed, NOW)


def test_not_while_somebody_is_at_it_but_when_that_one_is_gone(database: Database) -> None:
    mark(database)
    with database.writing() as session:
        jobs.claim(session, jobs.TRENDS_JOB, holder="a", now=NOW)
    assert not is_due(database, NOW + jobs.LEASE)
    assert is_due(database, NOW + HOUR)
