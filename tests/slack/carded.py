"""Notes that are routed to Slack, and the cards that come of them."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import (
    Comment,
    Delivery,
    DeliveryState,
    Destination,
    DestinationKind,
    Person,
    SlackCard,
)
from insights.services import comments, destinations, notes
from insights.services.access import Actor
from integrations.slack import blocks
from tests.organisation import OWNER
from tests.services.routed import routed
from tests.slack.insight_app import InsightApp
from tests.slack_server.messages import Message

TEXT = "They pay for trucks by the day & want <!channel> less"


def channel(insight: InsightApp, name: str = "field-notes", *, takes_sealed: bool = False) -> int:
    """The channel as a destination."""
    with insight.database.writing() as session:
        place = destinations.known_channel(
            session, team_id=insight.team_id, channel_id=insight.channel_id(name), now=insight.now()
        )
        session.get_one(Destination, place).takes_sealed = takes_sealed
    return place


def own_messages(insight: InsightApp, name: str, person_id: int) -> int:
    """Somebody's own messages with the app as a destination."""
    with insight.database.writing() as session:
        return destinations.known(
            session,
            kind=DestinationKind.SLACK_PERSON,
            team=insight.team_id,
            address=insight.user_id(name),
            label=name,
            person_id=person_id,
            now=insight.now(),
        )


def route(insight: InsightApp, place: int, **fields: Any) -> int:
    """A route for what is said of trucks."""
    with insight.database.writing() as session:
        return routed(session, "trucks", place, **fields)


def post(insight: InsightApp, text: str = TEXT, author: int = OWNER, **fields: Any) -> UUID:
    """A note, and what the worker makes of it."""
    note_id = insight.post(author, text, **fields)
    settle(insight)
    return note_id


def settle(insight: InsightApp, seconds: float = 8.0) -> None:
    """Lets the worker do all that it has to, at the pace that Slack asks for."""
    for _ in range(int(seconds / 2)):
        insight.work()
        insight.clock.advance(2.0)
    insight.work()


def said(insight: InsightApp, name: str = "field-notes", reader: str = "anna") -> list[Message]:
    """What stands in a channel, threads included."""
    return insight.visitor(reader).sees(name)


def read(message: Message) -> str:
    """All that a message shows."""
    return json.dumps([message.text, message.blocks], ensure_ascii=False)


def buttons(message: Message | blocks.Message) -> list[str]:
    """The labels of its buttons."""
    found = [one for one in message.blocks if one["type"] == "actions"]
    rows = [one for block in found for one in block["elements"] if one["type"] == "button"]
    return [one["text"]["text"] for one in rows]


def states(insight: InsightApp) -> list[DeliveryState]:
    """How far each delivery is, in the order in which they were made."""
    return list(insight.read(lambda session: list(_states(session))))


def _states(session: Session) -> Sequence[DeliveryState]:
    return session.scalars(select(Delivery.state).order_by(Delivery.id)).all()


def trouble(insight: InsightApp, place: int) -> str:
    """Why nothing can be sent to a destination, and what to do about it."""
    return str(insight.read(lambda session: session.get_one(Destination, place).trouble))


def cards_kept(insight: InsightApp) -> list[SlackCard]:
    """What is known of cards."""
    return list(
        insight.read(
            lambda session: list(session.scalars(select(SlackCard).order_by(SlackCard.id)))
        )
    )


def talk(insight: InsightApp) -> list[tuple[str, str]]:
    """Who says what in the comments that stand, in the order in which they were kept."""
    statement = (
        select(Person.name, Comment.text)
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.withdrawn_at.is_(None))
        .order_by(Comment.at, Comment.id)
    )
    rows = insight.read(lambda session: session.execute(statement).all())
    return [(row.name, row.text) for row in rows]


def comment(insight: InsightApp, actor: Actor, note_id: UUID, comment_id: UUID, text: str) -> None:
    """A comment written on the page."""
    with insight.database.writing() as session:
        comments.add(session, actor, note_id, comment_id=comment_id, text=text, now=insight.now())
    settle(insight)


def change(insight: InsightApp, actor: Actor, note_id: UUID, **changes: Any) -> None:
    """A note changed on its page."""
    with insight.database.writing() as session:
        notes.edit(session, actor, note_id, changes, now=insight.now())  # type: ignore[arg-type]
    settle(insight)
