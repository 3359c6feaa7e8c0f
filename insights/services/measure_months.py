"""Business figures beside what the field heard, month by month: side by side, and nothing more.

That a win rate falls where a competitor is named more often may have many reasons. Both are shown
of the same place and the same months; what follows from it is for people to say.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from insights.clock import in_zone, start_of
from insights.models import Trend
from insights.search.engine import Reader
from insights.search.request import Filters, SearchRequest
from insights.services import access, business_figures, catalogue, measures
from insights.services.access import Actor
from insights.services.business_figures import MonthFigures
from insights.services.catalogue import Catalogue, Item, Place

MONTHS = 12
MOST_TRENDS = 5_000


@dataclass(frozen=True, slots=True)
class Heard:
    """What the field heard in a month: notes, how many name a competitor, the one most named with
    its notes, and how many trends were strong enough to be announced."""

    notes: int
    naming: int
    leader: Item | None
    leading: int
    trends: int

    @property
    def pressure(self) -> float | None:
        """The share of the notes that name a competitor; None without notes."""
        return self.naming / self.notes if self.notes else None

    @property
    def leader_share(self) -> float | None:
        """The share of the notes that name the leading competitor."""
        return self.leading / self.notes if self.notes and self.leader else None


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a place; `year_before` are its business figures twelve months earlier."""

    figures: MonthFigures
    year_before: MonthFigures
    heard: Heard


def months_of(
    session: Session,
    actor: Actor,
    reader: Reader,
    *,
    place: Place | None,
    zone: ZoneInfo,
    now: datetime,
) -> list[Month]:
    """The last twelve full months of a place (None: of the whole company), oldest first.

    Counted are notes that the actor may see. Two queries and three requests to the index. Raises
    Forbidden for whoever may not see its measures, and Unavailable when there is no index yet.
    """
    measures.require_seen(actor, place)
    last = in_zone(now, zone).date().replace(day=1)
    days = [_earlier(last, number) for number in range(2 * MONTHS, 0, -1)]
    figures = business_figures.monthly(session, actor, place=place, months=days)
    heard = _heard(session, actor, reader, place=place, days=days[MONTHS:], end=last, zone=zone)
    return [
        Month(figures[MONTHS + number], figures[number], heard[day])
        for number, day in enumerate(days[MONTHS:])
    ]


def _earlier(month: date, count: int) -> date:
    years, rest = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(years, rest + 1, 1)


def _heard(
    session: Session,
    actor: Actor,
    reader: Reader,
    *,
    place: Place | None,
    days: Sequence[date],
    end: date,
    zone: ZoneInfo,
) -> dict[date, Heard]:
    known = catalogue.current(session)
    within = known.subtree(place.id) if place else frozenset[int]()
    request = SearchRequest(
        audience=access.reader_keys(actor),
        filters=Filters(
            territory_ids=within, since=start_of(days[0], zone), until=start_of(end, zone)
        ),
        limit=0,
        highlight=False,
    )
    every = frozenset((*known.competitors, *known.merged))
    naming = replace(request, filters=replace(request.filters, competitor_ids=every))
    notes = _by_month(reader, request)
    some = _by_month(reader, naming) if every else Counter[int]()
    leaders = _leaders(known, reader, request)
    trends = _announced(session, actor, within, days[0], end)
    return {day: _month(day, notes, some, leaders, trends) for day in days}


def _month(
    day: date,
    notes: Mapping[int, int],
    naming: Mapping[int, int],
    leaders: Mapping[int, tuple[Item, int]],
    trends: Mapping[int, int],
) -> Heard:
    number = day.year * 100 + day.month
    leader, leading = leaders.get(number, (None, 0))
    return Heard(
        notes.get(number, 0), naming.get(number, 0), leader, leading, trends.get(number, 0)
    )


def _by_month(reader: Reader, request: SearchRequest) -> Counter[int]:
    counts: Counter[int] = Counter()
    for (month, _), count in reader.cross(request, "month", "kind").items():
        counts[int(month)] += count
    return counts


def _leaders(
    known: Catalogue, reader: Reader, request: SearchRequest
) -> dict[int, tuple[Item, int]]:
    """The competitor that most notes of each month name, and how many do."""
    found: dict[int, tuple[Item, int]] = {}
    for (month, one), count in reader.cross(request, "month", "competitor_id").items():
        item = known.competitors.get(int(one))
        if item is None:
            continue
        best = found.get(int(month))
        if best is None or (count, best[0].name) > (best[1], item.name):
            found[int(month)] = (item, count)
    return found


def _announced(
    session: Session, actor: Actor, within: frozenset[int], since: date, until: date
) -> Counter[int]:
    """How many trends that were announced opened in each month, at the place or below it."""
    inside = Trend.territory_id.in_(sorted(within)) if within else true()
    statement = (
        select(Trend.opened_on)
        .where(
            Trend.reach == access.trend_reaches(actor)[0],
            Trend.announced_at.is_not(None),
            Trend.opened_on >= since,
            Trend.opened_on < until,
            inside,
        )
        .limit(MOST_TRENDS)
    )
    return Counter(day.year * 100 + day.month for day in session.scalars(statement))
