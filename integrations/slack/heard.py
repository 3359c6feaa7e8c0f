"""One thing that came from Slack, as a handler is given it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.errors import Unavailable
from insights.models import SlackReceipt
from insights.services.access import Actor
from integrations.slack import calls, people
from integrations.slack.gateway import Gateway
from integrations.slack.parts import SlackParts
from integrations.slack.people import Caller

LONGEST_KEY = 180
UNKNOWN = (
    "We are just finding out who you are in Field Insights. Nothing was done yet: please try "
    "again in a moment."
)


class Repeated(Exception):
    """It was dealt with before: the second delivery of it is dropped."""


@dataclass
class Receipt:
    """By what a delivery is known again, and how far its handler is with it."""

    key: str
    taken: bool = False
    told: int = 0


@dataclass(frozen=True)
class Heard:
    """An event or interaction. `caller` is None for somebody who was never looked up; the worker
    is asked to, and a second try finds them."""

    parts: SlackParts
    team_id: str
    user_id: str
    caller: Caller | None
    body: Mapping[str, Any]
    now: datetime
    receipt: Receipt = field(repr=False)

    @property
    def gateway(self) -> Gateway:
        """The way to the workspace. Raises Unavailable when there is none at present."""
        return self.parts.gateways.of(self.team_id)

    @property
    def event(self) -> Mapping[str, Any]:
        """The event itself; empty for interactions."""
        found = self.body.get("event")
        return found if isinstance(found, Mapping) else {}

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The handler's one transaction, kept at the end of the block.

        Its first statement takes the receipt: a second delivery of the same thing ends here, and
        one whose first delivery failed is dealt with.
        """
        with self.parts.database.writing() as session:
            if not self.receipt.taken:
                row = {"key": self.receipt.key, "at": self.now}
                added = insert_or_skip(session, SlackReceipt, SlackReceipt.key)
                if not session.scalars(added, [row]).all():
                    raise Repeated
            yield session
        self.receipt.taken = True

    def once(self, session: Session, what: str) -> None:
        """Ends here what was done before under this name, however it came a second time."""
        row = {"key": f"{self.team_id}:{what}"[:LONGEST_KEY], "at": self.now}
        if not session.scalars(
            insert_or_skip(session, SlackReceipt, SlackReceipt.key), [row]
        ).all():
            raise Repeated

    def reading(self) -> AbstractContextManager[Session]:
        """A block that only reads."""
        return self.parts.database.reading()

    def actor(self, session: Session, *, make_guest: bool = False) -> Actor:
        """The person who did this as services see them (see `people.actor`).

        Raises Unavailable for somebody who was never looked up, and Forbidden.
        """
        if self.caller is None:
            raise Unavailable(UNKNOWN)
        today = self.parts.today(self.now)
        return people.actor(session, self.caller, today=today, now=self.now, make_guest=make_guest)

    def tell(self, session: Session, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
        """Answers the person alone, once the transaction is kept: below the message where they
        clicked, otherwise in the channel or in their messages with the app."""
        self._answer(session, self._private(text, blocks))

    def replace(self, session: Session, text: str, blocks: list[dict[str, Any]]) -> None:
        """Puts this in the place of the message where the person clicked, once the transaction is
        kept; where that message cannot be reached any more it is told beside it."""
        address = self.body.get("response_url")
        if not isinstance(address, str) or not address:
            self.tell(session, text, blocks)
            return
        body = {"replace_original": True, "text": text, "blocks": blocks}
        self._answer(session, (calls.RESPOND, {"url": address, "body": body, "user": self.user_id}))

    def _answer(self, session: Session, answer: tuple[str, dict[str, Any]]) -> None:
        self.receipt.told += 1
        method, arguments = answer
        calls.put(
            session,
            key=f"{self.receipt.key}#{self.receipt.told}",
            team_id=self.team_id,
            method=method,
            arguments=arguments,
            now=self.now,
        )

    def _private(
        self, text: str, blocks: list[dict[str, Any]] | None
    ) -> tuple[str, dict[str, Any]]:
        said: dict[str, Any] = {"text": text, **({"blocks": blocks} if blocks else {})}
        address = self.body.get("response_url")
        if isinstance(address, str) and address:
            body = {**said, "response_type": "ephemeral", "replace_original": False}
            return calls.RESPOND, {"url": address, "body": body, "user": self.user_id}
        channel = _channel(self.body)
        if channel and not channel.startswith("D"):
            return "chat.postEphemeral", {**said, "channel": channel, "user": self.user_id}
        return calls.TELL_PERSON, {**said, "user": self.user_id}


def receipt_key(team_id: str, user_id: str, body: Mapping[str, Any], handler: str) -> str:
    """What a second delivery of the same thing has in common with the first one: the id of an
    event; the person, and the moment or the trigger of what they did."""
    event_id = body.get("event_id")
    what = f"event:{event_id}" if event_id else f"{user_id}:{_moment(body)}"
    key = f"{team_id}:{what}:{handler}"
    if len(key) > LONGEST_KEY:
        return hashlib.sha256(key.encode(errors="replace")).hexdigest()
    return key


def _moment(body: Mapping[str, Any]) -> str:
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    clicked = first.get("action_ts") if isinstance(first, Mapping) else None
    found = clicked or body.get("trigger_id") or body.get("action_ts")
    if isinstance(found, str):
        return found
    whole = json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(whole.encode(errors="replace")).hexdigest()


def _channel(body: Mapping[str, Any]) -> str:
    """The channel in which it was done; empty where there is none."""
    event = body.get("event")
    places = (
        body.get("channel"),
        body.get("channel_id"),
        event.get("channel") if isinstance(event, Mapping) else None,
        _item_channel(event),
    )
    for place in places:
        found = place.get("id") if isinstance(place, Mapping) else place
        if isinstance(found, str) and found:
            return found
    return ""


def _item_channel(event: Any) -> Any:
    item = event.get("item") if isinstance(event, Mapping) else None
    return item.get("channel") if isinstance(item, Mapping) else None
