"""Packed weeks as the stream that the detector looks at, with the names behind its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from insights.clock import day_from_number, day_number, monday_of, start_of
from insights.models import TrendReach
from insights.services import catalogue, trend_weeks
from insights.services.catalogue import Catalogue
from insights.services.trend_packing import KINDS, NO_KIND, WEEK
from insights.services.trend_parts import (
    DAY,
    Part,
    are_any,
    joined,
    note_numbers,
    pairs_of,
    part_of,
    spoken,
    used_phrases,
    using,
    voices_of,
)
from insights.services.trend_weeks import StoredWeek
from insights.trends.explanation import WEEKS as SHOWN_WEEKS
from insights.trends.exposure import WEEK as WEEK_SECONDS
from insights.trends.packing import (
    Hashes,
    is_any_sealed,
    vocabulary_of,
)
from insights.trends.parameters import Parameters
from insights.trends.pieces import distinct, gathered
from insights.trends.stream import (
    NOWHERE,
    Ints,
    Sort,
    Stream,
    Subject,
    Tree,
)

# The first day of 1970 was a Thursday: weeks begin four days after full weeks since then.
PHASE = 4 * DAY


@dataclass(frozen=True)
class LoadedWeeks:
    """Weeks as they are stored up to a moment, and the catalogue that names what is in them."""

    weeks: tuple[StoredWeek, ...]
    known: Catalogue
    as_of: datetime
    zone: ZoneInfo

    @property
    def has_sealed(self) -> bool:
        """Whether any of them holds what not everyone may see."""
        return any(is_any_sealed(one.packed) for one in self.weeks)

    def digest(self, weeks: tuple[int, int], *said: object) -> str:
        """A digest of the weeks from the first to before the last, of the places and names by which
        they are read, and of what else is `said`."""
        known = self.known
        parents = sorted((one.id, one.parent_id) for one in known.territories.values())
        former = (*known.merged.values(), *known.merged_products.values())
        merged = sorted((one.slug, one.into_id) for one in former)
        made = sha256(repr((said, weeks, parents, sorted(known.segments), merged)).encode())
        first, last = weeks
        for week, digest in self._digests.items():
            if first <= week < last:
                made.update(week.to_bytes(8, "big", signed=True) + digest)
        return made.hexdigest()

    @cached_property
    def _digests(self) -> dict[int, bytes]:
        """By the number of each week a digest of all that is stored of it."""
        return {
            week_of_monday(one.monday): sha256(one.packed + one.voices).digest()
            for one in self.weeks
        }


@dataclass(frozen=True)
class NoteIds:
    """The ids (sixteen bytes) and accounts (0 for none) of notes by their numbers in a stream,
    in order of time."""

    numbers: Ints
    ids: np.ndarray
    accounts: Ints

    def observations(self, numbers: frozenset[int]) -> Ints:
        """Where these notes stand, as they were written and seen, in order of time."""
        order, ordered = self._by_number
        wanted = np.sort(np.fromiter(numbers, np.int64))
        begin, end = np.searchsorted(ordered, wanted), np.searchsorted(ordered, wanted, "right")
        return np.sort(order[gathered(begin, end - begin)])

    def newest(self, numbers: frozenset[int]) -> dict[UUID, int]:
        """Ids of these notes with their accounts, those first that were noted or seen last."""
        found = self.observations(numbers)[::-1]
        return {UUID(bytes=self.ids[at].tobytes()): int(self.accounts[at]) for at in found}

    @cached_property
    def _by_number(self) -> tuple[Ints, Ints]:
        """The places of the notes in order of their numbers, and these."""
        order = np.argsort(self.numbers)
        return order, self.numbers[order]


@dataclass(frozen=True)
class Source:
    """A stream with what its numbers mean: ids of territories and segments, notes, subjects' keys.

    The first place is None for the company, or the one territory that stands above all others.
    """

    stream: Stream
    places: tuple[int | None, ...]
    segments: tuple[int, ...]
    notes: NoteIds


def load(session: Session, *, as_of: datetime, weeks: int, zone: ZoneInfo) -> LoadedWeeks:
    """The last `weeks` weeks before the aware time `as_of`, and that of the moment itself."""
    last = monday_of(as_of, zone)
    stored = trend_weeks.stored(session, last - weeks * WEEK, last)
    return LoadedWeeks(tuple(stored), catalogue.current(session), as_of, zone)


def moment_of(as_of: datetime, zone: ZoneInfo) -> int:
    """An aware time on the clock of the stream: weeks of seven days, whatever the zone's clocks do.

    The hour by which a week is longer in autumn falls together with its last second.
    """
    monday = monday_of(as_of, zone)
    elapsed = int((as_of - start_of(monday, zone)).total_seconds())
    return day_number(monday) * DAY + min(elapsed, WEEK_SECONDS - 1)


def monday_of_week(week: int) -> date:
    """The Monday of a week of the stream."""
    return day_from_number((week * WEEK_SECONDS + PHASE) // DAY)


def week_of_monday(monday: date) -> int:
    """The inverse of `monday_of_week`."""
    return (day_number(monday) * DAY - PHASE) // WEEK_SECONDS


def source(loaded: LoadedWeeks, reach: TrendReach, parameters: Parameters) -> Source:
    """The stream of these weeks as readers of `reach` see it, with all that teaches what is usual.

    It holds what was observed before the moment; and of the phrases those that enough people used.
    """
    parts = [_part(loaded, one, reach) for one in loaded.weeks]
    return _source(loaded, parts, used_phrases(parts, parameters.least_phrase_authors))


def source_of_now(loaded: LoadedWeeks, reach: TrendReach, parameters: Parameters) -> Source:
    """The same with no more phrases than a look at the moment needs.

    It holds those that enough people use now, as they were used in the weeks that are shown of a
    trend. What was said of them before is asked of a Past.
    """
    monday = monday_of(loaded.as_of, loaded.zone)
    shown, windows = (monday - weeks * WEEK for weeks in (SHOWN_WEEKS, max(parameters.windows)))
    parts = [_part(loaded, one, reach, phrases=one.monday >= shown) for one in loaded.weeks]
    recent = [part for part, one in zip(parts, loaded.weeks, strict=True) if one.monday >= windows]
    return _source(loaded, parts, used_phrases(recent, parameters.least_reporters))


def stream_of_phrases(
    loaded: LoadedWeeks, reach: TrendReach, phrases: Hashes, *, before: int
) -> Stream:
    """The stream as far as these phrases (ascending numbers) were used before a week.

    Its subjects are the phrases in their order, and it has no other observations.
    """
    parts = [
        using(_part(loaded, one, reach), phrases)
        for one in loaded.weeks
        if week_of_monday(one.monday) < before and are_any(vocabulary_of(one.packed), phrases)
    ]
    subjects = tuple(_phrase(number) for number in phrases.tolist())
    return _stream(loaded, parts, subjects, spoken(parts, phrases))


def phrase_numbers(stream: Stream) -> Hashes:
    """The numbers of the phrases among the subjects of a stream, in their order."""
    keys = [int(one.key, 16) for one in stream.subjects if one.sort is Sort.PHRASE]
    return np.array(keys, np.uint64)


def _source(loaded: LoadedWeeks, parts: Sequence[Part], phrases: Hashes) -> Source:
    stream = _stream(loaded, parts, *_mentions(parts, loaded.known, phrases))
    notes = NoteIds(
        stream.note,
        np.concatenate([np.zeros((0, 16), np.uint8), *(part.week.note for part in parts)]),
        joined([part.week.account for part in parts]),
    )
    return Source(stream, tuple(_place_numbers(loaded)), tuple(_segment_numbers(loaded)), notes)


def _stream(
    loaded: LoadedWeeks,
    parts: Sequence[Part],
    subjects: tuple[Subject, ...],
    mentions: tuple[Ints, Ints],
) -> Stream:
    tagged, segment = pairs_of(parts, "segments")
    places, segments = _place_numbers(loaded), _segment_numbers(loaded)
    return Stream(
        tree=_tree(loaded.known, places),
        subjects=subjects,
        segments=len(segments),
        when=joined([part.when for part in parts]),
        voice=voices_of(parts),
        place=_translated(joined([part.week.place for part in parts]), places),
        note=joined([note_numbers(part.week) for part in parts]),
        tagged=(tagged, _translated(segment, segments)),
        mentions=mentions,
    )


def _part(loaded: LoadedWeeks, one: StoredWeek, reach: TrendReach, *, phrases: bool = True) -> Part:
    return part_of(one, loaded.as_of, loaded.zone, reach, phrases=phrases)


def _segment_numbers(loaded: LoadedWeeks) -> dict[int, int]:
    return {one: number for number, one in enumerate(sorted(loaded.known.segments))}


def _place_numbers(loaded: LoadedWeeks) -> dict[int | None, int]:
    """The territories numbered from the top down.

    One territory that stands above all others is the company, which is None otherwise.
    """
    known = loaded.known
    tops = known.children(None)
    numbers: dict[int | None, int] = {tops[0].id if len(tops) == 1 else None: 0}
    waiting = list(numbers)
    while waiting:
        below = sorted(one.id for one in known.children(waiting.pop(0)))
        for one in below:
            numbers[one] = len(numbers)
        waiting += below
    return numbers


def _tree(known: Catalogue, numbers: Mapping[int | None, int]) -> Tree:
    """The tree of numbered territories, the first of which is the top."""
    _, *below = numbers
    parents = [numbers[known.territories[one].parent_id] for one in below if one is not None]
    return Tree(np.array([NOWHERE, *parents], np.int64))


def _translated(values: Ints, numbers: Mapping[int, int] | Mapping[int | None, int]) -> Ints:
    """Each value's number; all of them have one."""
    pairs = sorted((key, number) for key, number in numbers.items() if key is not None)
    if not pairs:
        return np.zeros(len(values), np.int64)
    keys, translated = np.array(pairs, np.int64).T
    found: Ints = translated[np.searchsorted(keys, values)]
    return found


def _mentions(
    parts: Sequence[Part], known: Catalogue, phrases: Hashes
) -> tuple[tuple[Subject, ...], tuple[Ints, Ints]]:
    """The subjects by sort and key, and pairs of an observation and a subject; of phrases those
    with these numbers, which ascend."""
    observation, competitor = pairs_of(parts, "competitors")
    owner, product = pairs_of(parts, "products")
    present = {one: known.competitor(one).id for one in known.competitors_ever}
    wares = {one: known.product(one).id for one in known.products_ever}
    kinds = joined([part.week.kind for part in parts])
    written = np.flatnonzero(kinds != NO_KIND)
    tables = (
        (Sort.COMPETITOR, observation, _translated(competitor, present)),
        (Sort.PRODUCT, owner, _translated(product, wares)),
        (Sort.KIND, written, kinds[written]),
    )
    subjects: list[Subject] = []
    pairs = []
    for sort, owners, items in tables:
        keys, rank = np.unique(items, return_inverse=True)
        # A note that was tagged with both of two merged competitors speaks of one.
        pair = distinct(owners * max(len(keys), 1) + rank)
        pairs.append((pair // max(len(keys), 1), pair % max(len(keys), 1) + len(subjects)))
        subjects += [Subject(sort, _key(sort, int(key))) for key in keys]
    observation, phrase = spoken(parts, phrases)
    pairs.append((observation, phrase + len(subjects)))
    subjects += [_phrase(number) for number in phrases.tolist()]
    return tuple(subjects), (
        joined([owner for owner, _ in pairs]),
        joined([item for _, item in pairs]),
    )


def _phrase(number: int) -> Subject:
    return Subject(Sort.PHRASE, f"{number:016x}")


def _key(sort: Sort, number: int) -> str:
    return KINDS[number].value if sort is Sort.KIND else str(number)
