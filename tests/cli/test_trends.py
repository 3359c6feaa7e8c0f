"""`insights trends refresh`, as somebody types it."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from sqlalchemy import select

from insights.cli.trends import last_days
from insights.clock import utc_now
from insights.db import Database
from insights.models import TrendRun
from insights.services import jobs
from tests.cli.conftest import Insights
from tests.trend_history import filled, ordinary

WEEK = timedelta(weeks=1)


@pytest.fixture
def history(database: Database) -> Database:
    """Twelve weeks of notes up to now."""
    filled(database, ordinary(12, until=utc_now(), a_week=3))
    return database


def days(database: Database) -> list[date]:
    with database.reading() as session:
        return sorted(session.scalars(select(TrendRun.day)))


def test_it_computes_today_and_says_so_for_machines(history: Database, insights: Insights) -> None:
    told = orjson.loads(insights("trends", "refresh", "--json").stdout)
    assert [run["reach"] for run in told["runs"]] == ["everyone"]
    assert told["packed"] >= 12
    assert days(history) == [date.fromisoformat(told["runs"][0]["day"])]
    assert orjson.loads(insights("trends", "refresh", "--json").stdout)["packed"] == 0


def test_a_day_that_is_over_is_computed_once(history: Database, insights: Insights) -> None:
    day = (utc_now() - WEEK).date()
    assert insights("trends", "refresh", "--as-of", f"{day}").exit_code == 0
    again = insights("trends", "refresh", "--as-of", f"{day}")
    assert (again.exit_code, days(history)) == (1, [day])
    assert "--full" in again.output
    assert insights("trends", "refresh", "--as-of", f"{day}", "--full").exit_code == 0


def test_a_day_that_is_to_come_is_refused(history: Database, insights: Insights) -> None:
    day = (utc_now() + WEEK).date()
    assert insights("trends", "refresh", "--as-of", f"{day}").exit_code == 2
    assert days(history) == []


def test_the_past_is_filled_with_a_day_a_week(history: Database, insights: Insights) -> None:
    first = (utc_now() - 3 * WEEK).date()
    assert insights("trends", "refresh", "--since", f"{first}", "--quiet").output == ""
    assert len(days(history)) == 4
    assert {day.isoweekday() for day in days(history)[:-1]} == {7}


def test_it_does_not_compute_beside_another(history: Database, insights: Insights) -> None:
    with jobs.held(history, jobs.TRENDS_JOB, holder="another", clock=utc_now):
        refused = insights("trends", "refresh")
    assert (refused.exit_code, days(history)) == (1, [])


def test_check_says_how_old_the_last_run_is(history: Database, insights: Insights) -> None:
    def said() -> str:
        found = orjson.loads(insights("check", "--json").stdout)
        return next(one["detail"] for one in found if one["what"] == "trends")

    assert "not computed yet" in said()
    insights("trends", "refresh")
    assert said().startswith("computed 0.0 hours ago")


@pytest.mark.parametrize(
    ("first", "last", "sundays"),
    [
        (date(2026, 3, 2), date(2026, 3, 18), [date(2026, 3, 8), date(2026, 3, 15)]),
        (date(2026, 3, 8), date(2026, 3, 15), [date(2026, 3, 8)]),
        (date(2026, 3, 16), date(2026, 3, 18), []),
    ],
)
def test_the_last_days_of_weeks_are_sundays_that_are_over(
    first: date, last: date, sundays: list[date]
) -> None:
    assert [one.day for one in last_days(first, last, ZoneInfo("UTC"))] == sundays
