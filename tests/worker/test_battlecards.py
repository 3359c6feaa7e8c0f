"""Battlecards in the worker: what is due is done, once, by one machine."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select

from insights.db import Database
from insights.models import BattlecardCheck, Job, Kind
from insights.services import jobs, name_proposals
from insights.worker.battlecards import ASKING, NAMES, BattlecardWork
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.battlecard_lines import added
from tests.worker.conftest import wait_for

DAY = timedelta(days=1)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(database: Database, clock: Clock) -> BattlecardWork:
    return BattlecardWork(database, ZoneInfo("America/New_York"), clock, rest=0.01)


@pytest.fixture
def known(database: Database, characters: Characters) -> None:
    """A stale line, and a name that the field mentions."""
    with database.writing() as session:
        added(session, characters.analyst, now=NOW - 200 * DAY)
        for author in (characters.owner, characters.member, characters.stranger) * 2:
            posted(session, author, "Ionfield lost to Zetta Wave", kind=Kind.COMPETITOR)


def checks(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(BattlecardCheck)) or 0


@pytest.mark.usefixtures("known")
def test_asks_each_day_and_looks_for_names_each_week(
    database: Database, characters: Characters, work: BattlecardWork, clock: Clock
) -> None:
    assert [work.step(), work.step()] == [2, 0]
    assert checks(database) == 1
    with database.reading() as session:
        found = name_proposals.list_proposals(session, characters.analyst)
    assert [one.name for one in found] == ["Zetta Wave"]
    clock.now = NOW + DAY
    assert work.step() == 1
    clock.now = NOW + 8 * DAY
    assert work.step() == 2
    assert checks(database) == 1


def test_leaves_to_others_what_they_are_doing(database: Database, work: BattlecardWork) -> None:
    for name in (ASKING, NAMES):
        with database.writing() as session:
            assert jobs.claim(session, name, holder="another machine", now=NOW)
    assert work.step() == 0


def test_tries_again_after_an_hour_what_went_wrong(
    database: Database, work: BattlecardWork, clock: Clock
) -> None:
    assert work.step() == 2
    with database.writing() as session:
        jobs.claim(session, ASKING, holder="x", now=NOW)
        jobs.finish(session, ASKING, holder="x", trouble="It broke.", now=NOW)
    assert work.step() == 0
    clock.now = NOW + timedelta(hours=1)
    assert work.step() == 1


@pytest.mark.usefixtures("known")
def test_works_by_itself_until_it_is_closed(database: Database, work: BattlecardWork) -> None:
    with database.reading() as session:
        assert session.get(Job, NAMES) is None
    work.start()
    wait_for(lambda: checks(database) == 1)
    work.close()


@pytest.mark.usefixtures("known")
def test_gives_up_reading_when_it_is_closed(database: Database, work: BattlecardWork) -> None:
    work.start()
    work.close()
    with database.writing() as session:
        session.execute(delete(Job))
    assert work.step() == 1
    with database.reading() as session:
        assert "_Stopped" in session.get_one(Job, NAMES).trouble
