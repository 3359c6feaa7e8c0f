"""The worker goes on until it is told to stop, whatever fails meanwhile."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from socket import gethostname

import pytest

from insights.db import Database
from insights.models import Replica as ReplicaRow
from insights.search.replica import Replica
from insights.search.tantivy_engine import TantivyEngine
from insights.settings import Settings
from insights.worker.loop import REPORT_EVERY, Worker
from insights.worker.search import SearchFollower, lag
from tests.drafts import posted
from tests.fixtures.app import Clock
from tests.fixtures.world import Characters
from tests.organisation import NOW


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(secret_key="for tests only", data_dir=tmp_path)


@pytest.fixture
def replica(settings: Settings) -> Replica:
    return Replica(settings.search_dir / "notes", TantivyEngine(), check_every=0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worker(settings: Settings, database: Database, replica: Replica, clock: Clock) -> Worker:
    return Worker(settings, database, SearchFollower(database, replica, settings.zone), clock)


@contextmanager
def running(worker: Worker) -> Iterator[threading.Thread]:
    """The worker in a thread of its own, which has ended when the block is left."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield thread
    finally:
        worker.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()


def wait_for(condition: Callable[[], bool]) -> None:
    patience = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < patience, "it never came to that"
        time.sleep(0.02)


def report(database: Database) -> ReplicaRow | None:
    with database.reading() as session:
        return session.get(ReplicaRow, gethostname())


def test_it_follows_the_journal_until_it_is_stopped(
    worker: Worker, database: Database, replica: Replica, characters: Characters
) -> None:
    with running(worker):
        wait_for(lambda: lag(database, replica) == 0)
        with database.writing() as session:
            posted(session, characters.owner)
        wait_for(lambda: lag(database, replica) == 0)
    # The index was given back: another worker can write it at once.
    successor = SearchFollower(database, replica, worker._settings.zone)
    assert successor.step() == 0
    successor.close()


def test_it_reports_that_it_lives_and_how_far_it_is(
    worker: Worker, database: Database, clock: Clock, characters: Characters
) -> None:
    with running(worker):
        wait_for(lambda: report(database) is not None)
        with database.writing() as session:
            posted(session, characters.owner)
        clock.now = NOW + REPORT_EVERY
        wait_for(lambda: seen_at(database) == clock.now)
    last = report(database)
    assert last is not None
    assert (last.engine, last.cursor) == ("tantivy", worker._follower.cursor)


def seen_at(database: Database) -> datetime | None:
    last = report(database)
    return last.seen_at if last else None


def test_it_reports_no_more_often_than_needed(
    worker: Worker, database: Database, clock: Clock
) -> None:
    with running(worker):
        wait_for(lambda: seen_at(database) == NOW)
        clock.now = NOW + REPORT_EVERY - timedelta(seconds=1)
        time.sleep(0.5)
        assert seen_at(database) == NOW


def test_a_failing_step_is_logged_and_tried_again(
    worker: Worker,
    database: Database,
    replica: Replica,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.search_dir.write_text("a file where the folder of all indexes belongs")
    with running(worker):
        wait_for(lambda: "It is tried again" in caplog.text)
        settings.search_dir.unlink()
        wait_for(lambda: lag(database, replica) == 0)


def test_it_waits_while_another_worker_writes_the_replica(
    worker: Worker,
    database: Database,
    replica: Replica,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    first = SearchFollower(database, replica, settings.zone)
    first.step()
    with running(worker):
        wait_for(lambda: "The worker waits" in caplog.text)
        first.close()
        wait_for(lambda: report(database) is not None)
    assert "failed" not in caplog.text
