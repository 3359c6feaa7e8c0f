"""Searches, counts and words from a whoosh index."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, product
from pathlib import Path
from threading import Lock

from whoosh.index import TOC

from insights.search.analysis import Analysis
from insights.search.engine import IndexUnavailable, NeedsRebuild
from insights.search.excerpts import Marker, excerpt
from insights.search.facets import CountingPass, counting_passes, most_first
from insights.search.generations import suspect
from insights.search.request import FacetName, Hit, SearchRequest, SearchResult, Value
from insights.search.whoosh_order import Found, best_first, newest_first
from insights.search.whoosh_query import Part, Selection
from insights.search.whoosh_segment import Segment
from insights.search.whoosh_storage import SealedStorage, fault, latest, read_contents

log = logging.getLogger(__name__)

# A commit may replace the files of the last one in the moment in which they are opened.
_ATTEMPTS = 10


class WhooshReader:
    """Reads one index. Its threads take turns: there is one position in each open file."""

    def __init__(self, storage: SealedStorage, analysis: Analysis) -> None:
        self.analysis = analysis
        self._storage = storage
        self._lock = Lock()
        self._failed = False
        self._segments: dict[str, Segment] = {}
        self._parts: list[Part] = []
        self._cursor: int | None = None
        self._seen = -1
        self._open_latest()

    def search(self, request: SearchRequest) -> SearchResult:
        """See ``Reader.search``."""
        with self._turn():
            selections = self._selections()
            counts: dict[str, dict[Value, int]] = {name: {} for name in request.facets}
            first, *others = counting_passes(request)
            found = _found(selections, request, first)
            _count(found, first, counts)
            for counting in others:
                _count(_found(selections, request, counting), counting, counts)
            facets = {name: most_first(values) for name, values in counts.items()}
            return SearchResult(_total(found), self._hits(found, request), facets)

    def count(self, request: SearchRequest) -> int:
        """See ``Reader.count``."""
        with self._turn():
            return _total(self._found(request))

    def cross(
        self, request: SearchRequest, rows: FacetName = "week", columns: FacetName = "kind"
    ) -> dict[tuple[Value, Value], int]:
        """See ``Reader.cross``."""
        with self._turn():
            pairs: Counter[tuple[Value, Value]] = Counter()
            for selection, notes in self._found(request):
                segment = selection.part.segment
                row, column = segment.column(rows), segment.column(columns)
                pairs.update(pair for one in notes for pair in product(row[one], column[one]))
            return dict(pairs)

    def words(
        self, beginning: str, audience: frozenset[str] | None, limit: int
    ) -> list[tuple[str, int]]:
        """See ``Reader.words``."""
        with self._turn():
            counts: Counter[Value] = Counter()
            for selection in self._selections():
                visible = selection.visible(selection.part.notes, audience)
                segment = selection.part.segment
                for word in segment.words(beginning):
                    counts[word] += len(visible & segment.having("exact", word))
            present = most_first({word: count for word, count in counts.items() if count})
            return [(str(word), count) for word, count in present[: max(limit, 0)]]

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """See ``Reader.frequencies``."""
        with self._turn():
            return [
                sum(part.segment.count("text", stem) for part in self._parts)
                for stem in self.analysis.stems(list(words))
            ]

    def cursor(self) -> int | None:
        """See ``Reader.cursor``."""
        with self._turn():
            return self._cursor

    def reload(self) -> None:
        """See ``Reader.reload``."""
        with self._lock:
            if self._failed:
                raise IndexUnavailable("This reader met damage; open another one.")
            if latest(self._storage) != self._seen:
                self._open_latest()

    def close(self) -> None:
        """See ``Reader.close``: the files are given back with the last reference to the reader."""

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Lets one thread ask. A failure over damaged files is handed on as ``NeedsRebuild``."""
        with self._lock:
            try:
                yield
            except Exception as error:
                directory = Path(self._storage.folder)
                problem = fault(self._storage)
                if problem is None:
                    raise
                self._failed = True
                log.error("the search index in %s failed: %s", directory, problem, exc_info=error)
                suspect(directory)
                raise NeedsRebuild(
                    "The search index is damaged and will be rebuilt. Please try again soon."
                ) from error

    def _open_latest(self) -> None:
        """Reads the last commit; what is open of it stays open, with its columns."""
        failure: Exception | None = None
        for _ in range(_ATTEMPTS):
            seen = latest(self._storage)
            contents = read_contents(self._storage)
            try:
                if contents is not None:
                    self._use(contents)
                    return
            except Exception as error:  # damage shows as any kind of error
                failure = error
            if latest(self._storage) == seen:
                break
        raise NeedsRebuild("The files of the search index are damaged or missing.") from failure

    def _use(self, contents: TOC) -> None:
        opened = {
            one.segment_id(): self._segments.get(one.segment_id()) or Segment(self._storage, one)
            for one in contents.segments
        }
        cursor: int | None = None
        parts = []
        for one in contents.segments:
            segment = opened[one.segment_id()]
            deleted = set(one.deleted_docs())
            if segment.cursor is not None:
                number, value = segment.cursor
                cursor = cursor if number in deleted else value
                deleted.add(number)
            parts.append(Part(segment, frozenset(range(segment.size)) - deleted))
        self._segments, self._parts, self._cursor = opened, parts, cursor
        self._seen = contents.generation

    def _selections(self) -> list[Selection]:
        return [Selection(part, self.analysis) for part in self._parts]

    def _found(self, request: SearchRequest) -> Found:
        return _found(self._selections(), request, CountingPass(request.filters, ()))

    def _hits(self, found: Found, request: SearchRequest) -> list[Hit]:
        offset = max(request.offset, 0)
        limit = min(request.limit, _total(found) - offset)
        if limit <= 0:
            return []
        if request.is_by_time:
            page = newest_first(found, offset + limit)[offset:]
        else:
            page = best_first(found, request, offset + limit)[offset:]
        marker = Marker(request.query.tree, self.analysis)
        return [
            Hit(
                segment.id_of(number),
                one.score,
                excerpt(segment.body_of(number), marker) if request.highlight else None,
                one.words,
                one.boosts,
            )
            for one in page
            for segment, number in [one.document]
        ]


def _found(selections: list[Selection], request: SearchRequest, counting: CountingPass) -> Found:
    tree, audience = request.query.tree, request.audience
    return [(one, one.selected(tree, counting.filters, audience)) for one in selections]


def _total(found: Found) -> int:
    return sum(len(notes) for _, notes in found)


def _count(found: Found, counting: CountingPass, counts: dict[str, dict[Value, int]]) -> None:
    for name in counting.facets:
        counted: Counter[Value] = Counter()
        for selection, notes in found:
            column = selection.part.segment.column(name)
            counted.update(chain.from_iterable(map(column.__getitem__, notes)))
        for value, count in counted.items():
            if counting.values is None or value in counting.values:
                counts[name][value] = count
