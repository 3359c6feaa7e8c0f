"""Adding a note to a topic from its card: one of those that are worked on, or a new one.

For those who work on topics; a form that comes back is looked at anew. Sent twice it adds once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from insights.errors import Invalid, NotFound
from insights.services import access, access_work, topic_lists, topic_notes, topics
from insights.services.access import Actor
from insights.services.topics import LONGEST_TITLE, TopicFilter, TopicView
from integrations.slack import blocks, bullets, modals, text, topic_settling
from integrations.slack.blocks import MOST_OPTIONS, Block
from integrations.slack.cards import ADD_TO_TOPIC, OUTCOME, Action
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners

CALLBACK = "topic.add"
OFFER = "topic.choice"
OLD = "This form is from an older version. Close it, and open a new one from the card."
CHOOSE = "Choose a topic, or give a new one a title."
ONE_OF_BOTH = "Choose a topic or give a new one a title, not both."


def register(listeners: Listeners) -> None:
    """Puts the handlers where Slack's clicks and forms arrive."""
    listeners.action(Action.MENU)(opened)
    listeners.options(OFFER)(offer)
    listeners.view(CALLBACK)(submitted)


def opened(heard: Heard) -> None:
    """Opens the form that was chosen for the note of the card; a link needs no answer."""
    value = _chosen(heard)
    if value.startswith("sent:"):
        return
    if value.startswith(OUTCOME):
        topic_settling.open_form(heard, _uuid(value.removeprefix(OUTCOME)))
        return
    with heard.reading() as session:
        actor = heard.actor(session)
        access_work.require_topic_worker(actor)
        note = access.note(session, actor, _uuid(value))
        quoted = bullets.title(note.text)
    modals.show(heard, _form(note.id, quoted))


def offer(heard: Heard) -> Answer:
    """Topics that are worked on with the words that were typed, what is due first on top."""
    with heard.reading() as session:
        actor = heard.actor(session)
        access_work.require_topic_worker(actor)
        words = str(heard.body.get("value") or "")
        chosen = TopicFilter(states=topic_lists.AT_WORK, words=words)
        found = topics.list_topics(session, actor, chosen, limit=MOST_OPTIONS).items
        return {"options": [_option(one) for one in found]}


def submitted(heard: Heard) -> Answer:
    """Puts the note into the topic that was chosen, or opens the new one with it.

    Raises Invalid by field, with which the form stays open.
    """
    view = heard.body["view"]
    note_id = _uuid(str(view.get("private_metadata")))
    topic_id, title = _filled(view)
    with heard.writing() as session:
        heard.once(session, f"{CALLBACK}:{view.get('id')}")
        actor = heard.actor(session)
        access.note(session, actor, note_id)
        if topic_id is None:
            made = topics.open_topic(session, actor, title=title, note_ids=[note_id], now=heard.now)
            words = "The topic {} is open, with this note."
        else:
            made = _gathered(session, actor, note_id, topic_id, heard.now)
            words = "The note is in the topic {}."
        link = text.link(heard.parts.links.topic(made.id), made.title)
        heard.tell(session, words.format(link))
    return None


def _gathered(
    session: Session, actor: Actor, note_id: UUID, topic_id: int, now: datetime
) -> TopicView:
    result = topic_notes.gather(session, actor, topic_id, [note_id], now=now)
    if note_id in result.refused:
        raise Invalid({"topic": [result.refused[note_id]]})
    return topics.get(session, actor, topic_id)


def _form(note_id: UUID, quoted: str) -> Block:
    choice = blocks.external_select(OFFER, placeholder="Title of a topic", min_query_length=0)
    title = blocks.text_input(
        "topic.title", most=LONGEST_TITLE, placeholder="What is to be answered"
    )
    parts = [
        blocks.quote(quoted),
        blocks.input_("topic", "Topic", choice, optional=True, hint="Topics that are worked on."),
        blocks.input_("title", "Or a new topic", title, optional=True),
    ]
    return blocks.modal(CALLBACK, ADD_TO_TOPIC, parts, submit="Add", private_metadata=str(note_id))


def _filled(view: Mapping[str, Any]) -> tuple[int | None, str]:
    """The topic that was chosen and the title of a new one; raises Invalid unless it is one."""
    held = modals.values_of(view)
    chosen, title = held.get("topic", ""), " ".join(held.get("title", "").split())
    if chosen and title:
        raise Invalid({"title": [ONE_OF_BOTH]})
    if not chosen and not title:
        raise Invalid({"topic": [CHOOSE]})
    if chosen and not chosen.isdecimal():
        raise Invalid(OLD)
    return (int(chosen) if chosen else None), title


def _option(view: TopicView) -> Block:
    owner = view.owner_name or "Nobody's yet"
    notes = "1 note" if view.notes == 1 else f"{view.notes:,} notes"
    return blocks.option(view.title, str(view.id), f"{owner} · {notes}")


def _chosen(heard: Heard) -> str:
    """What of the menu was chosen; empty for what is no menu."""
    try:
        return str(heard.body["actions"][0]["selected_option"]["value"])
    except (KeyError, IndexError, TypeError):
        return ""


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise NotFound("There is no such note. Nothing was done.") from None
