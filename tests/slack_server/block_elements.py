"""The faults inside a block that the official models let pass."""

from collections.abc import Callable, Iterator
from typing import Any

MOST_FIELD_TEXT = 2000
MOST_OPTION_TEXT = 75
MOST_CHOICES = 10
MOST_OPTIONS = 100
MOST_INPUT_LENGTH = 3000
MOST_URL = 3000
FEWEST_OVERFLOW, MOST_OVERFLOW = 2, 5
CONTEXT_ELEMENTS = {"image", "plain_text", "mrkdwn"}
CHOICES_WITH_OPTIONS = {
    "static_select",
    "multi_static_select",
    "checkboxes",
    "radio_buttons",
    "overflow",
}
Fault = tuple[str, str]


def element_faults(block: dict[str, Any]) -> Iterator[Fault]:
    """Pairs of a place below the block and what is wrong there."""
    yield from BLOCK_FAULTS.get(block["type"], _no_faults)(block)
    for place, element in elements_of(block):
        for inner, fault in _element_faults(element):
            yield f"{place}{inner}", fault
    for place, text in _texts(block):
        if isinstance(text.get("text"), str) and not text["text"]:
            yield f"{place}/text", "must be more than 0 characters"


def elements_of(block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The interactive parts of a block with their places: buttons, selects, inputs."""
    if block["type"] in ("actions", "context_actions"):
        for index, element in enumerate(block.get("elements") or []):
            yield f"/elements/{index}", element
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            yield f"/{key}", block[key]


def _no_faults(_: dict[str, Any]) -> Iterator[Fault]:
    yield from ()


def _section(block: dict[str, Any]) -> Iterator[Fault]:
    for index, text in enumerate(block.get("fields") or []):
        if len(text.get("text", "")) > MOST_FIELD_TEXT:
            yield f"/fields/{index}/text", f"must be less than {MOST_FIELD_TEXT + 1} characters"
    if "fields" in block and not block["fields"]:
        yield "/fields", "no fewer than 1 items allowed"


def _header(block: dict[str, Any]) -> Iterator[Fault]:
    if (block.get("text") or {}).get("type") != "plain_text":
        yield "/text", "must be plain_text"


def _elements_wanted(block: dict[str, Any]) -> Iterator[Fault]:
    if not block.get("elements"):
        yield "/elements", "no fewer than 1 items allowed"


def _actions(block: dict[str, Any]) -> Iterator[Fault]:
    yield from _elements_wanted(block)
    seen: set[str] = set()
    for index, element in enumerate(block.get("elements") or []):
        name = element.get("action_id")
        if name and name in seen:
            yield f"/elements/{index}/action_id", "action_id is not unique"
        seen.add(name or "")


def _context(block: dict[str, Any]) -> Iterator[Fault]:
    yield from _elements_wanted(block)
    for index, element in enumerate(block.get("elements") or []):
        if element.get("type") not in CONTEXT_ELEMENTS:
            yield f"/elements/{index}", f"unsupported type: {element.get('type')}"


def _input(block: dict[str, Any]) -> Iterator[Fault]:
    if not isinstance(block.get("element"), dict):
        yield "/element", "missing required field: element"
    for key in ("label", "hint"):
        if isinstance(block.get(key), dict) and block[key].get("type") != "plain_text":
            yield f"/{key}", "must be plain_text"
    if not block.get("label"):
        yield "/label", "missing required field: label"


BLOCK_FAULTS: dict[str, Callable[[dict[str, Any]], Iterator[Fault]]] = {
    "section": _section,
    "header": _header,
    "actions": _actions,
    "context": _context,
    "input": _input,
}


def _element_faults(element: dict[str, Any]) -> Iterator[Fault]:
    kind = element.get("type", "")
    if kind == "button" and (element.get("text") or {}).get("type") != "plain_text":
        yield "/text", "must be plain_text"
    if len(element.get("url") or "") > MOST_URL:
        yield "/url", f"must be less than {MOST_URL + 1} characters"
    if (element.get("placeholder") or {}).get("type", "plain_text") != "plain_text":
        yield "/placeholder", "must be plain_text"
    if (element.get("max_length") or 0) > MOST_INPUT_LENGTH:
        yield "/max_length", f"must be less than {MOST_INPUT_LENGTH + 1}"
    if kind in CHOICES_WITH_OPTIONS:
        yield from _choices(element)


def _choices(element: dict[str, Any]) -> Iterator[Fault]:
    groups = element.get("option_groups")
    options = element.get("options")
    if groups is None and options is None:
        yield "", "options or option_groups are required"
    if options is not None:
        yield from _option_list(options, "/options", _most_options(element["type"]))
    for index, group in enumerate(groups or []):
        yield from _option_list(group.get("options") or [], f"/option_groups/{index}/options", 100)
    if element["type"] == "overflow" and len(options or []) < FEWEST_OVERFLOW:
        yield "/options", f"no fewer than {FEWEST_OVERFLOW} items allowed"
    yield from _initial_choices(element)


def _most_options(kind: str) -> int:
    if kind in ("checkboxes", "radio_buttons"):
        return MOST_CHOICES
    return MOST_OVERFLOW if kind == "overflow" else MOST_OPTIONS


def _option_list(options: list[dict[str, Any]], place: str, most: int) -> Iterator[Fault]:
    if not options:
        yield place, "no fewer than 1 items allowed"
    if len(options) > most:
        yield place, f"no more than {most} items allowed"
    for index, option in enumerate(options):
        yield from option_faults(option, f"{place}/{index}")


def option_faults(option: dict[str, Any], place: str) -> Iterator[Fault]:
    """The faults of one option: of a block, or of an answer to a type-ahead."""
    texts = {
        "text/text": (option.get("text") or {}).get("text", ""),
        "description/text": (option.get("description") or {}).get("text", ""),
        "value": option.get("value") or "",
    }
    for key, text in texts.items():
        if len(text) > MOST_OPTION_TEXT:
            yield f"{place}/{key}", f"must be less than {MOST_OPTION_TEXT + 1} characters"
    if not texts["text/text"]:
        yield f"{place}/text", "must be more than 0 characters"


def _initial_choices(element: dict[str, Any]) -> Iterator[Fault]:
    options = [*(element.get("options") or [])]
    for group in element.get("option_groups") or []:
        options += group.get("options") or []
    chosen = [*(element.get("initial_options") or [])]
    if element.get("initial_option"):
        chosen.append(element["initial_option"])
    for option in chosen:
        if option not in options:
            yield "/initial_option", "must be one of the options"


def _texts(part: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text object in the block, wherever it stands."""
    if isinstance(part, dict):
        if part.get("type") in ("plain_text", "mrkdwn"):
            yield place, part
        for key, value in part.items():
            yield from _texts(value, f"{place}/{key}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _texts(value, f"{place}/{index}")
