"""Asking the field a question from Slack, for those who may: `/insight question`."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from insights.errors import Invalid
from insights.services import access_work, catalogue, questions
from insights.services.question_asking import LONGEST_TEXT
from integrations.slack import blocks, home_updates, modals, text
from integrations.slack.blocks import MOST_OPTIONS, Block
from integrations.slack.capture_fields import territory_option
from integrations.slack.capture_lists import matching
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners

CALLBACK = "question.ask"
OFFER = "question.territories"
TITLE = "Ask the field"
USUAL_TIME = timedelta(days=14)
NO_DAY = "Say until which day answers are wanted."
EVERYWHERE = "All who hold a territory, if you leave it out."


def register(listeners: Listeners) -> None:
    """Puts the handlers where Slack's forms arrive."""
    listeners.options(OFFER)(offer)
    listeners.view(CALLBACK)(submitted)


def open_form(heard: Heard, words: str) -> None:
    """Opens the form with these words in it. Raises Forbidden for those who may not ask."""
    with heard.reading() as session:
        access_work.require_asker(heard.actor(session))
    until = heard.parts.today(heard.now) + USUAL_TIME
    modals.show(heard, _form(words, until))


def offer(heard: Heard) -> Answer:
    """Territories of which the person may ask, by name or code."""
    with heard.reading() as session:
        actor = heard.actor(session)
        places = catalogue.current(session).territories.values()
        mine = [one for one in places if access_work.may_ask(actor, [one.id])]
        found = matching(mine, str(heard.body.get("value") or ""), first=actor.held)
        known = catalogue.current(session)
        return {"options": [territory_option(known, one) for one in found[:MOST_OPTIONS]]}


def submitted(heard: Heard) -> Answer:
    """Asks the question, and tells who asked where it stands.

    Raises Forbidden, and Invalid by field, with which the form stays open.
    """
    view = heard.body["view"]
    held = modals.values_of(view)
    with heard.writing() as session:
        heard.once(session, f"{CALLBACK}:{view.get('id')}")
        made = questions.ask(
            session,
            heard.actor(session),
            text=held.get("text", ""),
            territory_ids=_numbers(view),
            until=_day(held.get("until", "")),
            now=heard.now,
            today=heard.parts.today(heard.now),
        )
        link = text.link(heard.parts.links.question(made.id), "Your question")
        heard.tell(session, f"{link} is asked. Those it is aimed at are told as they chose.")
        home_updates.put(heard, session)
    return None


def _form(words: str, until: date) -> Block:
    entry = blocks.text_input(
        "question.text", initial=words, multiline=True, most=LONGEST_TEXT,
        placeholder="What do you want to hear?",
    )  # fmt: skip
    places = blocks.multi_external_select(OFFER, min_query_length=0)
    parts = [
        blocks.input_("text", "Question", entry),
        blocks.input_("territories", "Of whom?", places, optional=True, hint=EVERYWHERE),
        blocks.input_("until", "Until", blocks.day("question.until", initial=until)),
    ]
    return blocks.modal(CALLBACK, TITLE, parts, submit="Ask")


def _numbers(view: Mapping[str, Any]) -> list[int]:
    return [int(one) for one in modals.several_of(view, "territories") if one.isdecimal()]


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise Invalid({"until": [NO_DAY]}) from None
