"""The dictionary finds what a text names, and nothing else."""

import pickle
import random
import re
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.tagging import Dictionary, Entry, Match, TagKind
from insights.text import fold

COMPETITOR, PRODUCT, TERRITORY = TagKind.COMPETITOR, TagKind.PRODUCT, TagKind.TERRITORY


def found(text: str, *aliases: str) -> list[str]:
    """The pieces of the text that a dictionary of these aliases finds."""
    entries = [Entry(COMPETITOR, number, alias) for number, alias in enumerate(aliases)]
    return [text[match.start : match.end] for match in Dictionary(entries).find(text)]


class TestWordBoundaries:
    @pytest.mark.parametrize(
        "text", ["Acme", "acme won", "(ACME)", "lost to Acme.", "Acme's price", "Acme’s", "#acme",
                 "Acme/Globex", "Acmé", "“Acme”", "non-Acme", "acme,2024", "ＡＣＭＥ", "Acme™"],
    )  # fmt: skip
    def test_a_name_is_found_beside_spaces_and_signs(self, text: str) -> None:
        assert [fold(piece) for piece in found(text, "Acme")] == ["acme"]

    @pytest.mark.parametrize("text", ["Acmeville", "tacme", "Acme2", "8acme", "Acmeé", "ac me"])
    def test_a_name_within_a_longer_word_is_not_meant(self, text: str) -> None:
        assert found(text, "Acme") == []

    @pytest.mark.parametrize("text", ["routers", "router", "Both routers.", "ROUTERS'"])
    def test_a_plural_is_found_without_its_s(self, text: str) -> None:
        assert [piece.lower() for piece in found(text, "Router")] == ["router"]

    def test_four_characters_are_enough_for_a_plural(self) -> None:
        assert found("racks and cabs", "Rack", "Cab") == ["rack"]

    @pytest.mark.parametrize(("text", "alias"), [("routersx", "Router"), ("news", "New"),
                                                 ("bosss", "Boss"), ("4411s", "4411")])  # fmt: skip
    def test_not_every_s_is_a_plural(self, text: str, alias: str) -> None:
        assert found(text, alias) == []

    @pytest.mark.parametrize("alias", ["AT&T", "T-Mobile", "C++", "7-Eleven", "Yahoo!", ".NET",
                                       "Acme - Global", "L'Oréal", "3M™ Pro"])  # fmt: skip
    def test_a_name_with_signs_is_found_as_it_is_written(self, alias: str) -> None:
        assert found(f"we met {alias}, again", alias) == [alias]

    @pytest.mark.parametrize(
        "text", ["T-Mobile", "T Mobile", "t\u2011mobile", "T  Mobile", "T\nMobile", "T-\n  Mobile"]
    )
    def test_a_hyphen_and_white_space_are_the_same(self, text: str) -> None:
        assert found(f"at {text} today", "T-Mobile") == found(f"at {text} today", "t mobile")
        assert found(f"at {text} today", "T-Mobile") == [text]

    @pytest.mark.parametrize(
        "text", ["Delta - Dental", "Delta -\nDental", "Delta\n\nDental",
                 "Delta -- Dental", "DeltaDental", "Delta, Dental"],
    )  # fmt: skip
    def test_two_phrases_are_not_one_name(self, text: str) -> None:
        assert found(text, "Delta Dental") == []

    def test_scripts_without_spaces_have_no_boundaries(self) -> None:
        assert found("我们输给了小米公司", "小米") == ["小米"]
        assert found("삼성은 좋다", "삼성") == ["삼성"]

    def test_a_part_of_a_typed_character_is_not_found(self) -> None:
        assert found("Pro ½", "Pro 1") == []
        assert found("½ Pro", "2 Pro") == []
        assert found("각", "가") == []
        assert found("か\u3099", "か") == []


class TestChoice:
    def test_the_longest_of_two_names_counts(self) -> None:
        assert found("Acme Global Ltd", "Acme", "Acme Global", "Global Ltd") == ["Acme Global"]

    def test_a_longer_name_that_is_not_complete_leaves_the_shorter(self) -> None:
        assert found("Acme Globally", "Acme", "Acme Global") == ["Acme"]

    def test_a_name_of_two_things_gives_both(self) -> None:
        entries = [Entry(COMPETITOR, 7, "Acme"), Entry(PRODUCT, 7, "ACME")]
        assert Dictionary(entries).find("by acme") == [
            Match(COMPETITOR, 7, "Acme", 3, 7),
            Match(PRODUCT, 7, "ACME", 3, 7),
        ]

    def test_one_thing_listed_twice_is_found_once(self) -> None:
        assert found("acme", "Acme") == ["acme"]
        twice = Dictionary([Entry(PRODUCT, 1, "Acme"), Entry(PRODUCT, 1, "ACMÉ")])
        assert len(twice.find("acme")) == 1

    def test_tags_are_ids_in_order_of_first_mention(self) -> None:
        entries = [Entry(COMPETITOR, 1, "Acme"), Entry(COMPETITOR, 2, "Globex"),
                   Entry(TERRITORY, 9, "Ohio")]  # fmt: skip
        tags = Dictionary(entries).tags("Globex and Acme, then globex in Ohio")
        assert tags == {COMPETITOR: [2, 1], PRODUCT: [], TagKind.SEGMENT: [], TERRITORY: [9]}


class TestShortAliases:
    @pytest.mark.parametrize(
        "text",
        [
            "stores in OR",
            "ACME stores in OR",
            "OR",
            "OR, WA",
            "(OR)",
            "OR's law",
            "from OR.",
            "WA/OR",
            "#OR",
        ],
    )
    def test_a_state_code_is_found_as_it_is_written(self, text: str) -> None:
        assert found(text, "OR") == ["OR"]

    @pytest.mark.parametrize(
        "text", ["this or that", "Or so", "THIS OR THAT", "price AND/OR service", "OR&D", "x-OR",
                 "D'OR", "OR.com", "U.OR", "OR+", "OR'ed", "DOOR"],
    )  # fmt: skip
    def test_a_word_that_looks_like_it_is_not_meant(self, text: str) -> None:
        assert found(text, "OR") == []

    def test_a_letter_of_another_name_is_not_meant(self) -> None:
        assert found("at AT&T, T-Mobile and C++", "T", "AT", "C") == []

    def test_capitals_far_away_do_not_matter(self) -> None:
        assert found("LOUD HEADING " + "calm words " * 9 + "IN", "IN") == ["IN"]

    def test_a_refused_short_alias_does_not_hide_another_name(self) -> None:
        assert found("in Ohio", "IN", "in Ohio") == ["in Ohio"]
        assert found("a+one", "A+", "+one") == ["+one"]

    def test_only_the_entry_written_so_is_meant(self) -> None:
        entries = [Entry(TERRITORY, 1, "ME"), Entry(PRODUCT, 2, "Me")]
        assert [match.id for match in Dictionary(entries).find("a Me phone")] == [2]


class TestWhole:
    @pytest.mark.parametrize("alias", ["", "  ", "®", "\u200b", "-", "\u0301"])
    def test_an_empty_alias_is_left_out(self, alias: str) -> None:
        assert found("- ® \u0301 \u200b acme", alias, "Acme") == ["acme"]
        assert found("- ® acme", alias) == []

    def test_a_dictionary_can_be_pickled(self) -> None:
        dictionary = Dictionary([Entry(PRODUCT, 1, "Router")])
        assert pickle.loads(pickle.dumps(dictionary)).find("router") == dictionary.find("router")

    def test_threads_may_share_it(self) -> None:
        dictionary = Dictionary([Entry(PRODUCT, 1, "Router"), Entry(PRODUCT, 2, "Rack")])
        texts = [f"{'router ' * (number % 7)}rack" for number in range(400)]
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(dictionary.find, texts)) == [dictionary.find(t) for t in texts]

    def test_ten_thousand_aliases_are_quick(self) -> None:
        chance = random.Random(1)
        names = ["".join(chance.choices("abcdefgh ", k=12)) for _ in range(10_000)]
        started = time.perf_counter()
        dictionary = Dictionary(Entry(PRODUCT, 1, name) for name in names)
        built = time.perf_counter()
        assert dictionary.find(" ".join(names[:800]))
        assert built - started < 1
        assert time.perf_counter() - built < 0.5

    def test_time_grows_with_the_text_only(self) -> None:
        dictionary = Dictionary([Entry(TERRITORY, 1, "OR"), Entry(TERRITORY, 2, "New York")])
        started = time.perf_counter()
        for unit in ("OR ", "   -", "\n", "e\u0301", "new york "):
            dictionary.find(unit * 20_000)
        # Minutes, if it grew with the square of the text.
        assert time.perf_counter() - started < 30


# The oracle below states the rules for long aliases as a plain search through all substrings.

ALPHABET = "aab12sßéE\u0301ﬁ½ -\n'&+.小"
names_lists = st.lists(st.text(ALPHABET, min_size=1, max_size=6), min_size=1, max_size=8)


@st.composite
def names_and_text(draw: st.DrawFn) -> tuple[list[str], str]:
    """Aliases, and a text made of them and of other characters in any order."""
    names = draw(names_lists)
    pieces = st.sampled_from([*names, *(name.upper() for name in names), *ALPHABET])
    return names, "".join(draw(st.lists(pieces, max_size=8)))


def comparable(text: str) -> str:
    """The rules on white space and hyphens, one folded character after the other."""
    pieces = re.split(r"([\s-]+)", "".join(fold(c) or c * c.isspace() for c in text))
    for i in range(1, len(pieces), 2):
        joint = re.fullmatch(r"[^\S\n]*\n?[^\S\n]*|-|-[^\S\n]*\n[^\S\n]*", pieces[i])
        pieces[i] = " " if joint else "\n"
    return "".join(pieces)


def is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def touches(left: str, right: str) -> bool:
    """Whether two neighbouring pieces are parts of one word."""
    before, after = comparable(left)[-1:], comparable(right)[:1]
    words = [c.isalnum() and c != "小" for c in (before, after)]
    return all(words) or (after != "" and is_mark(after))


def stands_alone(text: str, start: int, end: int) -> bool:
    inside, rest = text[start:end], text[end:]
    if touches(text[:start], inside):
        return False
    form, following = comparable(inside), comparable(rest)
    is_plural = (
        len(form) >= 4 and form[-1].isalpha() and form[-1] != "s" and following[:1] == "s"
        and not touches("s", following[1:])
    )  # fmt: skip
    return is_plural or not touches(inside, rest)


def naive_find(names: list[str], text: str) -> list[tuple[int, int]]:
    """Leftmost, then longest: every substring is compared with every alias."""
    wanted = {comparable(name).strip() for name in names}
    wanted = {form for form in wanted if len(form) > 2}
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        if fold(text[start]) == "" or (spans and start < spans[-1][1]):
            start += 1
            continue
        ends = [
            end for end in range(len(text), start, -1)
            if comparable(text[start:end]) in wanted and stands_alone(text, start, end)
        ]  # fmt: skip
        spans += [(start, ends[0])] if ends else []
        start += 1
    return spans


class TestAgainstTheOracle:
    @given(names_and_text())
    def test_finds_what_a_naive_search_finds(self, case: tuple[list[str], str]) -> None:
        names, text = case
        long_names = [name for name in names if len(comparable(name).strip()) > 2]
        dictionary = Dictionary(Entry(PRODUCT, 1, name) for name in long_names)
        assert [(m.start, m.end) for m in dictionary.find(text)] == naive_find(names, text)

    @given(names_and_text())
    def test_offsets_point_at_text_that_folds_to_the_alias(
        self, case: tuple[list[str], str]
    ) -> None:
        names, text = case
        for match in Dictionary(Entry(PRODUCT, 1, name) for name in names).find(text):
            assert comparable(text[match.start : match.end]) == comparable(match.alias).strip()

    @given(st.lists(st.text(st.characters(), max_size=5)), st.text(st.characters()))
    def test_any_text_and_any_alias_are_accepted(self, names: list[str], text: str) -> None:
        dictionary = Dictionary(Entry(PRODUCT, i, name) for i, name in enumerate(names))
        ends = [(m.start, m.end) for m in dictionary.find(text + " ".join(names))]
        assert ends == sorted(ends)
        assert all(start < end for start, end in ends)
