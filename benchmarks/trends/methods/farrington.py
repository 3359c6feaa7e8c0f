"""Farrington Flexible: a quasi-Poisson regression of the past of each cell, carried on to now.

Farrington, Andrews, Beale, Catchpole 1996, "A statistical algorithm for the early detection of
outbreaks of infectious disease", JRSS A 159:547; Noufaily, Enki, Farrington, Garthwaite, Andrews,
Charlett 2013, "An improved algorithm for outbreak detection in multiple surveillance systems",
Stat Med 32:1206: a trend for every cell, a factor of ten seasons, past outbreaks weighed down from
a residual of 2.58, and the tail of a negative binomial. All cells are fitted together.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, gammainc

from benchmarks.trends.methods.series import Series
from insights.trends.stream import Floats, Ints

SEASON = 52
# The weeks on either side of now, and of now in earlier years, that are one season.
_HALF_SEASON = 3
_OTHER_SEASON = 5
_ROUNDS = 25
_CLOSE = 1e-4
# Log means beyond these are those of cells that never count anything.
_LOWEST, _HIGHEST = -12.0, 12.0
_RIDGE = 1e-9
_OUTBREAK = 2.58
_LEAST_BLOCKS = 5
# A cell that never counted anything is expected to count half a note in its whole past.
_HALF = 0.5


@dataclass(frozen=True)
class Farrington:
    """-log10 of the chance of so many or more: a threshold t alarms as the paper does at 10^-t.

    The regression sees the weeks before now from `guard` to `oldest`: here as many as the product's
    own baseline. The factor of `seasons` needs more than one year.
    """

    name: str = "Farrington Flexible"
    windows: tuple[int, ...] = (1, 2, 4, 8)
    guard: int = 8
    oldest: int = 60
    seasons: bool = False

    def scores(self, series: Series) -> Floats:
        """-log10 of the tail."""
        back = np.arange(series.past.shape[1], 0, -1)
        used = (back * series.weeks >= self.guard) & ((back + 1) * series.weeks <= self.oldest)
        if used.sum() < _LEAST_BLOCKS:
            return np.full(len(series.count), -np.inf)
        past, exposure, back = series.past[:, used], series.exposure[:, used], back[used]
        mean, dispersion = self._expected(past, exposure, back * series.weeks)
        chance = tail(series.count, mean * series.seen, dispersion)
        value: Floats = -np.log10(np.maximum(chance, 1e-300))
        return value

    def _expected(self, past: Floats, exposure: Floats, back: Ints) -> tuple[Floats, Floats]:
        """The rate now and the dispersion of each cell.

        The trend is dropped where it leads beyond all that was seen.
        """
        level = np.ones((len(back), 1))
        if self.seasons:
            level = np.column_stack([level, _seasons(back)])
        rate, dispersion = fit_rates(np.column_stack([level, -back / len(back)]), past, exposure)
        beyond = rate > (past / np.maximum(exposure, 1e-9)).max(axis=1)
        if beyond.any():
            rate[beyond], dispersion[beyond] = fit_rates(level, past[beyond], exposure[beyond])
        return np.maximum(rate, _HALF / np.maximum(exposure.sum(axis=1), 1e-9)), dispersion


def tail(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """P(X >= count) of a negative binomial with variance dispersion x mean; 1 is Poisson."""
    at_least = np.maximum(count, 1e-9)
    size = mean / np.maximum(dispersion - 1, 1e-9)
    poisson = dispersion <= 1 + 1e-6
    value: Floats = np.where(
        poisson, gammainc(at_least, mean), betainc(at_least, size, 1 - 1 / dispersion)
    )
    return np.where(count <= 0, 1.0, value)


def fit_rates(design: Floats, past: Floats, exposure: Floats) -> tuple[Floats, Floats]:
    """The rate where all columns but the first are 0, and the dispersion (at least 1).

    Fitted twice: the second time with outbreaks of the past weighed down.
    """
    weight = np.ones_like(past)
    fit = _regressed(design, past, exposure, weight)
    weight = _reweighted(past, fit, _dispersion(design, past, fit, weight))
    fit = _regressed(design, past, exposure, weight)
    return np.exp(fit.first), _dispersion(design, past, fit, weight)


@dataclass(frozen=True)
class _Fit:
    """First coefficient by cell; mean and leverage by cell and block."""

    first: Floats
    mean: Floats
    leverage: Floats


def _regressed(design: Floats, past: Floats, exposure: Floats, weight: Floats) -> _Fit:
    """Log-linear Poisson regression of each row, by iteratively reweighted least squares."""
    offset = np.log(np.maximum(exposure, 1e-9))
    line = np.log(past + 0.1)
    moving = np.arange(len(past))
    for _ in range(_ROUNDS):
        found, _ = _step(design, past[moving], offset[moving], weight[moving], line[moving])
        moved = np.clip(found @ design.T + offset[moving], _LOWEST, _HIGHEST)
        change = np.abs(moved - line[moving]).max(axis=1)
        line[moving] = moved
        moving = moving[change >= _CLOSE]
        if not len(moving):
            break
    found, gram = _step(design, past, offset, weight, line)
    mean = np.exp(line)
    inverse = np.linalg.inv(gram).reshape(len(past), -1)
    leverage = weight * mean * (inverse @ _products(design).T)
    return _Fit(np.clip(found[:, 0], -50, 50), mean, leverage)


def _step(
    design: Floats, past: Floats, offset: Floats, weight: Floats, line: Floats
) -> tuple[Floats, Floats]:
    """Coefficients and normal equations of the least squares around these log means."""
    columns = design.shape[1]
    mean = np.exp(line)
    heavy = weight * mean
    gram = (heavy @ _products(design)).reshape(-1, columns, columns) + _RIDGE * np.eye(columns)
    right = (weight * (mean * (line - offset) + past - mean)) @ design
    found: Floats = np.linalg.solve(gram, right[..., None])[..., 0].astype(np.float64)
    return found, gram


def _products(design: Floats) -> Floats:
    """Products of each two columns, a row for each block."""
    return (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)


def _dispersion(design: Floats, past: Floats, fit: _Fit, weight: Floats) -> Floats:
    squares = (weight * (past - fit.mean) ** 2 / fit.mean).sum(axis=1)
    value: Floats = np.maximum(squares / (past.shape[1] - design.shape[1]), 1.0)
    return value


def _reweighted(past: Floats, fit: _Fit, dispersion: Floats) -> Floats:
    """Weights that hold down outbreaks, by their Anscombe residuals; they sum to the blocks."""
    raw = 1.5 * (past ** (2 / 3) * fit.mean ** (-1 / 6) - np.sqrt(fit.mean))
    scale = np.sqrt(dispersion[:, None] * np.maximum(1 - fit.leverage, 1e-6))
    residual = raw / scale
    weight = np.where(residual > _OUTBREAK, np.maximum(residual, 1e-6) ** -2.0, 1.0)
    value: Floats = weight * past.shape[1] / weight.sum(axis=1, keepdims=True)
    return value


def _seasons(back: Ints) -> Floats:
    """Columns for the nine seasons of a year that now is not in."""
    phase = back % SEASON
    now = (phase <= _HALF_SEASON) | (phase >= SEASON - _HALF_SEASON)
    season = np.where(now, -1, (phase - _HALF_SEASON - 1) // _OTHER_SEASON)
    columns: Floats = (season[:, None] == np.arange(9)).astype(np.float64)
    return columns
