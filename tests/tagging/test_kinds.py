"""The kind of a note is proposed from tell-tale words, the same way each time."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.tagging import NoteKind, guess_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The portal crashed twice, they are frustrated and may cancel", "challenge"),
        ("Truck load stolen again, theft is a problem on I-85", "challenge"),
        ("They are looking for fibre at the new building, contract ends in May", "opportunity"),
        ("RFP comes out next week", "opportunity"),
        ("They would rather pay monthly and prefer e-mail", "preference"),
        ("Two clinics switched to a rival that undercut us", "competitor"),
        ("Can’t reach support, OUTAGE since Monday", "challenge"),
    ],
)
def test_tell_tale_words_propose_a_kind(text: str, kind: str) -> None:
    assert guess_kind(text, names_competitor=False) == kind


@pytest.mark.parametrize("text", ["", "Met the buyer today", "\ud800", "latent likelihood"])
def test_without_a_tell_tale_a_named_competitor_decides(text: str) -> None:
    assert guess_kind(text, names_competitor=True) == "competitor"
    assert guess_kind(text, names_competitor=False) == "preference"


def test_a_named_competitor_counts_as_one_tell_tale() -> None:
    assert guess_kind("Acme had an outage", names_competitor=True) == "competitor"
    assert (
        guess_kind("Outage, billing errors, refuses refunds", names_competitor=True) == "challenge"
    )


def test_equal_counts_go_to_the_most_pressing_kind() -> None:
    assert (
        guess_kind("The trial was slow, they wish it were not", names_competitor=False)
        == "challenge"
    )


def test_a_repeated_word_counts_once() -> None:
    text = "slow, slow, slow, but the pilot may lead to an upgrade"
    assert guess_kind(text, names_competitor=False) == "opportunity"


@given(st.text(st.characters()), st.booleans())
def test_any_text_has_a_kind(text: str, named: bool) -> None:
    kind = guess_kind(text, names_competitor=named)
    assert kind in get_args(NoteKind)
    assert kind == guess_kind(text.upper().lower(), names_competitor=named)
