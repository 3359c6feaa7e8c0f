"""Answers: notes that were written for a question, or that somebody links to it afterwards."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.errors import Forbidden, NotFound
from insights.models import Audience, JournalEntry
from insights.services import notes, question_answers, questions
from insights.services.access import Actor
from insights.services.note_cards import Position
from tests.drafts import draft, posted
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, NOW, TODAY

HOUR = timedelta(hours=1)


@pytest.fixture
def question_id(session: Session, characters: Characters) -> int:
    """A question of the manager to Georgia."""
    asked = questions.ask(
        session,
        characters.manager,
        text="Who offers weekends?",
        territory_ids=[GEORGIA],
        until=TODAY,
        now=NOW,
        today=TODAY,
    )
    return asked.id


def answers(
    session: Session, actor: Actor, question_id: int, after: Position | None = None, limit: int = 20
) -> list[UUID]:
    page = question_answers.list_answers(session, actor, question_id, after=after, limit=limit)
    return [card.id for card in page.cards]


def deeds(session: Session, question_id: int) -> list[str]:
    rows = select(JournalEntry.verb).where(
        JournalEntry.subject_type == "question", JournalEntry.subject_id == str(question_id)
    )
    return list(session.scalars(rows.order_by(JournalEntry.id)))


def test_a_note_posted_with_a_question_answers_it_once_however_often_it_is_sent(
    session: Session, characters: Characters, question_id: int
) -> None:
    answer = draft(question_id=question_id)
    for _ in range(2):
        notes.post(session, characters.owner, answer, now=NOW)
    assert answers(session, characters.owner, question_id) == [answer.id]
    assert deeds(session, question_id) == ["question.asked", "question.answered"]


def test_a_question_that_is_none_keeps_no_note_out(
    session: Session, characters: Characters
) -> None:
    for number in (999_999, 0, -3, 2**50):
        receipt = notes.post(session, characters.owner, draft(question_id=number), now=NOW)
        assert receipt.created


class TestLinking:
    def test_is_for_the_author_and_whoever_may_close(
        self, session: Session, characters: Characters, question_id: int
    ) -> None:
        note = posted(session, characters.owner)
        for actor in (characters.owner, characters.manager, characters.analyst, characters.admin):
            question_answers.link(session, actor, question_id, note, now=NOW)
            assert answers(session, actor, question_id) == [note]
            question_answers.unlink(session, actor, question_id, note, now=NOW)
            assert answers(session, actor, question_id) == []
        for actor in (characters.member, characters.stranger):
            with pytest.raises(Forbidden):
                question_answers.link(session, actor, question_id, note, now=NOW)
            with pytest.raises(Forbidden):
                question_answers.unlink(session, actor, question_id, note, now=NOW)

    def test_twice_changes_nothing(
        self, session: Session, characters: Characters, question_id: int
    ) -> None:
        note = posted(session, characters.owner)
        for _ in range(2):
            question_answers.link(session, characters.analyst, question_id, note, now=NOW)
        for _ in range(2):
            question_answers.unlink(session, characters.analyst, question_id, note, now=NOW)
        assert deeds(session, question_id) == [
            "question.asked",
            "question.answered",
            "question.changed",
        ]

    def test_needs_a_note_that_one_may_see_and_a_question(
        self, session: Session, characters: Characters, question_id: int
    ) -> None:
        sealed = posted(session, characters.stranger, audience=Audience.SEALED)
        with pytest.raises(NotFound):
            question_answers.link(session, characters.manager, question_id, sealed, now=NOW)
        with pytest.raises(NotFound):
            question_answers.link(session, characters.stranger, 999_999, sealed, now=NOW)


class TestTheList:
    def test_has_the_last_linked_first_in_pages(
        self, session: Session, characters: Characters, question_id: int
    ) -> None:
        written = [
            posted(session, characters.owner, question_id=question_id, now=NOW + number * HOUR)
            for number in range(5)
        ]
        first = question_answers.list_answers(session, characters.member, question_id, limit=3)
        assert [card.id for card in first.cards] == written[:1:-1]
        assert first.next is not None
        assert answers(session, characters.member, question_id, first.next) == written[1::-1]

    def test_has_no_withdrawn_note(
        self, session: Session, characters: Characters, question_id: int
    ) -> None:
        note = posted(session, characters.owner, question_id=question_id)
        notes.withdraw(session, characters.owner, note, reason="", within=HOUR, now=NOW)
        assert answers(session, characters.admin, question_id) == []
        assert questions.get(session, characters.admin, question_id).answers == 0
        assert not questions.get(session, characters.owner, question_id).answered_by_me
        notes.restore(session, characters.manager, note, now=NOW)
        assert answers(session, characters.admin, question_id) == [note]

    def test_of_no_question_is_not_found(self, session: Session, characters: Characters) -> None:
        with pytest.raises(NotFound):
            question_answers.list_answers(session, characters.admin, 999_999)
