"""What the app is told of messages: new, changed, deleted."""

from typing import Any

from tests.slack_server.channels import Channel
from tests.slack_server.messages import Message
from tests.slack_server.slack import Slack
from tests.slack_server.workspace import Workspace

FAMILY_OF = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def posted(slack: Slack, workspace: Workspace, message: Message) -> None:
    """A new message, and a mention of the app in it."""
    channel = workspace.channels[message.channel]
    event = message.as_dict() | _place(slack, channel, message.ts)
    if message.team != workspace.id:
        event |= {"user_team": message.team, "source_team": message.team}
    slack.events.publish(workspace, FAMILY_OF[channel.kind], event, channel)
    installation = workspace.installation
    mentioned = installation and f"<@{installation.bot_user_id}>" in message.text
    if mentioned and channel.kind != "im" and not message.bot_id:
        mention = event | {"type": "app_mention"}
        del mention["channel_type"]
        slack.events.publish(workspace, "app_mention", mention, channel)


def changed(slack: Slack, workspace: Workspace, message: Message, previous: dict[str, Any]) -> None:
    """New text or new previews of links; `previous` is the message as it was."""
    channel = workspace.channels[message.channel]
    ts = slack.ids.ts(slack.clock.now())
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": message.as_dict(),
        "previous_message": previous,
        "ts": ts,
    } | _place(slack, channel, ts)
    slack.events.publish(workspace, FAMILY_OF[channel.kind], event, channel)


def deleted(slack: Slack, workspace: Workspace, message: Message) -> None:
    channel = workspace.channels[message.channel]
    ts = slack.ids.ts(slack.clock.now())
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": message.ts,
        "previous_message": message.as_dict(),
        "ts": ts,
    } | _place(slack, channel, ts)
    slack.events.publish(workspace, FAMILY_OF[channel.kind], event, channel)


def _place(slack: Slack, channel: Channel, ts: str) -> dict[str, Any]:
    return {"channel": channel.id, "channel_type": channel.kind, "event_ts": ts}
