"""Text is compared, stored, addressed and shown in forms that no input can break."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.text import clean, fold, fold_character, neutralise_formula, shorten, slugify

any_text = st.text(st.characters(), max_size=60)
# Dense in what the functions treat specially; plain random text rarely meets any of it.
tricky_text = st.text(
    st.sampled_from(" \t\n\r\v\x00aAé-=+'ßİıﬁ½\u0301\u0316\u200b\u200d\u202e\u2066\ufeff\u2028"
                    "\ud83d\ude00🏴\U000e0067\U000e007f\ufe0f™＝小각"),
    max_size=40,
)  # fmt: skip
hostile = any_text | tricky_text


class TestFold:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Café", "CAFE"),
            ("Café", "Cafe\u0301"),
            ("Straße", "STRASSE"),
            ("İstanbul", "istanbul"),
            ("ISPARTA", "ısparta"),
            ("ﬁnance", "Finance"),
            ("ＡＣＭＥ", "acme"),
            ("Łódź", "lodz"),
            ("Ørsted", "orsted"),
            ("O’Reilly", "O'Reilly"),
            ("T–Mobile", "t-mobile"),
            ("Acme™", "acme"),
            ("Ac\u00adme\u200b", "acme"),
            ("  New \t York\n", "new york"),
            ("각", unicodedata.normalize("NFD", "각")),
        ],
    )
    def test_variants_of_a_name_are_equal(self, one: str, other: str) -> None:
        assert fold(one) == fold(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("カラス", "ガラス"), ("कि", "का"), ("ข้าว", "ขาว"), ("C++", "C#"), ("AT&T", "ATT")],
    )
    def test_different_words_stay_different(self, one: str, other: str) -> None:
        assert fold(one) != fold(other)

    @given(hostile)
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(hostile)
    def test_a_text_is_made_of_its_folded_characters(self, text: str) -> None:
        pieces = "".join(fold_character(character) for character in text)
        assert fold(text) == " ".join(pieces.split())

    @given(hostile)
    def test_upper_case_is_equal_to_lower_case(self, text: str) -> None:
        assert fold(text.upper()) == fold(text.upper().lower())


class TestClean:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("Cafe\u0301", "Café"),
            ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
            ("tab\tstays", "tab\tstays"),
            ("nul\x00 bell\x07 c1\x9f", "nul bell c1"),
            ("lone \ud83d here", "lone \ufffd here"),
            ("pair \ud83d\ude00", "pair 😀"),
            ("ac\u200bme\ufeff \u2060co\u00adrp", "acme corp"),
            ("invoice\u202egpj.exe\u202c", "invoicegpj.exe"),
            ("\u2066isolated\u2069", "isolated"),
            ("hidden\U000e0068\U000e0069", "hidden"),
            ("  outer \n\n", "outer"),
            ("end  \nof line\t\n", "end\nof line"),
            ("a\n\n\n\n\n\nb", "a\n\n\nb"),
            ("a\n\n\nb", "a\n\n\nb"),
            ("a\n \n \n \n \nb", "a\n\n\nb"),
        ],
    )
    def test_a_typed_text_is_stored_without_what_nobody_sees(self, typed: str, stored: str) -> None:
        assert clean(typed) == stored

    @pytest.mark.parametrize(
        "text",
        [
            "👩‍🔧 fixed it ❤️",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿 won",
            "می‌خواهم",
            "क्‍ष",
            "שלום \u200fC++",
            "हिन्दी और ไทยน้ำ",
        ],
    )
    def test_what_scripts_and_emoji_need_stays(self, text: str) -> None:
        assert clean(text) == unicodedata.normalize("NFC", text)

    @pytest.mark.parametrize(
        "text", ["", " \n\t", "\u200b\ufeff", "\u200d\u200c", "ㅤ\u2800", "\x00"]
    )
    def test_an_invisible_text_is_empty(self, text: str) -> None:
        assert clean(text) == ""

    @given(hostile)
    def test_cleaning_twice_changes_nothing(self, text: str) -> None:
        assert clean(clean(text)) == clean(text)

    @given(hostile)
    def test_the_result_can_be_stored_anywhere(self, text: str) -> None:
        cleaned = clean(text)
        assert cleaned.encode().decode() == unicodedata.normalize("NFC", cleaned)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", cleaned)

    @given(st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0x24F)))
    def test_no_visible_latin_letter_is_lost(self, text: str) -> None:
        assert clean(text) == unicodedata.normalize("NFC", text)

    def test_a_letter_keeps_at_most_thirty_marks(self) -> None:
        assert len(clean("x" + "\u0316" * 500)) == 31

    @pytest.mark.parametrize("unit", ["\u0301\u0316", " a", "\n ", "\u200b", "🏴", "\r", " \n"])
    def test_a_long_hostile_text_takes_no_time(self, unit: str) -> None:
        started = time.perf_counter()
        clean("x" + unit * 100_000)
        assert time.perf_counter() - started < 2


class TestSlugify:
    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("New York", "new-york"),
            ("AT&T", "at-t"),
            ("Zürich – Süd", "zurich-sud"),
            ("Macy's", "macys"),
            ("7-Eleven", "7-eleven"),
            ("  --a--  ", "a"),
        ],
    )
    def test_a_name_becomes_words_joined_by_hyphens(self, name: str, slug: str) -> None:
        assert slugify(name) == slug

    @pytest.mark.parametrize("name", ["小米", "🚚", "2024", "", "®"])
    def test_a_name_without_ascii_letters_gets_a_stable_slug(self, name: str) -> None:
        assert re.fullmatch("x-[0-9a-f]{8}", slugify(name))
        assert slugify(name) == slugify(name)

    def test_two_chinese_names_have_two_slugs(self) -> None:
        assert slugify("小米") != slugify("华为")

    @given(hostile | st.text("ab -", min_size=55, max_size=70))
    def test_any_name_has_a_valid_slug(self, name: str) -> None:
        slug = slugify(name)
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert len(slug) <= 60


class TestNeutraliseFormula:
    @pytest.mark.parametrize(
        "cell",
        ["=1+1", "+44 20 7946", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "  =1", "＝1",
         "-", "- late again", "-5\n=1"],
    )  # fmt: skip
    def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(self, cell: str) -> None:
        assert neutralise_formula(cell) == "'" + cell

    @pytest.mark.parametrize("cell", ["", "Acme", "-5", "-1,234.50", "-3%", "-1e-7", "5-3", "a=b"])
    def test_any_other_cell_stays(self, cell: str) -> None:
        assert neutralise_formula(cell) == cell

    @given(hostile)
    def test_neutralising_twice_changes_nothing(self, cell: str) -> None:
        once = neutralise_formula(cell)
        assert neutralise_formula(once) == once
        assert once in (cell, "'" + cell)


class TestShorten:
    @pytest.mark.parametrize(
        ("text", "limit", "short"),
        [
            ("all of it", 9, "all of it"),
            ("cut on a word boundary", 12, "cut on a…"),
            ("cut on a word boundary", 14, "cut on a word…"),
            ("no comma, please", 12, "no comma…"),
            ("incomprehensibilities", 6, "incom…"),
            ("ab incomprehensibilities", 12, "ab incompre…"),
            ("小米小米小米", 4, "小米小…"),
            ("abe\u0301\u0301d", 5, "ab…"),
            ("ab👩‍🔧👩‍🔧", 5, "ab…"),
            ("text", 1, "…"),
            ("text", 0, ""),
            ("text", -3, ""),
        ],
    )
    def test_a_long_text_ends_in_an_ellipsis(self, text: str, limit: int, short: str) -> None:
        assert shorten(text, limit) == short

    @given(hostile, st.integers(-2, 70))
    def test_the_result_is_a_beginning_within_the_limit(self, text: str, limit: int) -> None:
        short = shorten(text, limit)
        assert len(short) <= max(limit, 0)
        assert short == text or text.startswith(short.removesuffix("…"))
