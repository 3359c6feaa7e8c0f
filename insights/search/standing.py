"""Saved queries that run against each new note: which of them match which notes of a batch.

Running every query for every note would cost more with each query. So each condition is filed under
values that a matching note must have one of (``price`` for ``price OR costs``: both stems), and a
batch looks only at what is filed under the values that occur in it, for the notes that have them.
What demands no value (``-price``, ``install*``, a period) is looked at for every batch.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias
from uuid import UUID

from insights.search.analysis import Analysis
from insights.search.batch import Batch, Bits, positions
from insights.search.conditions import AllOf, AnyOf, Condition, Having, InOrder, condition
from insights.search.document import NoteDocument
from insights.search.request import Value
from insights.search.tree import Node

Key: TypeAlias = tuple[str, Value]
"""A field of the index and a value in it."""

_COMMONNESS = {
    "id": 0,
    "account_id": 2,
    "author_id": 5,
    "text": 20,
    "territory_id": 20,
    "product_id": 50,
    "competitor_id": 100,
    "segment_id": 100,
    "kind": 250,
}
"""How many notes of a thousand have a certain value of the field, roughly."""
_COMMON = 500


class StandingQueries:
    """Queries by their ids. Does not change, so threads can share it.

    Raises TypeError for a tree with a ``Field``, and ValueError for an ``Among`` of a field that no
    document has.
    """

    def __init__(self, queries: Mapping[int, Node], analysis: Analysis) -> None:
        self._analysis = analysis
        asked: dict[Condition, list[int]] = defaultdict(list)
        for query_id in sorted(queries):
            asked[condition(queries[query_id], analysis)].append(query_id)
        self._conditions = list(asked)
        self._query_ids = list(asked.values())
        self._filed: dict[str, dict[Value, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._unfiled: list[int] = []
        self._file()

    def match(self, documents: Sequence[NoteDocument]) -> dict[UUID, list[int]]:
        """For each note that some queries match their ids, ascending; other notes are absent."""
        batch = Batch(documents, self._analysis)
        matches: dict[int, list[int]] = defaultdict(list)
        for number, among in self.candidates(batch).items():
            for at in positions(batch.found(self._conditions[number], among)):
                matches[at] += self._query_ids[number]
        return {batch.ids[at]: sorted(query_ids) for at, query_ids in matches.items()}

    def candidates(self, batch: Batch) -> dict[int, Bits]:
        """The conditions to look at for a batch, by their numbers, each with the notes for which it
        may hold. Queries that ask for the same are one condition."""
        candidates = dict.fromkeys(self._unfiled, batch.everything)
        for field, filed in self._filed.items():
            notes = batch.having(field)
            for value in notes.keys() & filed.keys():
                for number in filed[value]:
                    candidates[number] = candidates.get(number, 0) | notes[value]
        return candidates

    def _file(self) -> None:
        frequencies = Counter(key for each in self._conditions for key in _keys(each))
        for number, each in enumerate(self._conditions):
            demanded = _cheapest(each, frequencies)
            if demanded is None:
                self._unfiled.append(number)
            for field, value in demanded or ():
                self._filed[field][value].append(number)


def _keys(sought: Condition) -> Iterator[Key]:
    """All keys under which a condition could be filed."""
    match sought:
        case Having(field, values):
            yield from ((field, value) for value in values)
        case InOrder(stems):
            yield from (("text", stem) for stem in stems)
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _keys(child)


def _cheapest(sought: Condition, frequencies: Mapping[Key, int]) -> Collection[Key] | None:
    """Keys of which a matching note has at least one, chosen so that few notes have one.

    None if notes without any of the keys can match.
    """
    choices = _demanded(sought, frequencies)
    return min(choices, key=lambda keys: _cost(keys, frequencies), default=None)


def _demanded(sought: Condition, frequencies: Mapping[Key, int]) -> Iterator[Collection[Key]]:
    """Sets of keys; a matching note has at least one key of each set."""
    match sought:
        case Having():
            yield frozenset(_keys(sought))
        case InOrder():
            yield from ({key} for key in _keys(sought))
        case AllOf(children):
            for child in children:
                yield from _demanded(child, frequencies)
        case AnyOf(children):
            chosen = [_cheapest(child, frequencies) for child in children]
            known = [keys for keys in chosen if keys is not None]
            if len(known) == len(chosen):
                yield frozenset(chain.from_iterable(known))


def _cost(keys: Collection[Key], frequencies: Mapping[Key, int]) -> tuple[int, int, int]:
    """What filing under these keys costs: notes that have one, then queries beside this one.

    Among words that are asked for equally often the longest is taken to be the rarest.
    """
    return (
        sum(_COMMONNESS.get(field, _COMMON) for field, _ in keys),
        sum(frequencies[key] for key in keys),
        -min((len(str(value)) for _, value in keys), default=0),
    )
