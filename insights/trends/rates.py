"""Rates of cells: each shrunk towards that of the place above it, from the company down.

The posterior of each level is the prior of the next, with its uncertainty (priors.py says what the
distributions are).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from insights.trends.priors import (
    Gamma,
    TwoGammas,
    fit_gamma,
    fit_two_gammas,
    log_negative_binomial,
)
from insights.trends.stream import NOWHERE, Floats, Ints, Scopes


@dataclass(frozen=True)
class Rates:
    """Posterior rates of cells (scopes x subjects) as mixtures of two gammas.

    `mean` and `spread` (variance over the squared mean) have a last axis for the two parts, whose
    probabilities are `share` and 1 - share.
    """

    share: Floats
    mean: Floats
    spread: Floats

    @property
    def average(self) -> Floats:
        """The mean of the mixture."""
        value: Floats = self.share * self.mean[..., 0] + (1 - self.share) * self.mean[..., 1]
        return value

    @property
    def relative_variance(self) -> Floats:
        """The variance of the mixture over the square of its mean."""
        second = self.mean**2 * (1 + self.spread)
        whole = self.share * second[..., 0] + (1 - self.share) * second[..., 1]
        value: Floats = whole / self.average**2 - 1
        return value


@dataclass(frozen=True)
class Priors:
    """What was learned from many cells: the company's rates, and ratios level by level."""

    company: Gamma
    ratios: dict[int, TwoGammas]


def level_of(scopes: Scopes) -> Ints:
    """The group of each scope: twice the depth of its place, one more for a segment of it."""
    levels: Ints = 2 * scopes.tree.depths[scopes.places] + (scopes.segment != NOWHERE)
    return levels


def company_rates(prior: Gamma, count: Floats, exposure: float) -> Rates:
    """Rates at the company as a whole, one for each subject."""
    shape, rate = prior.shape + count, prior.rate + exposure
    mean = np.stack([shape / rate] * 2, axis=-1)
    return Rates(np.ones_like(count), mean, np.stack([1 / shape] * 2, axis=-1))


def _posterior(
    prior: TwoGammas, above: Floats, spread: Floats, count: Floats, exposure: Floats
) -> Rates:
    """The rates of cells whose parents' rates are `above`, known with a relative `spread`."""
    expected = np.maximum(above * exposure, 1e-12)
    parts = (prior.first, prior.second)
    fit = [log_negative_binomial(count, expected, one.shape, one.rate) for one in parts]
    share = expit(np.log(prior.share) - np.log1p(-prior.share) + fit[0] - fit[1])
    ratios = [(one.shape + count) / (one.rate + expected) for one in parts]
    spreads = [1 / (one.shape + count) + spread * one.rate / (one.rate + expected) for one in parts]
    return Rates(share, np.stack([above * one for one in ratios], -1), np.stack(spreads, -1))


def inherited(
    scopes: Scopes, members: Ints, average: Floats, variance: Floats
) -> tuple[Floats, Floats]:
    """Rate and relative variance that a scope inherits from the scopes above it.

    A place inherits from the place above. A segment of a place has the place's rate times what the
    segment has over the whole at the place above (independence of the two).
    """
    places, segments = scopes.places[members], scopes.segment[members]
    parents = scopes.tree.parents[places]
    if (segments == NOWHERE).all():
        return average[parents], variance[parents]
    own = average[places], variance[places]
    if (parents == NOWHERE).all():
        return own
    beside = scopes.pair(parents, segments)
    ratio = average[beside] / np.maximum(average[parents], 1e-300)
    return own[0] * ratio, own[1] + variance[beside]


def fit_priors(scopes: Scopes, count: Floats, exposure: Floats, company_count: Floats) -> Priors:
    """Fits all levels on the baseline: `count` is scopes x subjects, `exposure` by scope.

    `company_count` are the company's counts of all subjects of the sort, those without a baseline
    included; the ratios are fitted on the subjects of `count`.
    """
    company = fit_gamma(company_count, np.full(len(company_count), exposure[0]))
    levels = level_of(scopes)
    ratios: dict[int, TwoGammas] = {}
    average = np.zeros_like(count)
    variance = np.zeros_like(count)
    top = company_rates(company, count[0], exposure[0])
    average[0], variance[0] = top.average, top.relative_variance
    for level in range(1, int(levels.max()) + 1):
        members = np.flatnonzero(levels == level)
        if not len(members):
            continue
        above, spread = inherited(scopes, members, average, variance)
        expected = above * exposure[members, None]
        ratios[level] = fit_two_gammas(count[members].ravel(), expected.ravel())
        rates = _posterior(ratios[level], above, spread, count[members], exposure[members, None])
        average[members], variance[members] = rates.average, rates.relative_variance
    return Priors(company, ratios)


def baseline_rates(scopes: Scopes, priors: Priors, count: Floats, exposure: Floats) -> Rates:
    """The posterior rates of all cells, from the company down."""
    levels = level_of(scopes)
    share = np.ones(count.shape)
    mean = np.zeros((*count.shape, 2))
    spread = np.zeros((*count.shape, 2))
    average = np.zeros(count.shape)
    variance = np.zeros(count.shape)

    def store(members: Ints, rates: Rates) -> None:
        share[members], mean[members], spread[members] = rates.share, rates.mean, rates.spread
        average[members], variance[members] = rates.average, rates.relative_variance

    top = company_rates(priors.company, count[:1], float(exposure[0]))
    store(np.array([0]), top)
    for level, prior in priors.ratios.items():
        members = np.flatnonzero(levels == level)
        above, known = inherited(scopes, members, average, variance)
        store(members, _posterior(prior, above, known, count[members], exposure[members, None]))
    return Rates(share, mean, spread)
