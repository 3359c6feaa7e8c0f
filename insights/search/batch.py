"""Some hundreds of notes indexed in memory, to be asked a great many queries within a moment.

A set of notes is a whole number with one bit for each note, so sets are joined in one step. The
notes that match are those that an engine finds: both take the values of ``index_fields``.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias, cast
from uuid import UUID

from insights.search.analysis import Analysis
from insights.search.conditions import (
    AllOf,
    AnyOf,
    Beginning,
    Between,
    Condition,
    Having,
    InOrder,
    Near,
    Without,
    condition,
    rests,
)
from insights.search.document import NoteDocument, index_fields
from insights.search.request import Value
from insights.search.spelling import is_near
from insights.search.tree import Node

Bits: TypeAlias = int
"""A set of notes of one batch."""

_WORDS = ("text", "exact")


class Batch:
    """An index of these notes; of several with the same id the last counts.

    ``ids`` has the id of each note by its place in the sets; ``everything`` is the set of all. A
    field is indexed when it is first asked for.
    """

    def __init__(self, documents: Sequence[NoteDocument], analysis: Analysis) -> None:
        by_id = {document.id: document for document in documents}
        self._analysis = analysis
        self.ids: Sequence[UUID] = list(by_id)
        self._fields = [index_fields(document, analysis) for document in by_id.values()]
        self._postings: dict[str, dict[Value, Bits]] = {}
        self._rests: dict[int, dict[str, list[str]]] = {}
        self.everything: Bits = (1 << len(self.ids)) - 1

    def matching(self, tree: Node) -> set[UUID]:
        """The ids of the notes that match. Raises as ``condition`` does."""
        found = self.found(condition(tree, self._analysis), self.everything)
        return {self.ids[at] for at in positions(found)}

    def having(self, field: str) -> Mapping[Value, Bits]:
        """The notes that have each value of a field of the index."""
        if field not in self._postings:
            self._postings[field] = self._indexed(field)
        return self._postings[field]

    def found(self, sought: Condition, among: Bits) -> Bits:
        """The notes among these for which the condition holds."""
        match sought:
            case Having():
                return self._with_values(sought) & among
            case AllOf():
                for child in sought.children:
                    if not among:
                        break
                    among = self.found(child, among)
                return among
            case AnyOf():
                return self._found_any(sought, among)
            case Without():
                return among & ~self.found(sought.child, among)
            case InOrder():
                return self._found_in_order(sought, among)
            case Beginning():
                return self._with_beginning(sought.word) & among
            case Near():
                return self._with_near(sought) & among
            case Between():
                return self._found_between(sought, among)

    def _indexed(self, field: str) -> dict[Value, Bits]:
        postings: dict[Value, Bits] = defaultdict(int)
        for at, fields in enumerate(self._fields):
            bit = 1 << at
            for value in _values(field, fields[field]):
                postings[value] |= bit
        return dict(postings)

    def _with_values(self, sought: Having) -> Bits:
        postings = self.having(sought.field)
        found = 0
        for value in sought.values:
            found |= postings.get(value, 0)
        return found

    def _found_any(self, sought: AnyOf, among: Bits) -> Bits:
        left = among
        for child in sought.children:
            if not left:
                break
            left &= ~self.found(child, left)
        return among & ~left

    def _found_in_order(self, sought: InOrder, among: Bits) -> Bits:
        postings = self.having("text")
        for stem in sought.stems:
            among &= postings.get(stem, 0)
        return sum(1 << at for at in positions(among) if _stands_in(self._texts(at), sought))

    def _texts(self, at: int) -> list[str]:
        return cast(list[str], self._fields[at]["text"])

    def _with_beginning(self, beginning: str) -> Bits:
        postings, words = self.having("exact"), self._words
        found = 0
        for at in range(bisect_left(words, beginning), len(words)):
            if not words[at].startswith(beginning):
                break
            found |= postings[words[at]]
        return found

    def _with_near(self, sought: Near) -> Bits:
        words, notes = self._rests_of_words(sought.edits), self.having("exact")
        near = {word for rest in words.keys() & sought.rests for word in words[rest]}
        found = 0
        for word in near:
            if is_near(sought.word, word, sought.edits):
                found |= notes[word]
        return found

    def _rests_of_words(self, drops: int) -> Mapping[str, list[str]]:
        if drops not in self._rests:
            found = self._rests[drops] = defaultdict(list)
            for word in self._words:
                for rest in rests(word, drops):
                    found[rest].append(word)
        return self._rests[drops]

    @cached_property
    def _words(self) -> list[str]:
        return sorted(cast(Mapping[str, Bits], self.having("exact")))

    def _found_between(self, sought: Between, among: Bits) -> Bits:
        keys = ((at, cast(int, self._fields[at]["newest"])) for at in positions(among))
        return sum(
            1 << at
            for at, key in keys
            if key >= sought.first and (sought.end is None or key < sought.end)
        )


def positions(notes: Bits) -> Iterator[int]:
    """The places of the notes in a set, ascending."""
    while notes:
        lowest = notes & -notes
        yield lowest.bit_length() - 1
        notes ^= lowest


def _values(field: str, value: object) -> Iterator[Value]:
    if field in _WORDS:
        return (word for part in cast(list[str], value) for word in part.split(" "))
    return iter(cast(list[Value], value if isinstance(value, list) else [value]))


def _stands_in(texts: list[str], sought: InOrder) -> bool:
    if sought.within:
        return any(_is_spaced(text.split(" "), sought) for text in texts)
    side_by_side = f" {' '.join(sought.stems)} "
    return any(side_by_side in f" {text} " for text in texts)


def _is_spaced(text: list[str], sought: InOrder) -> bool:
    """Whether the stems stand in order in few enough places: from each start, each next one is
    taken where it comes first."""
    longest = len(sought.stems) + sought.within
    starts = (at for at, stem in enumerate(text) if stem == sought.stems[0])
    return any(_follow(text[start : start + longest], sought.stems) for start in starts)


def _follow(text: list[str], stems: Sequence[str]) -> bool:
    rest = iter(text)
    return all(stem in rest for stem in stems)
