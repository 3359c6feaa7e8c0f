import pytest

from insights.trends.phrases import phrases_of, place_words, singular


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Free implementation", ["free", "free implementation", "implementation"]),
        ("price, discount", ["price", "discount"]),
        ("The end of the contract", ["end", "contract"]),
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
    places = place_words(["New York", "Georgia", "GA"])
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
