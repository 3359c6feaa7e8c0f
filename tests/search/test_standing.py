"""Standing queries: which of them match which new notes, and how few are looked at for it."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.search.analysis import ENGLISH, NEUTRAL
from insights.search.batch import Batch
from insights.search.document import NoteDocument
from insights.search.engine import Engine
from insights.search.query import parse
from insights.search.standing import StandingQueries
from insights.search.tree import (
    Among,
    And,
    Everything,
    Field,
    Node,
    Not,
    Nothing,
    Or,
    Period,
    Phrase,
    Prefix,
    Word,
)
from tests.search.corpus import ACME, CORPUS, GEORGIA, NAMES, NOVEMBER
from tests.search.random_notes import Searching, corpora, notes, numbered, trees

NOTES = list(CORPUS.values())
ABOUT_ACME = Among("competitor_id", frozenset({ACME}))
IN_GEORGIA = Among("territory_id", frozenset({GEORGIA}))


def matches(*trees: Node) -> dict[str, list[int]]:
    """The names of the corpus's notes with the queries, numbered from 1, that match them."""
    found = StandingQueries(dict(enumerate(trees, start=1)), ENGLISH).match(NOTES)
    return {NAMES[note_id]: query_ids for note_id, query_ids in found.items()}


def looked_at(trees: Sequence[Node]) -> int:
    """How many conditions a batch of all notes looks at."""
    standing = StandingQueries(dict(enumerate(trees)), ENGLISH)
    return len(standing.candidates(Batch(NOTES, ENGLISH)))


def test_each_note_has_the_queries_that_match_it() -> None:
    acme, signal = parse("acme price").tree, parse("signal -strong").tree
    assert matches(acme, signal) == {"prices": [1], "signal": [2]}


def test_the_ids_of_a_note_ascend_whatever_the_queries_are_filed_under() -> None:
    queries = {9: Word("acme"), 4: Everything(), 7: ABOUT_ACME, 2: Prefix("tw"), 5: Word("bids")}
    found = StandingQueries(queries, ENGLISH).match([CORPUS["prices"], CORPUS["both"]])
    assert found == {CORPUS["prices"].id: [2, 4, 7, 9], CORPUS["both"].id: [4, 5, 7, 9]}


def test_queries_without_a_value_to_look_for_are_asked_of_every_note() -> None:
    others = [name for name in CORPUS if name not in ("theft", "signal", "stolen")]
    assert list(matches(Not(Among("kind", frozenset({"challenge"}))))) == others
    assert list(matches(Period(NOVEMBER, None))) == []
    assert list(matches(Or((Word("bid"), Prefix("zebra"))))) == ["both", "sealed"]


def test_a_query_that_nothing_can_match_is_never_looked_at() -> None:
    assert looked_at([Nothing(), And((Word("acme"), Or(()))), Among("kind", frozenset())]) == 0


def test_queries_that_mean_the_same_are_looked_at_once_and_all_answer() -> None:
    same = [parse(text).tree for text in ("acme prices", "Price ACME", "acme AND price")]
    assert matches(*same) == {"prices": [1, 2, 3]}
    assert looked_at(same) == 1


def test_a_query_is_looked_at_only_where_its_rarest_part_occurs() -> None:
    elsewhere = [And((IN_GEORGIA, Word(f"word{number}"))) for number in range(50)]
    assert looked_at([*elsewhere, And((IN_GEORGIA, Word("acme")))]) == 1
    assert looked_at([Phrase(f"the zebra{number}") for number in range(50)]) == 0
    assert looked_at([Or((Word("zeta"), And((ABOUT_ACME, Word("eta")))))]) == 0


def test_without_a_language_a_word_has_one_form() -> None:
    found = StandingQueries({1: Word("price")}, NEUTRAL).match(NOTES)
    assert list(found) == [CORPUS["price"].id]


def test_no_queries_and_no_notes() -> None:
    assert StandingQueries({}, ENGLISH).match(NOTES) == {}
    assert StandingQueries({1: Everything()}, ENGLISH).match([]) == {}


def test_names_that_nobody_has_resolved_are_refused_when_the_queries_are_taken_in() -> None:
    with pytest.raises(TypeError, match="competitor"):
        StandingQueries({1: Field("competitor", "acme")}, ENGLISH)
    with pytest.raises(ValueError, match="colour"):
        StandingQueries({1: Among("colour", frozenset({"red"}))}, ENGLISH)


stored = st.lists(trees, max_size=20).map(lambda some: dict(enumerate(some, start=1)))


@settings(max_examples=100, deadline=None)
@given(corpus=corpora, queries=stored)
def test_choosing_what_to_look_at_loses_no_match(
    corpus: Sequence[NoteDocument], queries: dict[int, Node]
) -> None:
    batch = Batch(corpus, ENGLISH)
    matching = {query_id: batch.matching(tree) for query_id, tree in queries.items()}
    expected = {
        each.id: [query_id for query_id, ids in matching.items() if each.id in ids]
        for each in corpus
    }
    found = StandingQueries(queries, ENGLISH).match(corpus)
    assert found == {note_id: query_ids for note_id, query_ids in expected.items() if query_ids}


@pytest.fixture(scope="module")
def searching(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Searching:
    return Searching(tmp_path_factory.mktemp("random"), engine)


@settings(max_examples=30, deadline=None)
@given(new=notes, queries=stored)
def test_a_note_matches_the_queries_that_find_it_in_an_index_of_its_own(
    searching: Searching, new: NoteDocument, queries: dict[int, Node]
) -> None:
    [alone] = numbered([new])
    searching.hold([alone])
    finding = [query_id for query_id, tree in queries.items() if searching.found(tree)]
    assert StandingQueries(queries, ENGLISH).match([alone]).get(alone.id, []) == finding
