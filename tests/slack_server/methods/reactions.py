"""reactions.*: what the app thinks of messages."""

from typing import Any

from tests.slack_server.call import Call, method
from tests.slack_server.errors import Refused
from tests.slack_server.messages import Message
from tests.slack_server.reacting import react, unreact


@method("reactions.add", scope="reactions:write", tier=3)
def add(call: Call) -> dict[str, Any]:
    message = _message(call)
    if call.bot_user_id not in call.workspace.channels[message.channel].members:
        raise Refused("not_in_channel")
    react(call.slack, call.workspace, message, call.bot_user_id, str(call.arguments["name"]))
    return {}


@method("reactions.remove", scope="reactions:write", tier=2)
def remove(call: Call) -> dict[str, Any]:
    name = str(call.arguments["name"])
    unreact(call.slack, call.workspace, _message(call), call.bot_user_id, name)
    return {}


@method("reactions.get", scope="reactions:read", tier=3)
def get(call: Call) -> dict[str, Any]:
    message = _message(call)
    return {"type": "message", "channel": message.channel, "message": message.as_dict()}


def _message(call: Call) -> Message:
    return call.workspace.message(call.channel().id, call.get("timestamp") or "")
