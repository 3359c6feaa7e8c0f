"""What puts one note before another that has the same words, and how that is told.

Words come first: a note's score is BM25 of the words sought. Among notes of much the same score the
fresher, the first-hand and the corroborated one comes first. The weights were set by hand before
any measurement: together they can at most double a score, so a note that is clearly more to the
point is never passed by one that is merely newer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2
from operator import itemgetter
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar, get_args

from insights.search.document import milliseconds, milliseconds_of_key

Document = TypeVar("Document")

WINDOW = 100
"""Hits that are weighed against each other; behind them the order is that of the words alone."""

FRESH = 0.35
"""How much more a note of this moment counts than an old one."""
HALF_LIFE = timedelta(days=60)
FIRST_HAND = 0.1
SEEN = 0.1
"""For one sighting; each doubling adds as much again."""
MOST_SEEN = 7

BoostKind: TypeAlias = Literal["fresh", "first-hand", "seen"]

_HALF_LIFE_MS = HALF_LIFE / timedelta(milliseconds=1)
_SEEN_FACTORS = tuple(round(1 + SEEN * log2(1 + seen), 2) for seen in range(MOST_SEEN + 1))


@dataclass(frozen=True, slots=True)
class Boost:
    """Why a note counts more than its words alone: a factor of its score, 1 at least."""

    kind: BoostKind
    factor: float


class Candidate(NamedTuple, Generic[Document]):
    """A hit before it is weighed; ``newest`` is its ``document.newest_key``."""

    document: Document
    words: float
    newest: int
    first_hand: bool
    sightings: int


class Ranked(NamedTuple, Generic[Document]):
    """A hit with its final score: that of the words times all boosts."""

    document: Document
    words: float
    score: float
    factors: tuple[float, float, float] = (1.0, 1.0, 1.0)

    @property
    def boosts(self) -> tuple[Boost, ...]:
        """The factors above 1, in the order fresh, first-hand, seen."""
        named = zip(get_args(BoostKind), self.factors, strict=True)
        return tuple(Boost(kind, factor) for kind, factor in named if factor > 1)


def ranked(
    candidates: Sequence[Candidate[Document]], now: datetime | None
) -> list[Ranked[Document]]:
    """The hits, best first; equal ones newest first. Without ``now`` nothing counts as fresh."""
    present = None if now is None else milliseconds(now)
    weighed = []
    for candidate in candidates:
        factors = _factors(candidate, present)
        score = candidate.words * factors[0] * factors[1] * factors[2]
        weighed.append(
            (-score, -candidate.newest, Ranked(candidate.document, candidate.words, score, factors))
        )
    weighed.sort(key=itemgetter(0, 1))
    return [one for _, _, one in weighed]


def _factors(candidate: Candidate[Document], present: int | None) -> tuple[float, float, float]:
    fresh = 1.0
    if present is not None:
        age = max(0, present - milliseconds_of_key(candidate.newest))
        # To the percent, so that what is told is what was reckoned with.
        fresh = round(1 + FRESH * 0.5 ** (age / _HALF_LIFE_MS), 2)
    seen = _SEEN_FACTORS[min(max(candidate.sightings, 0), MOST_SEEN)]
    return fresh, 1 + FIRST_HAND if candidate.first_hand else 1.0, seen
