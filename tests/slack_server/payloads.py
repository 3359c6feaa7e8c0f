"""What the app receives of commands, shortcuts, clicks, forms and look-ups."""

from dataclasses import dataclass
from typing import Any

from tests.slack_server.channels import Channel
from tests.slack_server.messages import Message
from tests.slack_server.people import Person
from tests.slack_server.slack import Slack
from tests.slack_server.views import View
from tests.slack_server.workspace import Workspace

Payload = dict[str, Any]


@dataclass(frozen=True)
class Actor:
    """Who does something, and where."""

    slack: Slack
    workspace: Workspace
    person: Person

    def trigger(self, view: View | None = None, channel_id: str | None = None) -> str:
        """The right to open a modal for this person."""
        view_id = view.id if view else None
        channel_id = view.channel_id if view else channel_id
        return self.slack.tickets.trigger(self.workspace.id, self.person.id, view_id, channel_id)

    def response_url(self, family: str, channel_id: str, message_ts: str | None = None) -> str:
        """An address to answer to."""
        path = self.slack.tickets.response_path(
            family, self.workspace.id, channel_id, self.person.id, message_ts
        )
        return self.slack.base_url + path

    def now(self) -> str:
        """The ts of an action."""
        return self.slack.ids.ts(self.slack.clock.now())


def command(actor: Actor, channel: Channel, name: str, text: str) -> Payload:
    """The form of a slash command."""
    fields = {
        "token": actor.slack.app.verification_token,
        "team_id": actor.workspace.id,
        "team_domain": actor.workspace.domain,
        "channel_id": channel.id,
        "channel_name": _name(channel),
        "user_id": actor.person.id,
        "user_name": actor.person.name,
        "command": name,
        "text": text,
        "api_app_id": actor.slack.app.app_id,
        "is_enterprise_install": str(_for_organisation(actor.workspace)).lower(),
        "response_url": actor.response_url("commands", channel.id),
        "trigger_id": actor.trigger(channel_id=channel.id),
    }
    if actor.workspace.enterprise_id:
        fields |= {"enterprise_id": actor.workspace.enterprise_id, "enterprise_name": "Enterprise"}
    return fields


def global_shortcut(actor: Actor, callback_id: str) -> Payload:
    return _who(actor) | {
        "type": "shortcut",
        "callback_id": callback_id,
        "action_ts": actor.now(),
        "trigger_id": actor.trigger(),
    }


def message_shortcut(actor: Actor, message: Message, callback_id: str) -> Payload:
    channel = actor.workspace.channels[message.channel]
    return _who(actor) | {
        "type": "message_action",
        "callback_id": callback_id,
        "action_ts": actor.now(),
        "trigger_id": actor.trigger(channel_id=channel.id),
        "channel": {"id": channel.id, "name": _name(channel)},
        "message_ts": message.ts,
        "message": message.as_dict(),
        "response_url": actor.response_url("actions", channel.id, message.ts),
    }


def message_action(actor: Actor, message: Message, action: Payload) -> Payload:
    """A click on a message, ephemeral ones included."""
    channel = actor.workspace.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.only_for),
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    payload = _who(actor) | {
        "type": "block_actions",
        "container": container,
        "trigger_id": actor.trigger(channel_id=channel.id),
        "channel": {"id": channel.id, "name": _name(channel)},
        "state": {"values": {}},
        "response_url": actor.response_url("actions", channel.id, message.ts),
        "actions": [action | {"action_ts": actor.now()}],
    }
    if not message.only_for:
        payload["message"] = message.as_dict()
    return payload


def view_action(actor: Actor, view: View, action: Payload) -> Payload:
    """A click in a modal or in the App Home."""
    return _who(actor) | {
        "type": "block_actions",
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": actor.trigger(view),
        "view": view.as_dict(),
        "actions": [action | {"action_ts": actor.now()}],
    }


def view_submission(actor: Actor, view: View) -> Payload:
    return _who(actor) | {
        "type": "view_submission",
        "trigger_id": actor.trigger(view),
        "view": view.as_dict(),
        "response_urls": _response_urls(actor, view),
    }


def view_closed(actor: Actor, view: View, *, cleared: bool) -> Payload:
    return _who(actor) | {
        "type": "view_closed",
        "view": view.as_dict(),
        "is_cleared": cleared,
    }


def suggestion(
    actor: Actor,
    place: Message | View,
    element: Payload,
    typed: str,
) -> Payload:
    """What was typed so far into a select whose options the app knows."""
    asked = _who(actor) | {
        "type": "block_suggestion",
        "block_id": element["block_id"],
        "action_id": element["action_id"],
        "value": typed,
    }
    if isinstance(place, View):
        container = {"type": "view", "view_id": place.id}
        return asked | {"container": container, "view": place.as_dict()}
    channel = actor.workspace.channels[place.channel]
    return asked | {
        "container": {
            "type": "message",
            "message_ts": place.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(place.only_for),
        },
        "channel": {"id": channel.id, "name": _name(channel)},
        "message": place.as_dict(),
    }


def _who(
    actor: Actor,
) -> Payload:
    """The keys that all interactive payloads share."""
    enterprise = {"id": actor.workspace.enterprise_id, "name": "Enterprise"}
    return {
        "token": actor.slack.app.verification_token,
        "api_app_id": actor.slack.app.app_id,
        "team": {"id": actor.workspace.id, "domain": actor.workspace.domain},
        "enterprise": enterprise if actor.workspace.enterprise_id else None,
        "is_enterprise_install": _for_organisation(actor.workspace),
        "user": {
            "id": actor.person.id,
            "username": actor.person.name,
            "name": actor.person.name,
            "team_id": actor.person.team_id,
        },
    }


def _name(channel: Channel) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)


def _for_organisation(workspace: Workspace) -> bool:
    return bool(workspace.installation and workspace.installation.is_enterprise_install)


def _response_urls(actor: Actor, view: View) -> list[Payload]:
    """An address for each channel that was chosen in a select with response_url_enabled."""
    urls = []
    for block in view.blocks:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        held = view.values[block["block_id"]][element["action_id"]]
        channel_id = held.get("selected_conversation") or held.get("selected_channel")
        if channel_id:
            address = actor.response_url("app", channel_id)
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel_id,
                    "response_url": address,
                }
            )
    return urls
