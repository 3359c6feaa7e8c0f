"""Saying from a note's card what became of it, in one of the topics that have gathered it.

For those who work on topics; a form that comes back is looked at anew. Sent twice it is said once.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from insights.errors import Invalid, NotFound
from insights.models import Outcome
from insights.services import access, access_work, topic_outcomes, topics
from insights.services.topic_outcomes import LONGEST_TEXT
from insights.services.topics import TopicRef
from integrations.slack import blocks, bullets, modals, text
from integrations.slack.blocks import Block
from integrations.slack.cards import WHAT_BECAME
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners

CALLBACK = "topic.settle"
OLD = "This form is from an older version. Close it, and open a new one from the card."
IN_NONE = "No topic has gathered this note yet. Choose *Add to a topic* first."
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.USED: "Used",
    Outcome.ALREADY_KNOWN: "Already known",
    Outcome.NOT_NOW: "Not now",
}


def register(listeners: Listeners) -> None:
    """Puts the handler where Slack's forms arrive."""
    listeners.view(CALLBACK)(submitted)


def open_form(heard: Heard, note_id: UUID) -> None:
    """Opens the form for a note that a topic has gathered; otherwise says what to do first."""
    with heard.reading() as session:
        actor = heard.actor(session)
        access_work.require_topic_worker(actor)
        note = access.note(session, actor, note_id)
        gathered = topics.topics_of_notes(session, actor, [note.id]).get(note.id, [])
        quoted = bullets.title(note.text)
    if gathered:
        modals.show(heard, _form(note_id, quoted, gathered))
        return
    with heard.writing() as session:
        heard.tell(session, IN_NONE)


def submitted(heard: Heard) -> Answer:
    """Says what became of the note; its author and whoever saw the same are told.

    Raises Invalid by field, with which the form stays open.
    """
    view = heard.body["view"]
    note_id, held = _note_of(view), modals.values_of(view)
    topic_id, outcome = _topic_of(held), _outcome_of(held)
    with heard.writing() as session:
        heard.once(session, f"{CALLBACK}:{view.get('id')}")
        actor = heard.actor(session)
        access.note(session, actor, note_id)
        words = held.get("text", "")
        settled = topic_outcomes.settle(
            session, actor, topic_id, [note_id], outcome, text=words, now=heard.now
        )
        if note_id in settled.refused:
            raise Invalid({"topic": [settled.refused[note_id]]})
        topic = topics.get(session, actor, topic_id)
        link = text.link(heard.parts.links.topic(topic.id), topic.title)
        heard.tell(session, f"It is said in {link}. Author and sighters are told once.")
    return None


def _form(note_id: UUID, quoted: str, gathered: list[TopicRef]) -> Block:
    offered = [blocks.option(one.title, str(one.id)) for one in gathered]
    outcomes = [blocks.option(words, one.value) for one, words in OUTCOMES.items()]
    entry = blocks.text_input("settle.text", most=LONGEST_TEXT)
    topic = blocks.select("settle.topic", offered, initial=offered[0])
    parts = [
        blocks.quote(quoted),
        blocks.input_("topic", "Topic", topic),
        blocks.input_("outcome", "What became of it", blocks.radio_buttons("settle.to", outcomes)),
        blocks.input_("text", "In what, from where, or why not now", entry),
    ]
    return blocks.modal(CALLBACK, WHAT_BECAME, parts, submit="Save", private_metadata=str(note_id))


def _note_of(view: Mapping[str, Any]) -> UUID:
    try:
        return UUID(str(view.get("private_metadata")))
    except ValueError:
        raise NotFound("There is no such note. Nothing was done.") from None


def _topic_of(held: Mapping[str, str]) -> int:
    chosen = held.get("topic", "")
    if not chosen.isdecimal():
        raise Invalid(OLD)
    return int(chosen)


def _outcome_of(held: Mapping[str, str]) -> Outcome:
    try:
        return Outcome(held.get("outcome", ""))
    except ValueError:
        raise Invalid({"outcome": ["Choose what became of it."]}) from None
