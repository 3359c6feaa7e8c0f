"""Methods over single weekly series: the product's tail, and one that knows the truth."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from benchmarks.trends.counts import CURRENT, WEEKS, Outbreaks
from benchmarks.trends.methods.series import Method, Series
from insights.trends.dispersion import BLOCK_WEEKS, Scatter, fit_scatter
from insights.trends.moment import SEASON
from insights.trends.parameters import Parameters
from insights.trends.stream import Floats
from insights.trends.tails import tail

# Five years, as the other methods see them.
_HISTORY = 5 * SEASON
# Weeks on either side that are one season.
_HALF_SEASON = 3
_PARAMETERS = Parameters()


class Watching(Protocol):
    """Says how surprising the last weeks of series are."""

    @property
    def name(self) -> str:
        """What it is called in a report."""

    def scores(self, outbreaks: Outbreaks) -> Floats:
        """Series by last weeks, higher where more surprising."""


@dataclass(frozen=True)
class OurTail:
    """The product's arithmetic for one subject of a company of its own, over some windows.

    Baseline, guard and tail are those of the scan. The exposure is how much the series usually
    counts in a season of the year; the gamma prior of the rate is the one that the product takes
    where it has few subjects, with the mean of the last five years; phi and drift are fitted on
    the blocks of those years. There are no places and no rest of the company.
    """

    windows: tuple[int, ...]

    @property
    def name(self) -> str:
        """With its windows."""
        return f"this scan, {' + '.join(map(str, self.windows))} weeks"

    def scores(self, outbreaks: Outbreaks) -> Floats:
        """-log10 of the smallest tail over the windows, series by last weeks."""
        columns: list[Floats] = []
        for week in range(CURRENT, WEEKS):
            last = week + 1 - _PARAMETERS.guard
            history = outbreaks.counts[:, last - _HISTORY : last]
            # Refitted when the product would be, every quarter of a year.
            if (week - CURRENT) % _PARAMETERS.refit == 0:
                scatter = _scatters(history)
            usual = _usual(history)
            recent = outbreaks.counts[:, last : week + 1]
            chances = [_chance(history, recent, usual, weeks, scatter) for weeks in self.windows]
            columns.append(-np.log10(np.maximum(np.min(chances, axis=0), 1e-300)))
        return np.column_stack(columns)


def _chance(
    history: Floats, recent: Floats, usual: Floats, weeks: int, scatter: tuple[Floats, Floats]
) -> Floats:
    """The tail of what the last weeks of `recent` count."""
    guard, year = recent.shape[1], _PARAMETERS.baseline
    base = history[:, -year:].sum(axis=1)
    shape = 0.5 + base
    rate = 0.5 / np.maximum(history.mean(axis=1), 1e-9) + usual[:, :year].sum(axis=1)
    exposure = usual[:, guard - weeks : guard].sum(axis=1)
    phi, drift = scatter
    return tail(recent[:, -weeks:].sum(axis=1), shape / rate * exposure, 1 / shape + drift, phi)


def _usual(history: Floats) -> Floats:
    """What a series counts in each week of the year over its mean; the year begins now."""
    years = history.reshape(len(history), -1, SEASON)
    week = np.arange(SEASON)
    near = np.abs((week[:, None] - week + SEASON // 2) % SEASON - SEASON // 2) <= _HALF_SEASON
    count = years.sum(axis=1) @ near.astype(np.float64)
    weeks = years.shape[1] * (2 * _HALF_SEASON + 1)
    weight = _PARAMETERS.ratio_weight
    value: Floats = (weight + count) / (weight + weeks * history.mean(axis=1, keepdims=True))
    return value


def _scatters(history: Floats) -> tuple[Floats, Floats]:
    """Phi and drift of each series."""
    usual = np.tile(_usual(history), history.shape[1] // SEASON)
    blocks, exposure = (
        table.reshape(len(history), -1, BLOCK_WEEKS).sum(axis=2) for table in (history, usual)
    )
    plain = Scatter(1.0, _PARAMETERS.least_drift)
    found = [
        fit_scatter(count[None], seen[None], plain)
        for count, seen in zip(blocks, exposure, strict=True)
    ]
    return np.array([one.phi for one in found]), np.array([one.drift for one in found])


@dataclass(frozen=True)
class Published:
    """A method over weekly counts as they are."""

    method: Method

    @property
    def name(self) -> str:
        """The method's own."""
        return self.method.name

    def scores(self, outbreaks: Outbreaks) -> Floats:
        """The method's scores, each of a week and all before it."""
        exposure = np.ones_like(outbreaks.counts)
        columns = [
            self.method.scores(
                Series(
                    outbreaks.counts[:, :week], exposure[:, :week], outbreaks.counts[:, week],
                    exposure[:, week],
                )
            )
            for week in range(CURRENT, WEEKS)
        ]  # fmt: skip
        return np.column_stack(columns)


@dataclass(frozen=True)
class Oracle:
    """Knows the true mean and variance of every week."""

    name: str = "oracle"

    def scores(self, outbreaks: Outbreaks) -> Floats:
        """-log10 of the true tail, half of the count itself in it."""
        mean = outbreaks.means[:, CURRENT:]
        chance = tail(outbreaks.counts[:, CURRENT:], mean, (outbreaks.phi[:, None] - 1) / mean)
        value: Floats = -np.log10(np.maximum(chance, 1e-300))
        return value
