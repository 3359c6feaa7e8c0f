"""Small companies for the tests: who said what, where and when, in a few words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from insights.trends.detector import Detector
from insights.trends.stories import Candidate
from insights.trends.stream import NOWHERE, Sort, Stream, Subject, Tree

WEEK = 7 * 86_400
DAY = 86_400
# The company, two regions, and three territories in each.
PARENTS = (NOWHERE, 0, 0, 1, 1, 1, 2, 2, 2)
TERRITORIES = range(3, 9)
RIVALS = tuple(Subject(Sort.COMPETITOR, f"rival-{one}") for one in range(8))
KINDS = tuple(Subject(Sort.KIND, one) for one in ("challenge", "preference"))
NEWCOMER = Subject(Sort.COMPETITOR, "newcomer")


@dataclass(frozen=True)
class Said:
    """One note: `voice` is who speaks, for a copy whoever wrote the first text."""

    when: int
    voice: str
    place: int
    subjects: tuple[Subject, ...] = ()
    segment: int | None = None
    note: int = 0


def stream(notes: Sequence[Said]) -> Stream:
    """These notes as the scan takes them; subjects and voices numbered by name."""
    subjects = tuple(sorted({one for note in notes for one in note.subjects}, key=_name))
    voices = {name: at for at, name in enumerate(sorted({note.voice for note in notes}))}
    tagged = [(at, note.segment) for at, note in enumerate(notes) if note.segment is not None]
    mentions = [(at, subjects.index(one)) for at, note in enumerate(notes) for one in note.subjects]
    return Stream(
        tree=Tree(np.array(PARENTS)),
        subjects=subjects,
        segments=2,
        when=np.array([note.when for note in notes], np.int64),
        voice=np.array([voices[note.voice] for note in notes], np.int64),
        place=np.array([note.place for note in notes], np.int64),
        note=np.array([note.note for note in notes], np.int64),
        tagged=_columns(tagged),
        mentions=_columns(mentions),
    )


def ordinary(weeks: int, *, seed: int = 1, a_week: int = 8) -> list[Said]:
    """A company in which nothing happens: a rival in every third note, a kind in each."""
    random = np.random.default_rng(seed)
    made = []
    for week in range(weeks):
        for place in TERRITORIES:
            for _ in range(int(random.poisson(a_week))):
                rivals = (RIVALS[random.integers(8)],) if random.random() < 0.33 else ()
                made.append(
                    Said(
                        when=week * WEEK + int(random.integers(WEEK)),
                        voice=f"{place}/{random.integers(6)}",
                        place=place,
                        subjects=(*rivals, KINDS[random.integers(2)]),
                        segment=int(random.integers(2)),
                    )
                )
    return numbered(made)


def numbered(notes: Iterable[Said]) -> list[Said]:
    """The notes, each with its place in the list for its number."""
    return [replace(one, note=at) for at, one in enumerate(notes)]


def planted(
    notes: list[Said], subject: Subject, place: int, weeks: range, voices: Sequence[str]
) -> tuple[list[Said], frozenset[int]]:
    """The notes with one more of each voice in each week; and the numbers of those."""
    extra = [
        Said(week * WEEK + (at + 1) * 3_600, voice, place, (subject,))
        for week in weeks
        for at, voice in enumerate(voices)
    ]
    return numbered([*notes, *extra]), frozenset(range(len(notes), len(notes) + len(extra)))


def shown(notes: Sequence[Said], week: int) -> list[tuple[Subject, int, float, frozenset[int]]]:
    """What is shown at the end of a week: subject, scope, score and notes, strongest first."""
    return told(stream(notes), week * WEEK)


def told(of: Stream, asof: int) -> list[tuple[Subject, int, float, frozenset[int]]]:
    """What is shown as of a moment."""
    detector = Detector(of)
    return [
        (of.subjects[one.subject], one.scope, one.score, one.notes)
        for one in detector.at(asof)
        if one.score >= detector.parameters.shown
    ]


def candidate(score: float, notes: Iterable[int], *, scope: int = 0, subject: int = 0,
              size: tuple[float, float] = (1.0, 1.0),
              earlier: Iterable[int] = ()) -> Candidate:  # fmt: skip
    """A candidate of which only the named parts matter; `earlier` are notes before its window."""
    own = frozenset(notes)
    return Candidate(subject, scope, score, 4, 9.0, 1.0, 5, size, own, own | frozenset(earlier))


def _name(subject: Subject) -> tuple[str, str]:
    return subject.sort.value, subject.key


def _columns(pairs: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()
