"""The past of phrases: counted once a week, and never another one than counting again gives."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from insights.db import Database
from insights.models import Audience, TrendPast, TrendReach
from insights.services import trend_streams
from insights.services.trend_pasts import MOST_KEPT, Historian
from insights.services.trend_priors import Teacher
from insights.services.trend_runs import Day, Refresh
from insights.services.trend_streams import PHASE, LoadedWeeks, source, source_of_now
from insights.trends.detector import Detector
from insights.trends.moment import needed
from insights.trends.packing import phrase_number
from insights.trends.parameters import Parameters
from tests.organisation import NOW
from tests.trend_history import EVERYBODY, Said, filled, ordinary, surge

ZONE, PARAMETERS = ZoneInfo("UTC"), Parameters()
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
# Long enough for a baseline of a year and the same season before it.
WEEKS = 120


def history() -> list[Said]:
    return ordinary(WEEKS, a_week=3)


def spread(words: str, *, until: datetime = NOW, people: int = 5) -> list[Said]:
    """Several people use the same words within a week."""
    return [
        Said(until - DAY - timedelta(hours=number), EVERYBODY[number], text=f"{words} {number}")
        for number in range(people)
    ]


def loaded(database: Database, now: datetime = NOW) -> LoadedWeeks:
    Refresh(database, ZONE, lambda: now).pack()
    with database.reading() as session:
        return trend_streams.load(session, as_of=now, weeks=needed(PARAMETERS), zone=ZONE)


def found(detector: Detector, weeks: LoadedWeeks) -> list[tuple[object, ...]]:
    """All that a look finds, by what its numbers mean."""
    subjects = detector.stream.subjects
    at = trend_streams.moment_of(weeks.as_of, ZONE)
    return sorted(
        (
            subjects[one.subject].key,
            one.scope,
            one.score,
            one.count,
            one.expected,
            sorted(one.notes),
        )
        for one in detector.candidates(at)
    )


def anew(weeks: LoadedWeeks, reach: TrendReach = TrendReach.EVERYONE) -> list[tuple[object, ...]]:
    """What a look finds that counts everything."""
    return found(Detector(source(weeks, reach, PARAMETERS).stream, PARAMETERS, PHASE), weeks)


def looked(
    weeks: LoadedWeeks, known: Mapping[str, bytes], reach: TrendReach = TrendReach.EVERYONE
) -> tuple[list[tuple[object, ...]], Mapping[str, bytes]]:
    """What a look finds that knows these pasts, and those that it had to count."""
    historian = Historian(weeks, reach, known)
    detector = Detector(
        source_of_now(weeks, reach, PARAMETERS).stream,
        PARAMETERS,
        PHASE,
        learner=Teacher(weeks, reach, {}, PARAMETERS).learn,
        historian=historian.past,
    )
    return found(detector, weeks), historian.new


def test_whoever_knows_the_past_finds_what_counting_anew_finds(database: Database) -> None:
    filled(database, [*history(), *spread("free router")])
    first = loaded(database)
    seen, known = looked(first, {})
    assert seen == anew(first)
    assert phrase_number("free router") in {int(key, 16) for key, *_ in seen if len(str(key)) == 16}
    # Of these words it knows no past yet: one of them was used in the past, and one is new.
    filled(database, [*spread("slow install"), *spread("late delivery truck")])
    second = loaded(database)
    again, added = looked(second, known)
    assert again == anew(second)
    assert list(added) == list(known)
    assert looked(second, added) == (again, {})


def test_a_change_of_the_past_is_counted(database: Database) -> None:
    filled(database, [*history(), *spread("free router")])
    _, known = looked(loaded(database), {})
    filled(database, spread("free router", until=NOW - 20 * WEEK))
    changed = loaded(database)
    seen, counted = looked(changed, known)
    assert seen
    assert seen == anew(changed)
    assert counted
    assert not set(counted) & set(known)


def test_what_is_sealed_is_in_the_past_of_those_alone_who_may_see_it(database: Database) -> None:
    sealed = [
        replace(one, audience=Audience.SEALED)
        for one in spread("free router", until=NOW - 20 * WEEK)
    ]
    filled(database, [*history(), *spread("free router")])
    before, _ = looked(loaded(database), {})
    filled(database, sealed)
    weeks = loaded(database)
    assert looked(weeks, {})[0] == before
    of_all, _ = looked(weeks, {}, TrendReach.ALL)
    assert of_all == anew(weeks, TrendReach.ALL)
    assert of_all != before


def test_refreshes_keep_the_newest_pasts(database: Database) -> None:
    filled(database, history())
    for week in range(MOST_KEPT + 2):
        now = NOW + week * WEEK
        filled(database, surge(until=now))
        run = Refresh(database, ZONE, lambda now=now: now)
        run.pack()
        run.look(Day.present(now, ZONE))
    with database.reading() as session:
        made = session.scalars(select(TrendPast.made_at)).all()
    assert sorted(made) == [NOW + week * WEEK for week in range(2, MOST_KEPT + 2)]
