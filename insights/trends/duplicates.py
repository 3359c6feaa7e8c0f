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
from numpy.typing import NDArray

from insights.trends.packing import Shingles, Texts, Voices
from insights.trends.pieces import Pieces, distinct, gathered
from insights.trends.stream import Flags, Ints, SmallInts

# Shorter texts ("late again") are alike by themselves.
_LEAST_WORDS = 6
# Parts the words of a run, whose upper half is what stands for it.
_MIX = np.uint64(0x9E37_79B9_7F4A_7C15)
_HALF = np.uint64(32)
DAY = 86_400
# So many counters say how rare members are: one for several of them now and then.
_SLOTS = 2**22
_ROUNDING = 1e-9
# Pairs that are compared at once.
_MOST_PAIRS = 200_000


def shingles_of(pieces: Pieces, texts: int) -> Shingles:
    """For each of so many texts the numbers of 32 bits that stand for its runs of three words; none
    for a very short one. The same in every process, so that they can be stored.
    """
    words = np.array([crc32(one.encode("utf-8", "surrogatepass")) for one in pieces.distinct])
    word, owner = words.astype(np.uint64)[pieces.number], pieces.owner.astype(np.uint64)
    length = np.bincount(pieces.owner, minlength=texts)
    first, second, third = word[:-2], word[1:-1], word[2:]
    mixed = (first * _MIX + second) * _MIX + third
    kept = (owner[:-2] == owner[2:]) & (length >= _LEAST_WORDS)[pieces.owner[:-2]]
    sets = distinct(owner[:-2][kept] << _HALF | mixed[kept] >> _HALF)
    sizes = np.bincount((sets >> _HALF).astype(np.int64), minlength=texts)
    return Shingles.joined(sizes, sets.astype(np.uint32))


def shingles(text: str) -> frozenset[int]:
    """Those of one text."""
    return frozenset(shingles_of(Pieces.of([text]), 1).items.tolist())


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
    sizes = np.concatenate([np.diff(part.starts) for part in parts])
    return Shingles.joined(sizes, np.concatenate([part.items for part in parts]))


def _candidates(texts: Shingles, first: int, alike: float) -> tuple[Ints, Ints]:
    """Pairs of a text from `first` on and an earlier one that has a member of its prefix."""
    size = np.diff(texts.starts)
    owner = np.repeat(np.arange(len(size)), size)
    begins, belongs = _prefixes(texts.items, owner, first, size, alike)
    # Only members of prefixes make candidates: few texts share them, for they are the rare ones.
    wanted = np.zeros(_SLOTS, np.bool_)
    wanted[_slot(belongs)] = True
    held = np.flatnonzero(wanted[_slot(texts.items)])
    held = held[np.argsort(texts.items[held])]
    begin = np.searchsorted(texts.items[held], belongs)
    end = np.searchsorted(texts.items[held], belongs, "right")
    own = np.repeat(begins, end - begin)
    other = owner[held[gathered(begin, end - begin)]]
    smaller, larger = np.minimum(size[own], size[other]), np.maximum(size[own], size[other])
    kept = (other < own) & (smaller >= alike * larger)
    return _may_be_alike(texts, owner, own[kept], other[kept], alike)


def _prefixes(
    members: NDArray[np.uint32], owner: Ints, first: int, size: Ints, alike: float
) -> tuple[Ints, NDArray[np.uint32]]:
    """Texts from `first` on and members of their prefixes, the rarest members first.

    How rare they are is known well enough from their slots: any members would do.
    """
    often = np.bincount(_slot(members), minlength=_SLOTS)
    later = int(np.searchsorted(owner, first))
    owner, members = owner[later:], members[later:]
    order = np.argsort(owner << 32 | often[_slot(members)])
    starts = np.cumsum(size[first:]) - size[first:]
    place = np.arange(len(owner)) - starts[owner - first]
    kept = place < (size - np.ceil(alike * size).astype(np.int64) + 1)[owner]
    return owner[kept], members[order][kept]


def _slot(members: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A small number for each member, which few others share."""
    return members & np.uint32(_SLOTS - 1)


def _may_be_alike(
    texts: Shingles, owner: Ints, own: Ints, other: Ints, alike: float
) -> tuple[Ints, Ints]:
    """Those of the pairs, each once, that a look at 64 bits for each text does not rule out.

    Each member sets a bit: where the other's is not set, it lacks a member. Sets of n and m members
    that are alike to the degree t share t / (1 + t) (n + m) of them at least.
    """
    marks = np.zeros(len(texts.starts) - 1, np.uint64)
    bits = np.uint64(1) << (texts.items >> np.uint32(26)).astype(np.uint64)
    np.bitwise_or.at(marks, owner, bits)
    size = np.diff(texts.starts)
    lacking = np.bitwise_count(marks[own] & ~marks[other])
    kept = size[own] - lacking >= alike / (1 + alike) * (size[own] + size[other]) - _ROUNDING
    width = max(len(size), 1)
    pairs = distinct(own[kept] * width + other[kept])
    return pairs // width, pairs % width


def _resemblance(texts: Shingles, own: Ints, other: Ints) -> np.ndarray:
    """Jaccard coefficients of pairs of sets."""
    size = np.diff(texts.starts).astype(np.int64)
    owner = np.repeat(np.arange(len(size)), size)
    known = owner << 32 | texts.items
    length = size[own]
    pair = np.repeat(np.arange(len(own)), length)
    member = texts.items[gathered(texts.starts[own], length)]
    wanted = np.repeat(other, length) << 32 | member
    found = np.searchsorted(known, wanted)
    shared = np.bincount(pair, known[np.minimum(found, len(known) - 1)] == wanted, len(own))
    return shared / (size[own] + size[other] - shared)
