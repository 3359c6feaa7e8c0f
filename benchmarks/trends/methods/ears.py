"""EARS C2: how many standard deviations a count lies above the mean of a few blocks before it.

Hutwagner, Thompson, Seeman, Treadwell 2003, "The bioterrorism preparedness and response Early
Aberration Reporting System (EARS)", J Urban Health 80(2 Suppl 1): i89-i96. C2 takes seven blocks
for its baseline and leaves out the two before the present one.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.trends.methods.series import Series
from insights.trends.stream import Floats

_BASELINE = 7
_GUARD = 2
# Seven blocks without a note would make any note infinitely surprising; the paper has large counts.
_LEAST_DEVIATION = 0.5


@dataclass(frozen=True)
class EarsC2:
    """(count - mean) / standard deviation."""

    name: str = "EARS C2"
    windows: tuple[int, ...] = (1, 2, 4, 8)

    def scores(self, series: Series) -> Floats:
        """Standard deviations above the mean; counts alone, as published."""
        if series.past.shape[1] < _BASELINE + _GUARD:
            return np.full(len(series.count), -np.inf)
        baseline = series.past[:, -_BASELINE - _GUARD : -_GUARD]
        deviation = np.maximum(baseline.std(axis=1, ddof=1), _LEAST_DEVIATION)
        value: Floats = (series.count - baseline.mean(axis=1)) / deviation
        return value
