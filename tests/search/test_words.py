"""Which notes a query finds, and in which order."""

from itertools import chain

import pytest

from insights.search.engine import Reader
from tests.search.corpus import CORPUS, found, request


@pytest.mark.parametrize("typed", ["price", "prices", "PRICE", "priced", "pricing"])
def test_a_word_finds_its_other_forms(index: Reader, typed: str) -> None:
    assert set(found(index, typed)) == {"prices", "price"}


def test_the_form_that_was_typed_ranks_first(index: Reader) -> None:
    assert found(index, "price") == ["price", "prices"]
    assert found(index, "prices") == ["prices", "price"]


def test_all_words_must_be_in_the_note(index: Reader) -> None:
    assert found(index, "acme globex") == ["both"]


def test_more_mentions_rank_higher(index: Reader) -> None:
    assert found(index, "acme")[0] == "both"


def test_a_phrase_keeps_its_order(index: Reader) -> None:
    assert found(index, '"load theft"') == ["theft"]
    assert found(index, '"theft load"') == []


def test_stop_words_count_within_a_phrase(index: Reader) -> None:
    assert found(index, '"theft of a load"') == ["stolen"]
    assert found(index, '"theft of load"') == []


def test_stop_words_alone_find_notes(index: Reader) -> None:
    assert set(found(index, "the")) >= {"signal", "cafe"}


def test_small_words_that_turn_the_meaning_are_needed(index: Reader) -> None:
    assert found(index, "no signal") == ["signal"]


def test_an_excluded_word_keeps_its_notes_out(index: Reader) -> None:
    assert set(found(index, "acme -globex")) == {"prices", "heard", "sealed", "wifi"}


def test_an_excluded_phrase_keeps_its_notes_out(index: Reader) -> None:
    assert found(index, 'theft -"load theft"') == ["stolen"]


def test_an_exclusion_alone_finds_the_rest(index: Reader) -> None:
    assert set(found(index, "-acme")) == set(CORPUS) - {
        "prices", "both", "heard", "sealed", "wifi"
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["cafe", "café", "CAFE\u0301", "ｃａｆｅ"])
def test_accents_case_and_width_do_not_matter(index: Reader, typed: str) -> None:
    assert found(index, typed) == ["cafe"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("can't", "stolen"),
        ("can’t", "stolen"),
        ("$49.99", "price"),
        ("49.99", "price"),
        ("wi-fi", "wifi"),
        ("AT&T", "wifi"),
        ("jo@acme.example", "wifi"),
        ("globex's price", "price"),
    ],
)
def test_what_has_signs_in_it_is_found_as_typed(index: Reader, typed: str, name: str) -> None:
    assert found(index, typed) == [name]


@pytest.mark.parametrize("typed", ["49", "99", "prix", "acmeville", "fi-wi"])
def test_a_part_of_a_word_is_not_the_word(index: Reader, typed: str) -> None:
    assert found(index, typed) == []


def test_a_note_is_found_by_the_name_of_its_account(index: Reader) -> None:
    assert found(index, "o'brien freight") == ["account"]


def test_a_phrase_does_not_reach_from_the_text_into_the_account(index: Reader) -> None:
    assert found(index, '"may o\'brien"') == []


def test_without_words_the_newest_notes_come_first(index: Reader) -> None:
    by_age = sorted(CORPUS, key=lambda name: CORPUS[name].captured_at, reverse=True)
    assert found(index) == by_age


def test_the_order_can_be_by_time(index: Reader) -> None:
    assert found(index, "acme", sort="newest") == ["prices", "wifi", "both", "sealed", "heard"]


def test_pages_join_without_gap_or_overlap(index: Reader) -> None:
    pages = [found(index, "acme", offset=offset, limit=2) for offset in (0, 2, 4)]
    assert list(chain(*pages)) == found(index, "acme")


@pytest.mark.parametrize(
    ("offset", "limit"), [(100, 20), (10**12, 20), (0, 0), (0, -1), (-5, 20), (0, 10**12)]
)
def test_any_page_has_the_exact_total(index: Reader, offset: int, limit: int) -> None:
    assert index.search(request("acme", offset=offset, limit=limit)).total == 5


def test_a_text_of_signs_finds_nothing(index: Reader) -> None:
    assert found(index, "!!!") == []
