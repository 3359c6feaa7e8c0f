"""One story, one trend: candidates whose evidence is much the same are told once."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from insights.trends.parameters import Parameters


@dataclass(frozen=True)
class Candidate:
    """A cell that counts more than it should.

    `expected` and `count` are those of its best window; `notes` are the numbers of the notes that
    prove it, `widest` those of its widest window, these among them; `size` is how much is said in
    its place and in itself, by which the smaller place is told: a territory before a segment of its
    region.
    """

    subject: int
    scope: int
    score: float
    weeks: int
    count: float
    expected: float
    reporters: int
    size: tuple[float, float]
    notes: frozenset[int]
    widest: frozenset[int]


def stories(parameters: Parameters, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The strongest candidate of each story, strongest first, at the smallest place that fits.

    Of two candidates that share most of the smaller one's evidence the stronger is kept, and named
    after the smallest place that carries most of it. Independent of the order of `candidates`.
    """
    ordered = sorted(candidates, key=lambda one: (-one.score, one.size, one.scope, one.subject))
    told: list[list[Candidate]] = []
    # By note the stories whose strongest candidate rests on it: few share any with another one.
    resting: defaultdict[int, list[int]] = defaultdict(list)
    for one in ordered:
        shared = Counter(story for note in one.notes for story in resting.get(note, ()))
        same = [
            story
            for story, notes in shared.items()
            if notes / min(len(one.notes), len(told[story][0].notes)) >= parameters.same_story
        ]
        if same:
            told[min(same)].append(one)
            continue
        for note in one.notes:
            resting[note].append(len(told))
        told.append([one])
    return [_placed(parameters, story[0], story) for story in told]


def _placed(parameters: Parameters, strongest: Candidate, others: Sequence[Candidate]) -> Candidate:
    """The story at its smallest place. Each place may be most surprising in a window of its own, so
    what counts is how much of the strongest one's evidence lies there, whatever that window is."""
    fitting = [
        one
        for one in others
        if one.subject == strongest.subject
        and one.score >= min(parameters.shown, strongest.score)
        and len(one.widest & strongest.notes) >= parameters.carries * len(strongest.notes)
    ]
    smallest = min(fitting, key=lambda one: (one.size, -one.score, one.scope))
    return replace(smallest, score=strongest.score)
