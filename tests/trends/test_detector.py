"""What a trend is, and what never becomes one."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.trends.detector import Detector
from insights.trends.exposure import Exposure
from insights.trends.ledger import Ledger
from insights.trends.moment import Moment
from insights.trends.parameters import Parameters
from insights.trends.scan import learn
from insights.trends.stream import Sort, Subject
from tests.trends.streams import (
    DAY,
    KINDS,
    NEWCOMER,
    RIVALS,
    TERRITORIES,
    WEEK,
    Said,
    numbered,
    ordinary,
    planted,
    shown,
    stream,
    told,
)  # fmt: skip

QUIET = ordinary(40)
PLACE = 4
PEOPLE = [f"{PLACE}/{one}" for one in range(4)]
STORY, PROOF = planted(QUIET, NEWCOMER, PLACE, range(36, 40), PEOPLE)


def test_a_story_is_shown_with_its_place_and_its_notes() -> None:
    subject, scope, score, notes = shown(STORY, 40)[0]
    assert (subject, scope) == (NEWCOMER, PLACE)
    assert score >= 2
    assert notes == PROOF


def test_a_story_in_one_segment_of_a_region_is_told_of_that_segment() -> None:
    extra = [
        Said(week * WEEK + at, f"{place}/{at}", place, (NEWCOMER,), segment=1)
        for week in range(37, 40)
        for at in range(2)
        for place in (3, 4, 5)
    ]
    of = stream(numbered([*QUIET, *extra]))
    subject, scope, _, _ = told(of, 40 * WEEK)[0]
    assert subject == NEWCOMER
    assert (of.scopes.places[scope], of.scopes.segment[scope]) == (1, 1)


def test_nothing_is_shown_where_nothing_happens() -> None:
    assert [one for week in range(20, 41, 4) for one in shown(QUIET, week)] == []


def test_the_arithmetic_of_a_trend_is_that_of_its_window() -> None:
    best = Detector(stream(STORY)).at(40 * WEEK)[0]
    assert best.reporters == len(PEOPLE)
    assert best.count == len(PEOPLE) * best.weeks
    assert 0 < best.expected < 1


@pytest.mark.parametrize("voices", [PEOPLE[:1] * 12, PEOPLE[:2] * 6])
def test_one_or_two_reporters_never_open_a_trend(voices: list[str]) -> None:
    notes, _ = planted(QUIET, NEWCOMER, PLACE, range(36, 40), voices)
    assert shown(notes, 40) == []


def test_copies_speak_with_the_voice_of_the_first_and_open_nothing() -> None:
    notes, _ = planted(QUIET, NEWCOMER, PLACE, range(39, 40), ["first writer"] * 15)
    assert shown(notes, 40) == []


@pytest.mark.parametrize("times", [2, 3])
def test_a_surge_in_volume_alone_opens_nothing(times: int) -> None:
    surge = [
        replace(note, when=note.when + again * 60, voice=f"{note.voice}+{again}")
        for note in QUIET
        if note.place == PLACE and note.when >= 36 * WEEK
        for again in range(1, times)
    ]
    assert [one for week in (37, 38, 40) for one in shown(numbered([*QUIET, *surge]), week)] == []


def test_the_loudest_voice_counts_no_more_than_the_second() -> None:
    notes, _ = planted(QUIET, RIVALS[0], PLACE, range(36, 40), PEOPLE[:1])
    louder, _ = planted(notes, RIVALS[0], PLACE, range(36, 40), PEOPLE[:1] * 10)
    assert shown(louder, 40) == shown(notes, 40) == []


@pytest.mark.parametrize("weeks", [1, 9])
def test_a_history_of_less_than_ten_weeks_shows_nothing(weeks: int) -> None:
    short = ordinary(weeks)
    notes, _ = planted(short, NEWCOMER, PLACE, range(max(0, weeks - 2), weeks), PEOPLE * 3)
    assert Detector(stream(notes)).at(weeks * WEEK) == []


def test_no_notes_at_all_show_nothing() -> None:
    assert Detector(stream([])).at(40 * WEEK) == []


def test_a_young_stream_finds_a_story_in_its_first_quarter() -> None:
    notes, _ = planted(ordinary(14), NEWCOMER, PLACE, range(12, 14), PEOPLE)
    assert [subject for subject, *_ in shown(notes, 14)] == [NEWCOMER]


def test_phrases_that_come_in_bursts_scatter_more() -> None:
    """All phrases are said once a week, or by twelve people of a place in every twelfth week."""
    phrases = [Subject(Sort.PHRASE, f"phrase-{one}") for one in range(24)]
    even, bursts = QUIET, QUIET
    for week in range(36):
        for at, phrase in enumerate(phrases):
            spoken, place = range(week, week + 1), TERRITORIES[(week + at) % 6]
            even, _ = planted(even, phrase, place, spoken, [f"{place}/{week % 5}"])
            if (week + at) % 12 == 0:
                people = [f"{place}/{one}" for one in range(12)]
                bursts, _ = planted(bursts, phrase, place, spoken, people)

    def phi(notes: list[Said]) -> float:
        ledger = Ledger(Exposure(stream(notes), 0), Sort.PHRASE)
        return learn(ledger, Moment(Parameters(), 36, 36)).scatter[0].phi

    assert phi(even) == Parameters().least_phrase_bursts
    assert phi(bursts) > 3


def test_the_same_notes_give_the_same_trends() -> None:
    assert Detector(stream(STORY)).at(40 * WEEK) == Detector(stream(STORY)).at(40 * WEEK)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32))
def test_the_order_of_the_notes_does_not_matter(seed: int) -> None:
    mixed = list(STORY)
    Random(seed).shuffle(mixed)
    assert shown(mixed, 40) == shown(STORY, 40)


@settings(max_examples=6, deadline=None)
@given(week=st.integers(12, 40), days=st.integers(0, 6))
def test_the_future_changes_nothing_that_was_shown(week: int, days: int) -> None:
    asof = week * WEEK - days * DAY
    past = [note for note in STORY if note.when < asof]
    assert told(stream(STORY), asof) == told(stream(past), asof)


@settings(max_examples=2, deadline=None)
@given(st.permutations([24, 33, 37, 40]))
def test_the_order_in_which_moments_are_asked_for_does_not_matter(weeks: list[int]) -> None:
    kept = Detector(stream(STORY))
    for week in weeks:
        assert kept.at(week * WEEK) == Detector(stream(STORY)).at(week * WEEK)


def test_a_note_counts_in_the_week_of_its_capture() -> None:
    late = [replace(note, when=note.when + 2 * WEEK) if note.note in PROOF else note
            for note in STORY]  # fmt: skip
    at_capture = told(stream(late), 42 * WEEK)
    assert NEWCOMER not in [subject for subject, *_ in shown(late, 38)]
    assert at_capture[0][0] == NEWCOMER
    assert at_capture[0][3] == PROOF


def test_a_topic_of_every_year_is_no_trend_in_its_season() -> None:
    weeks = 70
    yearly = ordinary(weeks)
    for start in (14, 66):
        for place in TERRITORIES:
            people = [f"{place}/{one}" for one in range(3)]
            yearly, _ = planted(yearly, RIVALS[0], place, range(start, start + 3), people)
    once = [note for note in yearly if not (RIVALS[0] in note.subjects and note.when < 20 * WEEK)]

    def strongest(notes: list[Said]) -> float:
        scores = [s for subject, _, s, _ in shown(numbered(notes), 69) if subject == RIVALS[0]]
        return max(scores, default=0.0)

    assert strongest(once) > 10
    assert strongest(yearly) < 0.2 * strongest(once)


def test_a_sort_of_subject_that_is_new_to_the_company_is_no_trend_by_itself() -> None:
    products = [Subject(Sort.PRODUCT, f"product-{one}") for one in range(6)]
    notes = QUIET
    for place, product in zip(TERRITORIES, products, strict=True):
        people = [f"{place}/{one}" for one in range(3)]
        notes, _ = planted(notes, product, place, range(39, 40), people)
    assert shown(notes, 40) == []


def test_a_kind_is_counted_in_notes() -> None:
    notes, proof = planted(
        QUIET, KINDS[0], PLACE, range(37, 40), [f"4/{one}" for one in range(6)] * 5
    )
    of = stream(notes)
    kinds = [
        one for one in Detector(of).at(40 * WEEK) if of.subjects[one.subject].sort is Sort.KIND
    ]
    assert kinds[0].count >= len(proof) // 2
    assert kinds[0].score >= 1


def test_scores_are_finite_whatever_the_counts() -> None:
    of = stream(STORY)
    scores = np.array([one.score for one in Detector(of).candidates(40 * WEEK)])
    assert len(scores)
    assert np.isfinite(scores).all()


def _of_notes(count: int) -> list[Said]:
    """The story, but its voices have seen one of so many notes too instead of writing."""
    first = min(PROOF)
    return [
        replace(one, note=first + (one.note - first) % count) if one.note in PROOF else one
        for one in STORY
    ]


@pytest.mark.parametrize(("notes", "is_shown"), [(1, False), (2, False), (3, True)])
def test_what_many_have_seen_too_is_a_trend_only_if_there_are_several_notes_of_it(
    notes: int, is_shown: bool
) -> None:
    said = shown(_of_notes(notes), 40)
    assert [subject for subject, *_ in said] == ([NEWCOMER] if is_shown else [])
    assert all(len(proof) == notes for *_, proof in said)


def test_voices_that_come_with_a_note_scatter_more() -> None:
    """A rival of whom one note in two was seen by three others."""
    seen = [
        Said(week * WEEK + at, f"{PLACE}/{at}", PLACE, (NEWCOMER,), note=len(QUIET) + week)
        for week in range(36)
        for at in range(4 if week % 2 else 1)
    ]

    def ledger(said: list[Said]) -> Ledger:
        return Ledger(Exposure(stream(said), 0), Sort.COMPETITOR)

    assert ledger(seen).bursts(0, 36) == pytest.approx((4**2 + 1) / (4 + 1))
    assert ledger(QUIET).bursts(0, 36) == 1
    moment, notes = Moment(Parameters(), 40, 40), [*QUIET, *seen]
    scatter = learn(ledger(notes), moment).scatter.values()
    assert min(one.phi for one in scatter) >= ledger(notes).bursts(*moment.baseline) > 1
