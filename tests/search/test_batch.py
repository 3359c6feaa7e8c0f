"""Notes in memory: each kind of node finds what its docstring says, as the search engine does."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.search.analysis import ENGLISH, NEUTRAL
from insights.search.batch import Batch
from insights.search.document import NoteDocument
from insights.search.engine import Engine
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
from tests.search.corpus import ACME, CORPUS, FLORIDA, GLOBEX, NAMES, NOVEMBER, TEXAS, note
from tests.search.random_notes import Searching, corpora, trees

BATCH = Batch(list(CORPUS.values()), ENGLISH)


def found(tree: Node) -> list[str]:
    """The names of the corpus's notes that match, in the order of the corpus."""
    return [NAMES[note_id] for note_id in sorted(BATCH.matching(tree))]


def has(text: str, tree: Node, account_name: str = "") -> bool:
    return bool(Batch([note(1, text, account_name=account_name)], ENGLISH).matching(tree))


def test_a_word_is_found_in_all_its_forms_and_in_the_account() -> None:
    assert found(Word("pricing")) == ["prices", "price"]
    assert found(Word("CAFÉ")) == found(Word("cafe")) == ["cafe"]
    assert found(Word("freight")) == ["account"]
    assert found(Word("zeppelin")) == found(Word("")) == found(Word("?!")) == []


def test_without_a_language_a_word_has_one_form() -> None:
    batch = Batch([CORPUS["prices"], CORPUS["price"]], NEUTRAL)
    assert batch.matching(Word("price")) == {CORPUS["price"].id}


def test_prices_stop_words_and_words_with_apostrophes_are_words() -> None:
    assert found(Word("49.99")) == ["price"]
    assert found(Word("can't")) == ["stolen"]
    assert found(And((Word("the"), Word("clinic")))) == ["cafe"]


def test_a_word_that_is_several_is_a_phrase() -> None:
    assert found(Word("wi-fi")) == found(Word("AT&T")) == ["wifi"]
    assert not has("the fi of wi", Word("wi-fi"))


def test_a_phrase_is_words_side_by_side_in_their_order() -> None:
    assert found(Phrase("load theft")) == ["theft"]
    assert found(Phrase("strong signals")) == ["strong"]
    assert found(Phrase("cafe")) == ["cafe"]
    assert found(Phrase("")) == []
    assert has("a b a b c", Phrase("a b c"))


@pytest.mark.parametrize(
    ("text", "within", "is_found"),
    [
        ("load theft", 1, True),
        ("load or theft", 0, False),
        ("load or theft", 1, True),
        ("load of car theft", 1, False),
        ("load of car theft", 2, True),
        ("theft of load", 5, False),
        ("load load x y theft", 2, True),
    ],
)
def test_a_near_phrase_leaves_room_between_its_words(
    text: str, within: int, is_found: bool
) -> None:
    assert has(text, Phrase("load theft", within)) is is_found


def test_all_gaps_of_a_near_phrase_count_together() -> None:
    assert has("a x b y c", Phrase("a b c", 2))
    assert not has("a x b y c", Phrase("a b c", 1))
    assert has("truck x truck", Phrase("truck truck", 1))
    assert not has("truck", Phrase("truck truck", 5))


def test_no_phrase_reaches_from_the_text_into_the_account() -> None:
    assert has("They saw O'Brien.", Phrase("Freight Inc"), account_name="Freight Inc")
    assert not has("They saw O'Brien.", Phrase("O'Brien Freight"), account_name="Freight Inc")
    assert not has("They saw O'Brien.", Phrase("O'Brien Freight", 5), account_name="Freight Inc")


def test_a_beginning_is_looked_for_in_words_as_written() -> None:
    assert found(Prefix("pri")) == ["prices", "price"]
    assert found(Prefix("prices")) == ["prices"]
    assert found(Prefix("49.")) == ["price"]
    assert found(Prefix("zz")) == found(Prefix("?")) == []


def test_a_near_spelling_is_one_or_two_changes_away_from_a_word_as_written() -> None:
    assert found(Fuzzy("globax")) == found(Fuzzy("golbex")) == ["price", "both"]
    assert found(Fuzzy("glabax")) == []
    assert found(Fuzzy("glabax", 2)) == ["price", "both"]
    assert found(Fuzzy("?")) == []


@pytest.mark.parametrize(
    ("field", "values", "names"),
    [
        ("kind", {"challenge"}, ["theft", "stolen", "signal"]),
        ("known", {"heard"}, ["heard"]),
        ("impact", {"high", "low"}, ["theft"]),
        ("flags", {"sealed"}, ["sealed"]),
        ("audience", {"t:12"}, ["sealed"]),
        ("territory_id", {FLORIDA, TEXAS}, ["theft", "signal", "heard"]),
        ("competitor_id", {GLOBEX}, ["price", "both"]),
        ("product_id", {31, 32}, ["heard"]),
        ("account_id", {71}, ["account"]),
        ("week", {20745}, ["cafe"]),
        ("source", {"slack"}, []),
        ("territory_id", {2**80}, []),
        ("kind", set(), []),
    ],
)
def test_tags_are_found_by_any_of_their_values(
    field: str, values: set[int] | set[str], names: list[str]
) -> None:
    assert found(Among(field, frozenset(values))) == names  # type: ignore[arg-type]


def test_a_period_has_its_first_moment_and_not_its_last() -> None:
    first, second = (note(0), note(1))  # captured at nine and a minute before
    batch = Batch([first, second], ENGLISH)
    assert batch.matching(Period(NOVEMBER, None)) == {first.id}
    assert batch.matching(Period(None, NOVEMBER)) == {second.id}
    assert batch.matching(Period(second.captured_at, NOVEMBER)) == {second.id}
    assert batch.matching(Period(NOVEMBER, NOVEMBER - timedelta(1))) == set()
    assert batch.matching(Period(None, None)) == {first.id, second.id}


def test_conditions_are_joined_and_turned_round() -> None:
    acme, globex = Word("acme"), Word("globex")
    assert found(And((acme, globex))) == ["both"]
    assert found(Or((acme, globex))) == ["prices", "price", "both", "heard", "sealed", "wifi"]
    assert found(And((globex, Not(acme)))) == ["price"]
    assert found(Not(Or((acme, Not(globex))))) == ["price"]
    assert found(And((Among("competitor_id", frozenset({ACME})), Not(acme)))) == []


def test_everything_and_nothing() -> None:
    assert found(Everything()) == found(And(())) == list(CORPUS)
    assert found(Nothing()) == found(Or(())) == found(Not(Everything())) == []
    assert Batch([], ENGLISH).matching(Everything()) == set()


def test_of_two_notes_with_one_id_the_last_counts() -> None:
    batch = Batch([note(1, "acme"), note(1, "globex")], ENGLISH)
    assert not batch.matching(Word("acme"))
    assert batch.matching(Word("globex")) == {note(1).id}


def test_names_that_nobody_has_resolved_are_refused() -> None:
    with pytest.raises(TypeError, match="competitor"):
        BATCH.matching(And((Nothing(), Field("competitor", "acme"))))
    with pytest.raises(ValueError, match="colour"):
        BATCH.matching(Among("colour", frozenset({"red"})))


@pytest.fixture(scope="module")
def searching(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Searching:
    return Searching(tmp_path_factory.mktemp("random"), engine)


@settings(max_examples=40, deadline=None)
@given(corpus=corpora, asked=st.lists(trees, min_size=5, max_size=15))
def test_a_batch_finds_what_a_search_finds(
    searching: Searching, corpus: Sequence[NoteDocument], asked: list[Node]
) -> None:
    searching.hold(corpus)
    batch = Batch(corpus, ENGLISH)
    for tree in asked:
        assert batch.matching(tree) == searching.found(tree)


@settings(max_examples=100, deadline=None)
@given(corpus=corpora, tree=trees)
def test_a_batch_finds_the_notes_that_it_would_find_one_by_one(
    corpus: Sequence[NoteDocument], tree: Node
) -> None:
    alone = {each.id for each in corpus if Batch([each], ENGLISH).matching(tree)}
    assert Batch(corpus, ENGLISH).matching(tree) == alone
