"""Checks of blocks and views, as strict as Slack's own or stricter.

First the official models, which know most lengths; then a comparison of what they understood with
what was given, which reveals unknown blocks, elements and keys; then what they let pass.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.slack_server.block_elements import element_faults

Surface = Literal["message", "modal", "home"]
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MOST_VIEW_BYTES = 250_000
# Blocks that not every surface takes; those not named here go anywhere.
SURFACES: dict[str, set[Surface]] = {
    "markdown": {"message"},
    "table": {"message"},
    "context_actions": {"message"},
    "file": {"message"},
}

logging.getLogger("slack_sdk.models").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Problem:
    """One fault, with a JSON pointer to its place."""

    pointer: str
    text: str

    def __str__(self) -> str:
        return f"[ERROR] {self.text} [json-pointer:{self.pointer}]"


def check_blocks(blocks: Any, surface: Surface, pointer: str = "/blocks") -> list[Problem]:
    """Every fault of the blocks; none when they may be sent."""
    if not isinstance(blocks, list):
        return [Problem(pointer, "must be an array of blocks")]
    problems: list[Problem] = []
    if len(blocks) > MOST_BLOCKS[surface]:
        problems.append(Problem(pointer, f"no more than {MOST_BLOCKS[surface]} items allowed"))
    for index, block in enumerate(blocks):
        problems += _block_problems(block, surface, f"{pointer}/{index}")
    return problems + _repeated_block_ids(blocks, pointer)


def check_view(view: Any) -> list[Problem]:
    """Every fault of a modal or of an App Home."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return [Problem("/view/type", "must be a modal or a home")]
    surface: Surface = view["type"]
    problems = check_blocks(view.get("blocks"), surface, "/view/blocks")
    problems += _view_frame(view)
    known = {key: value for key, value in view.items() if key != "blocks"}
    try:
        # Blocks were looked at one by one; the model needs at least one to look at the rest.
        understood = View(**known, blocks=[{"type": "divider"}]).to_dict()
    except (SlackObjectFormationError, TypeError) as fault:
        return [*problems, Problem("/view", str(fault))]
    return problems + [
        Problem(f"/view{place}", "unknown key") for place in _dropped(known, understood)
    ]


def _view_frame(view: dict[str, Any]) -> list[Problem]:
    problems = []
    has_input = any(_type_of(block) == "input" for block in view.get("blocks") or [])
    if view["type"] == "modal" and not view.get("title"):
        problems.append(Problem("/view/title", "missing required field: title"))
    if view["type"] == "modal" and has_input and not view.get("submit"):
        problems.append(Problem("/view/submit", "required when an input block is used"))
    if view["type"] == "home" and any(view.get(key) for key in ("title", "submit", "close")):
        problems.append(Problem("/view", "a home has no title, submit or close"))
    for key in ("title", "submit", "close"):
        if view.get(key) and _type_of(view[key]) != "plain_text":
            problems.append(Problem(f"/view/{key}", "must be plain_text"))
    if len(str(view.get("external_id") or "")) > 255:
        problems.append(Problem("/view/external_id", "must be less than 256 characters"))
    return problems


def _block_problems(block: Any, surface: Surface, pointer: str) -> list[Problem]:
    if not isinstance(block, dict) or "type" not in block:
        return [Problem(pointer, "missing required field: type")]
    if surface not in SURFACES.get(block["type"], {surface}):
        return [Problem(pointer, f"{block['type']} is not allowed in a {surface}")]
    try:
        parsed = Block.parse(block)
        understood = parsed.to_dict() if parsed is not None else None
    except (SlackObjectFormationError, TypeError, AttributeError, KeyError) as fault:
        return [Problem(pointer, str(fault)), *_inner_problems(block, pointer)]
    if understood is None:
        return [Problem(pointer, f"unsupported type: {block['type']}")]
    dropped = [Problem(f"{pointer}{place}", "unknown") for place in _dropped(block, understood)]
    return dropped + _inner_problems(block, pointer)


def _inner_problems(block: dict[str, Any], pointer: str) -> list[Problem]:
    return [Problem(f"{pointer}{place}", text) for place, text in element_faults(block)]


def _dropped(given: Any, understood: Any, place: str = "") -> Iterator[str]:
    """Where something was given that the models did not understand."""
    if isinstance(given, dict):
        if not isinstance(understood, dict):
            yield place
            return
        for key, value in given.items():
            if value in (None, "", [], {}):
                continue  # the models leave out what is empty; block_elements.py looks at it
            if key not in understood:
                yield f"{place}/{key}"
            else:
                yield from _dropped(value, understood[key], f"{place}/{key}")
    elif isinstance(given, list):
        if not isinstance(understood, list) or len(understood) != len(given):
            yield place
            return
        for index, (one, other) in enumerate(zip(given, understood, strict=True)):
            yield from _dropped(one, other, f"{place}/{index}")
    elif given != understood:
        yield place


def _repeated_block_ids(blocks: list[Any], pointer: str) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for index, block in enumerate(blocks):
        name = block.get("block_id") if isinstance(block, dict) else None
        if name and name in seen:
            problems.append(Problem(f"{pointer}/{index}/block_id", "block_id is not unique"))
        seen.add(name or "")
    return problems


def _type_of(part: Any) -> str | None:
    return part.get("type") if isinstance(part, dict) else None
