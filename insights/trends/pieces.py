"""Texts parted at white space, many at once: what phrases and shingles are made of.

The same pieces come again and again, so that whatever a piece means is found out once.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from insights.text import fold
from insights.trends.stream import Ints, SmallInts

Numbers = NDArray[np.int64] | NDArray[np.int32]


@dataclass(frozen=True)
class Pieces:
    """The pieces of texts, one after the other.

    `distinct` are the different ones, `number` says which of them stands at each place, `owner`
    whose it is: the number of a text.
    """

    distinct: tuple[str, ...]
    number: SmallInts
    owner: SmallInts

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Pieces":
        """The pieces of these texts, folded."""
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        found: list[int] = []
        ends: list[int] = []
        for text in texts:
            found.extend(map(numbers.__getitem__, fold(text).split()))
            ends.append(len(found))
        lengths = np.diff(np.array([0, *ends]))
        owner = np.repeat(np.arange(len(ends), dtype=np.int32), lengths)
        return cls(tuple(numbers), np.array(found, np.int32), owner)


def gathered(starts: Numbers, length: Numbers) -> Ints:
    """The places of runs, one after the other: of each its start, the next, and so on."""
    before: Ints = np.cumsum(length, dtype=np.int64) - length
    return np.arange(int(length.sum())) + np.repeat(starts - before, length)


def distinct(keys: np.ndarray) -> np.ndarray:
    """Each of the keys once, in ascending order; for many whole numbers faster than np.unique."""
    ordered = np.sort(keys)
    found: np.ndarray = ordered[changes(ordered)]
    return found


def changes(ordered: np.ndarray) -> np.ndarray:
    """Where the first of each run of equal values stands, as flags."""
    is_first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return is_first


def counted(keys: np.ndarray) -> tuple[np.ndarray, Ints]:
    """Each of the keys once, in ascending order, and how often it comes."""
    ordered = np.sort(keys)
    first = np.flatnonzero(changes(ordered))
    return ordered[first], np.diff(first, append=len(ordered))
