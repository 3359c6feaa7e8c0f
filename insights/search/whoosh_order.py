"""In which order the notes that match a whoosh index come."""

from heapq import nlargest
from typing import TypeAlias

from insights.search.ranking import WINDOW, Candidate, Ranked, ranked
from insights.search.request import SearchRequest
from insights.search.whoosh_query import Scoring, Selection
from insights.search.whoosh_segment import Segment

Place: TypeAlias = tuple[Segment, int]
"""A note: a segment and its number in there."""

Found: TypeAlias = list[tuple[Selection, frozenset[int]]]
"""The notes that match, part by part."""


def newest_first(found: Found, end: int) -> list[Ranked[Place]]:
    """So many of the newest notes; they have no score."""
    notes = (
        (segment.newest[number], (segment, number))
        for selection, notes in found
        for segment in [selection.part.segment]
        for number in notes
    )
    first = nlargest(end, notes, key=lambda note: note[0])
    return [Ranked(place, 0.0, 0.0) for _, place in first]


def best_first(found: Found, request: SearchRequest, end: int) -> list[Ranked[Place]]:
    """So many of the notes that answer the words best, the first ``WINDOW`` of them weighed."""
    scoring = Scoring([selection for selection, _ in found])
    notes = (
        (score, segment.newest[number], (segment, number))
        for selection, notes in found
        for segment in [selection.part.segment]
        for number, score in scoring.scores(request.query.tree, selection, notes).items()
    )
    best = nlargest(max(end, WINDOW), notes, key=lambda note: note[:2])
    first = ranked([_candidate(*note) for note in best[:WINDOW]], request.now)
    others = [Ranked(place, score, score) for score, _, place in best[WINDOW:]]
    return [*first, *others][:end]


def _candidate(score: float, newest: int, place: Place) -> Candidate[Place]:
    segment, number = place
    [first_hand], [sightings] = (
        segment.column(name)[number] for name in ("first_hand", "sightings")
    )
    return Candidate(place, score, newest, bool(first_hand), int(sightings))
