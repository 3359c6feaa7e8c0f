"""Personal data and guarded words in any text at all; single cases are in tests/vectors."""

import time
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.models import GuardAction, GuardMatch, GuardTopic, GuardWord
from insights.services.guard_rails import GuardRails
from insights.tagging.findings import Finding, masked
from insights.tagging.guarded_words import GuardedWord, GuardedWords, word_form
from insights.tagging.personal_data import find_personal_data

WORDS = ("cartel", "market sharing", "aba", "1 2", "c++")
# Pieces of what is looked for, so that texts at random come close to it and run into each other.
PIECES = (
    "+", "+1", "+49", "(", ")", "-", ".", " ", "/", "@", "0", "1", "4", "404", "555", "0137", "x",
    "4111", "1111 ", "41111111", "12345678", "z", "x1234567l", "219-09-9999", "111.444.777-35",
    "ana@", "example.com", "https://", "phone ", "call me at ", "ssn ", "bsn ", "order ", "$", "#",
    "cartel", "market", "sharing", "ab", "a", "c+", "\n", "½", "é", "０", "–", "\u0301", "…", "[",
)  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


def rails_of(match: GuardMatch) -> GuardRails:
    rows = [
        GuardWord(
            topic=GuardTopic.RESTRICTED,
            word=one,
            folded=word_form(one),
            match=match,
            action=GuardAction.WARN,
            advice="",
        )
        for one in WORDS
    ]
    return GuardRails(UUID(int=1), rows)


def personal(text: str) -> list[Finding]:
    """What is found in the text beside words."""
    return [one for one in PART.findings(text) if not one.key.startswith("word:")]


EXACT, PART = rails_of(GuardMatch.EXACT), rails_of(GuardMatch.PART)


@given(texts)
def test_a_finding_is_a_piece_of_the_text(text: str) -> None:
    for one in PART.findings(text):
        assert 0 <= one.start < one.end <= len(text)


@given(texts)
def test_personal_data_is_found_once(text: str) -> None:
    places = sorted((one.start, one.end) for one in find_personal_data(text.lower()))
    assert all(end <= start for (_, end), (start, _) in pairwise(places))


@given(texts)
def test_a_masked_text_holds_no_personal_data(text: str) -> None:
    found = personal(text)
    assert personal(masked(text, found)) == []


@given(texts, st.sampled_from([EXACT, PART]))
def test_masking_one_kind_leaves_nothing_of_that_kind(text: str, rails: GuardRails) -> None:
    found = rails.findings(text)
    for key in {one.key for one in found}:
        rest = rails.findings(masked(text, [one for one in found if one.key == key]))
        assert key not in {one.key for one in rest}


@given(texts)
def test_a_whole_word_is_also_found_as_a_part(text: str) -> None:
    parts = [one for one in PART.findings(text) if one.key.startswith("word:")]
    for whole in EXACT.findings(text):
        if whole.key.startswith("word:"):
            assert any(
                part.key == whole.key and part.start <= whole.start and whole.end <= part.end
                for part in parts
            )


@pytest.mark.parametrize(
    "seed",
    [
        "1", "1-", "@", "a@", "a@a.", "@a.", "1 ", "+1 ", "(1)", "123 ", "+49 ", "4111 ", "phone 1",
        "404-555-", "404 555 0137", "4111 1111 1111 1111 ", "https://", "aba", "- ", "½", "ssn 1",
    ],
)  # fmt: skip
def test_hostile_texts_take_no_longer_than_others(seed: str) -> None:
    text = (seed * 20_000)[:20_000]
    begun = time.process_time()
    PART.findings(text)
    assert time.process_time() - begun < 1


def test_a_word_needs_a_letter_or_a_digit() -> None:
    assert [word_form(one) for one in ("Price-Fixing ", "O’Neil", "…", "- -", "")] == [
        "price fixing",
        "o'neil",
        "",
        "",
        "",
    ]
    assert GuardedWords([GuardedWord("", False)]).find("anything") == []


def test_a_mask_covers_findings_that_overlap_with_the_first_of_them() -> None:
    findings = [Finding("word:b", 2, 6), Finding("phone", 0, 4)]
    assert masked("abcdefgh", findings) == "[phone]gh"
