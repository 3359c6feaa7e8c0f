"""Contenders answer the same questions in turns, so that a slower minute slows all of them."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.contenders.question import Contender, Question

MOST_RUNS = 40
LEAST_RUNS = 3
SECONDS = 1.5
"""A contender that has used so much time for a question is not asked more than LEAST_RUNS times."""


@dataclass
class Outcome:
    """How one contender did with one question; times in milliseconds."""

    contender: str
    question: str
    total: int | None
    times: list[float] = field(default_factory=list)

    @property
    def median_ms(self) -> float:
        return at_share(self.times, 0.5)

    @property
    def p95_ms(self) -> float:
        return at_share(self.times, 0.95)

    @property
    def wants_more(self) -> bool:
        runs = len(self.times)
        spent = sum(self.times) / 1000
        return runs < LEAST_RUNS or (runs < MOST_RUNS and spent < SECONDS)


def compete(contenders: Sequence[Contender], question: Question) -> list[Outcome]:
    """Everybody's times for a question, after one answer each that does not count."""
    outcomes = [
        Outcome(contender.name, question.name, contender.ask(question).total)
        for contender in contenders
    ]
    # Always in another order: whoever follows a hungry neighbour finds the caches emptied.
    shuffled = random.Random(7)
    turns = list(zip(contenders, outcomes, strict=True))
    while turns := [(contender, outcome) for contender, outcome in turns if outcome.wants_more]:
        shuffled.shuffle(turns)
        for contender, outcome in turns:
            start = time.perf_counter()
            contender.ask(question)
            outcome.times.append((time.perf_counter() - start) * 1000)
    return outcomes


def at_share(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies; 0.5 is the median."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
