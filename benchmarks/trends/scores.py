"""`python -m benchmarks trends-score`: the detector over simulated worlds."""

import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import track

from benchmarks.report import Report
from benchmarks.trends.files import source_of
from benchmarks.trends.oracle import visible
from benchmarks.trends.scorer import BUDGETS, Outcome, median, scored
from benchmarks.trends.simulator import Simulator
from benchmarks.trends.world import Plan
from insights.trends.parameters import Parameters

_COLUMNS = (
    "seed", "budget", "score from", "stories", "found", "delay", "false a week", "precision",
    "s a moment",
)  # fmt: skip
_NULL_SCORES = (0.0, 0.5, 1.0, 2.0)


def measure(seeds: Sequence[int], *, drift: bool = False, null: bool = False) -> Report:
    """Stories found at budgets of false alarms, or on null data the false alarms themselves."""
    title = "Trends on simulated notes" + (", base rates drift" if drift else "")
    report = Report(title, ("seed", "score", "said a week", "opened a week") if null else _COLUMNS)
    for seed in track(seeds, description="Simulating", console=Console(stderr=True)):
        plan = Plan(seed=seed, drift=drift, **({"stories": 0, "decoys": False} if null else {}))
        outcome = _outcome(plan)
        if null:
            _calibration(report, seed, outcome)
        else:
            _found(report, seed, outcome)
    return report


def _outcome(plan: Plan) -> Outcome:
    world = Simulator(plan).world()
    source = source_of(world.rows, world.parents, Parameters())
    began = time.perf_counter()
    outcome = scored(world, source, range(plan.first_story + 1, plan.weeks + 1))
    outcome.seconds = (time.perf_counter() - began) / outcome.weeks
    return outcome


def _found(report: Report, seed: int, outcome: Outcome) -> None:
    stories = len(outcome.world.stories)
    precision = outcome.right / outcome.shown if outcome.shown else 1.0
    for budget in BUDGETS:
        least = outcome.threshold(budget)
        delays = outcome.delays(least)
        report.add(
            seed, budget, least, stories, len(delays) / stories, median(delays),
            outcome.false_per_week(least), precision, outcome.seconds,
        )  # fmt: skip
    strictest = BUDGETS[0]
    sorts = outcome.by_sort(outcome.threshold(strictest)).items()
    told = ", ".join(f"{sort} {found} of {there}" for sort, (found, there) in sorts)
    report.remarks.append(f"Seed {seed}: found at {strictest:g} false alarms a week: {told}.")
    seen = sum(visible(outcome.world))
    report.remarks.append(
        f"Seed {seed}: {seen} of {stories} stories ({seen / stories:.2f}) stand out for one who "
        "knows the true rates and the weeks of each story."
    )
    shown = Parameters().shown
    causes = ", ".join(f"{cause} {count}" for cause, count in outcome.causes(shown).most_common())
    rate = outcome.false_per_week(shown)
    report.remarks.append(
        f"Seed {seed}: {rate:.2f} false alarms a week at score {shown:g} ({causes or 'none'})."
    )


def _calibration(report: Report, seed: int, outcome: Outcome) -> None:
    for score in _NULL_SCORES:
        report.add(seed, score, 10**-score, outcome.false_per_week(score))
