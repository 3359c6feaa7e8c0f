"""Questions of headquarters in Slack: asked, shown to whom they are aimed at, answered by notes."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from insights.models import Kind, Question, QuestionAnswer, QuestionTerritory
from insights.services import questions
from insights.services.question_views import QuestionView
from tests.organisation import ANALYST, GEORGIA, HEALTHCARE, NOW, TODAY
from tests.slack.insight_app import InsightApp
from tests.slack.test_capture import held, shown, written
from tests.slack.test_home import visit
from tests.slack_server.driver import Visitor
from tests.slack_server.faults import refusal
from tests.slack_server.messages import Message

TEXT = "What do hospitals pay for a second line? <!channel>"
UNTIL = TODAY + timedelta(days=20)


def ask(insight: InsightApp, **given: Any) -> QuestionView:
    """The analyst asks whoever holds Georgia."""
    values = {"text": TEXT, "territory_ids": [GEORGIA], "until": UNTIL, **given}
    with insight.database.writing() as session:
        return questions.ask(session, insight.actor(ANALYST), now=NOW, today=TODAY, **values)


def answers(insight: InsightApp) -> list[int]:
    """The questions that notes answer."""
    found = insight.read(lambda one: one.scalars(select(QuestionAnswer.question_id)).all())
    return list(found)


def at_home(insight: InsightApp, name: str) -> Visitor:
    """Somebody in front of their Home."""
    visit(insight, name)
    return insight.visitor(name)


def private(insight: InsightApp, name: str) -> Message:
    """What somebody was told last in their own messages."""
    insight.work()
    return insight.visitor(name).direct_messages()[-1]


@pytest.mark.slack_rule(33)
def test_a_question_is_answered_from_home_with_a_note(insight: InsightApp) -> None:
    asked = ask(insight, kinds=[Kind.PREFERENCE], segment_ids=[HEALTHCARE])
    olivia = at_home(insight, "olivia")
    assert olivia.click(olivia.home, "Answer").ok
    assert "second line" in held(olivia, "question")
    assert held(olivia, "territory") == "Georgia"
    assert held(olivia, "kind") == "Preference"
    assert "Healthcare" in shown(olivia)
    assert TEXT not in olivia.modal.definition["private_metadata"]
    olivia.fill("What did you see or hear?", "They pay $30 for it")
    assert olivia.submit() == {}
    assert answers(insight) == [asked.id]
    assert "You have answered" in visit(insight, "olivia")


def test_the_form_offers_what_is_asked_of_its_person_alone(http_insight: InsightApp) -> None:
    asked = ask(http_insight)
    max_, olivia = http_insight.visitor("max"), http_insight.visitor("olivia")
    for one in (max_, olivia):
        one.type("/insight", "field-notes")
    assert "Which question" not in shown(max_)
    assert held(olivia, "question") is None
    assert olivia.look_up(olivia.modal, "Which question does it answer?", "nothing") == []
    olivia.fill("Which question does it answer?", str(asked.id), "hospitals")
    olivia.fill("What did you see or hear?", "They pay $30 for it")
    olivia.submit()
    assert answers(http_insight) == [asked.id]


def test_a_question_that_was_closed_meanwhile_keeps_no_note_back(http_insight: InsightApp) -> None:
    asked = ask(http_insight)
    olivia = at_home(http_insight, "olivia")
    olivia.click(olivia.home, "Answer")
    with http_insight.database.writing() as session:
        analyst = http_insight.actor(ANALYST)
        questions.close(session, analyst, asked.id, summary="Thirty dollars.", now=NOW)
    olivia.fill("What did you see or hear?", "They pay $30 for it")
    assert olivia.submit() == {}
    assert len(http_insight.notes()) == 1
    olivia.click(olivia.home, "Answer")
    assert "closed by now" in private(http_insight, "olivia").text


def test_home_asks_nobody_else(http_insight: InsightApp) -> None:
    ask(http_insight)
    assert "Questions for you" not in visit(http_insight, "max")
    assert "Questions for you" not in visit(http_insight, "gus")


class TestAsking:
    @pytest.mark.slack_rule(7, 14)
    def test_is_done_with_a_form_once(self, insight: InsightApp) -> None:
        anna = insight.visitor("anna")
        anna.type("/insight question What do hospitals pay?", "field-notes")
        assert anna.modal.values["text"]["question.text"]["value"] == "What do hospitals pay?"
        shown(anna)
        anna.fill("Of whom?", ["Georgia"])
        assert anna.submit() == {}
        assert insight.server.repeat_interaction().ok
        assert "is asked" in private(insight, "anna").text
        rows = insight.read(
            lambda one: one.execute(
                select(Question.text, Question.until, QuestionTerritory.territory_id).join(
                    QuestionTerritory
                )
            ).all()
        )
        day = date(2026, 4, 1)
        assert [tuple(one) for one in rows] == [("What do hospitals pay?", day, GEORGIA)]

    def test_is_for_those_who_may(self, http_insight: InsightApp) -> None:
        olivia = http_insight.visitor("olivia")
        olivia.type("/insight question What do they pay?", "field-notes")
        assert not olivia.has_modal
        assert "asked by product and marketing" in written(olivia.latest("field-notes"))

    @pytest.mark.slack_rule(49)
    def test_is_for_managers_of_their_own_part(self, http_insight: InsightApp) -> None:
        manuel = http_insight.visitor("manuel")
        manuel.type("/insight question What do they pay?", "field-notes")
        offered = manuel.look_up(manuel.modal, "Of whom?", "")
        assert offered == ["Southeast", "Florida", "Georgia"]
        assert list(manuel.submit()) != []
        manuel.fill("Of whom?", ["Georgia"])
        assert manuel.submit() == {}

    @pytest.mark.slack_rule(5)
    def test_that_comes_too_late_is_told(self, http_insight: InsightApp) -> None:
        anna = http_insight.visitor("anna")
        http_insight.server.slack.faults.plan("views.open", refusal("expired_trigger_id"))
        anna.type("/insight question What do they pay?", "field-notes")
        assert not anna.has_modal
        http_insight.work()
        assert "did not open" in written(anna.latest("field-notes"))
