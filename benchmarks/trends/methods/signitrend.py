"""SigniTrend: how far a share lies above its moving average, in moving standard deviations.

Schubert, Weiler, Kriegel 2014, "SigniTrend: scalable detection of emerging topics in textual
streams by hashed significance thresholds", KDD. The hashing is left out: cells are few enough to be
counted exactly.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.trends.methods.series import Series
from insights.trends.stream import Floats

# After so many weeks a count has half its weight.
_HALF_LIFE = 13
_LEAST_BLOCKS = 4


@dataclass(frozen=True)
class SigniTrend:
    """(share - max(average, bias)) / (deviation + bias); the bias is the share of one note."""

    name: str = "SigniTrend"
    windows: tuple[int, ...] = (1, 2, 4, 8)

    def scores(self, series: Series) -> Floats:
        """The significance of the paper, section 3.2."""
        if series.past.shape[1] < _LEAST_BLOCKS:
            return np.full(len(series.count), -np.inf)
        share = series.past / np.maximum(series.exposure, 1)
        weight = 1 - 0.5 ** (series.weeks / _HALF_LIFE)
        average, variance = share[:, 0].copy(), np.zeros(len(share))
        for block in range(1, share.shape[1]):
            change = share[:, block] - average
            average += weight * change
            variance = (1 - weight) * (variance + weight * change**2)
        seen = np.maximum(series.seen, 1)
        bias = 1 / seen
        value: Floats = (series.count / seen - np.maximum(average, bias)) / (
            np.sqrt(variance) + bias
        )
        return value
