"""The life of a trend: new, active, fading, over.

A function of what was shown at earlier moments, nothing else: the same list gives the same lives.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from insights.trends.exposure import WEEK
from insights.trends.parameters import Parameters


class Stage(StrEnum):
    """Where in its life a trend is."""

    NEW = "new"
    ACTIVE = "active"
    FADING = "fading"
    OVER = "over"


@dataclass(frozen=True)
class Showing:
    """A trend as it was shown at a moment (seconds): about what, where, and by which notes."""

    asof: int
    subject: int
    scope: int
    score: float
    notes: frozenset[int]


@dataclass(frozen=True)
class Life:
    """One trend from its opening to its last showing (seconds)."""

    opened: int
    last: Showing
    peak: float

    def stage(self, parameters: Parameters, now: int) -> Stage:
        """Its stage at a moment (seconds)."""
        return stage_of(parameters, opened=self.opened, shown=self.last.asof, now=now)


def stage_of(parameters: Parameters, *, opened: int, shown: int, now: int) -> Stage:
    """New for its first weeks, then active while shown, fading until the quiet time is over.

    `opened` is when it was first shown, `shown` when it was last, all in seconds.
    """
    if now - shown > parameters.quiet * WEEK:
        return Stage.OVER
    if now - shown >= WEEK:
        return Stage.FADING
    if now - opened < parameters.new * WEEK:
        return Stage.NEW
    return Stage.ACTIVE


def lives(parameters: Parameters, showings: Iterable[Showing]) -> list[Life]:
    """The trends behind these showings, in order of their opening.

    A showing goes on with the life of its subject that was shown within the quiet time, if it is at
    the same place or rests on some of the same notes; otherwise it opens a life of its own.
    """
    known: list[Life] = []
    for one in sorted(showings, key=_order):
        place = next((at for at, life in enumerate(known) if _goes_on(parameters, life, one)), None)
        if place is None:
            known.append(Life(one.asof, one, one.score))
        else:
            before = known[place]
            known[place] = Life(before.opened, one, max(before.peak, one.score))
    return known


def _order(one: Showing) -> tuple[int, float, int, int]:
    return one.asof, -one.score, one.subject, one.scope


def _goes_on(parameters: Parameters, life: Life, showing: Showing) -> bool:
    last = life.last
    same = last.scope == showing.scope or bool(last.notes & showing.notes)
    recent = showing.asof - last.asof <= parameters.quiet * WEEK
    return last.subject == showing.subject and same and recent
