"""Measures in words: how long, what share, and how that compares with the time before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from insights.services.measure_figures import Figures, Settling, Waiting
from insights.services.measure_months import Month
from insights.services.measures import Part

NONE = "–"
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Percentage points; less is said to be level.
LEVEL = 0.5


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure with its name, what it is, and what it is compared with."""

    label: str
    value: str
    comparison: str


def duration(time: timedelta | None) -> str:
    """A time that is read at a glance: “40 min”, “3.5 h”, “12 days”; a dash for none."""
    if time is None:
        return NONE
    if time < _HOUR:
        return f"{time / _MINUTE:.0f} min"
    if time < 2 * _DAY:
        return f"{_short(time / _HOUR)} h"
    return f"{_short(time / _DAY)} days"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def share(part: int, whole: int) -> str:
    """A share in percent, small ones to a decimal; a dash of nothing."""
    if not whole:
        return NONE
    value = part / whole
    return f"{value:.1%}" if 0 < value < 0.1 else f"{value:.0%}"


def percent(value: float | None) -> str:
    """A share in percent; a dash for one that is not known."""
    return NONE if value is None else f"{value:.0%}"


def amount(value: Decimal | None) -> str:
    """An amount without its cents; a dash for one that is not known."""
    return NONE if value is None else f"{value:,.0f}"


def stats_of(part: Part, weeks: int) -> list[Stat]:
    """The figures of a part, each compared with as many weeks before."""
    now, before = part.now, part.before
    ago = f"the {weeks} weeks before"
    places = "territory" if part.fields == 1 else "territories"
    return [
        Stat("Notes", f"{now.notes:,}", f"{before.notes:,} in {ago}"),
        Stat("People who wrote", writers(now), f"{writers(before)} before; {_holders(now)}"),
        Stat(
            "Weeks covered",
            share(now.covered, now.cells),
            _compared(now.covered, now.cells, before.covered, before.cells),
        ),
        Stat("Quiet or silent now", f"{part.quiet:,}", f"of {part.fields:,} {places}"),
        Stat("First response, half within", *_response(now.response, before.response)),
        Stat("First response, 9 of 10 within", *_ninth(now.response, before.response)),
        Stat("Outcome, half within", *_outcome(now.settling, before.settling)),
        Stat("Used, of notes with an outcome", *_used(now, before)),
        Stat(
            "Used, of all notes",
            share(now.outcomes.used, now.notes),
            f"{share(before.outcomes.used, before.notes)} before",
        ),
        Stat(
            "Seen by somebody else too",
            share(now.seen, now.notes),
            _compared(now.seen, now.notes, before.seen, before.notes),
        ),
        Stat("Sightings of a note", _per_note(now), f"{_per_note(before)} before"),
    ]


def heard_sentence(name: str, months: Sequence[Month]) -> str:
    """The win rate of the last month that has one, beside what the field heard in that month."""
    last = _last(months, lambda one: one.figures.win_rate is not None)
    rate, earlier = last.figures.win_rate, last.year_before.win_rate
    pieces = [_leader(last)]
    if rate is not None:
        pieces.insert(0, f"win rate {rate:.0%}{_points(rate, earlier, 'the year before')}")
    return f"{name} in {last.figures.month:%B %Y}: {'; '.join(pieces)}"


def revenue_sentence(name: str, months: Sequence[Month]) -> str:
    """Revenue against quota in the last month that has both."""
    last = _last(months, lambda one: one.figures.attainment is not None)
    reached = last.figures.attainment
    if reached is None:
        return f"There is no quota of {name} to compare revenue with"
    change = _points(reached, last.year_before.attainment, "the year before")
    return f"{name} in {last.figures.month:%B %Y}: revenue {reached:.0%} of quota{change}"


def _last(months: Sequence[Month], is_told: Callable[[Month], bool]) -> Month:
    """The last of the months that tell it, otherwise the last of all."""
    return next((one for one in reversed(months) if is_told(one)), months[-1])


def _leader(month: Month) -> str:
    heard = month.heard
    if heard.leader is None or heard.leader_share is None:
        return "no note names a competitor" if heard.notes else "no notes"
    return f"{heard.leader.name} is named in {heard.leader_share:.0%} of notes"


def _points(value: float, earlier: float | None, when: str) -> str:
    """The difference of two shares, with a comma before it; nothing without the earlier one."""
    if earlier is None:
        return ""
    points = 100 * (value - earlier)
    if abs(points) < LEVEL:
        return f", level with {when}"
    word = "point" if round(abs(points)) == 1 else "points"
    return f", {abs(points):.0f} {word} {'above' if points > 0 else 'below'} {when}"


def _compared(part: int, whole: int, former: int, former_whole: int) -> str:
    if not former_whole:
        return "nothing to compare with"
    if not whole:
        return f"{share(former, former_whole)} before"
    said = _points(part / whole, former / former_whole, "before").removeprefix(", ")
    return f"{part:,} of {whole:,}; {said}"


def _response(now: Waiting, before: Waiting) -> tuple[str, str]:
    answered = share(now.answered, now.notes)
    return _reached(now, now.median), (
        f"{answered} of {now.notes:,} notes have one; before: {_reached(before, before.median)}"
    )


def _ninth(now: Waiting, before: Waiting) -> tuple[str, str]:
    return _reached(now, now.ninth), f"before: {_reached(before, before.ninth)}"


def _reached(waiting: Waiting, time: timedelta | None) -> str:
    """The time in which so many had a response, or that so many have none."""
    if time is None:
        return "not so many yet" if waiting.notes else "no notes"
    return duration(time)


def _outcome(now: Settling, before: Settling) -> tuple[str, str]:
    former = f"before: {duration(before.median)}" if before.notes else "none before"
    if not now.notes:
        return NONE, f"no outcomes; {former}"
    return duration(now.median), f"9 of 10 within {duration(now.ninth)}, of {now.notes:,}; {former}"


def _used(now: Figures, before: Figures) -> tuple[str, str]:
    said = now.outcomes, before.outcomes
    value = share(said[0].used, said[0].notes)
    return value, _compared(said[0].used, said[0].notes, said[1].used, said[1].notes)


def writers(figures: Figures) -> str:
    """How many people wrote; a dash where they could not be told apart."""
    return NONE if figures.writers is None else f"{figures.writers:,}"


def _holders(figures: Figures) -> str:
    count = figures.holders
    return f"{count:,} {'holds' if count == 1 else 'hold'} a territory there"


def _per_note(figures: Figures) -> str:
    notes = figures.response.notes
    return f"{figures.sightings / notes:.2f}" if notes else NONE
