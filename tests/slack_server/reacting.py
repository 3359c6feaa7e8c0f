"""Emoji on messages, of people and of the app."""

from tests.slack_server.errors import Refused
from tests.slack_server.messages import Message
from tests.slack_server.slack import Slack
from tests.slack_server.workspace import Workspace


def react(slack: Slack, workspace: Workspace, message: Message, user_id: str, name: str) -> None:
    """One emoji of one person, who may give each only once."""
    users = message.reactions.setdefault(name, [])
    if user_id in users:
        raise Refused("already_reacted")
    users.append(user_id)
    _tell(slack, workspace, message, {"type": "reaction_added", "user": user_id, "reaction": name})


def unreact(slack: Slack, workspace: Workspace, message: Message, user_id: str, name: str) -> None:
    users = message.reactions.get(name, [])
    if user_id not in users:
        raise Refused("no_reaction")
    users.remove(user_id)
    if not users:
        del message.reactions[name]
    _tell(
        slack, workspace, message, {"type": "reaction_removed", "user": user_id, "reaction": name}
    )


def _tell(slack: Slack, workspace: Workspace, message: Message, what: dict[str, str]) -> None:
    event = what | {
        "item_user": message.user,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
    }
    slack.events.publish(workspace, what["type"], event, workspace.channels[message.channel])
