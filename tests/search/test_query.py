"""What is typed becomes a tree; whatever is typed, there is an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.search.query import (
    And,
    Everything,
    Node,
    Not,
    Nothing,
    Phrase,
    Word,
    parse,
    sought_texts,
)


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("", Everything()),
        ("  \n ", Everything()),
        ("price", Word("price")),
        ("price Georgia", And((Word("price"), Word("Georgia")))),
        ('"load theft"', Phrase("load theft")),
        ("“load theft”", Phrase("load theft")),
        ("acme -globex", And((Word("acme"), Not(Word("globex"))))),
        ('acme -"load theft"', And((Word("acme"), Not(Phrase("load theft"))))),
        ("-globex", Not(Word("globex"))),
        ("fast - very fast", And((Word("fast"), Word("very"), Word("fast")))),
        ('a 12" screen', And((Word('12"'), Word("screen")))),
        ("$49.99", Word("$49.99")),
        ("(acme NOT", And((Word("(acme"), Word("NOT")))),
    ],
)
def test_words_phrases_and_exclusions_are_understood(typed: str, tree: Node) -> None:
    assert parse(typed).tree == tree


def test_stop_words_beside_others_are_dropped() -> None:
    assert parse("the price of a truck").tree == And((Word("price"), Word("truck")))


def test_stop_words_alone_are_searched() -> None:
    assert parse("to be").tree == And((Word("to"), Word("be")))


def test_a_stop_word_beside_exclusions_is_searched() -> None:
    assert parse("the -acme").tree == And((Word("the"), Not(Word("acme"))))


@pytest.mark.parametrize("typed", ["!!!", "👍", "-", '""', '-"', "\u200b&"])
def test_a_text_without_letters_finds_nothing_and_says_so(typed: str) -> None:
    assert parse(typed).tree == Nothing()
    assert "type a word or a number" in parse(typed).notices[-1]


def test_an_open_quotation_mark_is_read_as_words_and_said() -> None:
    query = parse('acme "load theft')
    assert list(sought_texts(query.tree)) == ["acme", '"load', "theft"]
    assert "not closed" in query.notices[0]


def test_only_so_many_words_are_searched_for() -> None:
    query = parse(" ".join(f"w{number}" for number in range(60)))
    assert len(list(sought_texts(query.tree))) == 40
    assert query.notices == ("Only the first 40 words are searched for.",)


def test_one_long_term_counts_with_all_its_words() -> None:
    assert parse("acme " + "a." * 300).tree == Word("acme")


def test_only_so_many_characters_are_searched_for() -> None:
    query = parse("price " + "x" * 2_000)
    assert query.notices == ("Only the first 1,000 characters are searched for.",)
    assert len(list(sought_texts(query.tree))[1]) == 994


def test_an_ordinary_query_has_no_notices() -> None:
    assert parse("what did O'Brien's driver say about $49.99?").notices == ()


@given(st.text(st.characters(), max_size=300))
def test_parsing_never_raises(typed: str) -> None:
    assert all(isinstance(notice, str) for notice in parse(typed).notices)


@given(st.text(st.sampled_from("ab\"“”-' .,1$\t\ud800"), max_size=60))
def test_hostile_spelling_never_raises(typed: str) -> None:
    assert parse(typed) == parse(typed)
