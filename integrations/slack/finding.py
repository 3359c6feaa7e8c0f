"""Looking up what was posted: before something is said a second time, after an answer was lost.

Each message that must not be said twice carries a mark in its metadata, by which it is known again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from integrations.slack.gateway import Gateway, SlackRefused

Posted: TypeAlias = Mapping[str, Any]
Mark: TypeAlias = dict[str, Any]

PAGE = 200
MOST_PAGES = 20
# Slack's clock and ours may differ.
SKEW = timedelta(minutes=5)
# Where the app is no member nobody can tell what stands there.
BLIND = frozenset({"not_in_channel", "channel_not_found", "missing_scope", "thread_not_found"})


def mark(kind: str, **known: Any) -> Mark:
    """The metadata of a message; `known` are ids and words without any content."""
    return {"event_type": f"insight_{kind}", "event_payload": known}


def payload(message: Posted, kind: str) -> Mapping[str, Any]:
    """What the mark of that kind says; empty for messages without it."""
    metadata = message.get("metadata")
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != f"insight_{kind}":
        return {}
    found = metadata.get("event_payload")
    return found if isinstance(found, Mapping) else {}


def find(
    gateway: Gateway,
    channel_id: str,
    wanted: Callable[[Posted], bool],
    *,
    since: datetime,
    thread_ts: str | None = None,
) -> Posted | None:
    """The first message that is `wanted` in a channel or one of its threads, posted `since` then;
    None when there is none, or nobody can tell. Raises SlackBusy and SlackSilent, and SlackRefused
    for other reasons."""
    arguments = {
        "channel": channel_id,
        "oldest": f"{(since - SKEW).timestamp():.6f}",
        "include_all_metadata": True,
        "limit": PAGE,
    }
    method = "conversations.history"
    if thread_ts is not None:
        method, arguments["ts"] = "conversations.replies", thread_ts
    cursor = ""
    for _ in range(MOST_PAGES):
        try:
            answer = gateway.call(method, cursor=cursor or None, **arguments)
        except SlackRefused as refused:
            if refused.code in BLIND:
                return None
            raise
        for message in answer["messages"]:
            if wanted(message):
                return message  # type: ignore[no-any-return]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return None
