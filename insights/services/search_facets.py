"""The choices beside a search, in words: what could be chosen, and how many notes it would bring.

The index counts ids; here they become slugs and names. A value that is chosen is always listed,
even when the other filters leave it no note, so that it can be taken away where it was chosen.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from insights.models import Impact, Kind, Known
from insights.search.request import FacetName, Value
from insights.services.catalogue import Catalogue, Item
from insights.services.lookup import LARGEST_ID

MOST_VALUES = 12
# Segments are a short list that people read as a whole: industries, sizes.
MOST_SEGMENTS = 40

Counts: TypeAlias = Sequence[tuple[Value, int]]
FacetKey: TypeAlias = Literal[
    "territory",
    "kind",
    "competitor",
    "segment",
    "product",
    "author",
    "month",
    "known",
    "impact",
]
FACET_FIELDS: Mapping[FacetKey, FacetName] = {
    "territory": "territory_id",
    "kind": "kind",
    "competitor": "competitor_id",
    "segment": "segment_id",
    "product": "product_id",
    "author": "author_id",
    "month": "month",
    "known": "known",
    "impact": "impact",
}

ALL_FACETS: Sequence[FacetKey] = tuple(FACET_FIELDS)


@dataclass(frozen=True)
class FacetValue:
    """One value that could be chosen, and how many notes it would bring.

    `value` is what goes into the search; `depth` is the level in the tree of territories, `group`
    the name of a segment's dimension.
    """

    value: str
    label: str
    count: int
    chosen: bool
    depth: int = 0
    group: str = ""


def item_values(
    items: Mapping[int, Item], chosen: Collection[int], counts: Counts, *, most: int = MOST_VALUES
) -> list[FacetValue]:
    """Competitors or products, most notes first; the `most` first ones and all that are chosen."""
    return [
        FacetValue(items[one].slug, items[one].name, count, one in chosen)
        for one, count in _listed(items, chosen, counts, most)
    ]


def segment_values(known: Catalogue, chosen: Collection[int], counts: Counts) -> list[FacetValue]:
    """Segments, those of the first dimension first, most notes first."""
    listed = _listed(known.segments, chosen, counts, MOST_SEGMENTS)
    return [
        FacetValue(item.slug, item.name, count, one in chosen, group=known.dimensions[dimension])
        for dimension in sorted(known.dimensions)
        for one, count in listed
        if (item := known.segments[one]).dimension == dimension
    ]


def author_values(
    names: Mapping[int, str], chosen: Collection[int], counts: Counts
) -> list[FacetValue]:
    """The authors whose names are given, most notes first."""
    return [
        FacetValue(str(one), names[one], count, one in chosen)
        for one, count in _listed(names, chosen, counts, MOST_VALUES)
    ]


def authors_listed(chosen: Collection[int], counts: Counts) -> set[int]:
    """The ids of the people whose names `author_values` needs."""
    asked = (one for one in chosen if 0 < one <= LARGEST_ID)
    return {int(one) for one, _ in counts[:MOST_VALUES]}.union(asked)


def word_values(
    members: type[Kind] | type[Known] | type[Impact], chosen: Collection[str], counts: Counts
) -> list[FacetValue]:
    """Kinds, ways of knowing or impacts, most notes first."""
    found = dict(counts)
    words = sorted(members, key=lambda member: -found.get(member.value, 0))
    return [
        FacetValue(word.value, word.value.capitalize(), found.get(word.value, 0), word in chosen)
        for word in words
        if word.value in found or word.value in chosen
    ]


def month_values(since: date | None, until: date | None, counts: Counts) -> list[FacetValue]:
    """The months that have notes, oldest first; chosen are those that the period touches."""
    bounded = since is not None or until is not None
    values = []
    for number, count in sorted(counts):
        month = date(int(number) // 100, int(number) % 100, 1)
        begun = until is None or month <= until
        ended = since is not None and (month.year, month.month) < (since.year, since.month)
        chosen = bounded and begun and not ended
        values.append(FacetValue(f"{month:%Y-%m}", f"{month:%B %Y}", count, chosen))
    return values


def territory_values(known: Catalogue, chosen: Collection[int], counts: Counts) -> list[FacetValue]:
    """The tree with rolled-up counts, each level most first; branches without notes left out."""
    total = rolled_up(known, {int(one): count for one, count in counts})
    for one in chosen:
        for place in known.lineage(one):
            total.setdefault(place.id, 0)
    values: list[FacetValue] = []

    def visit(parent_id: int | None, depth: int) -> None:
        for place in sorted(known.children(parent_id), key=lambda one: -total.get(one.id, 0)):
            if place.id in total:
                taken = place.id in chosen
                values.append(FacetValue(place.slug, place.name, total[place.id], taken, depth))
                visit(place.id, depth + 1)

    visit(None, 0)
    return values


def rolled_up(known: Catalogue, own: Mapping[int, int]) -> dict[int, int]:
    """The numbers of territories, each with those of everything below it added.

    Territories without a number of their own or below are absent; ids that the catalogue does not
    know are passed over.
    """
    total: dict[int, int] = {}
    for territory_id, count in own.items():
        if territory_id in known.territories:
            for place in known.lineage(territory_id):
                total[place.id] = total.get(place.id, 0) + count
    return total


def _listed(
    known: Mapping[int, object], chosen: Collection[int], counts: Counts, most: int
) -> Iterable[tuple[int, int]]:
    """The first values that are known, then whatever else is chosen; values with their counts."""
    found = [(int(one), count) for one, count in counts if int(one) in known]
    missing = set(chosen) - {one for one, _ in found}
    return [
        *found[:most],
        *((one, count) for one, count in found[most:] if one in chosen),
        *((one, 0) for one in sorted(missing) if one in known),
    ]
