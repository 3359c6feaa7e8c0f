"""What is kept of the days long past, and that nothing which follows from them changes."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Trend, TrendReach, TrendRun, TrendShowing
from insights.services import trend_lives, trends
from insights.services.access import Actor
from insights.services.trend_pruning import KEPT_WHOLE, MOST_RUNS, prune
from insights.services.trend_runs import Day, Refresh
from insights.trends.parameters import Parameters
from tests.fixtures.world import Characters
from tests.organisation import ACME, NOW, TODAY
from tests.trend_rows import run_of, show, trend_of

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
PARAMETERS = Parameters()
# The Monday of a week that is let go of, in part.
OLD = TODAY - KEPT_WHOLE - 4 * WEEK - TODAY.weekday() * DAY


@pytest.fixture
def owner(characters: Characters) -> Actor:
    return characters.owner


def shown_daily(session: Session) -> int:
    """A trend that is watched on a Tuesday, shown from Thursday on until this week, and strongest
    on the Wednesday after; its id."""
    trend = trend_of(session, opened_on=OLD)
    for number in range((TODAY - OLD).days):
        score = {0: 0.5, 1: 0.5, 8: 6.5}.get(number, 2.0 + number % 7 / 10)
        show(session, trend, day=OLD + (number + 1) * DAY, score=score)
    return trend.id


def seen_for_three_days(session: Session) -> int:
    """A trend of which nothing was seen but from a Tuesday to a Thursday; its id."""
    trend = trend_of(session, opened_on=OLD, competitor_id=ACME)
    for number, score in ((1, 1.5), (2, 1.4), (3, 1.3)):
        show(session, trend, day=OLD + number * DAY, score=score)
    return trend.id


def settled(session: Session) -> list[Any]:
    """What the trends' rows are set to by what is stored of their days."""
    ids = session.scalars(select(Trend.id)).all()
    trend_lives.settle(session, ids, PARAMETERS)
    columns = (Trend.id, Trend.opened_on, Trend.shown_on, Trend.peak, Trend.territory_id)
    return [tuple(row) for row in session.execute(select(*columns).order_by(Trend.id))]


def days_of(session: Session, trend: int) -> list[date]:
    runs = select(TrendRun.day).join(TrendShowing, TrendShowing.run_id == TrendRun.id)
    return list(session.scalars(runs.where(TrendShowing.trend_id == trend).order_by(TrendRun.day)))


def test_of_weeks_long_past_the_last_day_stays_and_of_each_trend_what_it_follows_from(
    session: Session, owner: Actor
) -> None:
    daily, brief = shown_daily(session), seen_for_three_days(session)
    before = settled(session)
    assert before[0][1:4] == (OLD + 3 * DAY, TODAY, 6.5)
    assert prune(session, today=TODAY, parameters=PARAMETERS)
    old = [day for day in days_of(session, daily) if day < OLD + 4 * WEEK]
    sundays = [OLD + 6 * DAY + number * WEEK for number in range(4)]
    assert old == sorted([OLD + DAY, OLD + 3 * DAY, OLD + 9 * DAY, *sundays])
    assert days_of(session, brief) == [OLD + DAY, OLD + 3 * DAY]
    assert settled(session) == before
    assert prune(session, today=TODAY, parameters=PARAMETERS) == 0


def test_days_of_the_last_quarter_stay_as_they_were(session: Session, owner: Actor) -> None:
    daily = shown_daily(session)
    recent = [day for day in days_of(session, daily) if day >= TODAY - KEPT_WHOLE]
    prune(session, today=TODAY, parameters=PARAMETERS)
    assert set(recent) <= set(days_of(session, daily))
    for day in (recent[0], recent[40], TODAY):
        found = trends.emerging(session, owner, on=day)
        assert (found.day, [one.id for one in found.trends]) == (day, [daily])


def test_a_day_that_is_gone_shows_the_end_of_the_week_before(
    session: Session, owner: Actor
) -> None:
    daily, brief = shown_daily(session), seen_for_three_days(session)
    sunday, peak = OLD + 6 * DAY, OLD + 9 * DAY
    prune(session, today=TODAY, parameters=PARAMETERS)
    for day in (sunday, peak, peak + 3 * DAY):
        found = trends.emerging(session, owner, on=day)
        assert (found.day, [one.id for one in found.trends]) == (sunday, [daily])
    # Each trend still has its page, with what it rested on.
    assert trends.get(session, owner, brief, on=TODAY).day == OLD + 3 * DAY
    assert trends.get(session, owner, daily, on=peak).peak == 6.5
    assert [one.day for one in trends.life(session, owner, daily)] == days_of(session, daily)


def test_a_week_whose_last_days_were_never_computed_keeps_the_last_that_was(
    session: Session, owner: Actor
) -> None:
    for number in (0, 2, 3):
        run_of(session, day=OLD + number * DAY)
        run_of(session, day=OLD + number * DAY, reach=TrendReach.ALL)
    run_of(session, day=OLD + 4 * DAY, reach=TrendReach.ALL)
    prune(session, today=TODAY, parameters=PARAMETERS)
    whole = select(TrendRun.reach, TrendRun.day).where(TrendRun.thinned.is_(False))
    assert {tuple(row) for row in session.execute(whole)} == {
        (TrendReach.EVERYONE, OLD + 3 * DAY),
        (TrendReach.ALL, OLD + 4 * DAY),
    }


def test_much_is_let_go_of_in_several_steps(session: Session) -> None:
    for number in range(3 * 7 * 7):
        run_of(session, day=OLD - number * DAY)
    steps = [prune(session, today=TODAY, parameters=PARAMETERS) for _ in range(3)]
    assert steps[0] == MOST_RUNS
    assert steps[1] > 0
    assert steps[2] == 0


def test_a_refresh_lets_go_of_what_is_long_past(database: Database) -> None:
    with database.writing() as session:
        for number in range(3):
            run_of(session, day=OLD + number * DAY)
    zone = ZoneInfo("UTC")
    Refresh(database, zone, lambda: NOW).look(Day.present(NOW, zone))
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(TrendRun.thinned)) == 2
