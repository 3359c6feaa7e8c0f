"""views.*: modals and App Homes."""

import json
from typing import Any

from tests.slack_server.blocks import MOST_VIEW_BYTES, check_blocks, check_view
from tests.slack_server.call import Call, method
from tests.slack_server.errors import Refused
from tests.slack_server.posting import refuse
from tests.slack_server.views import View, check_hash, initial_values, named


@method("views.open", tier=4)
def open_view(call: Call) -> dict[str, Any]:
    return _show(call, pushed=False)


@method("views.push", tier=4)
def push(call: Call) -> dict[str, Any]:
    return _show(call, pushed=True)


@method("views.update", tier=4)
def update(call: Call) -> dict[str, Any]:
    definition = checked_view(call, "modal")
    if not call.get("view_id") and not call.get("external_id"):
        raise Refused("invalid_arguments")
    view = call.workspace.views.find(call.get("view_id"), call.get("external_id"))
    check_hash(view, call.get("hash"))
    call.workspace.views.replace(view, definition)
    return {"view": view.as_dict()}


@method("views.publish", tier=4)
def publish(call: Call) -> dict[str, Any]:
    definition = checked_view(call, "home")
    if not call.slack.app.home_tab:
        raise Refused("not_enabled")
    user_id = str(call.arguments["user_id"])
    if user_id not in call.workspace.people:
        raise Refused.with_messages("invalid_arguments", ["invalid `user_id`"])
    home = call.workspace.views.homes.get(user_id)
    if home is not None:
        check_hash(home, call.get("hash"))
    published = call.workspace.views.publish(new_view(call, user_id, definition))
    return {"view": published.as_dict()}


@method("blocks.validate")
def validate(call: Call) -> dict[str, Any]:
    given = [name for name in ("blocks", "message", "view") if name in call.arguments]
    if len(given) != 1:
        raise Refused("invalid_arguments")
    content = call.arguments[given[0]]
    if given[0] == "view":
        problems = check_view(content)
    else:
        blocks = content if given[0] == "blocks" else content.get("blocks", [])
        problems = check_blocks(blocks, "message")
    if not problems:
        return {}
    errors = [{"pointer": one.pointer, "code": "invalid", "message": one.text} for one in problems]
    raise Refused(f"invalid_{given[0]}", errors=errors)


def checked_view(call: Call, kind: str) -> dict[str, Any]:
    """The view of the call, if Slack would take it."""
    definition = call.arguments["view"]
    if len(json.dumps(definition)) > MOST_VIEW_BYTES:
        raise Refused("view_too_large")
    refuse(call.slack, check_view(definition), "invalid_arguments", "view")
    if definition["type"] != kind:
        raise Refused("invalid_arguments")
    view: dict[str, Any] = definition
    return view


def new_view(
    call: Call, user_id: str, definition: dict[str, Any], channel_id: str | None = None
) -> View:
    """A view that nobody has touched yet, the root of its stack."""
    views = call.workspace.views
    view_id = call.slack.ids.new("V")
    ready = named(definition, call.slack.ids)
    return View(
        id=view_id,
        team_id=call.workspace.id,
        user_id=user_id,
        definition=ready,
        hash=views.new_hash(),
        root_id=view_id,
        previous_id=None,
        app_id=call.slack.app.app_id,
        bot_id=call.installation.bot_id,
        values=initial_values(ready["blocks"], channel_id),
        channel_id=channel_id,
    )


def _show(call: Call, *, pushed: bool) -> dict[str, Any]:
    if not call.get("trigger_id"):
        raise Refused("invalid_arguments")
    trigger = call.slack.tickets.usable(str(call.arguments["trigger_id"]))
    if trigger.team_id != call.workspace.id:
        raise Refused("invalid_trigger_id")
    definition = checked_view(call, "modal")
    view = new_view(call, trigger.user_id, definition, trigger.channel_id)
    if pushed:
        call.workspace.views.push(view)
    else:
        call.workspace.views.open(view)
    trigger.used = True
    return {"view": view.as_dict()}
