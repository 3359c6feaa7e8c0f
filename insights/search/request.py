"""One search and its answer, in values that no engine and no edge can change on the way."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from insights.search.query import Query
from insights.search.ranking import Boost
from insights.search.tree import sought

Value: TypeAlias = int | str
Excerpt: TypeAlias = tuple[tuple[str, bool], ...]
"""Pieces of a note's text in their order, each with whether it is a match. Never HTML."""

FacetName: TypeAlias = Literal[
    "kind", "territory_id", "segment_id", "competitor_id", "product_id", "author_id", "month",
    "week", "known", "impact", "source", "account_id",
]  # fmt: skip
FACETS: tuple[FacetName, ...] = get_args(FacetName)
"""All that can be counted, by the names of the document fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a note must be, beside matching the query. An empty filter lets everything pass.

    Within one filter any value will do, all filters must hold. Segment ids are grouped by
    dimension: any of a group, all groups. ``since`` and ``until`` are aware times compared with the
    time of capture to the millisecond: from ``since`` on, before ``until``.
    """

    territory_ids: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    segment_groups: tuple[frozenset[int], ...] = ()
    competitor_ids: frozenset[int] = frozenset()
    product_ids: frozenset[int] = frozenset()
    account_ids: frozenset[int] = frozenset()
    author_ids: frozenset[int] = frozenset()
    known: frozenset[str] = frozenset()
    impact: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def by_field(self) -> list[tuple[str, frozenset[int] | frozenset[str]]]:
        """The fields of the document that are narrowed, each with the values that will do."""
        chosen: list[tuple[str, frozenset[int] | frozenset[str]]] = [
            ("territory_id", self.territory_ids),
            ("competitor_id", self.competitor_ids),
            ("product_id", self.product_ids),
            ("account_id", self.account_ids),
            ("author_id", self.author_ids),
            ("kind", self.kinds),
            ("known", self.known),
            ("impact", self.impact),
            *(("segment_id", group) for group in self.segment_groups),
        ]
        return [(name, values) for name, values in chosen if values]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What to find, for whom, and what to tell about it.

    ``audience`` holds the reader's audience keys, ``None`` stands for a reader who may see all; it
    has no default, so nobody sees all by an oversight. Sorted by relevance, notes without any word
    sought come newest first. ``dimensions`` are all segment ids of each dimension: with them the
    counts of one dimension follow what is chosen in the other. ``now`` is the time by which notes
    count as fresh; without it none does.
    """

    audience: frozenset[str] | None
    query: Query = field(default_factory=Query)
    filters: Filters = field(default_factory=Filters)
    sort: Literal["relevance", "newest"] = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[FacetName, ...] = ()
    highlight: bool = True
    dimensions: tuple[frozenset[int], ...] = ()
    now: datetime | None = None

    @property
    def is_by_time(self) -> bool:
        """Whether the newest come first: asked for, or nothing is sought that could rank."""
        return self.sort == "newest" or next(sought(self.query.tree), None) is None


@dataclass(frozen=True, slots=True)
class Hit:
    """A note that matches. ``score`` is that of the words (``words``) times all ``boosts``; it is
    0 if the order is by time.

    ``excerpt`` is ``None`` unless the request asked to highlight.
    """

    id: UUID
    score: float
    excerpt: Excerpt | None = None
    words: float = 0.0
    boosts: tuple[Boost, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``total`` is exact; ``facets`` has each value that occurs with its count, most first."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[tuple[Value, int]]]
