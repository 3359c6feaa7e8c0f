"""The app's manifest: what an admin pastes at Slack, so that nothing has to be set there by hand.

It asks for what is used and no more; SCOPES says for what each is.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from insights.errors import Invalid

EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/admin/slack/installed"
SCOPES: Mapping[str, str] = {
    "commands": "the command /insight and the two shortcuts",
    "chat:write": "cards, digests and answers",
    "chat:write.public": "cards in public channels that the app is not in",
    "channels:read": "the list of public channels, and what becomes of them",
    "groups:read": "the same of private channels that the app is in",
    "channels:history": "replies below cards in public channels, which become comments",
    "groups:history": "the same in private channels",
    "im:write": "messages to a person",
    "im:history": "whether such a message arrived, before it is sent a second time",
    "users:read": "who somebody is",
    "users:read.email": "their e-mail address, by which their account is found",
    "reactions:read": "the reaction that saves a message as a note",
    "links:read": "links to our pages that somebody shares",
    "links:write": "their previews",
}
EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_created",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "link_shared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "reaction_added",
    "team_join",
    "tokens_revoked",
    "user_change",
)
NAME = "Field Insights"
DESCRIPTION = "Save what customers say as notes, and bring them to those who can use them."
BACKGROUND = "#1d3557"


def manifest(url: str, *, socket: bool = False) -> dict[str, Any]:
    """The manifest for an installation whose public address is `url`.

    With `socket` nothing is posted there, and the address may be one that only colleagues reach.
    Raises Invalid(url) for what is no web address, and without `socket` for one without https.
    """
    address = url.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid({"url": ["Give a web address, such as https://insights.example.com."]})
    if parts.scheme != "https" and not socket:
        raise Invalid({"url": ["Slack posts to https addresses only; or use Socket Mode."]})
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "background_color": BACKGROUND,
        },
        "features": _features(address, parts.hostname, socket=socket),
        "oauth_config": _oauth(address, is_https=parts.scheme == "https"),
        "settings": _settings(address, socket=socket),
    }


def as_json(made: Mapping[str, Any]) -> str:
    """As Slack takes it, for people to read."""
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def as_yaml(made: Mapping[str, Any]) -> str:
    """The same as YAML, of which JSON's way to write a string is a part."""
    return "\n".join(_lines(made, 0)) + "\n"


def _features(address: str, host: str, *, socket: bool) -> dict[str, Any]:
    command = {
        "command": "/insight",
        "description": "Write a field note, or look some up",
        "usage_hint": "[what you heard | search words | brief | topics | help]",
        "should_escape": True,
    }
    if not socket:
        command["url"] = address + EVENTS_PATH
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": "insight", "always_online": True},
        "shortcuts": [
            {
                "name": "Save as insight",
                "type": "message",
                "callback_id": "insight_save_message",
                "description": "Saves this message as a field note",
            },
            {
                "name": "Capture an insight",
                "type": "global",
                "callback_id": "insight_capture",
                "description": "Opens the form for a new field note",
            },
        ],
        "slash_commands": [command],
        "unfurl_domains": [host],
    }


def _oauth(address: str, *, is_https: bool) -> dict[str, Any]:
    redirects = {"redirect_urls": [address + REDIRECT_PATH]} if is_https else {}
    return {**redirects, "scopes": {"bot": list(SCOPES)}}


def _settings(address: str, *, socket: bool) -> dict[str, Any]:
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if not socket:
        events["request_url"] = address + EVENTS_PATH
        interactivity["request_url"] = address + EVENTS_PATH
        interactivity["message_menu_options_url"] = address + EVENTS_PATH
    return {
        "event_subscriptions": events,
        "interactivity": interactivity,
        "org_deploy_enabled": False,
        "socket_mode_enabled": socket,
        "token_rotation_enabled": False,
    }


def _lines(value: Any, depth: int) -> Iterator[str]:
    """A mapping or list, block by block; plain values stand behind their names."""
    indent = "  " * depth
    entries = (
        ((f"{indent}{name}:", inner) for name, inner in value.items())
        if isinstance(value, Mapping)
        else ((f"{indent}-", inner) for inner in value)
    )
    for start, inner in entries:
        if isinstance(inner, Mapping) and start.endswith("-"):
            first, *others = list(_lines(inner, depth + 1))
            yield f"{start} {first.strip()}"
            yield from others
        elif isinstance(inner, Mapping | list):
            yield start
            yield from _lines(inner, depth + 1)
        else:
            yield f"{start} {json.dumps(inner, ensure_ascii=False)}"
