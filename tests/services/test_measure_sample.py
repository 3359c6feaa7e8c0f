"""How long notes wait: the estimate, the sample, and what counts as a response."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import update
from sqlalchemy.orm import Session

from insights.models import Audience, Note, Outcome, Source, TopicNote, TriageState
from insights.services import comments, measure_sample, sightings, topics, triage
from insights.services.access import Actor
from insights.services.measure_sample import (
    STRETCHES,
    Outcomes,
    SampledNote,
    Span,
    outcomes,
    quantile,
    sampled,
    settled,
    stretches,
    waiting_quantile,
)
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, NOW

HOUR = timedelta(hours=1)
SPAN = Span(frozenset(), NOW - 24 * HOUR, NOW + 24 * HOUR)
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def note(hours: float, *, answered: bool = True) -> SampledNote:
    return SampledNote(GEORGIA, hours * HOUR, answered, 0)


class TestTheEstimate:
    def test_is_the_plain_quantile_when_all_are_answered(self) -> None:
        notes = [note(hours) for hours in (1, 2, 3, 4)]
        assert waiting_quantile(notes, 0.5) == 2 * HOUR
        assert waiting_quantile(notes, 0.9) == 4 * HOUR

    def test_does_not_take_the_impatient_for_the_slow(self) -> None:
        # Without the two that have waited for an hour only, half of the rest is answered in three.
        notes = [note(2), note(3), note(9), note(1, answered=False), note(1, answered=False)]
        assert waiting_quantile(notes, 0.5) == 3 * HOUR

    def test_says_nothing_when_not_so_many_are_answered(self) -> None:
        notes = [note(1), note(5, answered=False), note(6, answered=False)]
        assert waiting_quantile(notes, 0.5) is None
        assert waiting_quantile([], 0.5) is None

    def test_agrees_with_a_published_example(self) -> None:
        # Freireich et al. (1963), 6-MP group of 21 patients: the median remission is 23 weeks.
        events = (6, 6, 6, 7, 10, 13, 16, 22, 23)
        censored = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
        group = [*map(note, events), *(note(one, answered=False) for one in censored)]
        assert waiting_quantile(group, 0.5) == 23 * HOUR

    @given(
        answered=some.lists(some.integers(0, 99), max_size=30),
        waiting=some.lists(some.integers(0, 99), max_size=30),
    )
    def test_never_falls_when_a_note_waits_longer(
        self, answered: list[int], waiting: list[int]
    ) -> None:
        notes = [*map(note, answered), *(note(one, answered=False) for one in waiting)]
        longer = [*map(note, answered), *(note(one + 50, answered=False) for one in waiting)]
        before, after = waiting_quantile(notes, 0.5), waiting_quantile(longer, 0.5)
        assert after is None or (before is not None and after >= before)

    def test_a_plain_quantile_is_one_of_the_values(self) -> None:
        hours = [number * HOUR for number in range(1, 11)]
        assert (quantile(hours, 0.5), quantile(hours, 0.9)) == (5 * HOUR, 9 * HOUR)
        assert quantile([HOUR], 0.9) == HOUR
        assert quantile([], 0.5) is None


class TestTheSample:
    @given(share=some.floats(0.0001, 0.99))
    def test_is_spread_over_the_whole_period(self, share: float) -> None:
        until = DAY + timedelta(weeks=52)
        found = stretches(DAY, until, share=share)
        assert len(found) == STRETCHES
        taken = sum((end - begin for begin, end in found), timedelta())
        assert taken / (until - DAY) == pytest.approx(share, rel=1e-3)
        for (_, end), (begin, _) in pairwise(found):
            assert end <= begin + timedelta(microseconds=2)
        assert found[0][0] >= DAY
        assert found[-1][1] <= until + timedelta(microseconds=2)

    def test_favours_no_hour_of_the_day(self) -> None:
        found = stretches(DAY, DAY + timedelta(weeks=52), share=0.001)
        hours = [begin.hour // 6 for begin, _ in found]
        assert min(map(hours.count, range(4))) >= STRETCHES // 8

    def test_is_all_notes_when_they_are_few(self) -> None:
        assert stretches(DAY, NOW, share=1.7) == [(DAY, NOW)]


def take(session: Session, actor: Actor, total: int = 1, **given: Any) -> list[SampledNote]:
    values = {"now": NOW + 9 * HOUR, "total": total, **given}
    return sampled(session, actor, SPAN, **values)


class TestAFirstResponse:
    def test_is_none_while_nobody_has_answered(
        self, session: Session, characters: Characters
    ) -> None:
        posted(session, characters.owner, "Ionfield")
        assert take(session, characters.owner) == [SampledNote(GEORGIA, 9 * HOUR, False, 0)]

    def test_is_a_comment_of_somebody_else(self, session: Session, characters: Characters) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        for hours, actor in ((1, characters.owner), (3, characters.member)):
            comments.add(
                session, actor, note_id, comment_id=uuid4(), text="?", now=NOW + hours * HOUR
            )
        assert take(session, characters.owner) == [SampledNote(GEORGIA, 3 * HOUR, True, 0)]

    def test_is_a_sighting(self, session: Session, characters: Characters) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        sightings.add(session, characters.member, note_id, now=NOW + HOUR)
        sightings.add(session, characters.stranger, note_id, now=NOW + 2 * HOUR)
        assert take(session, characters.owner) == [SampledNote(GEORGIA, HOUR, True, 2)]

    def test_is_a_decision_of_the_inbox(self, session: Session, characters: Characters) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        decide(session, characters.analyst, note_id, TriageState.TAKEN, NOW + HOUR)
        assert take(session, characters.owner) == [SampledNote(GEORGIA, HOUR, True, 0)]

    def test_is_an_outcome(self, session: Session, characters: Characters) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        say(session, characters.analyst, note_id, Outcome.USED, NOW + HOUR)
        assert take(session, characters.owner) == [SampledNote(GEORGIA, HOUR, True, 0)]

    def test_of_a_sealed_topic_is_none_for_whoever_may_not_see_it(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        say(session, characters.analyst, note_id, Outcome.USED, NOW, audience=Audience.SEALED)
        assert take(session, characters.analyst)[0].answered
        assert not take(session, characters.manager)[0].answered
        assert outcomes(session, characters.manager, SPAN) == {}
        assert settled(session, characters.manager, SPAN) == []

    def test_is_not_waited_for_by_imported_notes(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        session.execute(update(Note).where(Note.id == note_id).values(source=Source.IMPORT))
        assert take(session, characters.owner) == []

    def test_counts_for_those_who_may_see_the_note(
        self, session: Session, characters: Characters
    ) -> None:
        posted(session, characters.owner, "Ionfield", audience=Audience.SEALED)
        seeing = {name for name, actor in vars(characters).items() if take(session, actor)}
        assert seeing == {"owner", "manager", "analyst", "admin"}


def decide(
    session: Session, actor: Actor, note_id: UUID, state: TriageState, now: datetime
) -> None:
    triage.decide(session, actor, note_id, state, now=now)


def say(
    session: Session,
    actor: Actor,
    note_id: UUID,
    outcome: Outcome,
    now: datetime,
    **given: Any,
) -> None:
    """An outcome in a topic of its own."""
    topic = topics.open_topic(
        session, actor, title=str(uuid4()), note_ids=[note_id], now=now, **given
    )
    session.execute(
        update(TopicNote)
        .where(TopicNote.topic_id == topic.id)
        .values(outcome=outcome, outcome_at=now, outcome_text="said")
    )


class TestOutcomes:
    def test_are_counted_once_a_note(self, session: Session, characters: Characters) -> None:
        first = posted(session, characters.owner, "Ionfield")
        second = posted(session, characters.member, "Acme")
        for note_id, outcome in (
            (first, Outcome.USED), (first, Outcome.NOT_NOW), (second, Outcome.ALREADY_KNOWN),
        ):  # fmt: skip
            say(session, characters.analyst, note_id, outcome, NOW + HOUR)
        assert outcomes(session, characters.analyst, SPAN) == {
            GEORGIA: Outcomes(1, 1),
            FLORIDA: Outcomes(1, 0),
        }
        narrow = Span(frozenset({FLORIDA}), SPAN.since, SPAN.until)
        assert set(outcomes(session, characters.analyst, narrow)) == {FLORIDA}

    def test_take_as_long_as_from_arrival_to_the_word(
        self, session: Session, characters: Characters
    ) -> None:
        first = posted(session, characters.owner, "Ionfield")
        second = posted(session, characters.member, "Acme")
        third = posted(session, characters.member, "Acme again")
        say(session, characters.analyst, first, Outcome.USED, NOW + 2 * HOUR)
        decide(session, characters.analyst, second, TriageState.DONE, NOW + 5 * HOUR)
        decide(session, characters.analyst, third, TriageState.TAKEN, NOW + 7 * HOUR)
        took = {one.territory_id: one.took for one in settled(session, characters.analyst, SPAN)}
        assert took == {GEORGIA: 2 * HOUR, FLORIDA: 5 * HOUR}

    def test_of_sealed_notes_are_in_no_strangers_figures(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = posted(session, characters.stranger, "Hush", audience=Audience.SEALED)
        say(session, characters.analyst, note_id, Outcome.USED, NOW)
        assert outcomes(session, characters.manager, SPAN) == {}
        assert settled(session, characters.manager, SPAN) == []
        assert measure_sample.settled(session, characters.analyst, SPAN)
