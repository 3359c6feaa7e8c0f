"""Searches, counts and excerpts from a tantivy index."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import tantivy

from insights.errors import Invalid
from insights.search.analysis import has_words
from insights.search.facets import CountingPass, counting_passes, most_first
from insights.search.query import Query, sought_texts
from insights.search.request import (
    Excerpt,
    FacetName,
    Hit,
    SearchRequest,
    SearchResult,
    Value,
)
from insights.search.tantivy_query import highlighting, ranking, selecting
from insights.search.tantivy_schema import CURSOR, CURSOR_MARK, ID_HIGH, ID_LOW, MARK, SCHEMA
from insights.text import shorten

EXCERPT_LENGTH = 200

# The most groups that tantivy counts at once. Asking for as many leaves none out.
_MOST_GROUPS = 65_000


class TantivyReader:
    """Reads one index; ``meta`` is the file that each commit replaces."""

    def __init__(self, index: tantivy.Index, meta: Path) -> None:
        self._index = index
        self._meta = meta
        self._seen = self._stamp()
        index.config_reader("manual")
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
        query = selecting(request.query, request.filters, request.audience)
        counted = _aggregate(self._index.searcher(), query, {"total": _TOTAL})
        return int(counted["total"]["value"])

    def cross(
        self, request: SearchRequest, rows: FacetName = "week", columns: FacetName = "kind"
    ) -> dict[tuple[Value, Value], int]:
        """See ``Reader.cross``."""
        query = selecting(request.query, request.filters, request.audience)
        nested = {"rows": {**_groups(rows), "aggs": {"columns": _groups(columns)}}}
        counted = _aggregate(self._index.searcher(), query, nested)
        return {
            (row["key"], column["key"]): column["doc_count"]
            for row in counted["rows"]["buckets"]
            for column in row["columns"]["buckets"]
        }

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
        total = _run_pass(searcher, request, first, counts)
        for counting in others:
            _run_pass(searcher, request, counting, counts)
        return total, {name: most_first(values) for name, values in counts.items()}

    def _hits(
        self, searcher: tantivy.Searcher, request: SearchRequest, offset: int, limit: int
    ) -> list[Hit]:
        found = _best(searcher, request, offset, limit)
        addresses = [address for _, address in found]
        ids = zip(
            searcher.fast_field_values(ID_HIGH, addresses),
            searcher.fast_field_values(ID_LOW, addresses),
            strict=True,
        )
        excerpts: Iterator[Excerpt | None] = iter([None] * len(found))
        if request.highlight:
            excerpts = _excerpts(searcher, request.query, addresses)
        return [
            Hit(UUID(int=int(high or 0) << 64 | int(low or 0)), score, excerpt)
            for (score, _), (high, low), excerpt in zip(found, ids, excerpts, strict=True)
        ]


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


def _run_pass(
    searcher: tantivy.Searcher,
    request: SearchRequest,
    counting: CountingPass,
    counts: dict[str, dict[Value, int]],
) -> int:
    query = selecting(request.query, counting.filters, request.audience)
    wanted: dict[str, Any] = {name: _groups(name) for name in counting.facets}
    counted = _aggregate(searcher, query, {**wanted, "total": _TOTAL})
    for name in counting.facets:
        for group in counted[name]["buckets"]:
            if counting.values is None or group["key"] in counting.values:
                counts[name][group["key"]] = group["doc_count"]
    return int(counted["total"]["value"])


def _best(
    searcher: tantivy.Searcher, request: SearchRequest, offset: int, limit: int
) -> list[tuple[float, tantivy.DocAddress]]:
    """The page of documents with their scores, equal scores newest first within the page."""
    by_time = request.sort == "newest" or next(sought_texts(request.query.tree), None) is None
    if by_time:
        query = selecting(request.query, request.filters, request.audience)
        found = searcher.search(query, limit, False, order_by_field="newest", offset=offset)
        return [(0.0, address) for _, address in found.hits]
    query = ranking(request.query, request.filters, request.audience)
    hits = searcher.search(query, limit, False, offset=offset).hits
    times = searcher.fast_field_values("newest", [address for _, address in hits])
    ranked = sorted(zip(hits, times, strict=True), key=lambda hit: (-hit[0][0], -(hit[1] or 0)))
    return [hit for hit, _ in ranked]


def _excerpts(
    searcher: tantivy.Searcher, query: Query, addresses: Sequence[tantivy.DocAddress]
) -> Iterator[Excerpt]:
    sought = highlighting(query)
    generator = None
    if sought is not None:
        generator = tantivy.SnippetGenerator.create(searcher, sought, SCHEMA, "text")
        generator.set_max_num_chars(EXCERPT_LENGTH)
    for address in addresses:
        body = bytes(searcher.doc(address).get_first("body") or b"").decode().strip()
        yield _excerpt(generator, body)


def _excerpt(generator: tantivy.SnippetGenerator | None, body: str) -> Excerpt:
    """The part of a note with most of the words sought, or its beginning if none is in it."""
    beginning = ((shorten(body, EXCERPT_LENGTH), False),)
    if generator is None:
        return beginning
    # The index holds no text in the field of the words, so the generator gets it from the body.
    document = tantivy.Document()
    document.add_text("text", body)
    snippet = generator.snippet_from_doc(document)
    place, text = snippet.fragment_range(), body.encode()
    marked = [
        (place.start + found.start, place.start + found.end) for found in snippet.highlighted()
    ]
    if not marked:
        return beginning
    # A fragment reaches from word to word; signs before the first and after the last belong to it.
    start = place.start if has_words(text[: place.start].decode()) else 0
    end = place.end if has_words(text[place.end :].decode()) else len(text)
    return (
        *((("…", False),) if start else ()),
        *_pieces(text, start, end, marked),
        *((("…", False),) if end < len(text) else ()),
    )


def _pieces(
    text: bytes, start: int, end: int, marked: list[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    """Cut a part of the text at the byte positions of the matches, which are in order."""
    position = start
    for first, last in marked:
        if first > position:
            yield text[position:first].decode(), False
        if last > max(first, position):
            yield text[max(first, position) : last].decode(), True
        position = max(position, last)
    if position < end:
        yield text[position:end].decode(), False
