"""chat.*: what the app posts, changes and deletes."""

from typing import Any

from tests.slack_server.call import Call, method
from tests.slack_server.channels import Channel
from tests.slack_server.errors import Refused, TooOften
from tests.slack_server.message_events import changed, deleted
from tests.slack_server.messages import Message
from tests.slack_server.posting import (
    LONGEST_UPDATE,
    check_content,
    message_of_app,
    post,
    rewrite,
)

LONGEST_DELAY_SECONDS = 120 * 24 * 60 * 60


@method("chat.postMessage", scope="chat:write")
def post_message(call: Call) -> dict[str, Any]:
    channel = _channel_to_post_in(call)
    _wait_for_turn(call, channel)
    check_content(call.slack, call.arguments)
    _check_thread(call, channel)
    message = message_of_app(call.slack, call.workspace, channel.id, call.arguments)
    if call.flag("reply_broadcast") and message.is_reply:
        message.subtype = "thread_broadcast"
    post(call.slack, call.workspace, message)
    told = message.as_dict(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": told}


@method("chat.postEphemeral", scope="chat:write", tier=4)
def post_ephemeral(call: Call) -> dict[str, Any]:
    channel = call.channel()
    if channel.archived:
        raise Refused("is_archived")
    if call.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    reader = str(call.arguments["user"])
    if reader not in channel.members:
        raise Refused("user_not_in_channel")
    check_content(call.slack, call.arguments)
    message = message_of_app(call.slack, call.workspace, channel.id, call.arguments)
    message.only_for = reader
    post(call.slack, call.workspace, message)
    return {"message_ts": message.ts}


@method("chat.update", scope="chat:write", tier=3)
def update(call: Call) -> dict[str, Any]:
    channel = call.channel()
    message = _own_message(call, channel, "cant_update_message")
    if channel.archived:
        raise Refused("is_inactive")
    if len(call.get("text") or "") > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    check_content(call.slack, call.arguments)
    rewrite(call.slack, call.workspace, message, call.arguments)
    told = message.as_dict(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": told}


@method("chat.delete", scope="chat:write", tier=3)
def delete(call: Call) -> dict[str, Any]:
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    call.workspace.remove(message)
    deleted(call.slack, call.workspace, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(call: Call) -> dict[str, Any]:
    channel = call.channel()
    message = call.workspace.message(channel.id, str(call.arguments["message_ts"]))
    address = (
        f"https://{call.workspace.domain}.slack.com/archives/{channel.id}"
        f"/p{message.ts.replace('.', '')}"
    )
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


@method("chat.unfurl", scope="links:write", tier=3)
def unfurl(call: Call) -> dict[str, Any]:
    unfurls = call.arguments.get("unfurls")
    if not unfurls and not call.flag("user_auth_required"):
        raise Refused("missing_unfurls")
    for preview in (unfurls or {}).values():
        content = {"text": "preview", "blocks": preview.get("blocks")}
        check_content(call.slack, content, "cannot_parse_attachment", "chat.unfurl")
    if call.get("source") == "composer":
        return _unfurl_in_composer(call, unfurls or {})
    return _unfurl_in_channel(call, unfurls or {})


@method("chat.scheduleMessage", scope="chat:write", tier=3)
def schedule_message(call: Call) -> dict[str, Any]:
    channel = _channel_to_post_in(call)
    check_content(call.slack, call.arguments)
    wait = float(call.arguments["post_at"]) - call.slack.clock.now()
    if wait <= 0:
        raise Refused("time_in_past")
    if wait > LONGEST_DELAY_SECONDS:
        raise Refused("time_too_far")
    name = call.slack.ids.new("Q")
    call.workspace.scheduled[name] = {"id": name, "channel_id": channel.id} | {
        "post_at": int(float(call.arguments["post_at"])),
        "text": call.get("text") or "",
    }
    call.slack.clock.call_later(wait, lambda: _post_scheduled(call, channel, name))
    return {
        "channel": channel.id,
        "scheduled_message_id": name,
        "post_at": int(float(call.arguments["post_at"])),
    }


@method("chat.deleteScheduledMessage", scope="chat:write", tier=3)
def delete_scheduled_message(call: Call) -> dict[str, Any]:
    if not call.workspace.scheduled.pop(str(call.arguments["scheduled_message_id"]), None):
        raise Refused("invalid_scheduled_message_id")
    return {}


@method("chat.scheduledMessages.list", tier=3)
def list_scheduled_messages(call: Call) -> dict[str, Any]:
    return call.page("scheduled_messages", list(call.workspace.scheduled.values()))


def _channel_to_post_in(call: Call) -> Channel:
    """The channel, if the app may post there; a person's id means their direct messages."""
    place = str(call.arguments["channel"])
    if place in call.workspace.people:
        return call.workspace.direct_messages(call.bot_user_id, place)
    channel = call.channel()
    if channel.archived:
        raise Refused("is_archived")
    if channel.restricted:
        raise Refused("restricted_action")
    is_member = call.bot_user_id in channel.members
    if not is_member and "chat:write.public" not in call.installation.scopes:
        raise Refused("not_in_channel")
    return channel


def _wait_for_turn(call: Call, channel: Channel) -> None:
    wait = call.slack.limits.wait_for_channel(channel.id)
    if wait:
        raise TooOften(wait)


def _check_thread(call: Call, channel: Channel) -> None:
    thread_ts = call.get("thread_ts")
    if thread_ts is None:
        return
    parent = call.workspace.message(channel.id, thread_ts, "thread_not_found")
    if parent.is_reply:
        call.slack.blunder("a reply was posted to a reply instead of to its parent")
        raise Refused("cannot_reply_to_message")


def _own_message(call: Call, channel: Channel, error: str) -> Message:
    message = call.workspace.message(channel.id, str(call.arguments["ts"]))
    if message.bot_id != call.installation.bot_id:
        raise Refused(error)
    return message


def _post_scheduled(call: Call, channel: Channel, name: str) -> None:
    with call.slack.lock:
        if call.workspace.scheduled.pop(name, None):
            message = message_of_app(call.slack, call.workspace, channel.id, call.arguments)
            post(call.slack, call.workspace, message)


def _unfurl_in_composer(call: Call, unfurls: dict[str, Any]) -> dict[str, Any]:
    preview = call.slack.previews.get(call.get("unfurl_id") or "")
    if preview is None:
        raise Refused("cannot_find_message")
    if set(unfurls) - set(preview["links"]):
        raise Refused("cannot_unfurl_url")
    preview["unfurls"] |= unfurls
    return {}


def _unfurl_in_channel(call: Call, unfurls: dict[str, Any]) -> dict[str, Any]:
    preview = call.slack.previews.get(call.get("unfurl_id") or "", {})
    channel_id = preview.get("channel") or call.get("channel")
    ts = preview.get("ts") or call.get("ts")
    if not channel_id or not ts:
        raise Refused("missing_channel" if not channel_id else "missing_ts")
    message = call.workspace.message(channel_id, ts, "cannot_find_message")
    if any(url not in message.text.replace("&amp;", "&") for url in unfurls):
        raise Refused("cannot_unfurl_url")
    before = message.as_dict()
    for url, content in unfurls.items():
        message.attachments.append(
            {"from_url": url, "app_unfurl_url": url, "is_app_unfurl": True} | content
        )
    changed(call.slack, call.workspace, message, before)
    return {}
