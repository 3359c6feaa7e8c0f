"""A reader and a writer of the replica that know when another generation has taken over."""

import threading
import time
from collections.abc import Iterable, Sequence
from uuid import UUID

from insights.search.analysis import Analysis
from insights.search.document import NoteDocument
from insights.search.engine import (
    Engine,
    IndexUnavailable,
    NeedsRebuild,
    Reader,
    Superseded,
    Writer,
)
from insights.search.generations import Generations
from insights.search.request import FacetName, SearchRequest, SearchResult, Value


class FollowingReader:
    """Reads whatever generation is current, for all threads of a process.

    It looks for commits and switches at most every ``check_every`` seconds, before a question is
    answered. What can't be opened leaves the last good state in use.
    """

    def __init__(self, generations: Generations, engine: Engine, check_every: float) -> None:
        self._generations = generations
        self._engine = engine
        self._check_every = check_every
        self._next_check = 0.0
        self._stamp: tuple[int, int] | None = None
        self._reader: Reader | None = None
        self._lock = threading.Lock()

    def search(self, request: SearchRequest) -> SearchResult:
        """See ``Reader.search``."""
        return self._fresh().search(request)

    def count(self, request: SearchRequest) -> int:
        """See ``Reader.count``."""
        return self._fresh().count(request)

    def cross(
        self, request: SearchRequest, rows: FacetName = "week", columns: FacetName = "kind"
    ) -> dict[tuple[Value, Value], int]:
        """See ``Reader.cross``."""
        return self._fresh().cross(request, rows, columns)

    @property
    def analysis(self) -> Analysis:
        """See ``Reader.analysis``."""
        return self._engine.analysis

    def words(
        self, beginning: str, audience: frozenset[str] | None, limit: int
    ) -> list[tuple[str, int]]:
        """See ``Reader.words``."""
        return self._fresh().words(beginning, audience, limit)

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """See ``Reader.frequencies``."""
        return self._fresh().frequencies(words)

    def cursor(self) -> int | None:
        """See ``Reader.cursor``."""
        return self._fresh().cursor()

    def reload(self) -> None:
        """See ``Reader.reload``; follows a switch, too."""
        with self._lock:
            self._follow()

    def close(self) -> None:
        """See ``Reader.close``."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()
            self._reader, self._stamp = None, None

    def _fresh(self) -> Reader:
        if time.monotonic() >= self._next_check:
            self.reload()
        reader = self._reader
        if reader is None:
            raise NeedsRebuild("The search index is being built. Please try again soon.")
        return reader

    def _follow(self) -> None:
        self._next_check = time.monotonic() + self._check_every
        stamp = self._generations.stamp()
        try:
            if self._reader is not None and stamp == self._stamp:
                self._reader.reload()
            else:
                current = self._generations.path(self._generations.current())
                self._reader = self._engine.open_reader(current)
                self._stamp = stamp
        except (IndexUnavailable, OSError, ValueError):
            # For instance a generation that was removed this moment: look again next time.
            self._stamp = None


class FollowingWriter:
    """Writes one generation and refuses to commit to it once it is not read any more."""

    def __init__(self, generations: Generations, generation: str, writer: Writer) -> None:
        self._generations = generations
        self._generation = generation
        self._writer = writer

    def put(self, documents: Iterable[NoteDocument]) -> None:
        """See ``Writer.put``."""
        self._writer.put(documents)

    def remove(self, ids: Iterable[UUID]) -> None:
        """See ``Writer.remove``."""
        self._writer.remove(ids)

    def publish(self, cursor: int) -> None:
        """See ``Writer.publish``. Raises ``Superseded`` after a switch: open a new writer then."""
        if self._generations.current() != self._generation:
            raise Superseded("The search index was rebuilt; its new writer must be opened.")
        self._writer.publish(cursor)

    def close(self) -> None:
        """See ``Writer.close``."""
        self._writer.close()
