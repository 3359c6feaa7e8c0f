"""The parts of a message or view that a person can touch, found as a person finds them."""

from typing import Any

from tests.slack_server.block_elements import elements_of
from tests.slack_server.errors import Impossible
from tests.slack_server.messages import Message
from tests.slack_server.views import VALUE_KEYS, View
from tests.slack_server.workspace import Workspace

Element = dict[str, Any]


def elements(place: Message | View) -> list[Element]:
    """Each element with its block_id, and with the label of its input block."""
    found = []
    for block in _blocks(place):
        for _, element in elements_of(block):
            label = (block.get("label") or {}).get("text", "")
            found.append({"label": label, "block_id": block["block_id"]} | element)
    return found


def find(place: Message | View, name: str) -> Element:
    """The element with this action_id, or this text on it or label above it."""
    for element in elements(place):
        text = (element.get("text") or {}).get("text")
        if name in (element.get("action_id"), text, element["label"]):
            return element
    there = [element.get("action_id") for element in elements(place)]
    raise Impossible(f"there is no {name!r} to use here, only {there}")


def action(element: Element, **chosen: Any) -> Element:
    """The action of a payload for a click or a choice."""
    told = {key: element[key] for key in ("action_id", "block_id", "type")}
    for key in ("text", "value", "placeholder", "style", "confirm"):
        if key in element and not (key == "text" and element["type"] != "button"):
            told[key] = element[key]
    return told | chosen


def options_of(element: Element) -> list[Element]:
    """The options that stand in the element itself."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    return options


def pick(options: list[Element], wanted: Any) -> Element:
    """The option with this text or value."""
    for option in options:
        if wanted in (option.get("value"), option["text"]["text"]):
            return option
    there = [option["text"]["text"] for option in options]
    raise Impossible(f"{wanted!r} is not among the options {there}")


def held_value(workspace: Workspace, element: Element, wanted: Any, options: list[Element]) -> Any:
    """What the element holds after the person put `wanted` in: text, an option, ids, …"""
    several = element["type"].startswith("multi_") or element["type"] == "checkboxes"
    if wanted is None:
        return [] if several else None
    if several:
        return [_one_held(workspace, element["type"], one, options) for one in wanted]
    return _one_held(workspace, element["type"], wanted, options)


def _one_held(workspace: Workspace, kind: str, wanted: Any, options: list[Element]) -> Any:
    key = VALUE_KEYS[kind]
    if key.startswith("selected_option"):
        return pick(options, wanted)
    if key.startswith("selected_user"):
        return workspace.person(wanted).id
    if key.startswith(("selected_conversation", "selected_channel")):
        return workspace.channel(wanted).id
    return wanted


def unfinished(view: View) -> dict[str, str]:
    """What Slack's own client complains of before it sends a form, by block."""
    complaints = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        held = view.values.get(block["block_id"], {}).get(element["action_id"], {})
        value = held.get(VALUE_KEYS.get(element["type"], "value"))
        if not value and not block.get("optional"):
            complaints[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, str) and value:
            most, fewest = element.get("max_length"), element.get("min_length") or 0
            if (most and len(value) > most) or len(value) < fewest:
                complaints[block["block_id"]] = "This entry has the wrong length."
    return complaints


def _blocks(place: Message | View) -> list[dict[str, Any]]:
    blocks = list(place.blocks)
    if isinstance(place, Message):
        for attachment in place.attachments:
            blocks += attachment.get("blocks") or []
    return blocks
