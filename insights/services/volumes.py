"""How many notes there are week by week: what pages draw and programs read as series.

All counts come from the search index and are of notes that the actor may see; so a figure and a
search never disagree. A function takes a fixed number of requests to the index, however many notes
there are, and raises Unavailable when there is no index yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.clock import day_from_number, day_number, monday_of, start_of
from insights.models import Kind
from insights.search.engine import Reader
from insights.search.request import Filters, SearchRequest, Value
from insights.services import access, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Item

WINDOW_WEEKS = 4
"""Single weeks of a small place are mostly noise; a month is what people remember."""

Tagged: TypeAlias = Literal["territory_id", "competitor_id", "segment_id", "product_id"]


@dataclass(frozen=True)
class Weeks:
    """The weeks that are counted: so many from the Monday `first`, as seen in `zone`."""

    first: date
    count: int
    zone: ZoneInfo

    @property
    def mondays(self) -> list[date]:
        """The first day of each, oldest first."""
        return [self.first + timedelta(weeks=number) for number in range(self.count)]

    @property
    def end(self) -> date:
        """The Monday after the last one."""
        return self.first + timedelta(weeks=self.count)

    @property
    def before(self) -> "Weeks":
        """As many weeks, up to the first of these."""
        return replace(self, first=self.first - timedelta(weeks=self.count))

    @property
    def without_last(self) -> "Weeks":
        """These without the last one, which may not be over."""
        return replace(self, count=self.count - 1)


@dataclass(frozen=True)
class View:
    """Which notes are counted: those that carry all that is named."""

    territory_ids: frozenset[int] = frozenset()
    competitor_id: int | None = None
    segment_id: int | None = None
    product_id: int | None = None

    @property
    def filters(self) -> Filters:
        """The view as the index takes it."""
        return Filters(
            territory_ids=self.territory_ids,
            competitor_ids=_one(self.competitor_id),
            product_ids=_one(self.product_id),
            segment_groups=(_one(self.segment_id),) if self.segment_id is not None else (),
        )


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
class Series:
    """The notes of something in each week, oldest first; without an item those of several things
    together."""

    item: Item | None
    weeks: Sequence[int] = field(default_factory=tuple)

    @property
    def total(self) -> int:
        """The notes of all weeks."""
        return sum(self.weeks)

    @property
    def recent(self) -> int:
        """The notes of the last four weeks."""
        return sum(self.weeks[-WINDOW_WEEKS:])

    @property
    def windows(self) -> list[int]:
        """For each week from the fourth on: the notes of the four weeks that end with it."""
        ends = range(WINDOW_WEEKS, len(self.weeks) + 1)
        return [sum(self.weeks[end - WINDOW_WEEKS : end]) for end in ends]


def weeks_up_to(now: datetime, zone: ZoneInfo, count: int) -> Weeks:
    """The last `count` weeks in `zone`; the last one is the week in which `now` falls."""
    return Weeks(monday_of(now, zone) - timedelta(weeks=count - 1), count, zone)


def counting(actor: Actor, filters: Filters, weeks: Weeks) -> SearchRequest:
    """What counts the notes of these weeks that the actor may see."""
    return SearchRequest(
        audience=access.reader_keys(actor),
        filters=replace(
            filters, since=start_of(weeks.first, weeks.zone), until=start_of(weeks.end, weeks.zone)
        ),
        limit=0,
        highlight=False,
    )


def weekly_kinds(actor: Actor, reader: Reader, view: View, *, weeks: Weeks) -> list[Week]:
    """The notes of each week by kind, weeks without notes included. One request to the index."""
    pairs = reader.cross(counting(actor, view.filters, weeks), "week", "kind")
    by_week: dict[date, dict[str, int]] = {}
    for (week, kind), count in pairs.items():
        by_week.setdefault(day_from_number(int(week)), {})[str(kind)] = count
    return [
        Week(monday, {kind.value: by_week.get(monday, {}).get(kind.value, 0) for kind in Kind})
        for monday in weeks.mondays
    ]


def weekly_totals(actor: Actor, reader: Reader, view: View, *, weeks: Weeks) -> list[int]:
    """The notes of each week, oldest first. One request to the index."""
    return [week.total for week in weekly_kinds(actor, reader, view, weeks=weeks)]


def weekly_tags(
    actor: Actor, reader: Reader, view: View, tagged: Tagged, *, weeks: Weeks
) -> dict[int, tuple[int, ...]]:
    """The notes of each week, oldest first, by the id of each territory (without roll-up),
    competitor, segment or product that has any.

    One request to the index. Raises Invalid for more pairs of id and week than it can count.
    """
    pairs = reader.cross(counting(actor, view.filters, weeks), tagged, "week")
    numbers = [day_number(monday) for monday in weeks.mondays]
    return {one: tuple(pairs.get((one, week), 0) for week in numbers) for one in _rows_of(pairs)}


def weekly_segments(
    session: Session, actor: Actor, reader: Reader, view: View, *, dimension: int, weeks: Weeks
) -> list[Series]:
    """The segments of a dimension that have notes, most first. One request to the index."""
    segments = catalogue.current(session).segments
    counted = weekly_tags(actor, reader, view, "segment_id", weeks=weeks)
    found = [
        Series(segments[one], numbers)
        for one, numbers in counted.items()
        if one in segments and segments[one].dimension == dimension
    ]
    return most_first(found)


def most_first(series: Sequence[Series]) -> list[Series]:
    """Those with most notes first, equals by name."""
    return sorted(series, key=lambda one: (-one.total, one.item.name if one.item else ""))


def _rows_of(pairs: Mapping[tuple[Value, Value], int]) -> set[int]:
    return {int(row) for row, _ in pairs}


def _one(identity: int | None) -> frozenset[int]:
    return frozenset() if identity is None else frozenset({identity})
