"""Which counts a search needs, so that every number on the page says how many a click would bring.

A facet is counted without its own filter, but with all others: several of its values can then be
chosen, and the values not chosen still show their counts. Facets without an active filter share one
pass over the matching notes; each other one costs a pass of its own.
"""

from dataclasses import dataclass, replace
from typing import Any

from insights.search.request import FacetName, Filters, SearchRequest, Value

# The filter of each facet that has one, as the values it takes when it is lifted.
_NONE: frozenset[Any] = frozenset()
_LIFTED: dict[FacetName, dict[str, Any]] = {
    "kind": {"kinds": _NONE},
    "territory_id": {"territory_ids": _NONE},
    "competitor_id": {"competitor_ids": _NONE},
    "product_id": {"product_ids": _NONE},
    "account_id": {"account_ids": _NONE},
    "author_id": {"author_ids": _NONE},
    "known": {"known": _NONE},
    "impact": {"impact": _NONE},
    "month": {"since": None, "until": None},
    "week": {"since": None, "until": None},
}


@dataclass(frozen=True, slots=True)
class CountingPass:
    """Facets to count over the notes that pass these filters; only ``values`` of them, if given."""

    filters: Filters
    facets: tuple[FacetName, ...]
    values: frozenset[int] | None = None


def counting_passes(request: SearchRequest) -> list[CountingPass]:
    """The passes for a search; the first has the request's own filters and so gives the total."""
    shared: list[FacetName] = []
    own: list[CountingPass] = []
    for name in dict.fromkeys(request.facets):
        if name == "segment_id" and request.filters.segment_groups:
            own += _segment_passes(request)
            continue
        lifted = replace(request.filters, **_LIFTED.get(name, {}))
        if lifted == request.filters:
            shared.append(name)
        else:
            own.append(CountingPass(lifted, (name,)))
    return [CountingPass(request.filters, tuple(shared)), *own]


def _segment_passes(request: SearchRequest) -> list[CountingPass]:
    filters = request.filters
    if not request.dimensions:
        return [CountingPass(replace(filters, segment_groups=()), ("segment_id",))]
    passes = []
    for dimension in request.dimensions:
        others = tuple(group for group in filters.segment_groups if not group & dimension)
        lifted = replace(filters, segment_groups=others)
        passes.append(CountingPass(lifted, ("segment_id",), dimension))
    return passes


def most_first(counts: dict[Value, int]) -> list[tuple[Value, int]]:
    """Values with their counts, the highest count first, equal counts by value."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
