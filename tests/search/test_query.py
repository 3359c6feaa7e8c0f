"""What is typed becomes a tree and can be typed again; whatever is typed, there is an answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.search.analysis import NEUTRAL
from insights.search.query import FIELDS, MOST_CHARACTERS, parse, parse_question
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
    Phrase,
    Prefix,
    Word,
    as_text,
    leaves,
)

ACME, GLOBEX, PRICE = Word("acme"), Word("globex"), Word("price")


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("", Everything()),
        ("  \n ", Everything()),
        ("price", PRICE),
        ("price Georgia", And((PRICE, Word("Georgia")))),
        ("acme AND globex", And((ACME, GLOBEX))),
        ("acme OR globex", Or((ACME, GLOBEX))),
        ("acme OR globex price", And((Or((ACME, GLOBEX)), PRICE))),
        ("acme OR (globex price)", Or((ACME, And((GLOBEX, PRICE))))),
        ("((acme))", ACME),
        ("price -acme", And((PRICE, Not(ACME)))),
        ("price NOT acme", And((PRICE, Not(ACME)))),
        ("-(acme OR globex)", Not(Or((ACME, GLOBEX)))),
        ("NOT NOT acme", ACME),
        ("-globex", Not(GLOBEX)),
        ("price -acm*", And((PRICE, Not(Prefix("acm"))))),
        ("-globx~", Not(Fuzzy("globx", 1))),
        ("fast - very fast", And((Word("fast"), Word("very"), Word("fast")))),
    ],
)
def test_words_are_joined_grouped_and_excluded(typed: str, tree: Node) -> None:
    assert parse(typed).tree == tree
    assert parse(typed).notices == ()


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ('"load theft"', Phrase("load theft")),
        ("“load theft”", Phrase("load theft")),
        ('"load theft"~3', Phrase("load theft", 3)),
        ('acme -"load theft"', And((ACME, Not(Phrase("load theft"))))),
        ("install*", Prefix("install")),
        ("globx~", Fuzzy("globx", 1)),
        ("globx~2", Fuzzy("globx", 2)),
    ],
)
def test_phrases_beginnings_and_near_spellings_are_understood(typed: str, tree: Node) -> None:
    assert parse(typed).tree == tree


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("competitor:acme", Field("competitor", "acme")),
        ('competitor:"Acme Corp"', Field("competitor", "Acme Corp")),
        ("Since:30d", Field("since", "30d")),
        ("date:2026-01..2026-03", Field("date", "2026-01..2026-03")),
        ("-is:sealed", Not(Field("is", "sealed"))),
        (
            "kind:(challenge OR preference) acme",
            And((Or((Field("kind", "challenge"), Field("kind", "preference"))), ACME)),
        ),
    ],
)
def test_fields_are_understood(typed: str, tree: Node) -> None:
    assert parse(typed).tree == tree


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_can_be_asked_for(name: str) -> None:
    assert parse(f"{name}:value").tree == Field(name, "value")


@pytest.mark.parametrize(
    "typed",
    [
        *("$49.99", "jo@acme.com", "don't", "C++", "10:30", "AT&T", "wi-fi", "1,000", "50%"),
        *("https://acme.example/price?x=1", "territory:", "unknown:thing", "or", "and/or"),
    ],
)
def test_what_people_write_is_a_word(typed: str) -> None:
    [word] = leaves(parse(f"{typed} price").tree) if typed == "or" else [parse(typed).tree]
    assert isinstance(word, Word)
    assert parse(typed).notices == ()


def test_an_inch_sign_is_no_quotation_mark() -> None:
    assert parse('a 12" screen').tree == And((Word("12"), Word("screen")))


def test_stop_words_beside_others_are_dropped() -> None:
    assert parse("the price of a truck").tree == And((PRICE, Word("truck")))


def test_stop_words_alone_are_searched() -> None:
    assert parse("to be").tree == And((Word("to"), Word("be")))


def test_a_stop_word_beside_exclusions_is_searched() -> None:
    assert parse("the -acme").tree == And((Word("the"), Not(ACME)))


def test_a_language_without_stop_words_keeps_them() -> None:
    assert parse("the price", NEUTRAL).tree == And((Word("the"), PRICE))


@pytest.mark.parametrize("typed", ["!!!", "👍", "-", '""', '-"', "\u200b&", "()", "NOT ()"])
def test_a_text_without_letters_finds_nothing_and_says_so(typed: str) -> None:
    assert parse(typed).tree == Nothing()
    assert "type a word or a number" in parse(typed).notices[-1]


@pytest.mark.parametrize(
    ("typed", "tree", "notice"),
    [
        ('acme "load theft', "acme load theft", "A quotation mark is not closed"),
        ("(acme price", "acme price", "The brackets do not match"),
        ("acme) price", "acme price", "The brackets do not match"),
        ("(" * 9 + "acme" + ")" * 9, "acme", "More than 8 brackets within brackets"),
        ("x* acme", "x acme", "“x*” is read as a word"),
        ("wi-fi*", "wi-fi", "“wi-fi*” is read as a word"),
        ("ab~ acme", "ab acme", "“ab~” is read as a word"),
        ('"load theft"~99', '"load theft"~5', "at most 5 apart"),
        ('"five words are too many"~2', "five words too many", "read as single words"),
    ],
)
def test_what_cannot_be_understood_is_read_as_words_and_said(
    typed: str, tree: str, notice: str
) -> None:
    query = parse(typed)
    assert query.tree == parse(tree).tree
    assert any(notice in sentence for sentence in query.notices)


class TestLimits:
    def test_only_so_many_words_are_searched_for(self) -> None:
        query = parse(" ".join(f"w{number}" for number in range(60)))
        assert len(list(leaves(query.tree))) == 40
        assert query.notices == ("Only the first 40 words are searched for.",)

    def test_one_long_term_counts_with_all_its_words(self) -> None:
        assert parse("acme " + "a." * 300).tree == ACME

    def test_only_so_many_characters_are_searched_for(self) -> None:
        query = parse("price " + "x" * 2_000)
        assert query.notices == ("Only the first 1,000 characters are searched for.",)
        assert max(len(leaf.text) for leaf in leaves(query.tree) if isinstance(leaf, Word)) == 994

    def test_only_so_many_beginnings_are_looked_up(self) -> None:
        query = parse(" ".join(f"word{number}*" for number in range(9)))
        kinds = [type(leaf) for leaf in leaves(query.tree)]
        assert kinds == [Prefix] * 5 + [Word] * 4
        assert "Only 5 words with * or ~" in query.notices[0]

    @pytest.mark.parametrize(
        "typed",
        ["a* " * 400, "~" * 5_000, "(" * 5_000, "NOT " * 2_000, "w " * 10_000, '"' * 3_000,
         "a OR " * 3_000, "territory:(" * 500, "-" * 9_000, "(a OR (b " * 400],
    )  # fmt: skip
    def test_a_hostile_text_becomes_a_small_tree(self, typed: str) -> None:
        assert len(list(leaves(parse(typed).tree))) <= 40


class TestQuestions:
    def test_each_word_counts_and_none_is_needed(self) -> None:
        tree = parse_question("Is the price of fibre in Georgia a price?").tree
        assert tree == Or((PRICE, Word("fibre"), Word("georgia")))

    def test_a_question_of_stop_words_alone_keeps_them(self) -> None:
        assert parse_question("is it").tree == Or((Word("is"), Word("it")))

    def test_signs_mean_nothing_in_it(self) -> None:
        assert parse_question('-acme "globex" OR').tree == Or((ACME, GLOBEX))


# Pieces from which texts are put together that look like queries more often than random ones.
PIECES = [
    *("a", "price", "the", "of", "OR", "AND", "NOT", "(", ")", '"', '"', "-", "*", "~", "~2", " "),
    *(" ", " ", " ", " ", "territory:", "kind:", "Since:", "x", "49.99", "$", "é", "ﬁ", "'", ":"),
    *("don't", "load theft", "“", "”", "@", "..", "--", "\u200b", "ß", "İ", "中", "_", "!", "（"),
]
query_like = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)
any_text = st.text(st.characters(), max_size=120)


@settings(max_examples=1_500, deadline=None)
@given(query_like | any_text)
def test_a_query_that_is_typed_again_is_the_same_query(typed: str) -> None:
    tree = parse(typed).tree
    text = as_text(tree)
    assert len(text) <= MOST_CHARACTERS
    assert parse(text).tree == tree
    assert as_text(parse(text).tree) == text


def test_what_nobody_types_cannot_be_written_as_text() -> None:
    with pytest.raises(TypeError):
        as_text(Among("kind", frozenset({"challenge"})))
