"""Silence: how improbable it is that a place says so little, given what is usual there.

The rate of a place has a gamma distribution: Jeffreys' prior and the notes of the weeks before (the
posterior has shape notes + 1/2 and as many weeks as its rate; Gelman et al. 2013, Bayesian Data
Analysis, 2.6). The count that it foretells is a negative binomial, and the chance of so few is its
lower tail (tails.py: mid-p, over-dispersed as the weeks of the place themselves are). What is
expected shrinks with the rest of the company, so that a holiday silences nobody. Several windows
are looked at, so that a silence that lasts is told ever more surely; the smallest chance counts,
and is paid for.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from insights.trends.parameters import Parameters
from insights.trends.stream import Floats, Ints
from insights.trends.tails import tail

# Half a year says what is usual now, across a quarter's end and a summer.
BASELINE = 26
WINDOWS = tuple(range(1, 9))
# The windows overlap, so that eight of them cost less than eight times one. Measured on places
# whose weeks are Poisson counts.
WINDOWS_COST = 3.0
_PRIOR_SHAPE = 0.5


@dataclass(frozen=True)
class Record:
    """Notes of places (rows) in consecutive weeks (columns).

    The last week is the present one, of which the share `passed` is over. A place's history begins
    with its first note; the weeks before are no silence.
    """

    counts: Floats
    # Of all places together by week, each note once.
    company: Floats
    passed: float

    def sums(self, begin: Ints, end: Ints) -> Floats:
        """Notes from the weeks `begin` to before `end`: a column for each pair."""
        return _between(self._running, begin, end)

    def squares(self, begin: Ints, end: Ints) -> Floats:
        """The same of the squares of the weekly counts."""
        return _between(self._running_squares, begin, end)

    def rest(self, begin: Ints, end: Ints) -> Floats:
        """Notes of all other places together in those weeks."""
        return _between(self._running_company, begin, end) - self.sums(begin, end)

    def length(self, begin: Ints, end: Ints) -> Floats:
        """How many weeks those are, the present one as far as it has gone; one row."""
        unfinished = np.where(end == self.counts.shape[1], 1.0 - self.passed, 0.0)
        length: Floats = (end - begin).astype(np.float64) - unfinished
        return length[np.newaxis]

    def history(self, begin: Ints) -> Floats:
        """How many weeks of baseline each place has had before the weeks `begin`."""
        history: Floats = np.clip(begin - self._first[:, np.newaxis], 0, BASELINE).astype(float)
        return history

    @cached_property
    def _first(self) -> Ints:
        """The week of each place's first note; the one after the last for a place without any."""
        has_notes = self.counts > 0
        never = self.counts.shape[1]
        first: Ints = np.where(has_notes.any(axis=1), has_notes.argmax(axis=1), never)
        return first

    @cached_property
    def _running(self) -> Floats:
        return _running_sums(self.counts)

    @cached_property
    def _running_squares(self) -> Floats:
        return _running_sums(self.counts**2)

    @cached_property
    def _running_company(self) -> Floats:
        return _running_sums(self.company[np.newaxis])


@dataclass(frozen=True)
class Quiet:
    """Of each place (a row) at the end of each week looked at (a column): the window that is least
    probable, and what was counted in it.

    `chance` is that of so few notes, 1 where they are not few or there is too little history to
    compare with; `length` is in weeks; `usual` are notes a week, NaN without enough history.
    """

    chance: Floats
    length: Floats
    count: Floats
    usual: Floats


def weeks_needed(shown: int) -> int:
    """How many weeks of a record it takes to look at the last `shown` ones."""
    return shown + max(WINDOWS) - 1 + BASELINE


def quiet(parameters: Parameters, record: Record, columns: Ints) -> Quiet:
    """Looks at the places at the ends of the weeks `columns`."""
    looked = [_look(parameters, record, columns, window) for window in WINDOWS]
    least = np.stack([one.chance for one in looked]).argmin(axis=0)
    chance = np.choose(least, [one.chance for one in looked])
    return Quiet(
        chance=np.minimum(chance * WINDOWS_COST, 1.0),
        length=np.choose(least, [one.length for one in looked]),
        count=np.choose(least, [one.count for one in looked]),
        usual=np.choose(least, [one.usual for one in looked]),
    )


def _look(parameters: Parameters, record: Record, columns: Ints, window: int) -> Quiet:
    """The same for one window: so many weeks, the last of them those of `columns`."""
    begin, end = columns - window + 1, columns + 1
    count, length = record.sums(begin, end), record.length(begin, end)
    history = record.history(begin)
    usual, shape, burst = _baseline(record, begin, history)
    rest = record.rest(begin - BASELINE, begin) / BASELINE * length
    weight = parameters.ratio_weight
    shrunk = np.minimum((weight + record.rest(begin, end)) / (weight + rest), 1.0)
    expected = usual * length * shrunk
    known = history >= parameters.least_history
    # What is less than a standard deviation below is never improbable.
    deviation = np.sqrt(burst * expected + expected**2 / shape)
    fewer = known & (count < expected - deviation)
    chance = np.ones(count.shape)
    chance[fewer] = 1 - tail(count[fewer], expected[fewer], 1 / shape[fewer], burst[fewer])
    return Quiet(
        chance=chance,
        length=np.broadcast_to(length, count.shape),
        count=count,
        usual=np.where(known, usual, np.nan),
    )


def _baseline(record: Record, begin: Ints, history: Floats) -> tuple[Floats, Floats, Floats]:
    """Of the weeks before `begin`: notes a week, the shape of that rate, and how bursty weeks are.

    The last is variance over mean of the weekly counts, at least 1 as for a Poisson count.
    """
    weeks = np.maximum(history, 1.0)
    total = record.sums(begin - BASELINE, begin)
    shape, mean = total + _PRIOR_SHAPE, total / weeks
    squares = record.squares(begin - BASELINE, begin)
    variance = (squares - weeks * mean**2) / np.maximum(weeks - 1, 1.0)
    return shape / weeks, shape, np.maximum(variance / np.maximum(mean, 1e-9), 1.0)


def _running_sums(counts: Floats) -> Floats:
    """What was counted before each week, and in all of them at last."""
    running = np.zeros((len(counts), counts.shape[1] + 1))
    np.cumsum(counts, axis=1, out=running[:, 1:])
    return running


def _between(running: Floats, begin: Ints, end: Ints) -> Floats:
    value: Floats = running[:, end] - running[:, begin]
    return value
