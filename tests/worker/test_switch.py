"""A rebuild beside the live index: searches are answered all the time and nothing is lost."""

import logging
import multiprocessing
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path
from uuid import UUID

import pytest

from insights.search.replica import Replica
from insights.search.request import SearchRequest
from insights.search.tantivy_engine import TantivyEngine
from insights.settings import Settings
from insights.worker.loop import Worker
from insights.worker.search import SearchFollower, lag
from tests.worker.conftest import UTC_ZONE, Installation, found_by, wait_for

EVERY = SearchRequest(audience=None)
# Leaves the processors some time for the rebuild.
PAUSE_SECONDS = 0.003


@contextmanager
def working(installation: Installation) -> Iterator[None]:
    """The worker as it runs in use."""
    settings = Settings(secret_key="for tests only", data_dir=installation.directory)
    follower = SearchFollower(installation.database, installation.replica, UTC_ZONE)
    worker = Worker(settings, installation.database, follower, lambda: datetime.now(UTC))
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()


def count_all_the_time(directory: Path, stop: Event, told: "multiprocessing.Queue[object]") -> None:
    """In another process: every answer, or the first failure, at the end."""
    reader = Replica(directory, TantivyEngine(), check_every=0).open_reader()
    counts = [reader.count(EVERY)]
    told.put("ready")
    while not stop.is_set():
        counts.append(reader.count(EVERY))
        time.sleep(PAUSE_SECONDS)
    told.put(counts)


def test_every_search_is_answered_during_rebuilds_and_switches(installation: Installation) -> None:
    ids = installation.post_many(200)
    installation.catch_up()
    context = multiprocessing.get_context("spawn")
    stop, told = context.Event(), context.Queue()
    other = context.Process(target=count_all_the_time, args=(installation.directory, stop, told))
    other.start()
    assert told.get(timeout=30) == "ready"
    reader = installation.replica.open_reader()

    def count_here() -> list[int]:
        counts = []
        while not stop.is_set():
            counts.append(reader.count(EVERY))
            time.sleep(PAUSE_SECONDS)
        return counts

    with ThreadPoolExecutor(2) as pool, working(installation):
        here = [pool.submit(count_here) for _ in range(2)]
        try:
            for _ in range(3):
                rebuild_while_posting(installation, ids)
            wait_for(lambda: lag(installation.database, installation.replica) == 0)
        finally:
            stop.set()
    answers = told.get(timeout=30)
    other.join()
    assert isinstance(answers, list)
    for counts in (answers, *(one.result() for one in here)):
        assert len(counts) > 20
        assert 200 <= min(counts) <= max(counts) <= len(ids)
    assert found_by(reader) == sorted(ids)


def rebuild_while_posting(installation: Installation, ids: list[UUID]) -> None:
    """As `insights index rebuild` does in a process of its own, while people post."""
    elsewhere = Replica(installation.directory, TantivyEngine())
    follower = SearchFollower(installation.database, elsewhere, UTC_ZONE)
    follower.rebuild(lambda _done, _total: ids.extend(installation.post() for _ in range(5)))
    ids.append(installation.post())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestARebuildBySomebodyElse:
    def test_holds_what_was_stored_while_it_was_filled(self, installation: Installation) -> None:
        ids = [installation.post()]
        follower = installation.follower()
        follower.rebuild(lambda _done, _total: ids.append(installation.post()))
        assert installation.found() == sorted(ids)

    def test_is_followed_by_a_worker_that_has_nothing_to_do(
        self, installation: Installation
    ) -> None:
        """Its cursor may lie beyond that of the new index: it has to look at the new one."""
        follower = installation.follower(look_every=3600)
        follower.step()
        with installation.replica.rebuild() as writer:
            writer.publish(follower.cursor)
        note_id = installation.post()
        while follower.step():
            pass
        assert installation.found() == [note_id]
        follower.close()

    def test_from_an_earlier_cursor_loses_nothing(self, installation: Installation) -> None:
        early = installation.last_id()
        note_id = installation.post()
        follower = installation.follower(look_every=3600)
        while follower.step():
            pass
        with installation.replica.rebuild() as writer:
            writer.publish(early)
        assert installation.found() == []
        while follower.step():
            pass
        assert installation.found() == [note_id]
        follower.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_rebuild_by_the_worker_is_logged_with_its_progress(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    installation.post_many(3)
    with working(installation):
        wait_for(lambda: lag(installation.database, installation.replica) == 0)
    assert "indexing: 3 of 3 notes" in caplog.text
    assert "indexed 3 notes" in caplog.text
