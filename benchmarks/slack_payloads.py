"""What Slack sends, made by hand: the shapes that fuzzing mutates and that load is made of."""

import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

_numbers = itertools.count(1)


def _trigger() -> str:
    return f"{next(_numbers)}.{time.monotonic_ns()}.trigger"


def command(team_id: str, user_id: str, text: str, name: str = "/insight") -> bytes:
    """A slash command, as the form that Slack posts."""
    return urlencode(
        {
            "token": "t",
            "team_id": team_id,
            "team_domain": "acme",
            "channel_id": "C1",
            "channel_name": "field-notes",
            "user_id": user_id,
            "user_name": "somebody",
            "command": name,
            "text": text,
            "api_app_id": "A000000001",
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.com/commands/T1/2/3",
            "trigger_id": _trigger(),
        }
    ).encode()


def _interaction(kind: str, team_id: str, user_id: str) -> dict[str, Any]:
    return {
        "type": kind,
        "token": "t",
        "api_app_id": "A000000001",
        "team": {"id": team_id, "domain": "acme"},
        "user": {"id": user_id, "username": "somebody", "name": "somebody", "team_id": team_id},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": _trigger(),
    }


def click(team_id: str, user_id: str, action_id: str, value: str) -> dict[str, Any]:
    """A click on a button of a message in a channel."""
    action = {
        "action_id": action_id,
        "block_id": "deeds",
        "type": "button",
        "text": {"type": "plain_text", "text": "Take it"},
        "value": value,
        "action_ts": f"{time.time_ns() / 1e9:.6f}",
    }
    return {
        **_interaction("block_actions", team_id, user_id),
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1"},
        "channel": {"id": "C1", "name": "field-notes"},
        "message": {"type": "message", "ts": "1.1", "text": "a card", "blocks": []},
        "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/T1/2/3",
        "actions": [action],
    }


def shortcut(team_id: str, user_id: str, callback_id: str) -> dict[str, Any]:
    """A shortcut of the menu."""
    made = _interaction("shortcut", team_id, user_id)
    return {**made, "callback_id": callback_id, "action_ts": f"{time.time_ns() / 1e9:.6f}"}


def message_shortcut(team_id: str, user_id: str, callback_id: str, text: str) -> dict[str, Any]:
    """A shortcut on a message."""
    return {
        **shortcut(team_id, user_id, callback_id),
        "type": "message_action",
        "channel": {"id": "C1", "name": "field-notes"},
        "message_ts": "1.2",
        "message": {"type": "message", "user": user_id, "ts": "1.2", "text": text, "team": team_id},
        "response_url": "https://hooks.slack.com/app/T1/2/3",
    }


def suggestion(team_id: str, user_id: str, action_id: str, typed: str) -> dict[str, Any]:
    """Typing in a list."""
    made = _interaction("block_suggestion", team_id, user_id)
    return {**made, "action_id": action_id, "block_id": action_id, "value": typed}


def submission(
    team_id: str, user_id: str, callback_id: str, values: dict[str, str], metadata: str = ""
) -> dict[str, Any]:
    """A form that was sent, with a text in each of its fields."""
    blocks = [
        {"type": "input", "block_id": name, "element": {"type": "plain_text_input"}}
        for name in values
    ]
    state = {
        name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()
    }
    return {
        **_interaction("view_submission", team_id, user_id),
        "view": {
            "id": "V1",
            "team_id": team_id,
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "blocks": blocks,
            "state": {"values": state},
            "hash": "1.h",
            "root_view_id": "V1",
        },
        "response_urls": [],
    }


def event(team_id: str, event_id: str, inner: dict[str, Any]) -> dict[str, Any]:
    """An event in its envelope."""
    return {
        "token": "t",
        "team_id": team_id,
        "api_app_id": "A000000001",
        "type": "event_callback",
        "event_id": event_id,
        "event_time": 1,
        "event": {"event_ts": "1.3", **inner},
        "authorizations": [{"enterprise_id": None, "team_id": team_id, "is_bot": True}],
        "is_ext_shared_channel": False,
    }


def as_form(payload: dict[str, Any]) -> bytes:
    """An interaction as Slack posts it."""
    return urlencode({"payload": json.dumps(payload)}).encode()
