"""Texts that were sent twice: the second speaks with the voice of the first.

Two texts are alike by the Jaccard coefficient of their sets of word shingles (Broder 1997, "On the
resemblance and containment of documents"). Candidates are found exactly, by prefix filtering
(Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007): with a bound t on the coefficient, a
set that is like one of n members holds one of any n - ceil(t n) + 1 of these. The rarest of them
leave the fewest candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from insights.text import fold
from insights.trends.packing import Shingles, Texts, Voices
from insights.trends.stream import Flags, Ints, SmallInts

_SHINGLE = 3
# Shorter texts ("late again") are alike by themselves.
_LEAST_WORDS = 6
DAY = 86_400
# Pairs that are compared at once.
_MOST_PAIRS = 200_000


def shingles(text: str) -> frozenset[int]:
    """Numbers of 32 bits that stand for the runs of three words of a text; none for a very short
    one. The same in every process, so that they can be stored.
    """
    words = fold(text).encode("utf-8", "surrogatepass").split()
    if len(words) < _LEAST_WORDS:
        return frozenset()
    runs = zip(words, words[1:], words[2:], strict=False)
    return frozenset(crc32(b" ".join(run)) for run in runs)


@dataclass(frozen=True)
class Alike:
    """Pairs of a text and an earlier one that it is like, by their numbers."""

    text: Ints
    earlier: Ints

    def first(self, texts: Ints, heard: Flags) -> Ints:
        """For each of these texts the earliest that it is like, or itself; all must be heard."""
        origin = np.arange(len(heard))
        both = heard[self.text] & heard[self.earlier]
        np.minimum.at(origin, self.text[both], self.earlier[both])
        found: Ints = origin[texts]
        return found


def alike_pairs(texts: Shingles, when: Ints, first: int, *, alike: float, days: int) -> Alike:
    """The texts from number `first` on with the earlier ones that they are like.

    `when` are seconds, in ascending order; texts further apart than `days` are no copies. Only
    what a text itself is like counts: the copy of a copy is no copy of the first for that alone.
    """
    own, other = _candidates(texts, first, alike)
    close = when[own] - when[other] <= days * DAY
    own, other = own[close], other[close]
    same = np.zeros(len(own), np.bool_)
    for at in range(0, len(own), _MOST_PAIRS):
        part = slice(at, at + _MOST_PAIRS)
        same[part] = _resemblance(texts, own[part], other[part]) >= alike
    return Alike(own[same], other[same])


def copied(texts: Shingles, when: Ints, *, alike: float, days: int) -> Ints:
    """For each text the earliest earlier one that it copies, or itself."""
    pairs = alike_pairs(texts, when, 0, alike=alike, days=days)
    return pairs.first(np.arange(len(when)), np.ones(len(when), np.bool_))


def voices(
    voice: SmallInts, own: Texts, earlier: Sequence[Texts], *, alike: float, days: int
) -> Voices:
    """Who speaks in each observation of a week whose observers are `voice`.

    A copy speaks with the voice of the earliest text that it is like, of its own week or of the
    `earlier` ones, which are in order of time. What is open never borrows the voice of what is
    sealed.
    """
    weeks = [*earlier, own]
    first = sum(len(one.when) for one in earlier)
    sets = _joined([one.shingles for one in weeks])
    when = np.concatenate([one.when for one in weeks])
    speakers = np.concatenate([one.voice for one in weeks])
    is_sealed = np.concatenate([one.sealed for one in weeks])
    pairs = alike_pairs(sets, when, first, alike=alike, days=days)

    def spoken(heard: Flags) -> SmallInts:
        found = voice.copy()
        found[own.observation] = speakers[pairs.first(np.arange(first, len(when)), heard)]
        return found

    return Voices(open=spoken(~is_sealed), all=spoken(np.ones_like(is_sealed)))


def _joined(parts: Sequence[Shingles]) -> Shingles:
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    starts = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    return Shingles(starts, np.concatenate([part.items for part in parts]))


def _candidates(texts: Shingles, first: int, alike: float) -> tuple[Ints, Ints]:
    """Pairs of a text from `first` on and an earlier one that has a member of its prefix."""
    size = np.diff(texts.starts)
    owner = np.repeat(np.arange(len(size)), size)
    later = owner >= first
    members = np.unique(texts.items[later])
    place = np.searchsorted(members, texts.items)
    held = members[np.minimum(place, len(members) - 1)] == texts.items if len(members) else later
    owner, place = owner[held], place[held]
    begins, belongs = _prefixes(owner, place, first, size, alike)
    # Only members of prefixes make candidates: few texts share them, for they are the rare ones.
    wanted = np.zeros(len(members), np.bool_)
    wanted[belongs] = True
    owner, place = owner[wanted[place]], place[wanted[place]]
    order = np.argsort(place, kind="stable")
    owner, place = owner[order], place[order]
    begin, end = np.searchsorted(place, belongs), np.searchsorted(place, belongs, "right")
    length = end - begin
    own = np.repeat(begins, length)
    offset = np.arange(len(own)) - np.repeat(np.cumsum(length) - length, length)
    other = owner[np.repeat(begin, length) + offset]
    smaller, larger = np.minimum(size[own], size[other]), np.maximum(size[own], size[other])
    kept = (other < own) & (smaller >= alike * larger)
    pairs = np.unique(own[kept] * max(len(size), 1) + other[kept])
    return pairs // max(len(size), 1), pairs % max(len(size), 1)


def _prefixes(owner: Ints, member: Ints, first: int, size: Ints, alike: float) -> tuple[Ints, Ints]:
    """Texts from `first` on and members of their prefixes, the rarest members first.

    All members of these texts are among those given.
    """
    often = np.bincount(member)
    later = owner >= first
    owner, member = owner[later], member[later]
    order = np.lexsort((member, often[member], owner))
    starts = np.cumsum(size[first:]) - size[first:]
    place = np.arange(len(owner)) - starts[owner - first]
    length = size - np.ceil(alike * size).astype(np.int64) + 1
    kept = place < length[owner]
    return owner[kept], member[order][kept]


def _resemblance(texts: Shingles, own: Ints, other: Ints) -> np.ndarray:
    """Jaccard coefficients of pairs of sets."""
    size = np.diff(texts.starts).astype(np.int64)
    owner = np.repeat(np.arange(len(size)), size)
    known = owner << 32 | texts.items
    length = size[own]
    pair = np.repeat(np.arange(len(own)), length)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(length) - length, length)
    member = texts.items[np.repeat(texts.starts[own], length) + offset]
    wanted = np.repeat(other, length) << 32 | member
    found = np.searchsorted(known, wanted)
    shared = np.bincount(pair, known[np.minimum(found, len(known) - 1)] == wanted, len(own))
    return shared / (size[own] + size[other] - shared)
