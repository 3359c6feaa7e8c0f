"""Searches, counts and words from a tantivy index."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import tantivy

from insights.errors import Invalid
from insights.search.analysis import Analysis
from insights.search.excerpts import Marker, excerpt
from insights.search.facets import CountingPass, counting_passes, most_first
from insights.search.ranking import WINDOW, Candidate, Ranked, ranked
from insights.search.request import Excerpt, FacetName, Hit, SearchRequest, SearchResult, Value
from insights.search.tantivy_query import ranking, selecting, visible_to
from insights.search.tantivy_schema import CURSOR, CURSOR_MARK, ID_HIGH, ID_LOW, MARK, SCHEMA

# The most groups that tantivy counts at once. Asking for as many leaves none out.
_MOST_GROUPS = 65_000


class TantivyReader:
    """Reads one index; ``meta`` is the file that each commit replaces."""

    def __init__(self, index: tantivy.Index, meta: Path, analysis: Analysis) -> None:
        self.analysis = analysis
        self._index = index
        self._meta = meta
        self._seen = self._stamp()
        index.reload()

    def search(self, request: SearchRequest) -> SearchResult:
        """See ``Reader.search``."""
        searcher = self._index.searcher()
        total, facets = self._totals(searcher, request)
        offset = max(request.offset, 0)
        limit = min(request.limit, total - offset)
        hits = self._hits(searcher, request, offset, limit) if limit > 0 else []
        return SearchResult(total, hits, facets)

    def count(self, request: SearchRequest) -> int:
        """See ``Reader.count``."""
        query = selecting(request, self.analysis)
        counted = _aggregate(self._index.searcher(), query, {"total": _TOTAL})
        return int(counted["total"]["value"])

    def cross(
        self, request: SearchRequest, rows: FacetName = "week", columns: FacetName = "kind"
    ) -> dict[tuple[Value, Value], int]:
        """See ``Reader.cross``."""
        query = selecting(request, self.analysis)
        nested = {"rows": {**_groups(rows), "aggs": {"columns": _groups(columns)}}}
        counted = _aggregate(self._index.searcher(), query, nested)
        return {
            (row["key"], column["key"]): column["doc_count"]
            for row in counted["rows"]["buckets"]
            for column in row["columns"]["buckets"]
        }

    def words(
        self, beginning: str, audience: frozenset[str] | None, limit: int
    ) -> list[tuple[str, int]]:
        """See ``Reader.words``."""
        searcher = self._index.searcher()
        found = searcher.terms_with_prefix("exact", beginning, visible_to(audience), limit)
        return [(word, count) for word, count in found if count]

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """See ``Reader.frequencies``."""
        searcher = self._index.searcher()
        return [searcher.doc_freq("text", stem) for stem in self.analysis.stems(list(words))]

    def cursor(self) -> int | None:
        """See ``Reader.cursor``."""
        searcher = self._index.searcher()
        mark = tantivy.Query.term_query(SCHEMA, MARK, CURSOR_MARK, "basic")
        found = searcher.search(mark, 1, count=False).hits
        if not found:
            return None
        [cursor] = searcher.fast_field_values(CURSOR, [found[0][1]])
        return None if cursor is None else int(cursor)

    def reload(self) -> None:
        """See ``Reader.reload``."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._index.reload()
            self._seen = stamp

    def close(self) -> None:
        """See ``Reader.close``: the files are given back with the last reference to the reader."""

    def _stamp(self) -> tuple[int, int]:
        status = self._meta.stat()
        return status.st_ino, status.st_mtime_ns

    def _totals(
        self, searcher: tantivy.Searcher, request: SearchRequest
    ) -> tuple[int, dict[str, list[tuple[Value, int]]]]:
        counts: dict[str, dict[Value, int]] = {name: {} for name in request.facets}
        first, *others = counting_passes(request)
        total = self._run_pass(searcher, request, first, counts)
        for counting in others:
            self._run_pass(searcher, request, counting, counts)
        return total, {name: most_first(values) for name, values in counts.items()}

    def _run_pass(
        self,
        searcher: tantivy.Searcher,
        request: SearchRequest,
        counting: CountingPass,
        counts: dict[str, dict[Value, int]],
    ) -> int:
        query = selecting(replace(request, filters=counting.filters), self.analysis)
        wanted: dict[str, Any] = {name: _groups(name) for name in counting.facets}
        counted = _aggregate(searcher, query, {**wanted, "total": _TOTAL})
        for name in counting.facets:
            for group in counted[name]["buckets"]:
                if counting.values is None or group["key"] in counting.values:
                    counts[name][group["key"]] = group["doc_count"]
        return int(counted["total"]["value"])

    def _hits(
        self, searcher: tantivy.Searcher, request: SearchRequest, offset: int, limit: int
    ) -> list[Hit]:
        found = self._page(searcher, request, offset, limit)
        addresses = [one.document for one in found]
        ids = zip(
            searcher.fast_field_values(ID_HIGH, addresses),
            searcher.fast_field_values(ID_LOW, addresses),
            strict=True,
        )
        marker = Marker(request.query.tree, self.analysis)
        return [
            Hit(
                UUID(int=int(high or 0) << 64 | int(low or 0)),
                one.score,
                _excerpt(searcher, one.document, marker) if request.highlight else None,
                one.words,
                one.boosts,
            )
            for one, (high, low) in zip(found, ids, strict=True)
        ]

    def _page(
        self, searcher: tantivy.Searcher, request: SearchRequest, offset: int, limit: int
    ) -> list[Ranked[tantivy.DocAddress]]:
        """The documents of the page in their order."""
        if request.is_by_time:
            query = selecting(request, self.analysis)
            newest = searcher.search(query, limit, False, order_by_field="newest", offset=offset)
            return [Ranked(address, 0.0, 0.0) for _, address in newest.hits]
        query = ranking(request, self.analysis)
        hits = searcher.search(query, max(offset + limit, WINDOW), False).hits
        first = ranked(_candidates(searcher, hits[:WINDOW]), request.now)
        others = [Ranked(address, score, score) for score, address in hits[WINDOW:]]
        return [*first, *others][offset : offset + limit]


_TOTAL = {"value_count": {"field": "week"}}  # each note has exactly one


def _groups(facet: FacetName) -> dict[str, Any]:
    return {"terms": {"field": facet, "size": _MOST_GROUPS}}


def _aggregate(
    searcher: tantivy.Searcher, query: tantivy.Query, wanted: dict[str, Any]
) -> dict[str, Any]:
    try:
        return searcher.aggregate(query, wanted)
    except ValueError as error:
        if "bucket limit" in str(error):
            raise Invalid("There are too many groups to count: choose fewer.") from error
        raise


def _candidates(
    searcher: tantivy.Searcher, hits: Sequence[tuple[float, tantivy.DocAddress]]
) -> list[Candidate[tantivy.DocAddress]]:
    addresses = [address for _, address in hits]
    columns = zip(
        hits,
        searcher.fast_field_values("newest", addresses),
        searcher.fast_field_values("first_hand", addresses),
        searcher.fast_field_values("sightings", addresses),
        strict=True,
    )
    return [
        Candidate(address, score, int(newest or 0), bool(first_hand), int(sightings or 0))
        for (score, address), newest, first_hand, sightings in columns
    ]


def _excerpt(searcher: tantivy.Searcher, address: tantivy.DocAddress, marker: Marker) -> Excerpt:
    body = searcher.doc(address).get_first("body") or b""
    return excerpt(bytes(body).decode(), marker)
