"""Single weekly series with outbreaks, as in a published comparison of methods.

Noufaily et al. 2013 (Stat Med 32:1206), section 4, also used by Bedubourg and Le Strat 2017 (PLoS
ONE 12(7) e0181227): 42 scenarios of 624 weeks, negative binomial counts with mean
exp(theta + beta t + sum over j of gamma1 cos(2 pi j t / 52) + gamma2 sin(2 pi j t / 52)) and
variance phi times the mean; four outbreaks in weeks 313 to 575 and one in the last 49.
"""

from dataclasses import dataclass

import numpy as np

from insights.trends.stream import Flags, Floats, Ints

WEEKS = 624
BASELINE = 312
CURRENT = 575
# Intercept, trend, cosine, sine, dispersion.
_SETS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
_HARMONICS = (0, 1, 2)
_PAST_OUTBREAKS = 4
# Sizes in standard deviations of the week in which an outbreak starts.
_PAST_SIZES = (2, 3, 5, 10)
_CURRENT_SIZES = range(1, 11)
# Cases follow the start by a log-normal number of weeks.
_SPREAD = 0.5


@dataclass(frozen=True)
class Scenario:
    """How the counts of a series come about."""

    theta: float
    beta: float
    cosine: float
    sine: float
    phi: float
    harmonics: int

    def means(self) -> Floats:
        """The expected count of each week without outbreaks."""
        week = np.arange(1, WEEKS + 1)
        line = self.theta + self.beta * week
        for harmonic in range(1, self.harmonics + 1):
            angle = 2 * np.pi * harmonic * week / 52
            line = line + self.cosine * np.cos(angle) + self.sine * np.sin(angle)
        means: Floats = np.exp(line)
        return means


@dataclass(frozen=True)
class Outbreaks:
    """Series (rows) by week: counts with their outbreaks, true means, and what was added.

    `added` are the cases of the present outbreak alone, which `start` (a week) begins; `phi` by
    series.
    """

    counts: Floats
    means: Floats
    phi: Floats
    added: Floats
    start: Ints

    @property
    def running(self) -> Flags:
        """In which of the last weeks the present outbreak adds cases."""
        flags: Flags = self.added[:, CURRENT:] > 0
        return flags


def scenarios() -> list[Scenario]:
    """All 42: seven sets, without and with a trend, with 0, 1 or 2 harmonics."""
    return [
        Scenario(theta, beta * trend, cosine, sine, phi, harmonics)
        for theta, beta, cosine, sine, phi in _SETS
        for trend in (0, 1)
        for harmonics in _HARMONICS
    ]


def drawn(series: int, seed: int) -> Outbreaks:
    """So many series of each scenario."""
    random = np.random.default_rng(seed)
    chosen = [one for one in scenarios() for _ in range(series)]
    means = np.stack([one.means() for one in chosen])
    phi = np.array([one.phi for one in chosen])
    counts = _counts(random, means, phi)
    added = np.zeros_like(counts)
    start = random.integers(CURRENT, WEEKS, len(chosen))
    for row in range(len(chosen)):
        deviation = np.sqrt(phi[row] * means[row])
        for begin in random.choice(np.arange(BASELINE, CURRENT), _PAST_OUTBREAKS, replace=False):
            size = float(random.choice(_PAST_SIZES))
            _outbreak(random, counts[row, :CURRENT], int(begin), size * deviation[begin])
        size = float(random.choice(_CURRENT_SIZES))
        _outbreak(random, added[row], int(start[row]), size * deviation[start[row]])
    return Outbreaks(counts + added, means, phi, added, start)


def _counts(random: np.random.Generator, means: Floats, phi: Floats) -> Floats:
    """Negative binomial counts with variance phi times the mean; Poisson where phi is 1."""
    excess = np.maximum(phi - 1, 1e-9)[:, None]
    rate = np.where(phi[:, None] > 1, random.gamma(means / excess) * excess, means)
    return random.poisson(rate).astype(np.float64)


def _outbreak(random: np.random.Generator, weeks: Floats, start: int, size: float) -> None:
    """Adds an outbreak whose cases are Poisson around `size`; what is past the end is lost."""
    cases = start + np.floor(random.lognormal(0, _SPREAD, random.poisson(size))).astype(int)
    np.add.at(weeks, cases[cases < len(weeks)], 1)
