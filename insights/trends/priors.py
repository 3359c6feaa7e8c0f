"""Prior distributions of rates, by maximum likelihood over many cells.

A count with a Poisson rate that is itself gamma distributed is negative binomial. DuMouchel 1999
("Bayesian data mining in large frequency tables", The American Statistician 53:177) takes a mixture
of two gammas for the ratio of a cell's rate to what was expected, fitted on squashed counts
(DuMouchel et al. 1999, "Squashing flat files flatter").
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from insights.trends.stream import Floats

_BINS_PER_E = 4.0
_EXACT_COUNTS = 30
_LEAST_CELLS = 20


@dataclass(frozen=True)
class Gamma:
    """Shape and rate of a gamma distribution; its mean is shape / rate."""

    shape: float
    rate: float


@dataclass(frozen=True)
class TwoGammas:
    """A mixture: `first` with the probability `share`, otherwise `second`."""

    share: float
    first: Gamma
    second: Gamma


# Mild assumptions for groups with too few cells to fit: ratios around one.
WEAK_RATIO = TwoGammas(0.2, Gamma(1.0, 0.7), Gamma(4.0, 4.4))


def log_negative_binomial(count: Floats, expected: Floats, shape: Floats | float,
                          rate: Floats | float) -> Floats:  # fmt: skip
    """Log probability of counts with mean `expected` times a gamma of this shape and rate."""
    odds = np.log(expected + rate)
    value: Floats = (
        gammaln(shape + count) - gammaln(shape) - gammaln(count + 1)
        + shape * (np.log(rate) - odds)
        + count * (np.log(np.maximum(expected, 1e-300)) - odds)
    )  # fmt: skip
    return value


def squashed(count: Floats, expected: Floats) -> tuple[Floats, Floats, Floats]:
    """Cells that are much alike as one: counts, mean expected counts, how many cells."""
    useful = expected > 0
    count, expected = count[useful], expected[useful]
    coarse = np.where(count <= _EXACT_COUNTS, count,
                      np.exp(np.round(np.log(np.maximum(count, 1)) * 20) / 20))  # fmt: skip
    level = np.round(np.log(expected) * _BINS_PER_E)
    keys, index = np.unique(np.stack([coarse, level]), axis=1, return_inverse=True)
    cells = np.bincount(index.ravel()).astype(float)
    return keys[0], np.bincount(index.ravel(), expected) / cells, cells


def fit_gamma(count: Floats, expected: Floats) -> Gamma:
    """The gamma of the rates behind `count`, each over an exposure `expected`."""
    counts, exposures, cells = squashed(count, expected)
    # Where nothing was counted, half a count: a sort of subject that is new is no surge by itself.
    total = max(float((counts * cells).sum()), 0.5)
    mean = total / max(float((exposures * cells).sum()), 1e-9)
    if cells.sum() < _LEAST_CELLS:
        return Gamma(0.5, 0.5 / mean)

    def loss(parameters: Floats) -> float:
        shape, average = np.exp(parameters)
        return -float(
            (cells * log_negative_binomial(counts, exposures, shape, shape / average)).sum()
        )

    found = minimize(loss, np.log([0.5, mean]), method="Nelder-Mead",
                     bounds=[(np.log(0.02), np.log(50)), (np.log(mean / 50), np.log(mean * 50))],
                     options={"xatol": 1e-3, "fatol": 1e-3, "maxiter": 400})  # fmt: skip
    shape, average = np.exp(found.x)
    return Gamma(float(shape), float(shape / average))


def fit_two_gammas(count: Floats, expected: Floats) -> TwoGammas:
    """The mixture behind the ratios count / expected."""
    counts, means, cells = squashed(count, expected)
    if cells.sum() < _LEAST_CELLS or (counts * cells).sum() < _LEAST_CELLS:
        return WEAK_RATIO

    def mixture(parameters: Floats) -> TwoGammas:
        share = 1 / (1 + np.exp(-parameters[0]))
        shapes, averages = np.exp(parameters[1:3]), np.exp(parameters[3:5])
        gammas = [Gamma(float(s), float(s / m)) for s, m in zip(shapes, averages, strict=True)]
        return TwoGammas(float(share), *gammas)

    def loss(parameters: Floats) -> float:
        one = mixture(parameters)
        likelihood = np.logaddexp(
            np.log(one.share)
            + log_negative_binomial(counts, means, one.first.shape, one.first.rate),
            np.log1p(-one.share)
            + log_negative_binomial(counts, means, one.second.shape, one.second.rate),
        )
        return -float((cells * likelihood).sum())

    start = np.array([-1.4, np.log(0.8), np.log(5.0), np.log(1.5), np.log(0.9)])
    limits = [(-4.0, 4.0), (np.log(0.1), np.log(20)), (np.log(0.5), np.log(300)),
              (np.log(0.05), np.log(20)), (np.log(0.05), np.log(20))]  # fmt: skip
    # The simplex needs no linear algebra, whose threads cost more than they help on a busy machine.
    found = minimize(
        loss, start, method="Nelder-Mead", bounds=limits,
        options={"xatol": 1e-3, "fatol": 1e-2, "maxiter": 1_500},
    )  # fmt: skip
    return mixture(found.x)
