"""Packed weeks as the stream that the detector looks at, with the names behind its numbers."""

from collections.abc import Iterator, Mapping, Sequence
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
from insights.services.trend_weeks import StoredWeek
from insights.trends.explanation import WEEKS as SHOWN_WEEKS
from insights.trends.exposure import WEEK as WEEK_SECONDS
from insights.trends.ledger import used_by
from insights.trends.packing import (
    Hashes,
    Lists,
    Week,
    is_any_sealed,
    unpack_voices,
    unpack_week,
    vocabulary_of,
)
from insights.trends.parameters import Parameters
from insights.trends.pieces import distinct, gathered
from insights.trends.stream import (
    NOWHERE,
    Flags,
    Ints,
    SmallInts,
    Sort,
    Stream,
    Subject,
    Tree,
)

DAY = 86_400
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
                made.update(week.to_bytes(8, "big") + digest)
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


@dataclass(frozen=True)
class _Part:
    """What is looked at of one week: who speaks, and when on the clock of the stream."""

    week: Week
    voice: SmallInts
    when: Ints


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
    parts = [_part(one, loaded, reach) for one in loaded.weeks]
    return _source(loaded, parts, _used_phrases(parts, parameters.least_phrase_authors))


def source_of_now(loaded: LoadedWeeks, reach: TrendReach, parameters: Parameters) -> Source:
    """The same with no more phrases than a look at the moment needs.

    It holds those that enough people use now, as they were used in the weeks that are shown of a
    trend. What was said of them before is asked of a Past.
    """
    monday = monday_of(loaded.as_of, loaded.zone)
    shown, windows = (monday - weeks * WEEK for weeks in (SHOWN_WEEKS, max(parameters.windows)))
    parts = [_part(one, loaded, reach, phrases=one.monday >= shown) for one in loaded.weeks]
    recent = [part for part, one in zip(parts, loaded.weeks, strict=True) if one.monday >= windows]
    return _source(loaded, parts, _used_phrases(recent, parameters.least_reporters))


def stream_of_phrases(
    loaded: LoadedWeeks, reach: TrendReach, phrases: Hashes, *, before: int
) -> Stream:
    """The stream as far as these phrases (ascending numbers) were used before a week.

    Its subjects are the phrases in their order, and it has no other observations.
    """
    parts = [
        _using(_part(one, loaded, reach), phrases)
        for one in loaded.weeks
        if week_of_monday(one.monday) < before and _are_any(vocabulary_of(one.packed), phrases)
    ]
    ranks, tree = _tree(loaded.known)
    segments = {one: number for number, one in enumerate(sorted(loaded.known.segments))}
    tagged, segment = _pairs(parts, "segments")
    return Stream(
        tree=tree,
        subjects=tuple(_phrase(number) for number in phrases.tolist()),
        segments=len(segments),
        when=_joined([part.when for part in parts]),
        voice=_voices(parts),
        place=_translated(_joined([part.week.place for part in parts]), ranks),
        note=_joined([_note_numbers(part.week) for part in parts]),
        tagged=(tagged, _translated(segment, segments)),
        mentions=_spoken(parts, phrases),
    )


def phrase_numbers(stream: Stream) -> Hashes:
    """The numbers of the phrases among the subjects of a stream, in their order."""
    keys = [int(one.key, 16) for one in stream.subjects if one.sort is Sort.PHRASE]
    return np.array(keys, np.uint64)


def _source(loaded: LoadedWeeks, parts: Sequence[_Part], phrases: Hashes) -> Source:
    ranks, tree = _tree(loaded.known)
    segments = {one: number for number, one in enumerate(sorted(loaded.known.segments))}
    numbers = _joined([_note_numbers(part.week) for part in parts])
    observation, segment = _pairs(parts, "segments")
    subjects, mentions = _mentions(parts, loaded.known, phrases)
    stream = Stream(
        tree=tree,
        subjects=subjects,
        segments=len(segments),
        when=_joined([part.when for part in parts]),
        voice=_voices(parts),
        place=_translated(_joined([part.week.place for part in parts]), ranks),
        note=numbers,
        tagged=(observation, _translated(segment, segments)),
        mentions=mentions,
    )
    notes = NoteIds(
        numbers,
        np.concatenate([np.zeros((0, 16), np.uint8), *(part.week.note for part in parts)]),
        _joined([part.week.account for part in parts]),
    )
    return Source(stream, _place_names(ranks), tuple(segments), notes)


def _part(
    stored: StoredWeek, loaded: LoadedWeeks, reach: TrendReach, *, phrases: bool = True
) -> _Part:
    week = unpack_week(stored.packed, phrases=phrases)
    voices = unpack_voices(stored.voices)
    voice = voices.open if reach is TrendReach.EVERYONE else voices.all
    begin = start_of(stored.monday, loaded.zone)
    kept: Flags = week.second < (loaded.as_of - begin).total_seconds()
    if reach is TrendReach.EVERYONE:
        kept = kept & ~week.sealed
    chosen = week.only(kept)
    seconds = np.minimum(chosen.second, WEEK_SECONDS - 1)
    return _Part(chosen, voice[kept], day_number(stored.monday) * DAY + seconds.astype(np.int64))


def _voices(parts: Sequence[_Part]) -> Ints:
    """Who speaks, numbered without gaps: a voice that is nobody's has a very large number."""
    voices: Ints = np.unique(_joined([part.voice for part in parts]), return_inverse=True)[1]
    return voices


def _joined(columns: Sequence[np.ndarray]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *columns]).astype(np.int64, copy=False)


def _note_numbers(week: Week) -> Ints:
    """A number for each note: the halves of its id together, 64 bits that no other note has."""
    halves = week.note.reshape(-1, 16).view(np.int64).reshape(-1, 2)
    numbers: Ints = halves[:, 0] ^ halves[:, 1]
    return numbers


def _tree(known: Catalogue) -> tuple[dict[int | None, int], Tree]:
    """The territories numbered from the top down, and the tree of their numbers.

    One territory that stands above all others is the company.
    """
    tops = known.children(None)
    top = tops[0].id if len(tops) == 1 else None
    ranks: dict[int | None, int] = {top: 0}
    parents, waiting = [NOWHERE], [top]
    while waiting:
        current = waiting.pop(0)
        for child in sorted(known.children(current), key=lambda one: one.id):
            ranks[child.id] = len(ranks)
            parents.append(ranks[current])
            waiting.append(child.id)
    return ranks, Tree(np.array(parents, np.int64))


def _place_names(ranks: Mapping[int | None, int]) -> tuple[int | None, ...]:
    return tuple(sorted(ranks, key=lambda one: ranks[one]))


def _translated(values: Ints, numbers: Mapping[int, int] | Mapping[int | None, int]) -> Ints:
    """Each value's number; all of them have one."""
    pairs = sorted((key, number) for key, number in numbers.items() if key is not None)
    if not pairs:
        return np.zeros(len(values), np.int64)
    keys, translated = np.array(pairs, np.int64).T
    found: Ints = translated[np.searchsorted(keys, values)]
    return found


def _pairs(parts: Sequence[_Part], name: str) -> tuple[Ints, Ints]:
    """Observations, numbered through all weeks, and items of one of their lists."""
    lists = list(_numbered(parts, name))
    return _joined([owner for owner, _ in lists]), _joined([one.items for _, one in lists])


def _numbered(parts: Sequence[_Part], name: str) -> Iterator[tuple[Ints, Lists]]:
    first = 0
    for part in parts:
        lists: Lists = getattr(part.week, name)
        yield lists.owners.astype(np.int64) + first, lists
        first += len(part.when)


def _mentions(
    parts: Sequence[_Part], known: Catalogue, phrases: Hashes
) -> tuple[tuple[Subject, ...], tuple[Ints, Ints]]:
    """The subjects by sort and key, and pairs of an observation and a subject; of phrases those
    with these numbers, which ascend."""
    observation, competitor = _pairs(parts, "competitors")
    owner, product = _pairs(parts, "products")
    present = {one: known.competitor(one).id for one in known.competitors_ever}
    wares = {one: known.product(one).id for one in known.products_ever}
    kinds = _joined([part.week.kind for part in parts])
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
    spoken = _spoken(parts, phrases)
    pairs.append((spoken[0], spoken[1] + len(subjects)))
    subjects += [_phrase(number) for number in phrases.tolist()]
    return tuple(subjects), (
        _joined([owner for owner, _ in pairs]),
        _joined([item for _, item in pairs]),
    )


def _phrase(number: int) -> Subject:
    return Subject(Sort.PHRASE, f"{number:016x}")


def _key(sort: Sort, number: int) -> str:
    return KINDS[number].value if sort is Sort.KIND else str(number)


def _used_phrases(parts: Sequence[_Part], least: int) -> Hashes:
    """The numbers of the phrases that at least so many people used in these parts, ascending."""
    words, before = [np.zeros(0, np.uint64)], 0
    items, voices = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for part in parts:
        words.append(part.week.vocabulary)
        items.append(part.week.phrases.items + np.int32(before))
        voices.append(part.voice[part.week.phrases.owners])
        before += len(part.week.vocabulary)
    vocabulary, place = np.unique(np.concatenate(words), return_inverse=True)
    phrase = place.astype(np.int32)[np.concatenate(items)]
    used: Hashes = vocabulary[used_by(phrase, np.concatenate(voices), len(vocabulary), least)]
    return used


def _spoken(parts: Sequence[_Part], phrases: Hashes) -> tuple[Ints, Ints]:
    """Pairs of an observation and the place of a phrase among these, which ascend."""
    owners, items = [], []
    for part, (owner, lists) in zip(parts, _numbered(parts, "phrases"), strict=True):
        rank = _ranks(part.week.vocabulary, phrases)[lists.items]
        owners.append(owner[rank != NOWHERE])
        items.append(rank[rank != NOWHERE])
    return _joined(owners), _joined(items)


def _are_any(words: Hashes, phrases: Hashes) -> bool:
    return bool((_ranks(words, phrases) != NOWHERE).any())


def _using(part: _Part, phrases: Hashes) -> _Part:
    """The observations of a part that use any of these phrases."""
    said = part.week.phrases
    kept = np.zeros(len(part.when), np.bool_)
    kept[said.owners[_ranks(part.week.vocabulary, phrases)[said.items] != NOWHERE]] = True
    return _Part(part.week.only(kept), part.voice[kept], part.when[kept])


def _ranks(words: Hashes, phrases: Hashes) -> Ints:
    """The place of each word among the phrases, NOWHERE if it is none of them."""
    if not len(phrases):
        return np.full(len(words), NOWHERE)
    place = np.minimum(np.searchsorted(phrases, words), len(phrases) - 1)
    return np.where(phrases[place] == words, place, NOWHERE)
