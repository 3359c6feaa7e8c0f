"""Texts that were sent twice: the second speaks with the voice of the first.

Two texts are alike by the Jaccard coefficient of their sets of word shingles (Broder 1997, "On the
resemblance and containment of documents"). Candidates are found exactly, by prefix filtering
(Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007): with a bound t on the coefficient, two
sets of which the smaller has n members share one of their first n - ceil(t n) + 1 members in any
fixed order.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from hashlib import blake2b
from math import ceil

from insights.text import fold

_SHINGLE = 3
# Shorter texts ("late again") are alike by themselves.
_LEAST_WORDS = 6
DAY = 86_400


def shingles(text: str) -> frozenset[int]:
    """Numbers that stand for the runs of three words of a text; none for a very short one.

    The same in every process, so that they can be stored.
    """
    words = fold(text).split()
    if len(words) < _LEAST_WORDS:
        return frozenset()
    runs = (" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1))
    return frozenset(int.from_bytes(blake2b(run.encode(), digest_size=8).digest()) for run in runs)


def first_of_copies(
    texts: Sequence[frozenset[int]], when: Sequence[int], *, alike: float, days: int
) -> list[int]:
    """For each text the index of the one it copies, its own index if it copies none.

    `when` are seconds, in ascending order; texts further apart than `days` are no copies. The
    copy of a copy is a copy of the first, as long as the copies follow one another.
    """
    origin = list(range(len(texts)))
    latest: defaultdict[int, deque[int]] = defaultdict(deque)
    for index, own in enumerate(texts):
        prefix = sorted(own)[: len(own) - ceil(alike * len(own)) + 1] if own else []
        candidates: set[int] = set()
        for member in prefix:
            earlier = latest[member]
            while earlier and when[earlier[0]] < when[index] - days * DAY:
                earlier.popleft()
            candidates.update(earlier)
            earlier.append(index)
        copied = (one for one in sorted(candidates) if _resemblance(own, texts[one]) >= alike)
        origin[index] = origin[next(copied, index)]
    return origin


def _resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
