"""Scratch installations: a database with demo notes, its index, and servers on it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson


@dataclass(frozen=True)
class Installation:
    """A folder with a filled database and index, and a token that may do everything.

    `rebuild_seconds` is how long the index took, with the start of the process.
    """

    folder: Path
    environment: dict[str, str]
    token: str
    rebuild_seconds: float

    def insights(self, *arguments: str) -> str:
        """Runs the product's command line on it and returns what it printed."""
        return insights(self.environment, *arguments)


def insights(environment: dict[str, str], *arguments: str) -> str:
    """Runs `insights` with these variables."""
    finished = subprocess.run(
        [sys.executable, "-m", "insights", *arguments],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return finished.stdout.decode()


@contextmanager
def installation(notes: int, data_dir: Path | None = None) -> Iterator[Installation]:
    """An installation with that many demo notes, removed at the end.

    With `data_dir` it has what stands there instead, which is copied and never changed.
    """
    folder = Path(tempfile.mkdtemp(prefix="insights-benchmark-"))
    environment = os.environ | {
        "INSIGHTS_DATA_DIR": str(folder),
        "INSIGHTS_DEMO": "1",
        "INSIGHTS_DATABASE_URL": "",
    }
    try:
        if data_dir is not None:
            shutil.copytree(data_dir, folder, dirs_exist_ok=True)
        insights(environment, "db", "upgrade")
        if data_dir is None:
            insights(environment, "demo", "--notes", str(notes))
        start = time.perf_counter()
        insights(environment, "index", "rebuild")
        seconds = time.perf_counter() - start
        scopes = [word for scope in ("read", "write", "admin") for word in ("--scope", scope)]
        made = insights(environment, "token", "add", "admin@example.com", *scopes, "--json")
        yield Installation(folder, environment, orjson.loads(made)["token"], seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(command: list[str], environment: dict[str, str], *, ready: str) -> Iterator[int]:
    """A server started with a free port in PORT; gives the port once `ready` answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(
        [word.format(port=port) for word in command],
        env=environment | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}{ready}", process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def product(environment: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """How the product is served: web processes and worker, as `insights serve` starts them."""
    return [sys.executable, "-m", "insights", "serve"], environment


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"no answer at {address}")
