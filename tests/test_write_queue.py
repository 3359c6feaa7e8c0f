"""Writers of one file take turns, in one process and across processes, whatever happens to them."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from insights.errors import Unavailable
from insights.write_queue import WriteQueue

HOLD = """
import sys
from pathlib import Path
from insights.write_queue import WriteQueue
WriteQueue(Path(sys.argv[1])).enter()
print("in", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database's file; it need not exist."""
    return tmp_path / "notes.db"


def test_one_is_in_at_a_time(file: Path) -> None:
    queue = WriteQueue(file)
    inside: list[int] = []
    most = []

    def work(number: int) -> None:
        queue.enter()
        inside.append(number)
        most.append(len(inside))
        inside.remove(number)
        queue.leave()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(200)))
    assert set(most) == {1}


def test_who_waits_too_long_is_told_so(file: Path) -> None:
    queue = WriteQueue(file, patience=0.05)
    queue.enter()
    with pytest.raises(Unavailable, match="busy"):
        queue.enter()
    queue.leave()
    queue.enter()
    queue.leave()


def test_another_process_waits_and_its_death_lets_the_next_one_in(file: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Unavailable):
            WriteQueue(file, patience=0.05).enter()
        other.kill()
    queue = WriteQueue(file)
    queue.enter()
    queue.leave()


def test_leaving_without_having_entered_changes_nothing(file: Path) -> None:
    queue = WriteQueue(file)
    queue.leave()
    queue.enter()
    queue.leave()
