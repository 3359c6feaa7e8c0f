"""Lists of questions: open and closed ones, those to a person, those to a territory."""

from datetime import timedelta

from sqlalchemy.orm import Session

from insights.models import Audience
from insights.services import questions
from insights.services.access import Actor
from insights.services.questions import QuestionFilter
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, NEVADA, SOUTHEAST, TODAY, WEST
from tests.services.asked import NEXT_WEEK, ask, close


class TestLists:
    def test_of_open_ones_that_are_aimed_at_the_reader(
        self, session: Session, characters: Characters
    ) -> None:
        georgia = ask(session, characters.analyst, "Georgia?", territory_ids=[GEORGIA])
        region = ask(session, characters.analyst, "Southeast?", territory_ids=[SOUTHEAST])
        everywhere = ask(session, characters.analyst, "All?")

        def aimed(actor: Actor, is_aimed: bool = True) -> list[int]:
            chosen = QuestionFilter(open=True, aimed=is_aimed)
            found = questions.list_questions(session, actor, chosen, today=TODAY)
            return [one.id for one in found]

        assert aimed(characters.owner) == [everywhere.id, region.id, georgia.id]
        assert aimed(characters.member) == [everywhere.id, region.id]
        assert aimed(characters.manager) == [everywhere.id, region.id]
        assert aimed(characters.stranger) == [everywhere.id]
        assert aimed(characters.analyst) == []
        assert aimed(characters.stranger, False) == [region.id, georgia.id]

    def test_in_pages_and_by_who_asked(self, session: Session, characters: Characters) -> None:
        first = ask(session, characters.analyst, "First?")
        other = ask(session, characters.admin, "Second?")
        everyone = questions.list_questions(session, characters.owner, today=TODAY, limit=1)
        assert [one.id for one in everyone] == [other.id]
        rest = questions.list_questions(session, characters.owner, today=TODAY, after=other.id)
        assert [one.id for one in rest] == [first.id]
        mine = QuestionFilter(asker_id=characters.admin.id)
        found = questions.list_questions(session, characters.admin, mine, today=TODAY)
        assert [one.id for one in found] == [other.id]

    def test_of_closed_ones_hold_those_whose_day_is_over(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        over = NEXT_WEEK + timedelta(days=1)
        chosen = QuestionFilter(open=False)
        assert questions.list_questions(session, characters.owner, chosen, today=TODAY) == []
        [found] = questions.list_questions(session, characters.owner, chosen, today=over)
        assert found.id == asked.id


class TestForAPerson:
    def test_those_not_answered_come_first_then_those_that_end_first(
        self, session: Session, characters: Characters
    ) -> None:
        answered = ask(session, characters.analyst, "Answered?", until=TODAY)
        later = ask(session, characters.analyst, "Later?", until=NEXT_WEEK)
        soon = ask(session, characters.analyst, "Soon?", until=TODAY + timedelta(days=2))
        posted(session, characters.owner, question_id=answered.id)
        found = questions.for_person(session, characters.owner, today=TODAY)
        assert [one.id for one in found] == [soon.id, later.id, answered.id]
        assert [one.answered_by_me for one in found] == [False, False, True]

    def test_only_what_is_open_aimed_at_them_and_asked_by_others(
        self, session: Session, characters: Characters
    ) -> None:
        closed = ask(session, characters.analyst, "Closed?")
        close(session, characters.analyst, closed)
        ask(session, characters.analyst, "Nevada?", territory_ids=[NEVADA])
        ask(session, characters.manager, "Southeast?", territory_ids=[SOUTHEAST])
        [own] = questions.for_person(session, characters.owner, today=TODAY)
        assert own.text == "Southeast?"
        assert own.own_territory is not None
        assert own.own_territory.id == GEORGIA
        assert questions.for_person(session, characters.manager, today=TODAY) == []
        assert questions.for_person(session, characters.analyst, today=TODAY) == []

    def test_of_a_territory_those_without_an_answer_from_there(
        self, session: Session, characters: Characters
    ) -> None:
        region = ask(session, characters.analyst, "Southeast?", territory_ids=[SOUTHEAST])
        west = ask(session, characters.analyst, "West?", territory_ids=[WEST])

        def unanswered(actor: Actor, place: int) -> list[int]:
            found = questions.unanswered_in(session, actor, [place], today=TODAY, limit=5)
            return [one.id for one in found]

        assert unanswered(characters.owner, GEORGIA) == [region.id]
        assert unanswered(characters.owner, SOUTHEAST) == [region.id]
        assert unanswered(characters.owner, NEVADA) == [west.id]
        posted(session, characters.owner, question_id=region.id, audience=Audience.SEALED)
        assert unanswered(characters.owner, GEORGIA) == []
        assert unanswered(characters.member, GEORGIA) == [region.id]
