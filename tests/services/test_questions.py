"""Questions: whoever may asks, of whom, who is told, what changes, and how one ends."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, Forbidden, Invalid, NotFound
from insights.models import (
    Audience,
    JournalEntry,
    Kind,
    Telling,
    TellingMatter,
    Topic,
    TopicState,
)
from insights.services import question_answers, question_letters, questions
from insights.services.access import Actor
from insights.services.question_views import QuestionView
from insights.services.questions import QuestionFilter
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    FLORIDA,
    GEORGIA,
    HEALTHCARE,
    MANAGER,
    MEMBER,
    NEVADA,
    NOW,
    OWNER,
    SOUTHEAST,
    STRANGER,
    TODAY,
    WEST,
)

LATER = NOW + timedelta(hours=1)
NEXT_WEEK = TODAY + timedelta(days=7)
TEXT = "Does anybody offer weekend support?"


def ask(session: Session, actor: Actor, text: str = TEXT, **given: Any) -> QuestionView:
    values = {"until": NEXT_WEEK, "now": NOW, "today": TODAY, **given}
    return questions.ask(session, actor, text=text, **values)


def change(session: Session, actor: Actor, asked: QuestionView, **changes: Any) -> QuestionView:
    return questions.change(session, actor, asked.id, now=LATER, today=TODAY, **changes)


def close(
    session: Session, actor: Actor, asked: QuestionView, summary: str = "Two do."
) -> QuestionView:
    return questions.close(session, actor, asked.id, summary=summary, now=LATER)


def told(session: Session, matter: TellingMatter = TellingMatter.QUESTION) -> list[int]:
    """Who is told of questions, by their numbers; once for each time."""
    return sorted(session.scalars(select(Telling.person_id).where(Telling.matter == matter)))


def sealed_topic(session: Session, creator_id: int) -> int:
    row = Topic(
        title="Hidden price list",
        state=TopicState.OPEN,
        audience=Audience.SEALED,
        creator_id=creator_id,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.id


class TestAsking:
    def test_keeps_what_is_asked_and_of_whom(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(
            session,
            characters.analyst,
            "  Who  offers\nweekends? ",
            kinds=[Kind.COMPETITOR],
            territory_ids=[SOUTHEAST],
            segment_ids=[HEALTHCARE],
        )
        assert asked.text == "Who offers weekends?"
        assert asked.kinds == (Kind.COMPETITOR,)
        assert [one.id for one in asked.territories] == [SOUTHEAST]
        assert [one.id for one in asked.segments] == [HEALTHCARE]
        assert (asked.asker_name, asked.until) == ("Anna Analyst", NEXT_WEEK)
        assert asked.is_open_on(NEXT_WEEK)
        assert not asked.is_open_on(NEXT_WEEK + timedelta(days=1))

    def test_is_for_product_marketing_and_managers_of_their_part(
        self, session: Session, characters: Characters
    ) -> None:
        ask(session, characters.admin)
        ask(session, characters.manager, territory_ids=[GEORGIA, FLORIDA])
        for actor in (characters.owner, characters.member, characters.stranger):
            with pytest.raises(Forbidden):
                ask(session, actor, territory_ids=[GEORGIA])
        with pytest.raises(Forbidden):
            ask(session, characters.manager, territory_ids=[GEORGIA, NEVADA])
        with pytest.raises(Invalid, match="territories of your part"):
            ask(session, characters.manager)

    def test_tells_the_holders_within_the_aim_whatever_their_role(
        self, session: Session, characters: Characters
    ) -> None:
        ask(session, characters.analyst, territory_ids=[SOUTHEAST])
        assert told(session) == [OWNER, MEMBER, MANAGER]

    def test_tells_all_holders_without_an_aim_but_never_the_asker(
        self, session: Session, characters: Characters
    ) -> None:
        ask(session, characters.manager, territory_ids=[SOUTHEAST])
        assert told(session) == [OWNER, MEMBER]
        ask(session, characters.analyst)
        assert told(session) == [OWNER, OWNER, MEMBER, MEMBER, STRANGER, MANAGER]

    def test_names_all_that_has_to_be_mended(
        self, session: Session, characters: Characters
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            ask(
                session,
                characters.analyst,
                " ",
                until=TODAY - timedelta(days=1),
                territory_ids=[999],
                segment_ids=[999],
            )
        assert refusal.value.fields.keys() == {"text", "territories", "segments", "until"}
        with pytest.raises(Invalid, match="Shorten the question to 500"):
            ask(session, characters.analyst, "x" * 501)

    def test_the_same_twice_is_refused_while_it_is_open(
        self, session: Session, characters: Characters
    ) -> None:
        first = ask(session, characters.analyst)
        with pytest.raises(Invalid, match="asked this already"):
            ask(session, characters.analyst)
        ask(session, characters.admin)
        close(session, characters.analyst, first)
        ask(session, characters.analyst)

    def test_for_a_topic_shows_it_to_those_who_see_the_topic(
        self, session: Session, characters: Characters
    ) -> None:
        topic_id = sealed_topic(session, characters.admin.id)
        asked = ask(session, characters.analyst, topic_id=topic_id)
        assert asked.topic is not None
        assert questions.get(session, characters.owner, asked.id).topic is None
        [found] = questions.of_topic(session, characters.admin, topic_id)
        assert found.id == asked.id
        with pytest.raises(NotFound):
            questions.of_topic(session, characters.owner, topic_id)
        with pytest.raises(NotFound):
            ask(session, characters.manager, territory_ids=[GEORGIA], topic_id=topic_id)

    def test_the_journal_keeps_no_words(self, session: Session, characters: Characters) -> None:
        asked = ask(session, characters.analyst, territory_ids=[GEORGIA])
        close(session, characters.analyst, asked)
        rows = session.scalars(select(JournalEntry).where(JournalEntry.subject_type == "question"))
        assert [(row.verb, row.data) for row in rows] == [
            ("question.asked", {"territories": [GEORGIA], "segments": [], "topic": None}),
            ("question.closed", {}),
        ]


class TestChanging:
    def test_tells_only_those_whom_it_is_aimed_at_anew(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst, territory_ids=[GEORGIA])
        assert told(session) == [OWNER]
        changed = change(
            session, characters.analyst, asked, territory_ids=[GEORGIA, NEVADA], text="And now?"
        )
        assert told(session) == [OWNER, STRANGER]
        assert (changed.text, changed.version) == ("And now?", asked.version + 1)

    def test_what_is_so_already_changes_nothing(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst, territory_ids=[GEORGIA])
        assert change(session, characters.analyst, asked, text=TEXT).version == asked.version

    def test_a_new_aim_alone_is_a_new_version(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst, territory_ids=[GEORGIA])
        changed = change(session, characters.analyst, asked, territory_ids=[NEVADA])
        assert changed.version == asked.version + 1

    def test_is_for_the_asker_analysts_and_admins(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.manager, territory_ids=[GEORGIA])
        for actor in (characters.manager, characters.analyst, characters.admin):
            assert change(session, actor, asked, text=f"{actor.name}?").text == f"{actor.name}?"
        for actor in (characters.owner, characters.member, characters.stranger):
            with pytest.raises(Forbidden):
                change(session, actor, asked, text="Mine?")
        of_analyst = ask(session, characters.analyst, territory_ids=[GEORGIA])
        with pytest.raises(Forbidden):
            change(session, characters.manager, of_analyst, text="Mine?")

    def test_a_manager_does_not_aim_beyond_their_part(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.manager, territory_ids=[GEORGIA])
        with pytest.raises(Forbidden):
            change(session, characters.manager, asked, territory_ids=[WEST])

    def test_an_outdated_reading_is_told_who_was_there_first(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        change(session, characters.admin, asked, text="Better?")
        with pytest.raises(Conflict, match="Ada Admin changed this question"):
            change(session, characters.analyst, asked, text="?", expected_version=asked.version)

    def test_a_day_that_is_over_can_be_put_off(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        too_late, later = NEXT_WEEK + timedelta(days=2), NEXT_WEEK + timedelta(days=3)
        changed = questions.change(
            session, characters.analyst, asked.id, until=later, now=LATER, today=too_late
        )
        assert changed.until == later


class TestClosing:
    def test_tells_those_who_answered_once_what_came_of_it(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        for author in (characters.owner, characters.owner, characters.analyst):
            posted(session, author, question_id=asked.id, territory="georgia")
        closed = close(session, characters.analyst, asked, "**Two** offer it.")
        assert (closed.closed_by, closed.summary) == ("Anna Analyst", "**Two** offer it.")
        assert not closed.is_open_on(TODAY)
        assert told(session, TellingMatter.QUESTION_SUMMARY) == [OWNER]

    def test_needs_a_summary_where_somebody_answered(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        posted(session, characters.owner, question_id=asked.id)
        with pytest.raises(Invalid, match="Say what came of it"):
            close(session, characters.analyst, asked, " ")
        unanswered = ask(session, characters.admin)
        assert close(session, characters.admin, unanswered, "").closed_at == LATER
        assert told(session, TellingMatter.QUESTION_SUMMARY) == []

    def test_happens_once(self, session: Session, characters: Characters) -> None:
        asked = ask(session, characters.analyst)
        close(session, characters.admin, asked)
        with pytest.raises(Conflict, match="Ada Admin closed this question"):
            close(session, characters.analyst, asked)
        with pytest.raises(Conflict, match="Ask a new one"):
            change(session, characters.analyst, asked, text="Again?")

    def test_is_for_the_asker_analysts_and_admins(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst, territory_ids=[GEORGIA])
        for actor in (characters.owner, characters.stranger, characters.manager):
            with pytest.raises(Forbidden):
                close(session, actor, asked)
        own = ask(session, characters.manager, territory_ids=[GEORGIA])
        close(session, characters.manager, own)

    def test_an_answer_that_was_on_its_way_still_counts(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        close(session, characters.analyst, asked)
        posted(session, characters.owner, question_id=asked.id)
        assert questions.get(session, characters.analyst, asked.id).answers == 1


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


class TestSealedAnswers:
    def test_count_for_those_alone_who_may_see_them(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        note = posted(session, characters.owner, question_id=asked.id, audience=Audience.SEALED)
        for actor in characters.everyone:
            seen = actor not in (characters.member, characters.stranger)
            view = questions.get(session, actor, asked.id)
            assert (view.answers, view.people) == (int(seen), int(seen))
            page = question_answers.list_answers(session, actor, asked.id)
            assert [card.id for card in page.cards] == [note] * seen


class TestLetters:
    def test_say_what_is_asked_and_lead_to_the_question(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst, segment_ids=[HEALTHCARE])
        letter = question_letters.asked(session, characters.owner, str(asked.id))
        assert letter is not None
        assert letter.title == f"A question to you: {TEXT}"
        assert letter.lines[1:3] == [
            "Anna Analyst asks, until 25 March 2026.",
            "It is about Healthcare.",
        ]
        assert letter.question_id == asked.id
        close(session, characters.analyst, asked)
        assert question_letters.asked(session, characters.owner, str(asked.id)) is None

    def test_say_what_came_of_it(self, session: Session, characters: Characters) -> None:
        asked = ask(session, characters.analyst, "x" * 500)
        assert question_letters.summary(session, characters.owner, str(asked.id)) is None
        close(session, characters.analyst, asked, "**Two** do:\n\n- Acme\n- Ionfield")
        letter = question_letters.summary(session, characters.owner, str(asked.id))
        assert letter is not None
        assert letter.lines == [
            "Anna Analyst sums up what came of it:",
            "Two do:",
            "Acme",
            "Ionfield",
        ]
        assert len(letter.title) <= 150
        assert question_letters.summary(session, characters.owner, "999999") is None


def test_a_page_takes_a_fixed_number_of_queries(
    session: Session, characters: Characters, count_queries: Counter, database: Database
) -> None:
    for number in range(5):
        ask(session, characters.analyst, f"Number {number}?", territory_ids=[GEORGIA])
    questions.list_questions(session, characters.owner, today=TODAY)
    with count_queries(database) as statements:
        assert len(questions.list_questions(session, characters.owner, today=TODAY)) == 5
    assert len(statements) <= 5


def test_a_number_beyond_all_is_no_question(session: Session, characters: Characters) -> None:
    for number in (0, -1, 2**40):
        with pytest.raises(NotFound):
            questions.get(session, characters.admin, number)
