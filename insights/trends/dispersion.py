"""How much counts scatter beyond their distribution: from blocks of four weeks of the baseline.

Each cell's baseline is parted into blocks of four weeks, each expected to hold its part of the
whole by exposure. The squared differences are  phi e + tau^2 e^2  on average; phi and tau^2 follow
by least squares weighted by the inverse of their variances. The most surprising 1 % of the blocks
are left out, because the baseline holds the stories of the past (Noufaily et al. 2013 weigh them
down for the same reason).
"""

from dataclasses import dataclass

import numpy as np

from insights.trends.stream import Floats

BLOCK_WEEKS = 4
_LEAST_BLOCKS = 40
_LEAST_EXPECTED = 0.5
_TRIMMED = 99.0
# The mean square of a normal value that lies within its 99 %.
_KEPT = 0.925
_ROUNDS = 3
# Blocks of much the same mean cannot tell drift from bursts: the slope is drawn towards none, as by
# a prior deviation of 0.01 (the ratios of squares to means have a variance of 2).
_DOUBT = 2 / 0.01**2
# Two kinds that exclude one another scatter half as much as a Poisson count.
_PHI = (0.5, 5.0)


@dataclass(frozen=True)
class Scatter:
    """Variance of a count around its mean m:  phi m + drift m^2."""

    phi: float
    drift: float


def fit_scatter(blocks: Floats, exposure: Floats, plain: Scatter) -> Scatter:
    """The scatter of cells, from counts and exposures of cells (rows) x blocks (columns).

    `plain` is the answer for too few blocks, and its drift the least that is answered.
    """
    count = blocks.shape[1]
    if count < 3:
        return plain
    rate = blocks.sum(1, keepdims=True) / np.maximum(exposure.sum(1, keepdims=True), 1e-9)
    expected = rate * exposure
    useful = expected >= _LEAST_EXPECTED
    if useful.sum() < _LEAST_BLOCKS:
        return plain
    mean = expected[useful]
    # The mean was taken from the same blocks, which makes them look calmer than they are.
    squares = (blocks - expected)[useful] ** 2 * count / (count - 1)
    found = plain
    for _ in range(_ROUNDS):
        surprise = squares / (found.phi * mean + found.drift * mean**2)
        kept = surprise <= np.percentile(surprise, _TRIMMED)
        found = _regressed(mean[kept], squares[kept] / _KEPT, found, plain.drift)
    return found


def _regressed(mean: Floats, squares: Floats, before: Scatter, least: float) -> Scatter:
    """Least squares of squares / mean on (1, mean), weighted as the scatter `before` says."""
    weight = 1 / (before.phi + before.drift * mean) ** 2
    ratio = squares / mean
    spread = float((weight * mean).sum() / weight.sum())
    centre = float((weight * ratio).sum() / weight.sum())
    variation = float((weight * (mean - spread) ** 2).sum())
    slope = float((weight * (mean - spread) * (ratio - centre)).sum()) / (variation + _DOUBT)
    drift = max(slope, least)
    return Scatter(phi=float(np.clip(centre - drift * spread, *_PHI)), drift=drift)
