"""One week of the stream as bytes: compact enough to keep years of it, quick to read again.

Observations (notes, and sightings of notes) stand in order of time, then of note and person. Names
are numbers of the database; a phrase is a number made from its text, so that no dictionary of
millions has to be kept. Equal weeks give equal bytes.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from insights.trends.stream import Flags, Ints, SmallInts

FORMAT = 3
# Twice as fast as the usual level, for a tenth more bytes.
_LEVEL = 1
_LENGTH = struct.Struct("<I")
# Columns of a packed week that stand before `sealed`.
_BEFORE_SEALED = 6
# Any odd number far from a power of two parts the words of a phrase.
PHRASE_FACTOR = 0x9E37_79B9_7F4A_7C15

Hashes = NDArray[np.uint64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Lists:
    """A list of numbers for each observation: those of i are items[starts[i]:starts[i + 1]]."""

    starts: SmallInts
    items: SmallInts

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> "Lists":
        """These lists, as they are."""
        items = np.array([item for one in lists for item in one], np.int32)
        return cls.joined(np.array([len(one) for one in lists], np.int32), items)

    @classmethod
    def joined(cls, sizes: NDArray[np.generic], items: Ints | SmallInts) -> "Lists":
        """Lists of these sizes, one after the other."""
        return cls(starts_of(sizes), items.astype(np.int32, copy=False))

    @classmethod
    def none(cls, observations: int) -> "Lists":
        """Empty lists."""
        return cls.joined(np.zeros(observations, np.int32), np.zeros(0, np.int32))

    @property
    def owners(self) -> SmallInts:
        """The observation of each item."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))

    def only(self, kept: Flags) -> "Lists":
        """The lists of some of the observations."""
        lengths = np.diff(self.starts)
        return Lists(starts_of(lengths[kept]), self.items[np.repeat(kept, lengths)])


@dataclass(frozen=True)
class Week:
    """What was observed in a week; every array has a value for each observation.

    `note` are ids of sixteen bytes, `second` counts from the beginning of the week, `voice` is the
    person who wrote or saw it. `account` is 0 where there is none. `vocabulary` holds the numbers
    of the week's phrases in ascending order, `phrases` their places in it.
    """

    note: Bytes
    second: SmallInts
    voice: SmallInts
    place: SmallInts
    account: SmallInts
    kind: SmallInts
    sealed: Flags
    segments: Lists
    competitors: Lists
    products: Lists
    vocabulary: Hashes
    phrases: Lists

    def only(self, kept: Flags) -> "Week":
        """The week with some of its observations, and the vocabulary of all."""
        if kept.all():
            return self
        chosen: dict[str, Any] = {}
        for one in fields(self):
            if one.name == "vocabulary":
                continue
            part = getattr(self, one.name)
            chosen[one.name] = part.only(kept) if isinstance(part, Lists) else part[kept]
        return replace(self, **chosen)


@dataclass(frozen=True)
class Texts:
    """By what the texts of a week are compared: those long enough to be compared at all.

    `observation` is the place in the week, `when` are seconds since the epoch; `shingles` ascend
    within each text.
    """

    observation: SmallInts
    when: NDArray[np.int64]
    voice: SmallInts
    sealed: Flags
    shingles: "Shingles"


@dataclass(frozen=True)
class Shingles:
    """Sets of shingles: those of text i are items[starts[i]:starts[i + 1]], ascending."""

    starts: SmallInts
    items: NDArray[np.uint32]

    @classmethod
    def of(cls, sets: Sequence[frozenset[int]]) -> "Shingles":
        """These sets."""
        items = np.array([item for one in sets for item in sorted(one)], np.uint32)
        return cls.joined(np.array([len(one) for one in sets], np.int32), items)

    @classmethod
    def joined(cls, sizes: NDArray[np.generic], items: NDArray[np.uint32]) -> "Shingles":
        """Sets of these sizes, one after the other."""
        return cls(starts_of(sizes), items)


@dataclass(frozen=True)
class Voices:
    """Who speaks in each observation of a week, a copy with the voice of the first text.

    `open` as far as notes open to everyone tell, `all` with the sealed ones.
    """

    open: SmallInts
    all: SmallInts


def word_number(word: str) -> int:
    """A number of 64 bits that stands for a word, the same in every process."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def phrase_number(phrase: str) -> int:
    """A number of 64 bits that stands for a phrase: made of those of its words."""
    number = 0
    for word in phrase.split():
        number = (number * PHRASE_FACTOR + word_number(word)) % 2**64
    return number


def pack_week(week: Week) -> bytes:
    """The week as bytes."""
    lists = (week.segments, week.competitors, week.products, week.phrases)
    columns = (week.second, week.voice, week.place, week.account)
    return pack(
        week.note,
        *columns,
        week.kind.astype(np.int8),
        week.sealed,
        week.vocabulary,
        *(part for one in lists for part in (np.diff(one.starts).astype(np.uint16), one.items)),
    )


def unpack_week(packed: bytes, *, phrases: bool = True) -> Week:
    """The inverse of `pack_week`; without its `phrases`, which are most of it, in half the time."""
    parts = Parts(packed)
    note = parts.next(np.uint8).reshape(-1, 16)
    second, voice, place, account = (parts.next(np.int32) for _ in range(4))
    kind = parts.next(np.int8).astype(np.int32)
    sealed = parts.next(np.bool_)
    vocabulary = parts.next(np.uint64) if phrases else parts.leave_out(np.uint64)
    segments, competitors, products = (parts.next_lists() for _ in range(3))
    said = parts.next_lists() if phrases else Lists.none(len(note))
    return Week(
        note, second, voice, place, account, kind, sealed,
        segments, competitors, products, vocabulary, said,
    )  # fmt: skip


def is_any_sealed(packed: bytes) -> bool:
    """Whether anything of a packed week is sealed."""
    parts = Parts(packed)
    parts.skip(_BEFORE_SEALED)
    return bool(parts.next(np.bool_).any())


def vocabulary_of(packed: bytes) -> Hashes:
    """The vocabulary of a packed week."""
    parts = Parts(packed)
    parts.skip(_BEFORE_SEALED + 1)
    vocabulary: Hashes = parts.next(np.uint64)
    return vocabulary


def pack_texts(texts: Texts) -> bytes:
    """The texts as bytes."""
    shingles = texts.shingles
    columns = (texts.observation, texts.when, texts.voice, texts.sealed)
    return pack(*columns, np.diff(shingles.starts).astype(np.int32), shingles.items)


def unpack_texts(packed: bytes) -> Texts:
    """The inverse of `pack_texts`."""
    parts = Parts(packed)
    observation, when = parts.next(np.int32), parts.next(np.int64)
    voice, sealed = parts.next(np.int32), parts.next(np.bool_)
    shingles = Shingles(starts_of(parts.next(np.int32)), parts.next(np.uint32))
    return Texts(observation, when, voice, sealed, shingles)


def pack_voices(voices: Voices) -> bytes:
    """The voices as bytes."""
    return pack(voices.open, voices.all)


def unpack_voices(packed: bytes) -> Voices:
    """The inverse of `pack_voices`."""
    parts = Parts(packed)
    return Voices(parts.next(np.int32), parts.next(np.int32))


def pack(*arrays: NDArray[np.generic]) -> bytes:
    """Arrays as bytes, from which `Parts` takes them in the same order."""
    pieces = []
    for array in arrays:
        piece = zlib.compress(np.ascontiguousarray(array).tobytes(), _LEVEL)
        pieces += [_LENGTH.pack(len(piece)), piece]
    return b"".join(pieces)


class Parts:
    """The arrays of something packed, one after the other."""

    def __init__(self, packed: bytes) -> None:
        self._pieces = self._read(memoryview(packed))

    def next(self, dtype: DTypeLike) -> Any:
        """The next array, whose values are of this type."""
        return np.frombuffer(zlib.decompress(next(self._pieces)), dtype)

    def skip(self, arrays: int = 1) -> None:
        """Leaves out so many."""
        for _ in range(arrays):
            next(self._pieces)

    def leave_out(self, dtype: DTypeLike) -> Any:
        """An empty array in place of the next one."""
        self.skip()
        return np.zeros(0, dtype)

    def next_lists(self) -> Lists:
        """The next two arrays as lists."""
        return Lists(starts_of(self.next(np.uint16)), self.next(np.int32))

    @staticmethod
    def _read(packed: memoryview) -> Iterator[memoryview]:
        at = 0
        while at < len(packed):
            (length,) = _LENGTH.unpack_from(packed, at)
            at += _LENGTH.size + length
            yield packed[at - length : at]


def starts_of(lengths: NDArray[np.generic]) -> SmallInts:
    """Where runs of these lengths begin that stand one after the other, with the end at last."""
    starts = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    return starts
