"""What is counted of the parts of the company in one period: the figures of `measures`.

Counts come from the search index, in a fixed number of requests; times are measured on a sample of
notes and on outcomes (`measure_sample`). All is counted by territory first and added up then, so a
part takes as long as it has territories, whatever it has of notes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from insights.clock import start_of
from insights.errors import Invalid
from insights.search.engine import Reader
from insights.search.query import Query
from insights.search.request import Filters, SearchRequest
from insights.search.tree import Among
from insights.services import measure_sample
from insights.services.access import Actor
from insights.services.assignments import Holding
from insights.services.catalogue import Catalogue
from insights.services.measure_sample import Outcomes, SampledNote, Settled, Span
from insights.services.volumes import Weeks, counting

HALF, MOST = 0.5, 0.9
_SEEN = Query(Among("flags", frozenset({"seen"})))
# The search index counts no more pairs at once.
_MOST_PAIRS = 60_000
Found = TypeVar("Found", SampledNote, Settled)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long notes waited for a first response: `median` and `ninth` are None when not so many of
    the `notes` (9 of 10 for the second) had one yet."""

    notes: int
    answered: int
    median: timedelta | None
    ninth: timedelta | None


@dataclass(frozen=True, slots=True)
class Settling:
    """How long notes took to their outcome: None without any."""

    notes: int
    median: timedelta | None
    ninth: timedelta | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one part of the company in one period.

    `writers` wrote the `notes`, of the `holders` who hold a territory there today; None when they
    cannot be told apart. Of `cells` (a territory without others below it, in a week) `covered` have
    a note. `seen` notes were seen by somebody else too; `sightings` are those of the sampled ones.
    Of `outcomes` that were said in the period `used` are uses.
    """

    notes: int
    writers: int | None
    holders: int
    cells: int
    covered: int
    seen: int
    sightings: int
    response: Waiting
    outcomes: Outcomes
    settling: Settling


@dataclass(frozen=True)
class Asking:
    """Who asks, and what each count needs."""

    session: Session
    actor: Actor
    reader: Reader
    known: Catalogue
    holders: Mapping[int, Sequence[Holding]]
    now: datetime


@dataclass(frozen=True)
class _Counts:
    """What was counted in a period, by territory without roll-up; `writers` as in `Figures`."""

    notes: Mapping[int, int]
    covered: Mapping[int, int]
    seen: Mapping[int, int]
    writers: Mapping[int, set[int]] | None
    sample: Mapping[int, Sequence[SampledNote]]
    settled: Mapping[int, Sequence[Settled]]
    outcomes: Mapping[int, Outcomes]


def figures(
    asking: Asking,
    chosen: frozenset[int],
    groups: Mapping[int, frozenset[int]],
    period: Weeks,
) -> dict[int, Figures]:
    """The figures of each group of territories; `chosen` are those of all groups, none for all."""
    counts = _counts(asking, chosen, period)
    return {key: _figures_of(asking, counts, ids, period) for key, ids in groups.items()}


def _counts(asking: Asking, chosen: frozenset[int], period: Weeks) -> _Counts:
    session, actor, reader = asking.session, asking.actor, asking.reader
    filters = Filters(territory_ids=chosen)
    notes: Counter[int] = Counter()
    covered: Counter[int] = Counter()
    for weeks in _portions(period, len(asking.known.territories)):
        pairs = reader.cross(counting(actor, filters, weeks), "territory_id", "week")
        for (one, _), count in pairs.items():
            notes[int(one)] += count
            covered[int(one)] += 1
    request = counting(actor, filters, period)
    begun, end = start_of(period.first, period.zone), start_of(period.end, period.zone)
    span = Span(chosen, begun, end)
    sample = measure_sample.sampled(session, actor, span, total=notes.total(), now=asking.now)
    return _Counts(
        notes=notes,
        covered=covered,
        seen=_by_territory(reader, replace(request, query=_SEEN)),
        writers=_writers(reader, request),
        sample=_sorted_out(sample),
        settled=_sorted_out(measure_sample.settled(session, actor, span)),
        outcomes=measure_sample.outcomes(session, actor, span),
    )


def _figures_of(asking: Asking, counts: _Counts, ids: frozenset[int], period: Weeks) -> Figures:
    fields = fields_of(asking.known, ids)
    sample = [note for one in ids for note in counts.sample.get(one, ())]
    writers = counts.writers
    return Figures(
        notes=sum(counts.notes.get(one, 0) for one in ids),
        writers=(
            None if writers is None else len({who for one in ids for who in writers.get(one, ())})
        ),
        holders=len({held.person_id for one in ids for held in asking.holders.get(one, ())}),
        cells=len(fields) * period.count,
        covered=sum(counts.covered.get(one, 0) for one in fields),
        seen=sum(counts.seen.get(one, 0) for one in ids),
        sightings=sum(note.sightings for note in sample),
        response=_waiting(sample),
        outcomes=_added(counts.outcomes, ids),
        settling=_settling([note for one in ids for note in counts.settled.get(one, ())]),
    )


def _portions(period: Weeks, territories: int) -> Iterator[Weeks]:
    """The period in parts of which the index counts all territories at once."""
    at_once = max(1, _MOST_PAIRS // max(territories, 1))
    for begin in range(0, period.count, at_once):
        first = period.first + timedelta(weeks=begin)
        yield replace(period, first=first, count=min(at_once, period.count - begin))


def _sorted_out(notes: Iterable[Found]) -> dict[int, list[Found]]:
    found: dict[int, list[Found]] = {}
    for note in notes:
        found.setdefault(note.territory_id, []).append(note)
    return found


def _by_territory(reader: Reader, request: SearchRequest) -> Counter[int]:
    counts: Counter[int] = Counter()
    for (one, _), count in reader.cross(request, "territory_id", "kind").items():
        counts[int(one)] += count
    return counts


def _writers(reader: Reader, request: SearchRequest) -> dict[int, set[int]] | None:
    """The authors of the notes by territory; None for more pairs than the index tells apart."""
    try:
        pairs = reader.cross(request, "territory_id", "author_id")
    except Invalid:
        return None
    found: dict[int, set[int]] = {}
    for one, who in pairs:
        found.setdefault(int(one), set()).add(int(who))
    return found


def fields_of(known: Catalogue, ids: Collection[int]) -> frozenset[int]:
    """Of these territories those in use without others in use below them."""
    return frozenset(
        one
        for one in ids
        if not known.territories[one].archived
        and all(child.archived for child in known.children(one))
    )


def _added(outcomes: Mapping[int, Outcomes], ids: Collection[int]) -> Outcomes:
    inside = [one for territory_id, one in outcomes.items() if territory_id in ids]
    return Outcomes(sum(one.notes for one in inside), sum(one.used for one in inside))


def _waiting(notes: Sequence[SampledNote]) -> Waiting:
    return Waiting(
        notes=len(notes),
        answered=sum(one.answered for one in notes),
        median=measure_sample.waiting_quantile(notes, HALF),
        ninth=measure_sample.waiting_quantile(notes, MOST),
    )


def _settling(notes: Sequence[Settled]) -> Settling:
    times = [one.took for one in notes]
    return Settling(
        notes=len(times),
        median=measure_sample.quantile(times, HALF),
        ninth=measure_sample.quantile(times, MOST),
    )
