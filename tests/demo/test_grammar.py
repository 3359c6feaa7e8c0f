"""The grammar writes what its patterns say, and refuses patterns that cannot be read."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.demo.grammar import Grammar, expand

RULES = {"few": ["two", "three"], "colour": ["(light|dark) (blue|green)"]}
PLAIN = st.text(st.characters(exclude_characters="()|[]{}", exclude_categories=["Cs"]), min_size=1)


def texts(pattern: str, **slots: str) -> set[str]:
    choice, random = Grammar(RULES).compile([pattern]), Random(1)
    return {expand(choice, slots, random.random) for _ in range(200)}


def test_alternatives_are_all_used() -> None:
    assert texts("(a|b|) cup") == {"a cup", "b cup", " cup"}


def test_alternatives_nest() -> None:
    assert texts("(big (red|blue)|small) cup") == {"big red cup", "big blue cup", "small cup"}


def test_a_rule_stands_for_its_patterns() -> None:
    assert texts("[few] cups") == {"two cups", "three cups"}
    assert len(texts("[colour]")) == 4


def test_a_slot_is_filled_by_name() -> None:
    assert texts("at {customer}", customer="Redbank") == {"at Redbank"}


@given(PLAIN)
def test_text_without_signs_stands_for_itself(text: str) -> None:
    assert expand(Grammar({}).compile([text]), {}, Random(1).random) == text


@pytest.mark.parametrize("pattern", ["(a|b", "a)", "a|b", "[few", "{slot", "a}", "[", "[nobody]"])
def test_an_unreadable_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError):
        Grammar(RULES).compile([pattern])


def test_a_rule_that_contains_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="contains itself"):
        Grammar({"a": ["[b]"], "b": ["x [a]"]})
