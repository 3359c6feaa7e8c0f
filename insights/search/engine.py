"""The narrow interface between the product and a search engine.

An engine works on one directory: one writer at a time, any number of readers in any number of
processes. It stores the journal cursor inside its own commit, so the documents and the cursor can
never disagree, and a process that is killed leaves the last commit.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol
from uuid import UUID

from insights.errors import Unavailable
from insights.search.analysis import Analysis
from insights.search.document import NoteDocument
from insights.search.request import FacetName, SearchRequest, SearchResult, Value


class IndexUnavailable(Unavailable):
    """The index can't be read or written just now."""


class NeedsRebuild(IndexUnavailable):
    """There is no index that this version of the product can read; the message says why."""


class WriterBusy(IndexUnavailable):
    """Another process writes this index; there is room for one."""


class Superseded(IndexUnavailable):
    """The index was rebuilt and switched since this writer was opened; open a new one."""


class Reader(Protocol):
    """Answers searches from the last commit it has seen. Safe to share between threads.

    ``analysis`` is the one with which the index was made; queries are to be parsed with it. No tree
    may hold a ``Field``: the caller has turned the words of a person into ids.
    """

    @property
    def analysis(self) -> Analysis:
        """How the index cuts and stems words."""

    def search(self, request: SearchRequest) -> SearchResult:
        """The page of hits, the exact total and the facets that the request asks for."""

    def count(self, request: SearchRequest) -> int:
        """How many notes match; sort, offset, limit and facets of the request don't matter."""

    def cross(
        self, request: SearchRequest, rows: FacetName = "week", columns: FacetName = "kind"
    ) -> dict[tuple[Value, Value], int]:
        """How many matching notes have each pair of values; pairs without a note are absent.

        Raises ``Invalid`` for more pairs than an engine can count at once (65,000).
        """

    def words(
        self, beginning: str, audience: frozenset[str] | None, limit: int
    ) -> list[tuple[str, int]]:
        """The words that begin so in notes that the audience may find, each with the number of
        those notes, most notes first. ``beginning`` is folded, or the start of a folded word."""

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """In how many notes, sealed ones included, each folded word stands in any of its forms.

        For weighing words against each other, never to be shown.
        """

    def cursor(self) -> int | None:
        """The journal cursor of the commit that is being read; ``None`` before the first."""

    def reload(self) -> None:
        """See every commit made until now. Cheap if there is none."""

    def close(self) -> None:
        """Give back what the reader holds."""


class Writer(Protocol):
    """Changes the index; nothing shows before ``publish``."""

    def put(self, documents: Iterable[NoteDocument]) -> None:
        """Add these notes; a note of the same id is replaced."""

    def remove(self, ids: Iterable[UUID]) -> None:
        """Take these notes out; an id that is not there is fine."""

    def publish(self, cursor: int) -> None:
        """Make all changes durable and visible together with the cursor, or none of them."""

    def close(self) -> None:
        """Drop what is not committed and let another process write."""


class Engine(Protocol):
    """Opens indexes of its kind. ``name`` is stored beside the index and tells the analysis too."""

    @property
    def name(self) -> str:
        """The kind of engine, and the language unless it is English."""

    @property
    def analysis(self) -> Analysis:
        """How its indexes cut and stem words."""

    def create(self, directory: Path) -> Writer:
        """A writer of a new, empty index in a directory that exists and is empty."""

    def open_writer(self, directory: Path) -> Writer:
        """The writer of an existing index. Raises ``WriterBusy`` or ``NeedsRebuild``."""

    def open_reader(self, directory: Path) -> Reader:
        """A reader of an existing index. Raises ``NeedsRebuild`` if it can't be read."""

    def fault(self, directory: Path) -> str | None:
        """What is wrong with the files of an index, in words, after reading all of them."""
