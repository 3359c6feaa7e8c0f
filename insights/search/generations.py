"""Generations of an index in one directory, and which of them is current.

::

    <data_dir>/search/notes/
        CURRENT                   which generation is read, of which engine and schema version
        REBUILD.lock              held by the process that builds a new generation
        generation-<nanoseconds>  the files of the engine

``CURRENT`` is a small file that is replaced in one step, so every reader finds either the old
generation or the new one. A name is never used twice.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from insights.search.document import SCHEMA_VERSION
from insights.search.engine import NeedsRebuild, WriterBusy

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
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise NeedsRebuild("The file CURRENT of the search index cannot be read.") from error
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
    def lock(self) -> Iterator[None]:
        """The right to make and remove generations; freed by itself if this process dies.

        Raises ``WriterBusy`` if another process has it.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        with (self._directory / _LOCK).open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WriterBusy("Another process is rebuilding the search index.") from None
            yield

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
            if path.name != current:
                shutil.rmtree(path, ignore_errors=True)

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
