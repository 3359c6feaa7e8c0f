"""What a refresh shows, and that it shows the same whatever was computed before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from insights.db import Database
from insights.models import (
    Audience,
    JournalEntry,
    Note,
    Trend,
    TrendFollow,
    TrendPrior,
    TrendReach,
    TrendRun,
    TrendShowing,
    TrendSort,
    TrendWeek,
)
from insights.services import notes, trend_reactions, trend_runs, trends
from insights.services.trend_runs import Day, Refresh
from tests.fixtures.world import Characters
from tests.organisation import (
    FLORIDA,
    GEORGIA,
    HEALTHCARE,
    IONFIELD,
    MERCY,
    NOW,
    OWNER,
    SOUTHEAST,
    TODAY,
)
from tests.trend_history import Said, filled, ordinary, surge

ZONE = ZoneInfo("UTC")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def refresh(database: Database, now: datetime = NOW, *, full: bool = False) -> None:
    """What the worker does now and then."""
    run = Refresh(database, ZONE, lambda: now)
    packed = run.pack(full=full)
    run.look(Day.present(now, ZONE), packed=packed)


def shown(database: Database, reach: TrendReach = TrendReach.EVERYONE) -> list[dict[str, Any]]:
    """Everything that the runs of a reach show, without what numbers rows."""
    with database.reading() as session:
        rows = session.execute(
            select(TrendShowing, TrendRun.day, Trend)
            .join(TrendRun, TrendRun.id == TrendShowing.run_id)
            .join(Trend, Trend.id == TrendShowing.trend_id)
            .where(TrendRun.reach == reach)
            .order_by(TrendRun.day, TrendShowing.score.desc(), TrendShowing.evidence_count)
        ).all()
    return [
        {
            "day": day,
            "about": (trend.competitor_id, trend.product_id, trend.kind, trend.phrase),
            "where": (trend.territory_id, trend.segment_id),
            "score": showing.score,
            "evidence": showing.evidence,
            "arithmetic": showing.arithmetic,
            "series": showing.series,
        }
        for showing, day, trend in rows
    ]


def the_surge(database: Database) -> Trend:
    """The trend of Ionfield, which has to be there once."""
    with database.reading() as session:
        about = select(Trend).where(
            Trend.competitor_id == IONFIELD, Trend.reach == TrendReach.EVERYONE
        )
        return session.scalars(about).one()


def test_what_many_people_say_of_late_is_shown_with_its_notes_and_its_arithmetic(
    database: Database,
) -> None:
    filled(database, ordinary())
    told = filled(database, surge())
    refresh(database)
    trend = the_surge(database)
    assert (trend.sort, trend.territory_id, trend.opened_on) == (
        TrendSort.COMPETITOR, GEORGIA, TODAY,
    )  # fmt: skip
    with database.reading() as session:
        showing = session.scalars(
            select(TrendShowing).where(TrendShowing.trend_id == trend.id)
        ).one()
    assert {str(one) for one in told} <= set(showing.evidence)
    assert showing.evidence_count == len(showing.evidence)
    sums = showing.arithmetic
    factor = max(sums["rest"], sums["season"])
    assert sums["usual"] * factor == pytest.approx(showing.expected)
    assert sums["p"] * sums["looks"] == pytest.approx(sums["chance"])
    assert sums["chance"] == pytest.approx(10**-showing.score)
    assert showing.series["partial"]
    assert sum(showing.series["counts"][-showing.weeks :]) >= showing.count


def test_a_territory_says_which_customers_most_of_its_notes_are_about(database: Database) -> None:
    about = [replace(one, segments=(HEALTHCARE,)) for one in surge()]
    filled(database, [*ordinary(), *about])
    refresh(database)
    trend = the_surge(database)
    assert (trend.territory_id, trend.segment_id) == (GEORGIA, None)
    with database.reading() as session:
        shown_on = TrendShowing.trend_id == trend.id
        assert session.scalars(select(TrendShowing.mostly_id).where(shown_on)).one() == HEALTHCARE


def test_customers_who_are_always_spoken_of_are_no_news(database: Database) -> None:
    every = [replace(one, segments=(HEALTHCARE,)) for one in (*ordinary(), *surge())]
    filled(database, every)
    refresh(database)
    with database.reading() as session:
        assert set(session.scalars(select(TrendShowing.mostly_id))) == {None}


@pytest.mark.parametrize(("account", "is_shown"), [(MERCY, False), (None, True)])
def test_a_customer_who_is_spoken_of_is_no_turn_of_phrase(
    database: Database, account: int | None, is_shown: bool
) -> None:
    visits = [
        replace(one, competitors=(), account=account, text=f"Mercy Hospital {one.text[:5]}")
        for one in surge()
    ]
    filled(database, [*ordinary(), *visits])
    refresh(database)
    assert ("mercy" in {one["about"][3] for one in shown(database)}) is is_shown


def test_newest_evidence_comes_first(database: Database) -> None:
    filled(database, [*ordinary(), *surge()])
    refresh(database)
    with database.reading() as session:
        ids = [UUID(one) for one in session.scalars(select(TrendShowing.evidence)).first() or ()]
        at = {note.id: note.noted_at for note in session.scalars(select(Note))}
    assert [at[one] for one in ids] == sorted((at[one] for one in ids), reverse=True)


def test_a_young_organisation_has_a_run_that_shows_nothing(database: Database) -> None:
    filled(database, [*ordinary(8), *surge()])
    refresh(database)
    with database.reading() as session:
        run = session.scalars(select(TrendRun)).one()
        assert (run.day, run.history) == (TODAY, 9)
        assert session.scalars(select(TrendShowing)).all() == []


def test_an_organisation_without_notes_has_a_run(database: Database) -> None:
    refresh(database)
    with database.reading() as session:
        assert session.scalars(select(TrendRun)).one().history == 0


def test_a_second_refresh_of_the_day_takes_the_place_of_the_first(database: Database) -> None:
    filled(database, [*ordinary(), *surge()])
    refresh(database)
    before, first = the_surge(database), shown(database)
    refresh(database)
    assert the_surge(database).id == before.id
    assert shown(database) == first


def test_refreshing_day_by_day_ends_where_refreshing_once_does(
    database: Database, characters: Characters
) -> None:
    filled(database, ordinary(until=NOW - DAY))
    refresh(database, NOW - DAY)
    told = filled(database, surge())
    refresh(database)
    with database.writing() as session:
        notes.withdraw(
            session, characters.manager, told[3], reason="", within=timedelta(days=30), now=NOW
        )
        notes.edit(session, characters.manager, told[4], {"competitors": ("acme",)}, now=NOW)
    refresh(database)
    step_by_step = [one for one in shown(database) if one["day"] == TODAY]
    weeks = _weeks(database)
    refresh(database, full=True)
    assert [one for one in shown(database) if one["day"] == TODAY] == step_by_step
    assert _weeks(database) == weeks


def _weeks(database: Database) -> list[Any]:
    columns = (TrendWeek.monday, TrendWeek.packed, TrendWeek.texts, TrendWeek.voices)
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(TrendWeek.monday))]


def test_a_trend_goes_on_from_day_to_day(database: Database) -> None:
    filled(database, [*ordinary(), *surge(until=NOW - DAY)])
    refresh(database, NOW - DAY)
    refresh(database)
    trend = the_surge(database)
    assert (trend.opened_on, trend.shown_on) == (TODAY - DAY, TODAY)


def test_a_story_that_turns_out_to_be_of_one_territory_moves_there_and_stays_the_same(
    database: Database, characters: Characters
) -> None:
    first = [
        replace(one, territory=FLORIDA if number % 2 else GEORGIA)
        for number, one in enumerate(surge(until=NOW - 14 * DAY))
    ]
    filled(database, [*ordinary(), *first])
    refresh(database, NOW - 14 * DAY)
    opened = the_surge(database)
    with database.writing() as session:
        trend_reactions.follow(session, characters.owner, opened.id, now=NOW - 14 * DAY)
    filled(
        database, [replace(one, at=one.at + hours) for one in surge() for hours in (-HOUR, HOUR)]
    )
    refresh(database)
    moved = the_surge(database)
    assert (opened.territory_id, moved.territory_id) == (SOUTHEAST, GEORGIA)
    assert (moved.id, moved.opened_on) == (opened.id, opened.opened_on)
    with database.reading() as session:
        for day, place in ((TODAY - 14 * DAY, "Southeast"), (TODAY, "Georgia")):
            view = trends.get(session, characters.owner, moved.id, on=day)
            assert view.territory is not None
            assert (view.territory.name, view.followed) == (place, True)


def test_notes_that_arrive_late_change_nothing_that_was_shown(database: Database) -> None:
    filled(database, ordinary())
    refresh(database, NOW - DAY)
    before = shown(database)
    filled(database, surge(until=NOW - DAY))
    refresh(database)
    assert [one for one in shown(database) if one["day"] != TODAY] == before
    assert the_surge(database).opened_on == TODAY


def test_a_strong_trend_is_told_once(database: Database) -> None:
    filled(database, [*ordinary(), *surge()])
    refresh(database)
    refresh(database, NOW + DAY)
    trend = the_surge(database)
    assert trend.announced_at == NOW
    with database.reading() as session:
        opened = select(JournalEntry).where(
            JournalEntry.verb == trend_runs.OPENED, JournalEntry.subject_id == str(trend.id)
        )
        entry = session.scalars(opened).one()
    assert entry.subject_type == "trend"
    assert entry.data["competitor"] == IONFIELD
    assert entry.data["territory"] == GEORGIA


def test_of_what_is_past_nobody_is_told(database: Database) -> None:
    filled(database, [*ordinary(), *surge()])
    run = Refresh(database, ZONE, lambda: NOW + 30 * DAY)
    run.pack()
    run.look(Day.past(TODAY, ZONE))
    assert the_surge(database).announced_at is not None
    with database.reading() as session:
        told = session.scalar(select(func.count()).where(JournalEntry.verb == trend_runs.OPENED))
    assert told == 0


def test_sealed_notes_touch_nothing_that_everyone_sees(database: Database) -> None:
    filled(database, ordinary())
    refresh(database)
    before = shown(database)
    filled(database, surge(audience=Audience.SEALED))
    refresh(database)
    assert shown(database) == before
    about = [one["about"][0] for one in shown(database, TrendReach.ALL)]
    assert IONFIELD in about


def test_both_reaches_are_the_same_when_they_are_looked_at_side_by_side(
    database: Database,
) -> None:
    filled(database, [*ordinary(), *surge(), *surge(audience=Audience.SEALED)])
    refresh(database)
    before = [shown(database, reach) for reach in TrendReach]
    Refresh(database, ZONE, lambda: NOW, very_many_notes=1).look(Day.present(NOW, ZONE))
    assert all(before)
    assert [shown(database, reach) for reach in TrendReach] == before


def test_without_sealed_notes_there_is_no_second_run(
    database: Database, characters: Characters
) -> None:
    filled(database, ordinary())
    (sealed,) = filled(database, [Said(NOW - DAY, OWNER, audience=Audience.SEALED, text="quiet")])
    refresh(database)
    assert _reaches(database) == {TrendReach.EVERYONE, TrendReach.ALL}
    with database.writing() as session:
        notes.edit(session, characters.manager, sealed, {"audience": Audience.EVERYONE}, now=NOW)
    refresh(database)
    assert _reaches(database) == {TrendReach.EVERYONE}


def _reaches(database: Database) -> set[TrendReach]:
    with database.reading() as session:
        return set(session.scalars(select(TrendRun.reach)))


def test_what_vanishes_within_its_day_is_gone_unless_somebody_knows_of_it(
    database: Database, characters: Characters
) -> None:
    told = filled(database, [*ordinary(), *surge()])[-14:]
    refresh(database)
    trend = the_surge(database)
    with database.writing() as session:
        row = session.get_one(Trend, trend.id)
        row.announced_at = None
        for one in told:
            notes.withdraw(
                session, characters.manager, one, reason="", within=timedelta(days=30), now=NOW
            )
    refresh(database)
    with database.reading() as session:
        assert session.get(Trend, trend.id) is None


def test_a_followed_trend_stays_as_it_was_shown(database: Database, characters: Characters) -> None:
    told = filled(database, [*ordinary(), *surge()])[-14:]
    refresh(database)
    trend = the_surge(database)
    with database.writing() as session:
        session.get_one(Trend, trend.id).announced_at = None
        session.add(TrendFollow(trend_id=trend.id, person_id=OWNER, at=NOW))
        for one in told:
            notes.withdraw(
                session, characters.manager, one, reason="", within=timedelta(days=30), now=NOW
            )
    refresh(database)
    with database.reading() as session:
        assert session.get(Trend, trend.id) is not None


def test_what_was_learned_is_not_learned_again(database: Database) -> None:
    filled(database, [*ordinary(), *surge()])
    refresh(database)
    with database.reading() as session:
        learned = set(session.scalars(select(TrendPrior.digest)))
    first = shown(database)
    refresh(database)
    with database.reading() as session:
        assert set(session.scalars(select(TrendPrior.digest))) == learned
    assert learned
    assert shown(database) == first


def test_a_refresh_that_is_killed_leaves_no_half_of_a_run(database: Database) -> None:
    filled(database, [*ordinary(), *surge()])

    def killed(stage: str, _done: int, _total: int) -> None:
        if stage.startswith("Looking"):
            raise KeyboardInterrupt

    run = Refresh(database, ZONE, lambda: NOW, killed)
    run.pack()
    with pytest.raises(KeyboardInterrupt):
        run.look(Day.present(NOW, ZONE))
    with database.reading() as session:
        assert session.scalars(select(TrendRun)).all() == []
        assert session.scalars(select(Trend)).all() == []


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (lambda: NOW, TODAY),
        (lambda: NOW.replace(hour=3), TODAY - DAY),
    ],
)
def test_a_day_begins_at_midnight_in_the_organisations_zone(
    moment: Callable[[], datetime], day: datetime
) -> None:
    assert Day.present(moment(), ZoneInfo("America/New_York")).day == day
