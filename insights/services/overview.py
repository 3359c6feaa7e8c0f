"""The figures of a territory, competitor or segment page: volume by week and kind, and what leads.

All figures come from the search index, which counts a million notes in milliseconds and counts only
what the reader may see; so a page and a search never disagree. They trail the database by the
replica's lag, normally well under a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.clock import day_from_number, monday_of, start_of
from insights.models import Kind
from insights.search.engine import Reader
from insights.search.request import FacetName, Filters, SearchRequest
from insights.services import access, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Item, Place

WEEKS = 26
MOST_RANKED = 8


@dataclass(frozen=True)
class Week:
    """The notes of one week (from its Monday) by kind; kinds without notes are 0."""

    monday: date
    by_kind: Mapping[str, int]

    @property
    def total(self) -> int:
        """All notes of the week."""
        return sum(self.by_kind.values())


@dataclass(frozen=True)
class Ranked:
    """Something that notes are tagged with, and how many are."""

    item: Item
    count: int


@dataclass(frozen=True)
class Overview:
    """What a page shows of the notes in its view, over the last 26 weeks.

    `total` counts those weeks, `earlier` the same number of weeks before them.
    """

    weeks: Sequence[Week]
    total: int
    earlier: int
    kinds: Mapping[str, int]
    competitors: Sequence[Ranked]
    segments: Sequence[Ranked]
    products: Sequence[Ranked]
    territories: Mapping[int, int]


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

    The weeks run from Monday in `zone` and end with the present one. `territories` has the notes of
    each territory itself; a page rolls them up. Raises Unavailable when there is no index yet.
    """
    this_monday = monday_of(now, zone)
    first = this_monday - timedelta(weeks=WEEKS - 1)

    def request(since: date, until: date, *facets: FacetName) -> SearchRequest:
        return SearchRequest(
            audience=access.reader_keys(actor),
            filters=Filters(
                territory_ids=territory_ids,
                competitor_ids=_one(competitor_id),
                product_ids=_one(product_id),
                segment_groups=(_one(segment_id),) if segment_id is not None else (),
                since=start_of(since, zone),
                until=start_of(until, zone),
            ),
            limit=0,
            highlight=False,
            facets=facets,
        )

    end = this_monday + timedelta(weeks=1)
    present = request(
        first, end, "kind", "competitor_id", "segment_id", "product_id", "territory_id"
    )
    found = reader.search(present)
    known = catalogue.current(session)
    return Overview(
        weeks=_weeks(first, reader.cross(present, "week", "kind")),
        total=found.total,
        earlier=reader.count(request(first - timedelta(weeks=WEEKS), first)),
        kinds={str(value): count for value, count in found.facets["kind"]},
        competitors=_ranked(known.competitors, found.facets["competitor_id"]),
        segments=_ranked(known.segments, found.facets["segment_id"]),
        products=_ranked(known.products, found.facets["product_id"]),
        territories={int(value): count for value, count in found.facets["territory_id"]},
    )


@dataclass(frozen=True)
class PlaceCount:
    """A territory with the notes of itself and everything below it."""

    place: Place
    count: int


def children_counts(
    session: Session, overview: Overview, territory_id: int | None
) -> list[PlaceCount]:
    """The territories directly below (at the top for None) with rolled-up counts, most first."""
    known = catalogue.current(session)
    counted = [
        PlaceCount(child, sum(overview.territories.get(one, 0) for one in known.subtree(child.id)))
        for child in known.children(territory_id)
        if not child.archived
    ]
    return sorted(counted, key=lambda one: (-one.count, one.place.name))


def _one(identity: int | None) -> frozenset[int]:
    return frozenset() if identity is None else frozenset({identity})


def _weeks(first: date, counts: Mapping[tuple[int | str, int | str], int]) -> list[Week]:
    by_week: dict[date, dict[str, int]] = {}
    for (week, kind), count in counts.items():
        by_week.setdefault(day_from_number(int(week)), {})[str(kind)] = count
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return [
        Week(monday, {kind.value: by_week.get(monday, {}).get(kind.value, 0) for kind in Kind})
        for monday in mondays
    ]


def _ranked(items: Mapping[int, Item], counts: Sequence[tuple[int | str, int]]) -> list[Ranked]:
    known = [(items.get(int(value)), count) for value, count in counts]
    return [Ranked(item, count) for item, count in known if item is not None][:MOST_RANKED]
