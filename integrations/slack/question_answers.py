"""Answering a question of headquarters: a button that opens the form of a note with it, and the
list of questions in that form.
"""

from datetime import date

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.services import questions
from insights.services.access import Actor
from insights.services.lookup import LARGEST_ID
from insights.services.question_views import QuestionView
from insights.text import fold
from integrations.slack import blocks
from integrations.slack.blocks import Block
from integrations.slack.capture_lists import has_account
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners

OFFER = "capture.question"
ANSWER = "question.answer"
# More questions at once nobody is asked.
MOST_OFFERED = 50
CLOSED = "This question is closed by now. Write a note all the same: /insight and what you heard."


def register(listeners: Listeners) -> None:
    """Puts the handler where Slack asks for options."""
    listeners.options(OFFER)(offer)


def offer(heard: Heard) -> Answer:
    """The open questions to the person in which what was typed stands."""
    if not has_account(heard):
        return {"options": []}
    with heard.reading() as session:
        actor, today = heard.actor(session), heard.parts.today(heard.now)
        found = questions.for_person(session, actor, today=today, limit=MOST_OFFERED)
    typed = fold(str(heard.body.get("value") or ""))
    return {"options": [option(one) for one in found if typed in fold(one.text)]}


def button(question_id: int) -> Block:
    """Opens the form of a note with the question."""
    return blocks.button("Answer", ANSWER, str(question_id), style="primary")


def option(question: QuestionView) -> Block:
    """The question as the form offers it."""
    until = f"Until {question.until.day} {question.until:%B %Y}"
    return blocks.option(question.text, str(question.id), until)


def clicked(session: Session, heard: Heard) -> QuestionView:
    """The question whose button was clicked, while it is open; raises NotFound."""
    try:
        question_id = int(heard.body["actions"][0]["value"])
    except (KeyError, IndexError, TypeError, ValueError):
        question_id = 0
    if not 0 < question_id <= LARGEST_ID:
        raise NotFound("There is no such question. Nothing was done.")
    found = questions.get(session, heard.actor(session), question_id)
    if not found.is_open_on(heard.parts.today(heard.now)):
        raise NotFound(CLOSED)
    return found


def are_open(session: Session, actor: Actor | None, *, today: date) -> bool:
    """Whether the person is asked anything at present."""
    return actor is not None and bool(questions.for_person(session, actor, today=today, limit=1))
