"""Lift: the share of a subject in the last four weeks over its share in the twelve before.

What dashboards commonly show; no paper.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.trends.methods.series import Series
from insights.trends.stream import Floats

_BASELINE = 3
# Added to both sides, so that the first notes about a subject have a finite lift.
_PRIOR = 1.0


@dataclass(frozen=True)
class Lift:
    """Logarithm of the lift of one block on the three before it."""

    name: str = "lift, 4 weeks on 12"
    windows: tuple[int, ...] = (4,)

    def scores(self, series: Series) -> Floats:
        """Natural logarithm of count over expected count."""
        if series.past.shape[1] < _BASELINE:
            return np.full(len(series.count), -np.inf)
        before = series.past[:, -_BASELINE:].sum(axis=1)
        share = before / np.maximum(series.exposure[:, -_BASELINE:].sum(axis=1), 1)
        value: Floats = np.log((series.count + _PRIOR) / (share * series.seen + _PRIOR))
        return value
