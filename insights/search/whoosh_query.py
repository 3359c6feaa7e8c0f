"""Requests on a whoosh index: which notes of a segment match, and how well.

Notes are matched with sets of their numbers, straight from the lists of notes that whoosh holds for
each term. Scores are whoosh's BM25 of the words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import log

from whoosh.scoring import BM25F, bm25

from insights.search.analysis import Analysis, words
from insights.search.document import EVERYONE, first_key_at
from insights.search.request import Filters, Value
from insights.search.spelling import is_near
from insights.search.tree import (
    Among,
    And,
    Everything,
    Field,
    Fuzzy,
    Node,
    Not,
    Nothing,
    Or,
    Period,
    Phrase,
    Prefix,
    Word,
)
from insights.search.whoosh_schema import MARK, SEALED_MARK
from insights.search.whoosh_segment import Numbers, Segment

# The part of each field in a word's score: enough to put exact matches above other forms.
_SHARES = {"text": 1.0, "exact": 0.5}

_TAGGED_SCORE = 1.0
"""The score of a note that only its tag puts under a word: about that of a common word."""

_NONE: Numbers = frozenset()
_MODEL = BM25F()


@dataclass(frozen=True, slots=True)
class Part:
    """A segment and the notes of it that are there: neither deleted nor the cursor's document."""

    segment: Segment
    notes: frozenset[int]


@dataclass(frozen=True)
class Selection:
    """What matches in one part; each node is looked up once."""

    part: Part
    analysis: Analysis
    _known: dict[Node, Numbers] = field(default_factory=dict)

    def selected(
        self, tree: Node, filters: Filters, audience: frozenset[str] | None
    ) -> frozenset[int]:
        """The notes that match the tree, pass the filters and may be found by the audience."""
        found = self.part.notes & self.matching(tree)
        for name, values in filters.by_field():
            found &= self._among(name, values)
        if filters.since is not None or filters.until is not None:
            found = frozenset(self._period(filters.since, filters.until, found))
        return self.visible(found, audience)

    def visible(self, notes: frozenset[int], audience: frozenset[str] | None) -> frozenset[int]:
        """Those of the notes that the audience may find; few are sealed, so these are looked at."""
        if audience is None:
            return notes
        own = self._among("audience", audience - {EVERYONE})
        if EVERYONE not in audience:
            return notes & own
        return notes - (self.part.segment.having(MARK, SEALED_MARK) - own)

    def matching(self, node: Node) -> Numbers:
        """The notes that match; may hold deleted ones unless the node excludes something."""
        if node not in self._known:
            self._known[node] = self._match(node)
        return self._known[node]

    def _match(self, node: Node) -> Numbers:
        match node:
            case Everything():
                return self.part.notes
            case Nothing():
                return _NONE
            case Not(child):
                return self.part.notes - self.matching(child)
            case And(children):
                return self._all(children)
            case Or(children):
                return _NONE.union(*(self.matching(child) for child in children))
            case Word(text):
                return self._phrase(words(text), 0)
            case Phrase(text, within):
                return self._phrase(words(text), within)
            case Prefix(text):
                return self._any_of(self._beginning(words(text)))
            case Fuzzy(text, edits):
                return self._any_of(self._near_spelling(words(text), edits))
            case Among(name, values):
                return self._among(name, values)
            case Period(since, until):
                return self._period(since, until, self.part.notes)
            case Field(name):
                raise TypeError(f"the field {name} was not resolved")

    def _all(self, children: tuple[Node, ...]) -> Numbers:
        found: Numbers = self.part.notes
        for child in sorted(children, key=lambda child: isinstance(child, Not)):
            if isinstance(child, Not):
                found = found - self.matching(child.child)
            else:
                found = found & self.matching(child)
        return found

    def _any_of(self, typed: Iterable[str]) -> Numbers:
        return _NONE.union(*(self.part.segment.having("exact", word) for word in typed))

    def _among(self, name: str, values: Iterable[Value]) -> Numbers:
        return _NONE.union(*(self.part.segment.having(name, value) for value in values))

    def _period(self, since: datetime | None, until: datetime | None, notes: Numbers) -> Numbers:
        first = 0 if since is None else first_key_at(since)
        end = 2**64 if until is None else first_key_at(until)
        newest = self.part.segment.newest
        return {number for number in notes if first <= newest[number] < end}

    def _beginning(self, typed: list[str]) -> list[str]:
        return self.part.segment.words(typed[0]) if typed else []

    def _near_spelling(self, typed: list[str], edits: int) -> list[str]:
        return [
            word for like in typed[:1] for word in self.part.segment.lexicon
            if is_near(word, like, edits)
        ]  # fmt: skip

    def _phrase(self, typed: list[str], within: int) -> Numbers:
        stems = self.analysis.stems(typed)
        if not stems:
            return _NONE
        segment = self.part.segment
        candidates: Numbers = set(segment.having("text", stems[0]))
        for stem in dict.fromkeys(stems[1:]):
            candidates &= segment.having("text", stem)
        if len(stems) == 1 or not candidates:
            return candidates
        places = {stem: segment.places(stem, candidates) for stem in set(stems)}
        return {
            number
            for number in candidates
            if _stand_near([places[stem][number] for stem in stems], within)
        }


def _stand_near(places: Sequence[list[int]], within: int) -> bool:
    """Whether one place of each can be taken in this order with at most so many others between."""
    longest = len(places) + within
    return any(0 <= _last_place(places, first) - first < longest for first in places[0])


def _last_place(places: Sequence[list[int]], first: int) -> int:
    """Where words in order end at the earliest if they begin there; -1 if they don't fit."""
    last = first
    for following in places[1:]:
        last = next((place for place in following if place > last), -1)
        if last < 0:
            break
    return last


@dataclass(frozen=True, slots=True)
class Scoring:
    """Scores the notes of all parts of an index with the same weights of words."""

    selections: Sequence[Selection]

    def scores(self, tree: Node, selection: Selection, notes: frozenset[int]) -> dict[int, float]:
        """The score of each of these notes, which all match, by the words of the tree."""
        scores = dict.fromkeys(notes, 0.0)
        self._add(tree, selection, notes, scores)
        return scores

    def _add(
        self, node: Node, selection: Selection, notes: Numbers, scores: dict[int, float]
    ) -> None:
        """Add what the node makes of those of the notes that match it."""
        match node:
            case And(children) | Or(children):
                within = notes & selection.matching(node)
                for child in children:
                    self._add(child, selection, within, scores)
            case Word(text) | Phrase(text):
                typed = words(text)
                within = notes & selection.matching(node)
                for stem in dict.fromkeys(selection.analysis.stems(typed)):
                    self._add_term(("text", stem), selection.part.segment, within, scores)
                if len(typed) == 1 and isinstance(node, Word):
                    self._add_term(("exact", typed[0]), selection.part.segment, within, scores)
            case Prefix() | Fuzzy() | Among() | Period():
                for number in notes & selection.matching(node):
                    scores[number] += _TAGGED_SCORE

    def _add_term(
        self, term: tuple[str, str], segment: Segment, notes: Numbers, scores: dict[int, float]
    ) -> None:
        name, word = term
        segments = [selection.part.segment for selection in self.selections]
        size = sum(one.size for one in segments)
        having = sum(one.count(name, word) for one in segments)
        average = sum(one.total_length(name) for one in segments) / size or 1
        # What a rare word weighs more than a common one, by whoosh's measure.
        weight = _SHARES[name] * (log(size / (having + 1)) + 1)
        lengths = segment.lengths(name)
        for number, count in segment.occurrences(name, word):
            if number in notes:
                scores[number] += bm25(weight, count, lengths[number], average, _MODEL.B, _MODEL.K1)
