import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.trends.packing import phrase_number
from insights.trends.phrases import PhraseReader, name_words, phrases_of, singular
from insights.trends.pieces import Pieces

WORDS = ["Prices", "cut", "the", "load-theft", "Ionfield", "Georgia,", "york", "3", "Bob's", "—"]
texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=20)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Free implementation", ["free", "free implementation", "implementation"]),
        ("price, discount", ["price", "discount"]),
        ("The end of the contract", ["end", "contract"]),
        ("a pharmacy chain across from us", ["pharmacy", "pharmacy chain", "chain"]),
        ("drop lot near Macon", ["drop", "drop lot", "lot", "macon"]),
        ("load-theft", ["load", "load theft", "theft"]),
        ("Load thefts!", ["load", "load theft", "theft"]),
        ("waived 3 fees", ["waived", "fee"]),
        ("three price cuts since Oct", ["price", "price cut", "cut"]),
        ("price price", ["price", "price price"]),
        ("", []),
    ],
)
def test_phrases_lie_within_a_clause_and_hold_no_stop_words(text: str, phrases: list[str]) -> None:
    assert phrases_of(text) == phrases


def test_names_part_phrases() -> None:
    assert phrases_of("cheap Ionfield tanks", frozenset({"ionfield"})) == ["cheap", "tank"]


def test_the_name_of_a_place_alone_is_no_phrase() -> None:
    places = name_words(["New York", "Georgia", "GA"])
    said = phrases_of("New York law in Georgia, Georgia courts", places=places)
    assert said == ["new york law", "york law", "law", "georgia court", "court"]


def test_phrases_have_at_most_so_many_words() -> None:
    assert max(len(one.split()) for one in phrases_of("alpha beta gamma delta", longest=3)) == 3


@pytest.mark.parametrize(
    ("word", "one"),
    [("prices", "price"), ("deliveries", "delivery"), ("boxes", "box"), ("glass", "glass"),
     ("bus", "bus"), ("analysis", "analysis"), ("gas", "gas"), ("christmas", "christmas")],
)  # fmt: skip
def test_a_plural_counts_as_its_singular(word: str, one: str) -> None:
    assert singular(word) == one


@given(st.lists(texts, max_size=5), st.integers(1, 3))
def test_many_texts_at_once_hold_the_phrases_that_each_of_them_has(
    texts: list[str], longest: int
) -> None:
    names, places = frozenset({"ionfield"}), name_words(["Georgia", "New York"])
    numbers, (owner, place) = PhraseReader(names, places, longest).read(Pieces.of(texts))
    for at, text in enumerate(texts):
        own = phrases_of(text, names, places=places, longest=longest)
        assert {int(one) for one in numbers[place[owner == at]]} == set(map(phrase_number, own))
