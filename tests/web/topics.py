"""Topics for tests of their pages."""

from typing import Any
from uuid import UUID

from insights.services import topic_notes, topics
from insights.services.access import Actor
from insights.services.topics import TopicView
from tests.fixtures.app import Stage


def opened(stage: Stage, actor: Actor, title: str = "Why do they leave?", **fields: Any) -> int:
    """The number of a topic that the actor has opened elsewhere."""
    with stage.database.writing() as session:
        return topics.open_topic(session, actor, title=title, now=stage.clock.now, **fields).id


def changed(stage: Stage, actor: Actor, topic_id: int, **fields: Any) -> None:
    """The actor has changed the topic elsewhere."""
    with stage.database.writing() as session:
        topics.change(session, actor, topic_id, now=stage.clock.now, **fields)


def topic_of(stage: Stage, reader: Actor, topic_id: int) -> TopicView:
    """The topic as the reader sees it by now."""
    with stage.database.reading() as session:
        return topics.get(session, reader, topic_id)


def notes_in(stage: Stage, reader: Actor, topic_id: int) -> set[UUID]:
    """The gathered notes that the reader sees."""
    with stage.database.reading() as session:
        found = topic_notes.notes_of(session, reader, topic_id, limit=100)
        return {one.card.id for one in found.items}
