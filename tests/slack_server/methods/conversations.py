"""conversations.*: the channels that the app may see."""

from typing import Any

from tests.slack_server.arguments import names
from tests.slack_server.call import Call, method
from tests.slack_server.channels import SCOPE_FAMILIES, TYPE_NAMES, Channel
from tests.slack_server.errors import Refused
from tests.slack_server.messages import Message


@method("conversations.list", tier=2)
def list_conversations(call: Call) -> dict[str, Any]:
    channels = [one for one in _of_types(call) if _visible(call, one)]
    return call.page("channels", [one.as_conversation(call.bot_user_id) for one in channels])


@method("users.conversations", tier=3)
def users_conversations(call: Call) -> dict[str, Any]:
    user = call.get("user") or call.bot_user_id
    if user not in call.workspace.people:
        raise Refused("user_not_found")
    channels = [one for one in _of_types(call) if user in one.members and _visible(call, one)]
    return call.page("channels", [one.as_conversation(user) for one in channels])


@method("conversations.info", tier=3)
def info(call: Call) -> dict[str, Any]:
    told = call.channel("read").as_conversation(call.bot_user_id)
    if not call.flag("include_num_members"):
        told.pop("num_members", None)
    return {"channel": told}


@method("conversations.members", tier=4)
def members(call: Call) -> dict[str, Any]:
    return call.page("members", list(call.channel("read").members))


@method("conversations.history", tier=3)
def history(call: Call) -> dict[str, Any]:
    channel = call.joined_channel("history")
    found = [
        message
        for message in call.workspace.messages[channel.id].values()
        if message.in_channel_view and not message.only_for and _within(call, message)
    ]
    return _history_page(call, list(reversed(found)))


@method("conversations.replies", tier=3)
def replies(call: Call) -> dict[str, Any]:
    channel = call.joined_channel("history")
    parent = call.workspace.message(channel.id, str(call.arguments["ts"]), "thread_not_found")
    thread = [parent, *(call.workspace.messages[channel.id][ts] for ts in parent.reply_ts)]
    return _history_page(call, [message for message in thread if _within(call, message)])


@method("conversations.open", tier=3)
def open_conversation(call: Call) -> dict[str, Any]:
    call.need("im:write")
    if call.get("channel"):
        channel = call.channel()
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    users = names(call.arguments.get("users"))
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 1:
        raise Refused("method_not_supported_for_channel_type")
    person = call.workspace.people.get(users[0])
    if person is None:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    channel = call.workspace.direct_messages(call.bot_user_id, person.id)
    if call.flag("return_im"):
        return {"channel": channel.as_conversation(call.bot_user_id)}
    return {"channel": {"id": channel.id}}


@method("conversations.join", tier=3)
def join(call: Call) -> dict[str, Any]:
    channel = call.channel()
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    call.need("channels:join")
    if channel.archived:
        raise Refused("is_archived")
    channel.add(call.bot_user_id)
    return {"channel": channel.as_conversation(call.bot_user_id)}


def _of_types(call: Call) -> list[Channel]:
    """The channels of the asked kinds, for each of which the token needs a scope of its own."""
    asked = names(call.arguments.get("types")) or ["public_channel"]
    if not set(asked) <= {*TYPE_NAMES, "mpim"}:
        raise Refused("invalid_types")
    kinds = {TYPE_NAMES[one] for one in asked if one in TYPE_NAMES}
    for kind in sorted(kinds):
        call.need(f"{SCOPE_FAMILIES[kind]}:read")
    if "mpim" in asked:
        call.need("mpim:read")
    hidden = call.flag("exclude_archived")
    return [
        one
        for one in call.workspace.channels.values()
        if one.kind in kinds and not (hidden and one.archived)
    ]


def _visible(call: Call, channel: Channel) -> bool:
    return channel.kind == "channel" or call.bot_user_id in channel.members


def _within(call: Call, message: Message) -> bool:
    """Whether the message lies between `oldest` and `latest`, the ends included on wish."""
    ts = float(message.ts)
    oldest = float(call.get("oldest") or 0)
    latest = float(call.get("latest") or "inf")
    return oldest < ts < latest or (call.flag("inclusive") and ts in (oldest, latest))


def _history_page(call: Call, found: list[Message]) -> dict[str, Any]:
    whole = call.flag("include_all_metadata")
    page = call.page("messages", [message.as_dict(with_metadata=whole) for message in found])
    return page | {"has_more": bool(page["response_metadata"]["next_cursor"])}
