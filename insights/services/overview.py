"""The figures of a territory, competitor, segment or product: volume by week and kind, what leads.

All figures come from the search index, which counts a million notes in milliseconds and counts only
what the reader may see; so a page and a search never disagree. They trail the database by the
replica's lag, normally well under a second. Every figure takes a fixed number of requests to the
index, however many notes or rows there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.models import Kind
from insights.search.engine import Reader
from insights.search.request import Filters, SearchRequest, Value
from insights.services import catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item, Place
from insights.services.search_facets import rolled_up
from insights.services.volumes import (
    Tagged,
    View,
    Week,
    counting,
    weekly_kinds,
    weekly_tags,
    weeks_up_to,
)

WEEKS = 26
TREND_WEEKS = 12
MOST_RANKED = 8

TAGS: tuple[Tagged, ...] = ("territory_id", "competitor_id", "segment_id", "product_id")


@dataclass(frozen=True)
class Ranked:
    """Something that notes are tagged with, and how many are."""

    item: Item
    count: int


@dataclass(frozen=True)
class Overview:
    """What a page shows of the notes in its view, over the last 26 weeks.

    `total` counts those weeks, `earlier` the same number of weeks before them. `territories` has
    the notes of each territory itself, without those below it. What the page is about is not among
    its own competitors, segments or products: those are named together with it.
    """

    weeks: Sequence[Week]
    total: int
    earlier: int
    kinds: Mapping[str, int]
    competitors: Sequence[Ranked]
    segments: Sequence[Ranked]
    products: Sequence[Ranked]
    territories: Mapping[int, int]


@dataclass(frozen=True)
class PlaceCount:
    """A territory with the notes of itself and everything below it."""

    place: Place
    count: int


@dataclass(frozen=True)
class Trend:
    """Notes in each of the last 12 weeks, oldest first, and in the 12 weeks before as a whole."""

    weeks: tuple[int, ...] = (0,) * TREND_WEEKS
    earlier: int = 0

    @property
    def total(self) -> int:
        """The notes of the last 12 weeks."""
        return sum(self.weeks)


NO_NOTES = Trend()


def overview(
    session: Session,
    actor: Actor,
    reader: Reader,
    *,
    territory_ids: frozenset[int] = frozenset(),
    competitor_id: int | None = None,
    segment_id: int | None = None,
    product_id: int | None = None,
    zone: ZoneInfo,
    now: datetime,
) -> Overview:
    """Counts the notes that the actor may see and that carry all that is named.

    The weeks run from Monday in `zone` and end with the present one. Raises Unavailable when there
    is no index yet.
    """
    view = View(territory_ids, competitor_id, segment_id, product_id)
    shown = weeks_up_to(now, zone, WEEKS)
    weeks = weekly_kinds(actor, reader, view, weeks=shown)
    tagged = _tagged(reader, counting(actor, view.filters, shown))
    known = catalogue.current(session)
    return Overview(
        weeks=weeks,
        total=sum(week.total for week in weeks),
        earlier=reader.count(counting(actor, view.filters, shown.before)),
        kinds={kind.value: sum(week.by_kind[kind.value] for week in weeks) for kind in Kind},
        competitors=_ranked(known.competitors, tagged["competitor_id"], competitor_id),
        segments=_ranked_segments(known, tagged["segment_id"], segment_id),
        products=_ranked(known.products, tagged["product_id"], product_id),
        territories=tagged["territory_id"],
    )


def children_counts(
    known: Catalogue, territories: Mapping[int, int], territory_id: int | None
) -> list[PlaceCount]:
    """The territories directly below (at the top for None) with rolled-up counts, most first.

    `territories` are the notes of each territory itself, as an Overview has them.
    """
    counts = rolled_up(known, territories)
    counted = [
        PlaceCount(child, counts.get(child.id, 0))
        for child in known.children(territory_id)
        if not child.archived
    ]
    return sorted(counted, key=lambda one: -one.count)


def leading_territories(known: Catalogue, territories: Mapping[int, int]) -> list[PlaceCount]:
    """The territories that own most notes, each counted with everything below it: as many as a
    search in that territory finds. `territories` as for `children_counts`."""
    counts = rolled_up(known, territories)
    owning = [
        PlaceCount(known.territories[one], counts[one])
        for one in territories
        if one in known.territories
    ]
    return sorted(owning, key=lambda one: (-one.count, one.place.name))[:MOST_RANKED]


def trends(
    actor: Actor, reader: Reader, tagged: Tagged, *, zone: ZoneInfo, now: datetime
) -> dict[int, Trend]:
    """The trends of all territories (without roll-up), competitors, segments or products by id.

    Two requests to the index for all of them. Absent are those without a note in the last 24
    weeks. Raises Unavailable when there is no index yet, and Invalid for more than 5,000 of them.
    """
    weeks = weeks_up_to(now, zone, TREND_WEEKS)
    before = counting(actor, Filters(), weeks.before)
    earlier = reader.search(replace(before, facets=(tagged,))).facets[tagged]
    former = {int(one): count for one, count in earlier}
    recent = weekly_tags(actor, reader, View(), tagged, weeks=weeks)
    return {
        one: Trend(recent.get(one, NO_NOTES.weeks), former.get(one, 0))
        for one in recent.keys() | former.keys()
    }


def territory_trends(
    session: Session, actor: Actor, reader: Reader, *, zone: ZoneInfo, now: datetime
) -> dict[int, Trend]:
    """The trends of all territories, each with everything below it; see `trends`."""
    known = catalogue.current(session)
    own = trends(actor, reader, "territory_id", zone=zone, now=now)
    earlier = rolled_up(known, {one: trend.earlier for one, trend in own.items()})
    weeks = [
        rolled_up(known, {one: trend.weeks[number] for one, trend in own.items()})
        for number in range(TREND_WEEKS)
    ]
    return {one: Trend(tuple(week[one] for week in weeks), earlier[one]) for one in earlier}


def _tagged(reader: Reader, present: SearchRequest) -> dict[Tagged, dict[int, int]]:
    """How many of the notes have each territory, competitor, segment and product.

    A search counts a filtered field as if it were not filtered, to show what else could be chosen;
    here it has to be counted as it is, which takes a request of its own.
    """
    filters = present.filters
    filtered: dict[Tagged, bool] = {
        "territory_id": bool(filters.territory_ids),
        "competitor_id": bool(filters.competitor_ids),
        "segment_id": bool(filters.segment_groups),
        "product_id": bool(filters.product_ids),
    }
    free = tuple(name for name in TAGS if not filtered[name])
    found = reader.search(replace(present, facets=free)).facets
    counts: dict[Tagged, dict[int, int]] = {
        name: {int(value): count for value, count in found[name]} for name in free
    }
    for name in TAGS:
        if filtered[name]:
            counts[name] = _added_up(reader.cross(present, name, "kind"))
    return counts


def _added_up(pairs: Mapping[tuple[Value, Value], int]) -> dict[int, int]:
    """The counts of the rows, most first; each note has one kind, so the columns add up."""
    rows: dict[int, int] = {}
    for (row, _), count in pairs.items():
        rows[int(row)] = rows.get(int(row), 0) + count
    return dict(sorted(rows.items(), key=lambda row: (-row[1], row[0])))


def _ranked(
    items: Mapping[int, Item], counts: Mapping[int, int], own_id: int | None
) -> list[Ranked]:
    known = [Ranked(items[one], count) for one, count in counts.items() if one in items]
    return [one for one in known if one.item.id != own_id][:MOST_RANKED]


def _ranked_segments(
    known: Catalogue, counts: Mapping[int, int], own_id: int | None
) -> list[Ranked]:
    """Those of the first dimension, then those of the second, each most first."""
    return [
        ranked
        for dimension in sorted(known.dimensions)
        for ranked in _ranked(_segments_of(known, dimension), counts, own_id)
    ]


def _segments_of(known: Catalogue, dimension: int) -> dict[int, Item]:
    return {one.id: one for one in known.segments.values() if one.dimension == dimension}
