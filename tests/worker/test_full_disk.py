"""A disk that is full or may not be written: searches go on, the worker says so and recovers."""

import logging
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from insights.search import trouble
from insights.search.engine import IndexUnavailable
from insights.search.replica import Replica
from insights.search.tantivy_engine import TantivyEngine
from insights.settings import Settings
from insights.worker.loop import Worker
from insights.worker.search import lag
from tests.worker.conftest import Installation, found_by, wait_for

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one mebibyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def crowded(installation: Installation, disk: Path) -> Installation:
    """The installation with its index on the small disk."""
    replica = Replica(disk / "notes", TantivyEngine(), check_every=0)
    return Installation(installation.database, replica, installation.characters)


@contextmanager
def working(installation: Installation) -> Iterator[None]:
    """A worker that tries again soon, in a thread of its own."""
    settings = Settings(secret_key="for tests only", data_dir=installation.directory)
    worker = Worker(
        settings,
        installation.database,
        installation.follower(check_every=0),
        lambda: datetime.now(UTC),
        failure_rest=0.05,
    )
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()


def fill(disk: Path) -> Path:
    """Takes all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return filler
    raise AssertionError("the disk has no end")


def told(installation: Installation) -> str:
    return trouble.told(installation.directory) or ""


def is_told_again(installation: Installation) -> Callable[[], bool]:
    """Whether the worker has had another turn, since now, that failed."""
    path = installation.directory / "TROUBLE"
    before = path.stat().st_mtime_ns
    return lambda: path.stat().st_mtime_ns > before


def is_caught_up(installation: Installation) -> bool:
    return lag(installation.database, installation.replica) == 0


class TestAFullDisk:
    def test_stops_the_index_but_neither_searching_nor_posting(
        self, crowded: Installation, disk: Path
    ) -> None:
        first = crowded.post()
        with working(crowded):
            wait_for((crowded.directory / "TROUBLE").exists)
            filler = fill(disk)
            second = crowded.post()
            wait_for(lambda: "no room left" in told(crowded))
            reader = crowded.replica.open_reader()
            assert found_by(reader) == [first]
            assert crowded.replica.facts().trouble == told(crowded)
            assert lag(crowded.database, crowded.replica) == 1
            filler.unlink()
            wait_for(lambda: is_caught_up(crowded))
            wait_for(lambda: told(crowded) == "")
            assert found_by(reader) == sorted([first, second])
        assert crowded.replica.state(thorough=True).problem is None

    def test_is_logged_once_when_it_begins_and_once_when_it_is_over(
        self, crowded: Installation, disk: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        with working(crowded):
            wait_for((crowded.directory / "TROUBLE").exists)
            filler = fill(disk)
            crowded.post()
            wait_for(lambda: "no room left" in told(crowded))
            for _ in range(3):
                wait_for(is_told_again(crowded))
            filler.unlink()
            wait_for(lambda: told(crowded) == "")
        records = [record for record in caplog.records if record.name.endswith("loop")]
        messages = [record.getMessage() for record in records]
        assert len([one for one in messages if "no room left" in one]) == 1
        assert messages[-1] == "The worker works again."
        assert not [record for record in records if record.exc_info]

    def test_that_has_no_room_for_a_rebuild_leaves_the_old_index(
        self, crowded: Installation, disk: Path
    ) -> None:
        crowded.post()
        crowded.catch_up()
        before = crowded.found()
        fill(disk)
        with pytest.raises((IndexUnavailable, OSError)):
            crowded.follower().rebuild()
        assert crowded.found() == before
        assert len(list(crowded.directory.glob("generation-*"))) == 1


def test_a_disk_for_reading_only_is_named_and_waited_for(
    crowded: Installation, disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    note_id = crowded.post()
    _remount(disk, "ro")
    with working(crowded):
        wait_for(lambda: "mounted for reading only" in caplog.text)
        assert crowded.replica.state().needs_rebuild
        _remount(disk, "rw")
        wait_for(lambda: is_caught_up(crowded))
    assert crowded.found() == [note_id]


def _remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)
