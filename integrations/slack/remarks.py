"""What people write below a card, as Slack tells of it: said, changed or deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

# Any will do; it only has to stay the same.
_NAMESPACE = UUID("6f0d5b1e-64f2-4f0e-9f0a-6d0f8a4f3c11")
A_FILE = "(a file in Slack)"


@dataclass(frozen=True, slots=True)
class Remark:
    """One message in a thread as it is at the moment `event_ts`; `raw` is its text in Slack's
    notation, None when it was deleted. `thread_ts` is empty when that is not told."""

    channel_id: str
    ts: str
    thread_ts: str
    user_id: str
    raw: str | None
    event_ts: str

    def comment_id(self, team_id: str) -> UUID:
        """The id of the comment that it is kept as."""
        return uuid5(_NAMESPACE, f"{team_id}/{self.channel_id}/{self.ts}")


def read(event: Mapping[str, Any]) -> Remark | None:
    """The remark that a message event tells of; None for what is none: a message of its own, and
    what another app or Slack itself has written."""
    match event.get("subtype"):
        case "message_changed":
            message = _mapping(event.get("message"))
            # Slack leaves a stone where a message with replies was deleted.
            if message.get("subtype") == "tombstone":
                return _deleted(event, message, message.get("ts"))
            return _said(event, message)
        case "message_deleted":
            return _deleted(event, _mapping(event.get("previous_message")), event.get("deleted_ts"))
        case _:
            return _said(event, event)


def _said(event: Mapping[str, Any], message: Mapping[str, Any]) -> Remark | None:
    thread_ts, ts, user = message.get("thread_ts"), message.get("ts"), message.get("user")
    if not thread_ts or not ts or thread_ts == ts or not user or message.get("bot_id"):
        return None
    raw = str(message.get("text") or "") or (A_FILE if message.get("files") else "")
    return Remark(
        channel_id=str(event.get("channel")),
        ts=str(ts),
        thread_ts=str(thread_ts),
        user_id=str(user),
        raw=raw,
        event_ts=str(event.get("event_ts") or ts),
    )


def _deleted(event: Mapping[str, Any], before: Mapping[str, Any], ts: object) -> Remark | None:
    if not ts:
        return None
    return Remark(
        channel_id=str(event.get("channel")),
        ts=str(ts),
        thread_ts=str(before.get("thread_ts") or ""),
        user_id=str(before.get("user") or ""),
        raw=None,
        event_ts=str(event.get("event_ts") or ts),
    )


def _mapping(told: Any) -> Mapping[str, Any]:
    return told if isinstance(told, Mapping) else {}
