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
from insights.trends.stream import NOWHERE, Flags, Floats, Ints, Scopes


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

    def of(self, cells: tuple[Ints, ...]) -> "Rates":
        """The rates of some of the cells, one after the other."""
        return Rates(self.share[cells], self.mean[cells], self.spread[cells])


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
    scopes: Scopes, cells: tuple[Ints, Ints], average: Floats, variance: Floats
) -> tuple[Floats, Floats]:
    """Rate and relative variance that cells (scopes and subjects) of one level inherit.

    A place inherits from the place above. A segment of a place has the place's rate times what the
    segment has over the whole at the place above (independence of the two).
    """
    scope, subject = cells
    places, segments = scopes.places[scope], scopes.segment[scope]
    parents = scopes.tree.parents[places]
    if (segments == NOWHERE).all():
        return average[parents, subject], variance[parents, subject]
    own = average[places, subject], variance[places, subject]
    if (parents == NOWHERE).all():
        return own
    beside = scopes.pair(parents, segments), subject
    ratio = average[beside] / np.maximum(average[parents, subject], 1e-300)
    return own[0] * ratio, own[1] + variance[beside]


def with_those_above(scopes: Scopes, cells: Flags) -> Flags:
    """These cells (scopes x subjects) and all that they inherit from, up to the company."""
    wanted = cells.copy()
    wanted[0] = True
    levels = level_of(scopes)
    for level in range(int(levels.max()), 0, -1):
        for scope in np.flatnonzero(levels == level):
            place, segment = scopes.places[scope], scopes.segment[scope]
            parent = scopes.tree.parents[place]
            if segment != NOWHERE:
                wanted[place] |= wanted[scope]
            if parent != NOWHERE:
                wanted[parent] |= wanted[scope]
                wanted[scopes.above[scope]] |= wanted[scope]
    return wanted


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
        every = members[:, None], np.arange(count.shape[1])
        above, spread = inherited(scopes, every, average, variance)
        expected = above * exposure[members, None]
        ratios[level] = fit_two_gammas(count[members].ravel(), expected.ravel())
        rates = _posterior(ratios[level], above, spread, count[members], exposure[members, None])
        average[members], variance[members] = rates.average, rates.relative_variance
    return Priors(company, ratios)


def baseline_rates(
    scopes: Scopes, priors: Priors, count: Floats, exposure: Floats, cells: Flags | None = None
) -> Rates:
    """The posterior rates of all cells, from the company down.

    Of some `cells` only, if they are given, and of those that they inherit from: the tables hold
    nothing of the others.
    """
    levels = level_of(scopes)
    wanted = np.ones(count.shape, np.bool_) if cells is None else with_those_above(scopes, cells)
    share = np.zeros(count.shape)
    mean = np.zeros((*count.shape, 2))
    spread = np.zeros((*count.shape, 2))
    average = np.zeros(count.shape)
    variance = np.zeros(count.shape)

    def store(at: tuple[Ints, Ints], rates: Rates) -> None:
        share[at], mean[at], spread[at] = rates.share, rates.mean, rates.spread
        average[at], variance[at] = rates.average, rates.relative_variance

    top = np.zeros(count.shape[1], np.int64), np.arange(count.shape[1])
    store(top, company_rates(priors.company, count[0], float(exposure[0])))
    for level, prior in priors.ratios.items():
        members = np.flatnonzero(levels == level)
        row, subject = np.nonzero(wanted[members])
        at = members[row], subject
        above, known = inherited(scopes, at, average, variance)
        store(at, _posterior(prior, above, known, count[at], exposure[at[0]]))
    return Rates(share, mean, spread)
