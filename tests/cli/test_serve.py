"""`insights serve`: web and worker live together, survive a killed worker, and stop together."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fixtures.databases import Templates

PATIENCE_SECONDS = 30


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


class Served:
    """A running `insights serve` and what can be asked of it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.port = _free_port()
        environment = os.environ | {
            "INSIGHTS_DATABASE_URL": address,
            "INSIGHTS_DATA_DIR": str(folder),
            "INSIGHTS_SECRET_KEY": "for tests only, never elsewhere",
            "PORT": str(self.port),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "insights", "serve"], env=environment, start_new_session=True
        )

    def health(self) -> dict[str, str]:
        """What /healthz answers; empty while nothing answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz") as answer:
                told: dict[str, str] = json.load(answer)
                return told
        except OSError:
            return {}

    def is_well(self) -> bool:
        return self.health() == {"status": "ok", "search": "ok"}

    def children(self, word: str) -> list[int]:
        """The process ids of its children whose command holds the word."""
        parent = self.process.pid
        pids = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [int(pid) for pid in pids if word in _command(pid)]


def _command(pid: str) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@pytest.fixture
def served(templates: Templates, tmp_path: Path) -> Iterator[Served]:
    running = Served(tmp_path / "data", templates.copy("sqlite", "world", tmp_path))
    yield running
    if running.process.poll() is None:
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()


def test_it_answers_and_makes_its_index_by_itself(served: Served) -> None:
    assert _eventually(served.is_well)


def test_a_killed_worker_is_started_again(served: Served) -> None:
    assert _eventually(served.is_well)
    (worker,) = served.children("insights worker")
    os.kill(worker, signal.SIGKILL)
    assert _eventually(lambda: served.children("insights worker") not in ([], [worker]))
    assert served.is_well()


def test_it_stops_with_all_its_processes_when_asked(served: Served) -> None:
    assert _eventually(served.is_well)
    family = served.children("")
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(PATIENCE_SECONDS) == 0
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]
