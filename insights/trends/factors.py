"""What else raises a count: the season, and what happens in the rest of the company.

Both are ratios of counts to what was expected, drawn towards 1, and never below it: a subject that
becomes rare elsewhere is no reason to see a trend here.
"""

import numpy as np

from insights.trends.stream import Floats


def at_least_one(count: Floats, expected: Floats, weight: float) -> Floats:
    """The ratio of both with `weight` added to each, at least 1."""
    ratio: Floats = (weight + count) / (weight + np.maximum(expected, 0))
    return np.maximum(1.0, ratio)


def of_the_season(count: Floats, expected: Floats, weight: float) -> Floats:
    """How much more than expected was said a year ago, as far as that is sure.

    A year ago was drawn once: of its count one standard deviation (of a Poisson) is taken off, or
    chance would raise every second subject's expected count.
    """
    return at_least_one(np.maximum(count - np.sqrt(count), 0), expected, weight)


def of_the_rest(
    count: Floats, expected: Floats, whole: tuple[Floats, Floats], weight: float
) -> Floats:
    """For each cell: how much more than expected was said of its subject outside of its scope.

    `whole` is what the company counted of these subjects and what was expected there. The company
    itself has no rest, and 1 for an answer.
    """
    counted, usual = whole
    return at_least_one(np.maximum(counted - count, 0), usual - expected, weight)
