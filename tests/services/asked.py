"""Questions for tests that only need some."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from insights.services import questions
from insights.services.access import Actor
from insights.services.question_views import QuestionView
from tests.organisation import NOW, TODAY

LATER = NOW + timedelta(hours=1)
NEXT_WEEK = TODAY + timedelta(days=7)
TEXT = "Does anybody offer weekend support?"


def ask(session: Session, actor: Actor, text: str = TEXT, **given: Any) -> QuestionView:
    """A question that the actor has just asked in this transaction."""
    values = {"until": NEXT_WEEK, "now": NOW, "today": TODAY, **given}
    return questions.ask(session, actor, text=text, **values)


def close(
    session: Session, actor: Actor, asked: QuestionView, summary: str = "Two do."
) -> QuestionView:
    """The question, closed an hour later."""
    return questions.close(session, actor, asked.id, summary=summary, now=LATER)
