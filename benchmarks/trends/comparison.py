"""`python -m benchmarks trends-compare`: published methods beside the product's, in one run.

All are given the same voices, windows, cells with enough reporters, and selection of stories, and
each has its own best threshold for a budget of false alarms.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks.report import Report
from benchmarks.trends.comparison_cells import Given, Surroundings
from benchmarks.trends.files import Source, source_of
from benchmarks.trends.methods.ears import EarsC2
from benchmarks.trends.methods.farrington import Farrington
from benchmarks.trends.methods.lift import Lift
from benchmarks.trends.methods.series import Method
from benchmarks.trends.methods.signitrend import SigniTrend
from benchmarks.trends.scorer import BUDGETS, Outcome, median, scored
from benchmarks.trends.simulator import START, WEEK, Simulator
from benchmarks.trends.world import Plan, World
from insights.trends.detector import Detector
from insights.trends.parameters import Parameters
from insights.trends.stories import Candidate, stories
from insights.trends.stream import Floats

METHODS: tuple[Method, ...] = (Farrington(), EarsC2(), Lift(), SigniTrend())
OURS = "this scan"
# The strongest cells of a moment that are gathered into stories: far more than any budget shows.
_GATHERED = 100


@dataclass
class Recorded:
    """What a method told at each moment, in place of a detector, and how long it took."""

    parameters: Parameters
    told: dict[int, list[Candidate]] = field(default_factory=dict)
    seconds: float = 0.0

    def at(self, asof: int) -> list[Candidate]:
        """The stories as of a moment."""
        return self.told[asof]


def measure(seed: int, *, drift: bool = False) -> Report:
    """Simulates one world and runs all methods over it."""
    plan = Plan(seed=seed, drift=drift)
    world = Simulator(plan).world()
    source = source_of(world.rows, world.parents, Parameters())
    report = Report(
        f"Methods beside each other, seed {seed}" + (", base rates drift" if drift else ""),
        ("method", "budget", "score from", "found", "to ours", "delay", "false a week", "precision",
         "s a moment"),
    )  # fmt: skip
    _add(report, compared(world, source, range(plan.first_story + 1, plan.weeks + 1)))
    return report


def compared(world: World, source: Source, weeks: Sequence[int]) -> dict[str, Outcome]:
    """The outcome of each method at the end of each of these weeks, ours first."""
    outcomes = {}
    for name, recorded in _recorded(source, weeks).items():
        outcomes[name] = scored(world, source, weeks, recorded)
        outcomes[name].seconds = recorded.seconds / len(weeks)
    return outcomes


def _recorded(source: Source, weeks: Sequence[int]) -> dict[str, Recorded]:
    parameters = Parameters()
    ours = Detector(source.stream, parameters)
    surroundings = Surroundings(source.stream, parameters)
    recorded = {name: Recorded(parameters) for name in (OURS, *(one.name for one in METHODS))}
    for week in track(weeks, description="Comparing", console=Console(stderr=True)):
        asof = START + week * WEEK
        began = time.perf_counter()
        recorded[OURS].told[asof] = ours.at(asof)
        recorded[OURS].seconds += time.perf_counter() - began
        began = time.perf_counter()
        given = surroundings.at(asof)
        counting = time.perf_counter() - began
        for method in METHODS:
            began = time.perf_counter()
            recorded[method.name].told[asof] = told(parameters, method, given)
            recorded[method.name].seconds += counting + time.perf_counter() - began
    return recorded


def told(parameters: Parameters, method: Method, given: Sequence[Given]) -> list[Candidate]:
    """The stories that a method tells of these cells, strongest first."""
    scores, weeks = zip(*(best_windows(parameters, method, one) for one in given), strict=True)
    everything = np.concatenate(scores)
    least = np.partition(everything, -_GATHERED)[-_GATHERED] if len(everything) > _GATHERED else 0.0
    candidates = [
        _candidate(one, int(cell), float(score[cell]), int(length[cell]))
        for one, score, length in zip(given, scores, weeks, strict=True)
        for cell in np.flatnonzero(score >= max(float(least), parameters.watched))
    ]
    return stories(parameters, candidates)


def best_windows(parameters: Parameters, method: Method, given: Given) -> tuple[Floats, Floats]:
    """The highest score of each cell over the windows, and the length of that window."""
    best = np.full(len(given.scope), -np.inf)
    length = np.zeros(len(given.scope))
    for weeks in sorted(set(method.windows) & set(given.windows)):
        seen = given.windows[weeks]
        members = np.flatnonzero(seen.reporters >= parameters.least_reporters)
        if len(members):
            score = method.scores(given.series(weeks, members))
            better = score > best[members]
            best[members[better]] = score[better]
            length[members[better]] = weeks
    return best, length


def _candidate(given: Given, cell: int, score: float, weeks: int) -> Candidate:
    scope, subject = int(given.scope[cell]), int(given.subject[cell])
    seen = given.windows[weeks]
    return Candidate(
        subject=subject,
        scope=scope,
        score=score,
        weeks=weeks,
        count=float(seen.count[cell]),
        expected=float("nan"),
        reporters=int(seen.reporters[cell]),
        size=(float(given.exposure[cell].sum()),) * 2,
        notes=_evidence(given, scope, subject, weeks),
        widest=_evidence(given, scope, subject, max(given.windows)),
    )


def _evidence(given: Given, scope: int, subject: int, weeks: int) -> frozenset[int]:
    stream, now = given.ledger.stream, given.moment.now
    observations = stream.observations_of(subject)
    week = given.ledger.week_of[observations]
    inside = stream.within(observations[(week >= now - weeks) & (week < now)], scope)
    return frozenset(stream.note[inside].tolist())


def _add(report: Report, outcomes: dict[str, Outcome]) -> None:
    for budget in BUDGETS:
        ours = len(outcomes[OURS].delays(outcomes[OURS].threshold(budget)))
        for name, outcome in outcomes.items():
            least = outcome.threshold(budget)
            delays = outcome.delays(least)
            false = outcome.false_per_week(least)
            opened = len(delays) + false * outcome.weeks
            report.add(
                name, budget, least, len(delays) / len(outcome.world.stories),
                len(delays) / ours if ours else float("nan"), median(delays), false,
                len(delays) / opened if opened else 1.0, outcome.seconds,
            )  # fmt: skip
    report.remarks.append(
        "Precision is the share of openings that tell a planted story; every method's threshold is "
        "the lowest that keeps to the budget of false alarms a week."
    )
