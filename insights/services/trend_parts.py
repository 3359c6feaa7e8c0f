"""Packed weeks as a reader sees them: the parts of a stream, and the phrases in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from insights.clock import day_number, start_of
from insights.models import TrendReach
from insights.services.trend_weeks import StoredWeek
from insights.trends.exposure import WEEK
from insights.trends.ledger import used_by
from insights.trends.packing import Hashes, Lists, Week, unpack_voices, unpack_week
from insights.trends.stream import NOWHERE, Flags, Ints, SmallInts

DAY = 86_400


@dataclass(frozen=True)
class Part:
    """What is looked at of one week: who speaks, and when on the clock of the stream."""

    week: Week
    voice: SmallInts
    when: Ints


def part_of(
    stored: StoredWeek, as_of: datetime, zone: ZoneInfo, reach: TrendReach, *, phrases: bool = True
) -> Part:
    """The part of a week that readers of `reach` see as of a moment; without `phrases` if so
    asked."""
    week = unpack_week(stored.packed, phrases=phrases)
    voices = unpack_voices(stored.voices)
    voice = voices.open if reach is TrendReach.EVERYONE else voices.all
    begin = start_of(stored.monday, zone)
    kept: Flags = week.second < (as_of - begin).total_seconds()
    if reach is TrendReach.EVERYONE:
        kept = kept & ~week.sealed
    chosen = week.only(kept)
    seconds = np.minimum(chosen.second, WEEK - 1)
    return Part(chosen, voice[kept], day_number(stored.monday) * DAY + seconds.astype(np.int64))


def voices_of(parts: Sequence[Part]) -> Ints:
    """Who speaks, numbered without gaps: a voice that is nobody's has a very large number."""
    voices: Ints = np.unique(joined([part.voice for part in parts]), return_inverse=True)[1]
    return voices


def joined(columns: Sequence[np.ndarray]) -> Ints:
    """Columns of several parts, one after the other."""
    return np.concatenate([np.zeros(0, np.int64), *columns]).astype(np.int64, copy=False)


def note_numbers(week: Week) -> Ints:
    """A number for each note: the halves of its id together, 64 bits that no other note has."""
    halves = week.note.reshape(-1, 16).view(np.int64).reshape(-1, 2)
    numbers: Ints = halves[:, 0] ^ halves[:, 1]
    return numbers


def pairs_of(parts: Sequence[Part], name: str) -> tuple[Ints, Ints]:
    """Observations, numbered through all weeks, and items of one of their lists."""
    lists = list(_numbered(parts, name))
    return joined([owner for owner, _ in lists]), joined([one.items for _, one in lists])


def _numbered(parts: Sequence[Part], name: str) -> Iterator[tuple[Ints, Lists]]:
    first = 0
    for part in parts:
        lists: Lists = getattr(part.week, name)
        yield lists.owners.astype(np.int64) + first, lists
        first += len(part.when)


def used_phrases(parts: Sequence[Part], least: int) -> Hashes:
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


def spoken(parts: Sequence[Part], phrases: Hashes) -> tuple[Ints, Ints]:
    """Pairs of an observation and the place of a phrase among these, which ascend."""
    owners, items = [], []
    for part, (owner, lists) in zip(parts, _numbered(parts, "phrases"), strict=True):
        rank = _ranks(part.week.vocabulary, phrases)[lists.items]
        owners.append(owner[rank != NOWHERE])
        items.append(rank[rank != NOWHERE])
    return joined(owners), joined(items)


def are_any(words: Hashes, phrases: Hashes) -> bool:
    """Whether any of the words is one of the phrases, which ascend."""
    return bool((_ranks(words, phrases) != NOWHERE).any())


def using(part: Part, phrases: Hashes) -> Part:
    """The observations of a part that use any of these phrases."""
    said = part.week.phrases
    kept = np.zeros(len(part.when), np.bool_)
    kept[said.owners[_ranks(part.week.vocabulary, phrases)[said.items] != NOWHERE]] = True
    return Part(part.week.only(kept), part.voice[kept], part.when[kept])


def _ranks(words: Hashes, phrases: Hashes) -> Ints:
    """The place of each word among the phrases, NOWHERE if it is none of them."""
    if not len(phrases):
        return np.full(len(words), NOWHERE)
    place = np.minimum(np.searchsorted(phrases, words), len(phrases) - 1)
    return np.where(phrases[place] == words, place, NOWHERE)
