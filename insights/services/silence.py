"""Silence: which territories say less than is usual there, now and in each of the last weeks.

Counts come from the search index, so only notes that the reader may see are counted, and a week is
one from Monday in the organisation's time zone. A territory counts with everything below it. What
is too few is a matter of chance: see `insights.trends.silence`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from insights.clock import day_number, monday_of, start_of
from insights.search.engine import Reader
from insights.search.request import Filters, SearchRequest
from insights.services import access, assignments, catalogue
from insights.services.access import Actor
from insights.services.assignments import Holding
from insights.services.catalogue import Catalogue, Place
from insights.trends.parameters import Parameters
from insights.trends.silence import Quiet, Record, quiet, weeks_needed
from insights.trends.stream import Floats

WEEKS = 26
# Chances of so few notes: fewer than usual, far fewer, and hardly ever so few.
LEVELS = (0.1, 0.02, 0.002)
# From this level on a territory is called quiet or silent: of fifty about one without a reason.
TOLD_LEVEL = 2
# The search index counts no more pairs at once.
_MOST_PAIRS = 60_000
_PARAMETERS = Parameters()
HISTORY = weeks_needed(WEEKS)


class State(StrEnum):
    """How a territory stands, the ones to look at first."""

    SILENT = "silent"
    QUIET = "quiet"
    UNHEARD = "unheard"  # no note in all the weeks that are looked at
    USUAL = "usual"
    NEW = "new"  # too little history to say
    UNHELD = "unheld"  # nobody holds it or anything below it


@dataclass(frozen=True, slots=True)
class Silence:
    """How a territory stands now, with everything below it.

    `count` are its notes in the last `weeks` (the present one as far as it has gone), the window in
    which so few are least probable; `chance` is how probable that is there, `level` how many of
    LEVELS it reaches: 0 is as usual. `usual` are notes a week in the half year before, None without
    enough history. `empty_weeks` have passed in full since its last note, None when there was none
    in the last 59.
    """

    place: Place
    state: State
    level: int
    chance: float
    count: int
    weeks: float
    usual: float | None
    empty_weeks: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """The notes of a week; the level says how improbable so few are up to its end, 0 to 3."""

    count: int
    level: int


@dataclass(frozen=True, slots=True)
class SilenceRow:
    """A territory with its weeks, oldest first, and who holds it."""

    silence: Silence
    cells: Sequence[Cell]
    holders: Sequence[Holding]


@dataclass(frozen=True)
class SilenceMap:
    """Some rows of all there are, the most silent first; the Mondays of their weeks.

    `states` counts all of them by state.
    """

    mondays: Sequence[date]
    rows: Sequence[SilenceRow]
    total: int
    states: Mapping[State, int]


@dataclass(frozen=True)
class _Counted:
    """Notes by week of all territories, archived ones too, each with all below it."""

    known: Catalogue
    row_of: Mapping[int, int]
    record: Record
    holders: Mapping[int, Sequence[Holding]]

    @property
    def counts(self) -> Floats:
        return self.record.counts

    def rows(self, places: Sequence[Place]) -> Record:
        """The same of some places."""
        chosen = [self.row_of[place.id] for place in places]
        return Record(self.counts[chosen], self.record.company, self.record.passed)


def silences(
    session: Session, actor: Actor, reader: Reader, *, zone: ZoneInfo, now: datetime
) -> Mapping[int, Silence]:
    """How every territory in use stands now, by id.

    One request to the index for up to a thousand territories, and two queries. Raises Unavailable
    when there is no index yet.
    """
    counted = _counted(session, actor, reader, zone, now)
    places = [place for place in counted.known.territories.values() if not place.archived]
    return {one.place.id: one for one in _silences(counted, places)}


def silence_map(
    session: Session,
    actor: Actor,
    reader: Reader,
    *,
    within: Place | None = None,
    regions: bool = False,
    offset: int = 0,
    limit: int,
    zone: ZoneInfo,
    now: datetime,
) -> SilenceMap:
    """The last 26 weeks of the territories without others below them, the most silent first.

    With `regions` of those that have others below them instead; with `within` only of what lies
    below that place. Costs and failures as of `silences`.
    """
    counted = _counted(session, actor, reader, zone, now)
    places = _places(counted.known, within, regions=regions)
    ordered = sorted(_silences(counted, places), key=_order)
    shown = ordered[offset : offset + limit]
    first = monday_of(now, zone) - timedelta(weeks=WEEKS - 1)
    return SilenceMap(
        mondays=[first + timedelta(weeks=number) for number in range(WEEKS)],
        rows=_rows(counted, shown),
        total=len(ordered),
        states={state: sum(one.state is state for one in ordered) for state in State},
    )


def _places(known: Catalogue, within: Place | None, *, regions: bool) -> list[Place]:
    inside = known.territories.keys() if within is None else known.subtree(within.id) - {within.id}
    in_use = [place for place in known.territories.values() if not place.archived]
    parents = {place.parent_id for place in in_use}
    return [place for place in in_use if place.id in inside and (place.id in parents) is regions]


def _order(one: Silence) -> tuple[int, float, str]:
    return list(State).index(one.state), one.chance, one.place.name


def _counted(
    session: Session, actor: Actor, reader: Reader, zone: ZoneInfo, now: datetime
) -> _Counted:
    known = catalogue.current(session)
    row_of = {territory_id: row for row, territory_id in enumerate(known.territories)}
    monday = monday_of(now, zone)
    counts = _own_counts(actor, reader, row_of, zone, monday)
    company = counts.sum(axis=0)
    for place in reversed(_downwards(known)):
        if place.parent_id is not None:
            counts[row_of[place.parent_id]] += counts[row_of[place.id]]
    begun, end = start_of(monday, zone), start_of(monday + timedelta(weeks=1), zone)
    holders = assignments.list_holders(session, actor, today=now.astimezone(zone).date())
    return _Counted(
        known=known,
        row_of=row_of,
        record=Record(counts, company, passed=(now - begun) / (end - begun)),
        holders=holders,
    )


def _own_counts(
    actor: Actor, reader: Reader, row_of: Mapping[int, int], zone: ZoneInfo, monday: date
) -> Floats:
    """Notes of each territory itself (a row) in each week (a column)."""
    counts = np.zeros((len(row_of), HISTORY))
    first = monday - timedelta(weeks=HISTORY - 1)
    at_once = max(1, _MOST_PAIRS // max(len(row_of), 1))
    for begin in range(0, HISTORY, at_once):
        end = min(begin + at_once, HISTORY)
        period = Filters(
            since=start_of(first + timedelta(weeks=begin), zone),
            until=start_of(first + timedelta(weeks=end), zone),
        )
        request = SearchRequest(
            audience=access.reader_keys(actor), filters=period, limit=0, highlight=False
        )
        for (territory, week), count in reader.cross(request, "territory_id", "week").items():
            row = row_of.get(int(territory))
            if row is not None:
                counts[row, (int(week) - day_number(first)) // 7] = count
    return counts


def _downwards(known: Catalogue) -> list[Place]:
    """All territories, each behind the one above it."""
    ordered = list(known.children(None))
    for place in ordered:
        ordered += known.children(place.id)
    return ordered


def _silences(counted: _Counted, places: Sequence[Place]) -> list[Silence]:
    found = quiet(_PARAMETERS, counted.rows(places), np.array([HISTORY - 1]))
    held = _held(counted)
    return [
        _silence(counted, place, found, number, is_held=place.id in held)
        for number, place in enumerate(places)
    ]


def _silence(
    counted: _Counted, place: Place, found: Quiet, number: int, *, is_held: bool
) -> Silence:
    usual = float(found.usual[number, 0])
    chance = float(found.chance[number, 0])
    level, count = _level(chance), int(found.count[number, 0])
    empty = _empty_weeks(counted.counts[counted.row_of[place.id]])
    if not is_held:
        state = State.UNHELD
    elif empty is None:
        state = State.UNHEARD
    elif math.isnan(usual):
        state = State.NEW
    elif level < TOLD_LEVEL:
        state = State.USUAL
    else:
        state = State.QUIET if count else State.SILENT
    return Silence(
        place=place,
        state=state,
        level=level,
        chance=chance,
        count=count,
        weeks=float(found.length[number, 0]),
        usual=None if math.isnan(usual) else usual,
        empty_weeks=empty,
    )


def _empty_weeks(counts: Floats) -> int | None:
    """The full weeks since the last note; the present week is none of them."""
    with_notes = np.flatnonzero(counts)
    return max(HISTORY - 2 - int(with_notes[-1]), 0) if len(with_notes) else None


def _held(counted: _Counted) -> set[int]:
    """The territories that somebody holds, or anything below them."""
    return {
        place.id
        for territory_id in counted.holders
        for place in counted.known.lineage(territory_id)
    }


def _rows(counted: _Counted, shown: Sequence[Silence]) -> list[SilenceRow]:
    record = counted.rows([one.place for one in shown])
    columns = np.arange(HISTORY - WEEKS, HISTORY)
    chances = quiet(_PARAMETERS, record, columns).chance
    levels = np.stack([chances <= level for level in LEVELS]).sum(axis=0)
    counts = record.counts[:, columns].astype(np.int64)
    return [
        SilenceRow(
            silence=one,
            cells=[Cell(*pair) for pair in zip(row_counts, row_levels, strict=True)],
            holders=counted.holders.get(one.place.id, ()),
        )
        for one, row_counts, row_levels in zip(shown, counts.tolist(), levels.tolist(), strict=True)
    ]


def _level(chance: float) -> int:
    return sum(chance <= level for level in LEVELS)
