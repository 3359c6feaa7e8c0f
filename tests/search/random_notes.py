"""Random notes and trees of all kinds of nodes, drawn so that they often meet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import strategies as st

from insights.search.document import NoteDocument
from insights.search.engine import Engine, Reader
from insights.search.query import Query
from insights.search.replica import Replica
from insights.search.request import SearchRequest
from insights.search.tree import (
    Among,
    And,
    Everything,
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
from tests.search.corpus import NOVEMBER, note

WORDS = [
    *("price", "prices", "Acme", "ACMES", "café", "cafe", "the", "49.99", "wi-fi", "don’t"),
    *("truck", "turck", "a", "b", "straße", "東京", "x" * 70),
]
ACCOUNTS = ["O'Brien", "Łódź"]
KINDS = ("competitor", "challenge", "opportunity")
KEYS = ("everyone", "t:1", "p:7")

moments = st.integers(-3, 3).map(lambda minutes: NOVEMBER + timedelta(minutes=minutes))
numbers = st.integers(0, 4)
tags = st.lists(numbers, max_size=3).map(tuple)
texts = st.lists(st.sampled_from(WORDS), min_size=3, max_size=15).map(" ".join)


def numbered(notes: Sequence[NoteDocument]) -> list[NoteDocument]:
    """The notes with ids from 1 on."""
    return [replace(each, id=UUID(int=number)) for number, each in enumerate(notes, start=1)]


notes = st.builds(
    lambda text, account_name, audience, **values: note(
        0, text, account_name=account_name, audience=tuple(audience), **values
    ),
    text=texts,
    account_name=st.lists(st.sampled_from([*WORDS, *ACCOUNTS]), max_size=2).map(" ".join),
    audience=st.just([KEYS[0]]) | st.lists(st.sampled_from(KEYS[1:]), min_size=1),
    kind=st.sampled_from(KINDS),
    known=st.sampled_from(["first-hand", "heard"]),
    impact=st.sampled_from(["low", "normal"]),
    author_id=numbers,
    territory_id=numbers,
    segment_ids=tags,
    competitor_ids=tags,
    product_ids=tags,
    account_id=st.none() | numbers,
    captured_at=moments,
    week=st.sampled_from([20752, 20759]),
    month=st.sampled_from([202610, 202611]),
    sightings=st.integers(0, 2),
    has_photo=st.booleans(),
)
corpora = st.lists(notes, max_size=8).map(numbered)


def _among(field: str, values: Sequence[int] | Sequence[str]) -> st.SearchStrategy[Node]:
    chosen = st.frozensets(st.sampled_from(values), min_size=1, max_size=3)
    return chosen.map(lambda some: Among(field, some))


_tagged = st.one_of(
    _among("kind", [*KINDS, "other"]),
    _among("known", ["first-hand", "heard"]),
    _among("impact", ["low", "normal", "high"]),
    _among("source", ["web", "slack"]),
    _among("flags", ["sealed", "photo", "seen"]),
    _among("audience", KEYS),
    _among("week", [20752, 20759]),
    _among("month", [202610, 202611]),
    *(
        _among(field, [*range(1, 5), 2**63, -1])
        for field in (
            *("territory_id", "author_id", "segment_id", "competitor_id", "product_id"),
            *("account_id", "sightings"),
        )
    ),
)
_word = st.sampled_from([*WORDS, *ACCOUNTS])
_phrases = st.lists(st.sampled_from([*WORDS, *ACCOUNTS]), min_size=2, max_size=3).map(" ".join)
_beginnings = st.sampled_from(["pri", "Caf", "49.", "wi", "tr", "x", "東", "o'", "trucks"])
_misspelled = _word | st.sampled_from(["prcie", "acne", "lod", "brian"])
_worded = st.one_of(
    st.builds(Word, _word),
    st.builds(Phrase, _phrases, st.integers(0, 5)),
    st.builds(Prefix, _beginnings),
    st.builds(Fuzzy, _misspelled, st.sampled_from([1, 2])),
)
_odd = st.sampled_from(
    [
        *(Everything(), Nothing(), And(()), Or(()), Among("kind", frozenset())),
        *(Word(""), Word("a b"), Phrase("?"), Phrase("café"), Prefix("?"), Fuzzy("?", 2)),
    ]
)
_periods = st.builds(Period, st.none() | moments, st.none() | moments)
trees = st.recursive(
    st.one_of(_worded, _worded, _tagged, _periods, _odd),
    lambda children: st.one_of(
        st.builds(Not, children),
        st.builds(And, st.lists(children, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(children, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


class Searching:
    """An index that holds other notes with each call of ``hold``."""

    def __init__(self, directory: Path, engine: Engine) -> None:
        self._replica = Replica(directory, engine, check_every=0)
        self._reader: Reader = self._replica.open_reader()

    def hold(self, notes: Sequence[NoteDocument]) -> None:
        with self._replica.rebuild() as writer:
            writer.put(notes)
            writer.publish(cursor=1)

    def found(self, tree: Node) -> set[UUID]:
        """The ids of the notes that a search by someone who may see all finds."""
        asked = SearchRequest(audience=None, query=Query(tree), limit=100, highlight=False)
        return {hit.id for hit in self._reader.search(asked).hits}
