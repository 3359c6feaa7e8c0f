"""A job is done by one worker at a time, and is free again when that one is gone."""

from datetime import timedelta

import pytest

from insights.db import Database
from insights.errors import Conflict
from insights.models import Job
from insights.services import jobs
from tests.organisation import NOW

NAME = "counting sheep"


def stored(database: Database) -> Job:
    with database.reading() as session:
        return session.get_one(Job, NAME)


def test_two_workers_never_hold_it_together(database: Database) -> None:
    with (
        jobs.held(database, NAME, holder="one", clock=lambda: NOW),
        pytest.raises(Conflict),
        jobs.held(database, NAME, holder="two", clock=lambda: NOW),
    ):
        pass
    assert stored(database).holder is None


def test_a_lease_that_ran_out_is_free_and_the_one_who_lost_it_stops(database: Database) -> None:
    late = NOW + jobs.LEASE + timedelta(seconds=1)
    with database.writing() as session:
        assert jobs.claim(session, NAME, holder="one", now=NOW)
    with jobs.held(database, NAME, holder="two", clock=lambda: late) as lease:
        lease.say("going on", 1, 2)
        with database.writing() as session:
            assert not jobs.progress(
                session, NAME, holder="one", stage="", done=0, total=0, now=late
            )
            jobs.finish(session, NAME, holder="one", now=late)
        assert stored(database).holder == "two"


def test_progress_prolongs_the_lease(database: Database) -> None:
    with database.writing() as session:
        jobs.claim(session, NAME, holder="one", now=NOW)
        later = NOW + timedelta(minutes=4)
        jobs.progress(session, NAME, holder="one", stage="half", done=1, total=2, now=later)
    job = stored(database)
    assert (job.stage, job.done, job.total, job.leased_until) == ("half", 1, 2, later + jobs.LEASE)


def test_what_went_wrong_is_kept_until_it_goes_well(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), jobs.held(database, NAME, holder="a", clock=lambda: NOW):
        raise ZeroDivisionError("no sheep")
    assert stored(database).trouble == "ZeroDivisionError: no sheep"
    with jobs.held(database, NAME, holder="a", clock=lambda: NOW):
        pass
    assert stored(database).trouble == ""


def test_a_wish_is_fulfilled_by_the_run_that_begins_after_it(database: Database) -> None:
    for _ in range(2):
        with database.writing() as session:
            jobs.want(session, NAME, now=NOW)
    assert stored(database).wanted_at == NOW
    with jobs.held(database, NAME, holder="a", clock=lambda: NOW):
        assert stored(database).wanted_at is None
