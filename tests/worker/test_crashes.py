"""Workers that are killed at any moment: the index stays whole and nothing is lost or doubled."""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from insights.db import Database
from insights.search.replica import Replica
from insights.search.tantivy_engine import TantivyEngine
from insights.worker.search import SearchFollower
from tests.worker.conftest import Installation, found_by

ROUNDS = 10
SEED = 20261102
# Starting anew for each worker would take most of the time: a fresh process that has loaded all
# modules makes the others.
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload([__name__])


def _follower(address: str, directory: Path) -> SearchFollower:
    replica = Replica(directory, TantivyEngine())
    return SearchFollower(Database(address), replica, ZoneInfo("UTC"))


def follow(address: str, directory: Path) -> None:
    """Commits a few notes at a time for ever."""
    follower = _follower(address, directory)
    while True:
        if not follower.step():
            time.sleep(0.001)


def rebuild(address: str, directory: Path) -> None:
    """Rebuilds again and again."""
    follower = _follower(address, directory)
    while True:
        follower.rebuild()


@contextmanager
def posting(installation: Installation, ids: list[UUID]) -> Iterator[None]:
    """Somebody posts notes, one after the other, until the block is left."""
    stop = threading.Event()

    def post() -> None:
        while not stop.is_set():
            ids.append(installation.post())
            time.sleep(0.002)

    thread = threading.Thread(target=post)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def started(installation: Installation, work: Callable[[str, Path], None]) -> BaseProcess:
    process = SERVER.Process(target=work, args=(installation.address, installation.directory))
    process.start()
    return process


def kill_after(process: BaseProcess, seconds: float) -> None:
    time.sleep(seconds)
    assert process.is_alive(), "it ended by itself"
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def assert_whole(installation: Installation, ids: list[UUID]) -> None:
    """The files are whole; after catching up every note is found exactly once."""
    assert installation.replica.state(thorough=True).problem is None
    installation.catch_up()
    state = installation.replica.state(thorough=True)
    assert (state.problem, state.cursor) == (None, installation.last_id())
    assert installation.found() == sorted(ids)


def test_killed_in_the_midst_of_many_commits(installation: Installation) -> None:
    ids = installation.post_many(20)
    installation.catch_up()
    chance = random.Random(SEED)
    with posting(installation, ids):
        for _ in range(ROUNDS):
            kill_after(started(installation, follow), chance.uniform(0.02, 0.35))
            assert installation.replica.state(thorough=True).problem is None
    assert_whole(installation, ids)


def test_killed_in_the_midst_of_rebuilds(installation: Installation) -> None:
    ids = installation.post_many(300)
    installation.catch_up()
    reader = installation.replica.open_reader()
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        kill_after(started(installation, rebuild), chance.uniform(0.02, 0.35))
        assert found_by(reader) == sorted(ids)
        assert installation.found() == sorted(ids)
    assert_whole(installation, ids)
    assert len(list(installation.directory.glob("generation-*"))) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_killed_before_there_was_an_index(installation: Installation) -> None:
    ids = installation.post_many(300)
    chance = random.Random(SEED)
    for _ in range(ROUNDS // 2):
        kill_after(started(installation, follow), chance.uniform(0.0, 0.1))
    installation.catch_up()
    assert_whole(installation, ids)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_killed_while_it_is_rebuilt_and_written_at_once(installation: Installation) -> None:
    ids = installation.post_many(100)
    installation.catch_up()
    chance = random.Random(SEED)
    with posting(installation, ids):
        for _ in range(ROUNDS // 2):
            both = [started(installation, work) for work in (follow, rebuild)]
            for process in both:
                kill_after(process, chance.uniform(0.02, 0.3))
    assert_whole(installation, ids)
