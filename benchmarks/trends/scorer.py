"""Scores a run of the detector over a simulated world: stories found, delays, false alarms."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from benchmarks.trends.files import Source
from benchmarks.trends.simulator import START, WEEK
from benchmarks.trends.world import World
from insights.trends.detector import Detector
from insights.trends.life import Showing, lives
from insights.trends.parameters import Parameters
from insights.trends.stories import Candidate

BUDGETS = (0.1, 0.25, 1.0)
# An alert belongs to a story if this much of its evidence was planted for it.
_OF_A_STORY = 1 / 3
# Weeks after the end of a story in which finding it still counts, and in which its echo is no
# false alarm.
_LATE = 4
_ECHO = 9


@dataclass
class Outcome:
    """Of one world: when each story was alarmed with which scores, and the false alarms."""

    world: World
    weeks: int
    alarms: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    false: list[tuple[float, str]] = field(default_factory=list)
    right: int = 0
    shown: int = 0
    seconds: float = 0.0

    def threshold(self, budget: float) -> float:
        """The score from which at most `budget` false alarms a week are opened."""
        scores = sorted((score for score, _ in self.false), reverse=True)
        allowed = int(budget * self.weeks)
        return scores[allowed] + 1e-6 if len(scores) > allowed else 0.0

    def delays(self, least: float) -> list[int]:
        """Weeks from the true start to the first alarm, of the stories found in time."""
        return list(self._found(least).values())

    def by_sort(self, least: float) -> dict[str, tuple[int, int]]:
        """Of each sort of story how many were found, and how many there were."""
        there = Counter(story.sort for story in self.world.stories)
        found = Counter(self.world.stories[number].sort for number in self._found(least))
        return {sort: (found[sort], count) for sort, count in there.items()}

    def _found(self, least: float) -> dict[int, int]:
        """The stories found in time, with their delays."""
        found = {}
        for number, story in enumerate(self.world.stories):
            weeks = [
                week
                for week, score in self.alarms.get(number, [])
                if score >= least and week <= story.last + _LATE
            ]
            if weeks:
                found[number] = min(weeks) - story.first
        return found

    def false_per_week(self, least: float) -> float:
        """False alarms opened a week at this score."""
        return sum(score >= least for score, _ in self.false) / self.weeks

    def causes(self, least: float) -> Counter[str]:
        """What the false alarms at this score are about."""
        return Counter(cause for score, cause in self.false if score >= least)


class Judge:
    """Knows what was planted in a world."""

    def __init__(self, world: World, source: Source) -> None:
        self.world, self.source = world, source
        self.story = {
            note: number for number, story in enumerate(world.stories) for note in story.notes
        }
        self.decoy = {note: cause for cause, notes in world.decoys.items() for note in notes}

    def story_of(self, week: int, alert: Candidate) -> int | None:
        """The story that an alert tells, by its evidence or by its subject while it is told."""
        planted = Counter(self.story[name] for name in self._names(alert) if name in self.story)
        if planted:
            number, notes = planted.most_common(1)[0]
            if notes >= _OF_A_STORY * len(alert.notes):
                return number
        key = self.source.stream.subjects[alert.subject].key
        for number, story in enumerate(self.world.stories):
            if story.key == key and story.first < week <= story.last + _ECHO:
                return number
        return None

    def cause_of(self, alert: Candidate) -> str:
        """What a false alarm is about: a decoy, or a sort of subject by chance."""
        decoys = Counter(self.decoy[name] for name in self._names(alert) if name in self.decoy)
        if decoys and decoys.most_common(1)[0][1] >= _OF_A_STORY * len(alert.notes):
            return decoys.most_common(1)[0][0]
        return f"chance: {self.source.stream.subjects[alert.subject].sort.value}"

    def _names(self, alert: Candidate) -> list[str]:
        return [self.source.notes[note] for note in alert.notes]


class Watching(Protocol):
    """The product's detector, or another that stands in its place."""

    parameters: Parameters

    def at(self, asof: int) -> list[Candidate]:
        """The stories as of a moment (seconds)."""


def scored(
    world: World, source: Source, weeks: Iterable[int], detector: Watching | None = None
) -> Outcome:
    """Runs the detector at the end of each of these weeks and judges what it shows."""
    judge, detector = Judge(world, source), detector or Detector(source.stream)
    outcome = Outcome(world, 0)
    false: list[tuple[int, Candidate]] = []
    for week in weeks:
        outcome.weeks += 1
        for alert in detector.at(START + week * WEEK):
            number = judge.story_of(week, alert)
            shown = alert.score >= detector.parameters.shown
            outcome.shown += shown
            outcome.right += shown and number is not None
            if number is None:
                false.append((week, alert))
            else:
                outcome.alarms.setdefault(number, []).append((week, alert.score))
    outcome.false = _opened(judge, detector.parameters, false)
    return outcome


def _opened(
    judge: Judge, parameters: Parameters, false: Sequence[tuple[int, Candidate]]
) -> list[tuple[float, str]]:
    """False alarms told once each: the highest score, and the cause."""
    showings = [
        Showing(week * WEEK, one.subject, one.scope, one.score, one.notes) for week, one in false
    ]
    causes = {
        (showing.asof, showing.subject, showing.scope): judge.cause_of(one)
        for showing, (_, one) in zip(showings, false, strict=True)
    }
    return [
        (life.peak, causes[life.last.asof, life.last.subject, life.last.scope])
        for life in lives(parameters, showings)
    ]


def median(delays: Sequence[int]) -> float:
    """The middle of the delays; not a number when nothing was found."""
    return float(np.median(delays)) if delays else float("nan")
