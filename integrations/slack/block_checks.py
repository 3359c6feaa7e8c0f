"""Whether Slack would take blocks and views: looked at in tests, and logged in production.

The official models know most lengths. What they understood is compared with what was given, which
shows keys and parts that they dropped in silence; the rest of the rules is here.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Part = dict[str, Any]
Surface = Literal["message", "modal", "home"]

_MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
_VIEWS: dict[str, Surface] = {"modal": "modal", "home": "home"}
_ONLY_IN_MESSAGES = frozenset({"markdown", "table", "context_actions", "file"})
_MOST_FIELD = 2000
_MOST_OPTION = 75
_MOST_OPTIONS = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}
_FEWEST_OPTIONS = {"overflow": 2}
_MOST_INPUT = 3000
_HAS_OPTIONS = frozenset({"static_select", "multi_static_select", *_MOST_OPTIONS})
_PLAIN_ONLY = ("label", "hint", "title", "submit", "close", "placeholder")

log = logging.getLogger(__name__)
# The models complain of things that are no faults, such as a type that they do not know.
logging.getLogger("slack_sdk.models").setLevel(logging.ERROR)


def check(content: list[Part] | Part, surface: Surface = "message") -> list[str]:
    """What is wrong with blocks, or with a view, each with its place; nothing when all is well."""
    if isinstance(content, list):
        return list(_blocks(content, surface, "blocks"))
    return list(_view(content))


def report(what: str, content: Mapping[str, Any]) -> None:
    """Logs what is wrong with the blocks or the view of a call or an answer; it is sent anyway.

    Places and rules are named, never what stands in the blocks.
    """
    view, blocks = content.get("view"), content.get("blocks")
    faults = check(view) if isinstance(view, dict) else []
    if isinstance(blocks, list):
        faults += check(blocks)
    for fault in faults:
        log.warning("%s: %s", what, fault)


def _view(view: Part) -> Iterator[str]:
    surface = _VIEWS.get(str(view.get("type")))
    if surface is None:
        yield "view/type: must be modal or home"
        return
    yield from _blocks(view.get("blocks") or [], surface, "blocks")
    yield from _frame(view)
    frame = {key: value for key, value in view.items() if key != "blocks"}
    # The model wants at least one block; those of the view were looked at above.
    yield from _understood(lambda: View(**frame, blocks=[{"type": "divider"}]), frame, "view")


def _frame(view: Part) -> Iterator[str]:
    if view["type"] == "home":
        if any(view.get(key) for key in ("title", "submit", "close")):
            yield "view: a home has no title, submit or close"
        return
    if not view.get("title"):
        yield "view/title: missing"
    if not view.get("submit") and any(one.get("type") == "input" for one in view["blocks"]):
        yield "view/submit: missing, there is something to fill in"
    yield from _plain_only(view, "view")


def _blocks(blocks: list[Part], surface: Surface, place: str) -> Iterator[str]:
    if len(blocks) > _MOST_BLOCKS[surface]:
        yield f"{place}: more than {_MOST_BLOCKS[surface]}"
    yield from _repeated(blocks, "block_id", place)
    for number, block in enumerate(blocks):
        yield from _block(block, surface, f"{place}/{number}")


def _block(block: Part, surface: Surface, place: str) -> Iterator[str]:
    kind = block.get("type")
    if surface != "message" and kind in _ONLY_IN_MESSAGES:
        yield f"{place}: a {kind} stands in messages only"
    if kind == "input" and surface == "message":
        yield f"{place}: nothing can be filled in in a message"
    yield from _understood(lambda: Block.parse(block), block, place)
    yield from _empty_texts(block, place)
    yield from _OF_BLOCK.get(kind or "", _nothing)(block, place)
    for where, element in _elements(block, place):
        yield from _element(element, where)


def _nothing(block: Part, place: str) -> Iterator[str]:
    yield from ()


def _section(block: Part, place: str) -> Iterator[str]:
    for number, field in enumerate(block.get("fields") or []):
        if len(field.get("text", "")) > _MOST_FIELD:
            yield f"{place}/fields/{number}: longer than {_MOST_FIELD}"
    if not block.get("text") and not block.get("fields"):
        yield f"{place}: neither text nor fields"


def _header(block: Part, place: str) -> Iterator[str]:
    if (block.get("text") or {}).get("type") != "plain_text":
        yield f"{place}/text: must be plain_text"


def _row(block: Part, place: str) -> Iterator[str]:
    if not block.get("elements"):
        yield f"{place}/elements: none"
    yield from _repeated(block.get("elements") or [], "action_id", f"{place}/elements")


def _input(block: Part, place: str) -> Iterator[str]:
    if not block.get("label") or not isinstance(block.get("element"), dict):
        yield f"{place}: an input has a label and an element"
    yield from _plain_only(block, place)


_OF_BLOCK: dict[str, Callable[[Part, str], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "actions": _row,
    "context": _row,
    "input": _input,
}


def _elements(block: Part, place: str) -> Iterator[tuple[str, Part]]:
    if block.get("type") == "actions":
        for number, element in enumerate(block.get("elements") or []):
            yield f"{place}/elements/{number}", element
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            yield f"{place}/{key}", block[key]


def _element(element: Part, place: str) -> Iterator[str]:
    kind = element.get("type", "")
    if kind == "button" and (element.get("text") or {}).get("type") != "plain_text":
        yield f"{place}/text: must be plain_text"
    if (element.get("max_length") or 0) > _MOST_INPUT:
        yield f"{place}/max_length: more than {_MOST_INPUT}"
    yield from _plain_only(element, place)
    yield from _chosen(element, place)
    if kind in _HAS_OPTIONS and not element.get("option_groups"):
        yield from _options(element.get("options") or [], kind, f"{place}/options")
    for group in element.get("option_groups") or []:
        yield from _options(group.get("options") or [], kind, f"{place}/option_groups")


def _options(options: list[Part], kind: str, place: str) -> Iterator[str]:
    if len(options) > _MOST_OPTIONS.get(kind, 100):
        yield f"{place}: too many"
    if len(options) < _FEWEST_OPTIONS.get(kind, 1):
        yield f"{place}: too few"
    for number, one in enumerate(options):
        yield from option_faults(one, f"{place}/{number}")


def option_faults(option: Part, place: str = "option") -> Iterator[str]:
    """What is wrong with one option, of an element or of an answer to what was typed."""
    texts = {
        "text": (option.get("text") or {}).get("text", ""),
        "description": (option.get("description") or {}).get("text", ""),
        "value": option.get("value") or "",
    }
    for key, text in texts.items():
        if len(text) > _MOST_OPTION:
            yield f"{place}/{key}: longer than {_MOST_OPTION}"
    for key in ("text", "value"):
        if not texts[key]:
            yield f"{place}/{key}: missing"


def _chosen(element: Part, place: str) -> Iterator[str]:
    offered = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        offered += group.get("options") or []
    chosen = list(element.get("initial_options") or [])
    if element.get("initial_option"):
        chosen.append(element["initial_option"])
    if "external" in element.get("type", ""):
        for one in chosen:
            yield from option_faults(one, f"{place}/initial_option")
    elif any(one not in offered for one in chosen):
        yield f"{place}/initial_option: is not among the options"


def _plain_only(part: Part, place: str) -> Iterator[str]:
    for key in _PLAIN_ONLY:
        if isinstance(part.get(key), dict) and part[key].get("type") != "plain_text":
            yield f"{place}/{key}: must be plain_text"


def _repeated(parts: list[Part], key: str, place: str) -> Iterator[str]:
    names = [part[key] for part in parts if part.get(key)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{place}: two have the {key} {name}"


def _empty_texts(part: Any, place: str) -> Iterator[str]:
    if isinstance(part, list):
        for number, one in enumerate(part):
            yield from _empty_texts(one, f"{place}/{number}")
    elif isinstance(part, dict):
        if part.get("type") in ("plain_text", "mrkdwn") and not part.get("text"):
            yield f"{place}: an empty text"
        for key, one in part.items():
            yield from _empty_texts(one, f"{place}/{key}")


def _understood(parse: Callable[[], Any], given: Part, place: str) -> Iterator[str]:
    try:
        parsed = parse()
        understood = parsed.to_dict() if parsed is not None else None
    except (SlackObjectFormationError, TypeError, AttributeError, KeyError) as fault:
        yield f"{place}: {fault}"
        return
    if understood is None:
        yield f"{place}: no known type {given.get('type')!r}"
        return
    yield from _dropped(given, understood, place)


def _dropped(given: Any, understood: Any, place: str) -> Iterator[str]:
    if isinstance(given, dict) and isinstance(understood, dict):
        for key, value in given.items():
            # The models leave out what is empty.
            if value not in (None, "", [], {}):
                yield from _dropped(value, understood.get(key), f"{place}/{key}")
    elif isinstance(given, list) and isinstance(understood, list) and len(given) == len(understood):
        for number, (one, other) in enumerate(zip(given, understood, strict=True)):
            yield from _dropped(one, other, f"{place}/{number}")
    elif given != understood:
        yield f"{place}: unknown"
