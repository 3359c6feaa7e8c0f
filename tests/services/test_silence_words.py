"""How a territory stands, in words."""

from typing import Any

import pytest

from insights.services.catalogue import Place
from insights.services.silence import Silence, State
from insights.services.silence_words import rate, sentence


def standing(state: State, **known: Any) -> Silence:
    usual = {"level": 0, "chance": 1.0, "count": 0, "weeks": 3.4, "usual": 4.02, "empty_weeks": 3}
    return Silence(place=Place(1, "Georgia", "georgia"), state=state, **{**usual, **known})


@pytest.mark.parametrize(
    ("silence", "words"),
    [
        (standing(State.SILENT), "Silent for 3 weeks; usually 4 notes a week."),
        (standing(State.SILENT, empty_weeks=1), "Silent for 1 week; usually 4 notes a week."),
        (
            standing(State.SILENT, empty_weeks=0, usual=30.0),
            "Silent this week so far; usually 30 notes a week.",
        ),
        (
            standing(State.QUIET, count=9, usual=7.4),
            "9 notes in the last 3 weeks; usually 7 notes a week.",
        ),
        (
            standing(State.QUIET, count=1, weeks=0.8, usual=1_200.0),
            "1 note this week so far; usually 1,200 notes a week.",
        ),
        (
            standing(State.USUAL, level=1, count=2, weeks=1.2),
            "2 notes in the last week; usually 4 notes a week.",
        ),
        (standing(State.USUAL), "As usual: 4 notes a week."),
        (standing(State.UNHEARD, empty_weeks=None), "No note in the last 59 weeks."),
        (standing(State.NEW, usual=None), "New: too few weeks of notes to say what is usual."),
        (standing(State.UNHELD), "Nobody holds it; no note for 3 weeks."),
        (standing(State.UNHELD, empty_weeks=1), "Nobody holds it; no note for 1 week."),
        (standing(State.UNHELD, empty_weeks=0), "Nobody holds it; its last note is recent."),
        (
            standing(State.UNHELD, empty_weeks=None),
            "Nobody holds it; no note in the last 59 weeks.",
        ),
    ],
)
def test_a_territory_in_one_sentence(silence: Silence, words: str) -> None:
    assert sentence(silence) == words


@pytest.mark.parametrize(
    ("usual", "words"),
    [
        (None, "hardly a note"),
        (0.02, "hardly a note"),
        (0.26, "1 note in 4 weeks"),
        (0.9, "1 note a week"),
        (1.4, "1 note a week"),
        (2.6, "3 notes a week"),
    ],
)
def test_a_rate_is_as_exact_as_it_can_be_meant(usual: float | None, words: str) -> None:
    assert rate(usual) == words
