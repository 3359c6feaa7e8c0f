"""The arithmetic of a trend, step by step, in words that need no statistics.

What the numbers are is said in insights/trends/explanation.py, how they come about in
insights/trends/scan.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import log10
from typing import Any

from insights.models import TrendSort
from insights.services.trend_words import number, odds, where
from insights.services.trends import TrendView

# Smaller than any that is told as more than "less than".
LEAST_CHANCE = 1e-12
# A factor below this is told as none.
LEAST_FACTOR = 1.005


@dataclass(frozen=True, slots=True)
class Step:
    """One number of the reckoning: what it is, its value, and where it comes from."""

    title: str
    value: str
    text: str


def steps(view: TrendView) -> tuple[Step, ...]:
    """From what was counted to how surprising it is, in the order in which it is reckoned."""
    return tuple(_steps(view, view.arithmetic))


def _steps(view: TrendView, told: Mapping[str, Any]) -> Iterator[Step]:
    unit = "notes" if view.sort is TrendSort.KIND else "voices"
    yield Step("Counted", f"{number(view.count)} {unit}", _counted(view, told))
    yield Step("Usual here before", _rate(told["own_rate"], unit), _baseline(told, unit))
    if told["parent_rate"] is not None:
        yield Step(
            "Usual around it",
            _rate(told["parent_rate"], unit),
            "The same of the place above it, or of these customers elsewhere.",
        )
    yield Step(
        "Used",
        _rate(told["rate"], unit),
        "Its own past drawn towards what is usual around it: the less its own past has to say, the"
        f" further. Of {told['notes']:,.0f} notes that makes {number(told['usual'])} {unit}.",
    )
    yield from _factors(told)
    yield Step(
        "Expected",
        f"{number(view.expected)} {unit}",
        f"{number(told['usual'])} times the larger of these two factors, which are at least 1.",
    )
    yield Step(
        "By chance anywhere",
        odds(view.score),
        f"The chance of so many or more in this one place and window is {_chance(told['p'])}."
        f" {_looks(told['looks'])}, so that {_small(told['chance'])} such surprises are expected in"
        " the whole company.",
    )


def _looks(looks: float) -> str:
    # They are counted by their weight, so together they can be less than one.
    if round(looks) <= 1:
        return "Hardly any other place, subject or window was looked at"
    return f"{looks:,.0f} places, subjects and windows were looked at"


def _counted(view: TrendView, told: Mapping[str, Any]) -> str:
    what = "A voice is one person in one week, however much they write."
    if view.sort is TrendSort.KIND:
        what = "Kinds are counted in notes."
    window = "the last week" if view.weeks == 1 else f"the last {view.weeks} weeks"
    return f"In {window}, {where(view)}, among {told['notes']:,.0f} notes. {what}"


def _baseline(told: Mapping[str, Any], unit: str) -> str:
    past = told["baseline"]
    first = date.fromisoformat(past["first"])
    return (
        f"{number(past['count'])} {unit} in {past['notes']:,.0f} notes of {past['weeks']} weeks"
        f" from {first.day} {first:%b %Y} on. The last {told['guard']} weeks teach nothing, so"
        " that a slow rise does not hide itself."
    )


def _factors(told: Mapping[str, Any]) -> Iterator[Step]:
    yield Step(
        "The rest of the company",
        _factor(told["rest"]),
        "By how much all others said it more than usual in the same weeks.",
    )
    yield Step(
        "The time of the year",
        _factor(told["season"]),
        "By how much it was said more at this time a year ago.",
    )


def _rate(rate: float, unit: str) -> str:
    return f"{rate:.2f} {unit} per 100 notes"


def _factor(value: float) -> str:
    return f"× {value:.2f}" if value >= LEAST_FACTOR else "× 1"


def _chance(p: float) -> str:
    return odds(-log10(min(max(p, LEAST_CHANCE), 1.0)))


def _small(value: float) -> str:
    return f"{value:.2g}" if value >= 0.001 else "less than 0.001"
