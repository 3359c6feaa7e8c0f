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
from tests.services.asked import LATER, NEXT_WEEK, TEXT, ask, close


def change(session: Session, actor: Actor, asked: QuestionView, **changes: Any) -> QuestionView:
    return questions.change(session, actor, asked.id, now=LATER, today=TODAY, **changes)


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
        assert letter.lines == [
            "Anna Analyst asks, until 25 March 2026.",
            "It is about Healthcare.",
            "Any note answers it, a few words are enough.",
        ]
        assert letter.question_id == asked.id
        close(session, characters.analyst, asked)
        assert question_letters.asked(session, characters.owner, str(asked.id)) is None

    def test_say_a_long_question_whole(self, session: Session, characters: Characters) -> None:
        asked = ask(session, characters.analyst, "x" * 500)
        letter = question_letters.asked(session, characters.owner, str(asked.id))
        assert letter is not None
        assert letter.lines[0] == "x" * 500

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
