"""Saying something in a channel for somebody: once, and to them alone where that is refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from insights.errors import Forbidden
from integrations.slack import blocks, calls, finding
from integrations.slack.blocks import Message
from integrations.slack.gateway import Gateway, SlackRefused
from integrations.slack.heard import Heard
from integrations.slack.parts import SlackParts
from integrations.slack.saved_messages import place_of

POST = "message.post"
# Within this time a call may be made again.
LOOK_BACK = timedelta(minutes=30)
NOT_IN = (
    "This was not shared: the app is not in this conversation. In a channel write "
    "`/invite @insight`, and share it again."
)
READ_OUTSIDE = "People of other organisations read that channel, so only you read this:"
NOT_TAKEN = "Slack did not let us write there, so only you read this:"


def writable_channel(session: Session, heard: Heard) -> str:
    """The channel in which somebody clicked; raises Forbidden where the app cannot write."""
    channel_id = str((heard.body.get("channel") or {}).get("id") or "")
    place = place_of(session, heard.team_id, channel_id)
    if place.private and not place.joined:
        raise Forbidden(NOT_IN)
    return channel_id


def put(
    session: Session,
    heard: Heard,
    message: Message,
    *,
    key: str,
    channel_id: str,
    thread_ts: str | None = None,
) -> None:
    """Has the message posted for all to see; one key, one message."""
    calls.put(
        session,
        key=f"{POST}:{key}",
        team_id=heard.team_id,
        method=POST,
        arguments={
            "user": heard.user_id,
            "key": key,
            "channel": channel_id,
            "thread_ts": thread_ts,
            "text": message.text,
            "blocks": message.blocks,
        },
        now=heard.now,
    )


def is_read_outside(gateway: Gateway, channel_id: str) -> bool:
    """Whether people of other organisations read the channel. Raises what `Gateway.call` raises."""
    told = gateway.call("conversations.info", channel=channel_id)["channel"]
    return bool(told.get("is_ext_shared") or told.get("is_pending_ext_shared"))


def post(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """The task that posts a message, unless an earlier try has.

    Where Slack refuses it, or people of other organisations would read it, its person reads it in
    their own messages instead. Raises SlackBusy and SlackSilent.
    """
    gateway = parts.gateways.of(team_id)
    try:
        if not is_read_outside(gateway, arguments["channel"]):
            _post_once(gateway, arguments, since=parts.clock() - LOOK_BACK)
            return
        reason = READ_OUTSIDE
    except SlackRefused:
        reason = NOT_TAKEN
    told = {"user": arguments["user"], "blocks": [blocks.context(reason), *arguments["blocks"]]}
    calls.tell_person(parts, team_id, told | {"text": f"{reason}\n{arguments['text']}"})


def _post_once(gateway: Gateway, arguments: Mapping[str, Any], *, since: datetime) -> None:
    channel_id, thread_ts = arguments["channel"], arguments["thread_ts"]
    key = arguments["key"]
    posted = finding.find(
        gateway,
        channel_id,
        lambda one: finding.payload(one, "said").get("key") == key,
        since=since,
        thread_ts=thread_ts,
    )
    if posted is None:
        gateway.call(
            "chat.postMessage",
            channel=channel_id,
            thread_ts=thread_ts,
            text=arguments["text"],
            blocks=arguments["blocks"],
            metadata=finding.mark("said", key=key),
            unfurl_links=False,
            unfurl_media=False,
        )
