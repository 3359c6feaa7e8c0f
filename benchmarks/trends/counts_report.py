"""`python -m benchmarks trends-counts`: outbreaks in single series, found or not."""

import time

import numpy as np

from benchmarks.report import Report
from benchmarks.trends.counts import CURRENT, Outbreaks, drawn
from benchmarks.trends.counts_methods import Oracle, OurTail, Published, Watching
from benchmarks.trends.methods.ears import EarsC2
from benchmarks.trends.methods.farrington import Farrington
from insights.trends.stream import Flags, Floats

# Five years, the last half year left out, and the factor of seasons: as published.
_FARRINGTON = Farrington(windows=(1,), guard=26, oldest=263, seasons=True)
METHODS: tuple[Watching, ...] = (
    OurTail((1, 2)),
    OurTail((1,)),
    Published(_FARRINGTON),
    Published(EarsC2(windows=(1,))),
    Oracle(),
)
FALSE_POSITIVES = 0.01


def measure(series: int, seed: int) -> Report:
    """Draws so many series of each scenario and runs all methods over their last 49 weeks."""
    outbreaks = drawn(series, seed)
    report = Report(
        f"{len(outbreaks.counts):,} series with an outbreak each, {FALSE_POSITIVES:.0%} of the "
        f"quiet weeks alarmed",
        ("method", "score from", "found", "in the first week", "of those with cases", "s"),
    )
    for method in METHODS:
        began = time.perf_counter()
        scores = method.scores(outbreaks)
        seconds = time.perf_counter() - began
        least = threshold(scores, outbreaks)
        found, first = detected(scores, outbreaks, least)
        happened = outbreaks.running.any(axis=1)
        report.add(method.name, least, found.mean(), first.mean(), found[happened].mean(), seconds)
    report.remarks.append(
        f"{happened.mean():.0%} of the outbreaks have any cases; the first week is the one in "
        "which an outbreak starts."
    )
    return report


def threshold(scores: Floats, outbreaks: Outbreaks) -> float:
    """The score that the allowed share of the weeks without an outbreak exceeds."""
    quiet = scores[~outbreaks.running]
    return float(np.quantile(quiet, 1 - FALSE_POSITIVES, method="higher"))


def detected(scores: Floats, outbreaks: Outbreaks, least: float) -> tuple[Flags, Flags]:
    """Which outbreaks are alarmed while they run, and which in the week in which they start."""
    alarmed: Flags = (scores > least) & outbreaks.running
    found = np.logical_or.reduce(alarmed, axis=1)
    return found, alarmed[np.arange(len(scores)), outbreaks.start - CURRENT]
