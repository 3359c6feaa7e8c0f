"""The installation that is searched: made from demo notes, or a copy of one that exists."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks import scratch


@dataclass(frozen=True)
class Place(scratch.Installation):
    """An installation and how long its index took to rebuild, with the process's start."""

    rebuild_seconds: float


@contextmanager
def place(notes: int, data_dir: Path | None) -> Iterator[Place]:
    """A scratch installation of that many demo notes, or with the contents of `data_dir`.

    `data_dir` is copied and never changed. The scratch folder is removed at the end.
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
        scratch.insights(environment, "db", "upgrade")
        if data_dir is None:
            scratch.insights(environment, "demo", "--notes", str(notes))
        start = time.perf_counter()
        scratch.insights(environment, "index", "rebuild")
        seconds = time.perf_counter() - start
        yield Place(folder, environment, _token(environment), seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _token(environment: dict[str, str]) -> str:
    scopes = [word for scope in ("read", "write", "admin") for word in ("--scope", scope)]
    made = scratch.insights(environment, "token", "add", "admin@example.com", *scopes, "--json")
    token: str = orjson.loads(made)["token"]
    return token
