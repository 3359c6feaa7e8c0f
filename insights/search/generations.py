"""Generations of an index in one directory, and which of them is current.

::

    <data_dir>/search/notes/
        CURRENT                   which generation is read, of which engine and schema version
        REBUILD.lock              held by the process that builds a new generation
        SUSPECT                   left by a reader that met damage, for the worker to find
        TROUBLE                   what keeps the worker from writing, see trouble.py
        generation-<nanoseconds>  the files of the engine

``CURRENT`` is a small file that is replaced in one step, so every reader finds either the old
generation or the new one. A name is never used twice.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from insights.search.document import SCHEMA_VERSION
from insights.search.engine import NeedsRebuild, WriterBusy

SUSPECT = "SUSPECT"

_CURRENT = "CURRENT"
_LOCK = "REBUILD.lock"
_PREFIX = "generation-"


class Generations:
    """The directories of one index, as one engine of this version of the product may use them."""

    def __init__(self, directory: Path, engine_name: str) -> None:
        self._directory = directory
        self._engine_name = engine_name

    def path(self, generation: str) -> Path:
        """The directory of a generation."""
        return self._directory / generation

    def current(self) -> str:
        """The name of the generation in use. Raises ``NeedsRebuild`` if there is none for us."""
        try:
            stored = json.loads((self._directory / _CURRENT).read_bytes())
            generation, made_by = str(stored["generation"]), (stored["engine"], stored["schema"])
        except FileNotFoundError:
            raise NeedsRebuild("There is no search index yet.") from None
        except OSError as error:
            raise NeedsRebuild(f"The search index cannot be read: {error}.") from error
        except (ValueError, LookupError, TypeError) as error:
            raise NeedsRebuild("The file CURRENT of the search index is damaged.") from error
        if made_by != (self._engine_name, SCHEMA_VERSION):
            raise NeedsRebuild("The search index was made by another engine or version.")
        if Path(generation).name != generation or not generation.startswith(_PREFIX):
            raise NeedsRebuild("The file CURRENT of the search index names no generation.")
        return generation

    def stamp(self) -> tuple[int, int] | None:
        """Changes with each switch; costs one look at the disk. ``None`` before the first."""
        try:
            status = (self._directory / _CURRENT).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    @contextmanager
    def lock(self, patience: float = 0.0) -> Iterator[None]:
        """The right to make and remove generations; freed by itself if this process dies.

        What lies where the folder or one of its files belongs and is of another kind gets another
        name; nothing of somebody else's is removed. Raises ``WriterBusy`` if another process still
        has the lock after ``patience`` seconds: cleaning up and ``is_locked`` take it for moments.
        """
        _make_way(self._directory, Path.is_dir)
        self._directory.mkdir(parents=True, exist_ok=True)
        for name in (_LOCK, _CURRENT):
            _make_way(self._directory / name, Path.is_file)
        with (self._directory / _LOCK).open("ab") as file:
            deadline = time.monotonic() + patience
            while not _has_locked(file, fcntl.LOCK_EX):
                if time.monotonic() >= deadline:
                    raise WriterBusy("Another process is rebuilding the search index.")
                time.sleep(0.02)
            yield

    def is_suspect(self) -> bool:
        """Whether a reader met damage since the index was last found whole."""
        return (self._directory / SUSPECT).exists()

    def clear_suspicion(self) -> None:
        """Forget what readers met: somebody looks at every file now."""
        with suppress(OSError):
            (self._directory / SUSPECT).unlink(missing_ok=True)

    def is_locked(self) -> bool:
        """Whether a process builds a generation just now."""
        try:
            with (self._directory / _LOCK).open("rb") as file:
                return not _has_locked(file, fcntl.LOCK_SH)
        except OSError:
            return False

    def size(self, generation: str) -> int:
        """The bytes of a generation's files."""
        total = 0
        for path in self.path(generation).glob("*"):
            with suppress(OSError):  # a merge may remove it this moment
                total += path.stat().st_size
        return total

    def make(self) -> str:
        """A new, empty generation that is not current. Needs the lock."""
        generation = f"{_PREFIX}{time.time_ns()}"
        self.path(generation).mkdir()
        return generation

    def remove_all_but_current(self) -> None:
        """Remove what earlier switches and killed rebuilds left. Needs the lock.

        Readers that still have such files open keep them until they close them.
        """
        current = None
        with suppress(NeedsRebuild):
            current = self.current()
        for path in self._directory.glob(f"{_PREFIX}*"):
            if path.name == current:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def switch(self, generation: str) -> None:
        """Make a generation current, for good once this returns. Needs the lock."""
        described = {
            "generation": generation,
            "engine": self._engine_name,
            "schema": SCHEMA_VERSION,
        }
        prepared = self._directory / f"{_CURRENT}.new"
        with prepared.open("w") as file:
            json.dump(described, file)
            file.flush()
            os.fsync(file.fileno())
        prepared.replace(self._directory / _CURRENT)
        folder = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def suspect(generation: Path) -> None:
    """Tell the worker that a reader met damage in this generation."""
    with suppress(OSError):
        (generation.parent / SUSPECT).touch()


def _has_locked(file: BinaryIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make_way(path: Path, is_right: Callable[[Path], bool]) -> None:
    if os.path.lexists(path) and not is_right(path):
        path.rename(path.with_name(f"{path.name}.aside-{time.time_ns()}"))
