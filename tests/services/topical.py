"""Topics for tests that only need some."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Gathering, Outcome, Telling
from insights.services import topic_notes, topic_outcomes, topics
from insights.services.access import Actor
from tests.organisation import NOW


def opened(session: Session, actor: Actor, title: str = "Prices by the truck", **given: Any) -> int:
    """The number of a topic that `actor` has just opened in this transaction."""
    return topics.open_topic(session, actor, title=title, now=NOW, **given).id


def in_topic(
    session: Session,
    reader: Actor,
    topic_id: int,
    gathering: Gathering = Gathering.GATHERED,
) -> set[UUID]:
    """The notes of a topic, as the reader sees them."""
    found = topic_notes.notes_of(session, reader, topic_id, gathering=gathering, limit=100)
    return {one.card.id for one in found.items}


def used(
    session: Session,
    actor: Actor,
    topic_id: int,
    note_ids: Collection[UUID],
    text: str = "the price list",
) -> topic_outcomes.Settled:
    """Says that the notes were used."""
    return topic_outcomes.settle(
        session, actor, topic_id, note_ids, Outcome.USED, text=text, now=NOW
    )


def told(session: Session) -> list[tuple[int, str, str]]:
    """Who was told, of what sort of thing, and of which, in order."""
    rows = session.scalars(select(Telling).order_by(Telling.id))
    return [(one.person_id, one.matter.value, one.subject) for one in rows]
