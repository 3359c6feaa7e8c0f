"""The filters beside a search as rows of links: each row is the search with one value switched."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from insights.services.catalogue import Catalogue
from insights.services.search import SearchPage
from insights.services.search_choice import SearchChoice
from insights.services.search_facets import FacetKey, FacetValue, month_values
from insights.web.search_choice import changed, switched, territory_switched

MONTHS_DRAWN = 13
# The others are one tap away.
ROWS_SHOWN = 6
DEEPEST_INDENT = 4
TITLES: Mapping[str, str] = {
    "territory": "Territory",
    "kind": "Kind",
    "competitor": "Competitor",
    "segment": "Segment",
    "product": "Product",
    "author": "Author",
    "account": "Account",
    "impact": "Impact",
    "known": "How known",
}
LISTED: Sequence[FacetKey] = (
    "kind",
    "competitor",
    "segment",
    "product",
    "author",
    "impact",
    "known",
)


def groups(known: Catalogue, choice: SearchChoice, found: SearchPage) -> list[dict[str, Any]]:
    """The facets but territories and months; segments are one facet for each dimension."""
    groups = []
    for name in LISTED:
        values = found.facets[name]
        if name == "segment":
            for dimension in known.dimensions.values():
                rows = [value for value in values if value.group == dimension]
                groups.append(_group(choice, name, dimension, rows))
        else:
            groups.append(_group(choice, name, TITLES[name], values))
    return groups


def _group(
    choice: SearchChoice, name: FacetKey, title: str, values: Sequence[FacetValue]
) -> dict[str, Any]:
    """One facet: the first values and all that are chosen as `rows`, what is left as `more`."""
    first = [one for number, one in enumerate(values) if number < ROWS_SHOWN or one.chosen]
    rest = [one for one in values if one not in first]
    return {
        "title": title,
        "rows": _rows(choice, name, first),
        "more": _rows(choice, name, rest),
    }


def _rows(
    choice: SearchChoice, name: FacetKey, values: Sequence[FacetValue]
) -> list[dict[str, Any]]:
    return [
        {
            "id": f"facet-{name}-{value.value}",
            "label": value.label,
            "count": value.count,
            "active": value.chosen,
            "url": switched(choice, name, value.value),
        }
        for value in values
    ]


def places(known: Catalogue, choice: SearchChoice, values: Sequence[FacetValue]) -> dict[str, Any]:
    """The tree of territories: `open` as it stands, `all` if that is more."""
    visible = _opened(values)
    rows = [
        {
            "id": f"facet-territory-{value.value}",
            "label": value.label,
            "count": value.count,
            "active": value.chosen,
            "depth": min(value.depth, DEEPEST_INDENT),
            "url": territory_switched(known, choice, value.value),
        }
        for value in values
    ]
    everything = [{**row, "id": None} for row in rows] if len(visible) < len(rows) else []
    return {"open": [rows[one] for one in sorted(visible)], "all": everything}


def _opened(values: Sequence[FacetValue]) -> set[int]:
    """Which rows of the tree to show: the top, and what lies below or beside a chosen one."""
    path: list[int] = []
    parents: list[int | None] = []
    opened: set[int] = set()
    for number, value in enumerate(values):
        del path[value.depth :]
        parents.append(path[-1] if path else None)
        path.append(number)
        if value.chosen:
            opened.update(path)
    tops = [number for number, parent in enumerate(parents) if parent is None]
    if len(tops) == 1:
        opened.update(tops)
    return {one for one, parent in enumerate(parents) if parent is None or parent in opened}


def months(choice: SearchChoice, values: Sequence[FacetValue]) -> dict[str, Any]:
    """The histogram: `drawn` ends with the month of the newest note, `all` are those with notes."""
    found = {value.value: _month(choice, value) for value in values}
    if not found:
        return {"drawn": [], "all": []}
    month = date.fromisoformat(f"{max(found)}-01")
    drawn: list[dict[str, Any]] = []
    while len(drawn) < MONTHS_DRAWN:
        number = month.year * 100 + month.month
        (empty,) = month_values(choice.since, choice.until, [(number, 0)])
        drawn.append(found.get(empty.value) or _month(choice, empty))
        month = (month - timedelta(days=1)).replace(day=1)
    return {"drawn": drawn[::-1], "all": sorted(found.values(), key=_start, reverse=True)}


def _start(month: Mapping[str, Any]) -> date:
    start: date = month["start"]
    return start


def _month(choice: SearchChoice, value: FacetValue) -> dict[str, Any]:
    start = date.fromisoformat(f"{value.value}-01")
    end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    alone = (choice.since, choice.until) == (start, end)
    period = (None, None) if alone else (start, end)
    return {
        "start": start,
        "end": end,
        "label": value.label,
        "count": value.count,
        "active": value.chosen,
        "url": changed(choice, since=period[0], until=period[1]),
    }
