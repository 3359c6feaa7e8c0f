"""How improbable a count is: the tail of an over-dispersed negative binomial.

A count has variance  phi m + m^2 v  around its mean m: phi is what notes that come in bursts (or
exclude one another) add to a Poisson count, v the relative variance of the rate. The count over
phi then has variance  m/phi + (m/phi)^2 v  like a negative binomial (quasi-likelihood, Wedderburn
1974); its distribution function is the incomplete beta function, which takes fractions. The tail is
mid-p (Lancaster 1961): half the probability of the count itself belongs to it.
"""

import numpy as np
from scipy.special import betainc, gammainc

from insights.trends.stream import Floats

_NEARLY_POISSON = 1e-9


def tail(count: Floats, mean: Floats, variance: Floats, phi: Floats | float = 1.0) -> Floats:
    """The probability of more than `count`, and half that of just as many.

    `variance` is relative: that of the rate over the square of its mean; 0 gives a Poisson.
    """
    scaled, average = count / phi, np.maximum(mean / phi, 1e-12)
    value: Floats = (
        _beyond(scaled, average, variance) + _beyond(scaled - 1, average, variance)
    ) / 2
    return value


def _beyond(count: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(X > count) of a negative binomial with variance mean + mean^2 variance."""
    at_least = np.maximum(count, -1) + 1
    scattered = variance * mean > _NEARLY_POISSON
    size = 1 / np.where(scattered, variance, 1.0)
    inside = np.maximum(at_least, 1e-12)
    chance = np.where(
        scattered, betainc(inside, size, mean / (mean + size)), gammainc(inside, mean)
    )
    value: Floats = np.where(at_least <= 0, 1.0, chance)
    return value
