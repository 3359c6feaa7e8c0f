"""Blocks: the parts that messages, forms and the Home are made of, never larger than Slack takes.

Texts called `mrkdwn` are in Slack's notation and must have been escaped (integrations.slack.text);
all others are what people read, and are escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from insights.text import shorten
from integrations.slack import block_checks
from integrations.slack import text as slack_text

Block = dict[str, Any]
check = block_checks.check

MOST_SECTION = 3000
MOST_FIELD = 2000
MOST_FIELDS = 10
MOST_HEADER = 150
MOST_CONTEXT = 10
MOST_ACTIONS = 25
MOST_BUTTON = 75
MOST_OPTION = 75
MOST_OPTIONS = 100
MOST_PLACEHOLDER = 150
MOST_LABEL = 2000
MOST_INPUT = 3000
MOST_TITLE = 24
MOST_QUOTE = 3000
# More may be posted, but not be changed later.
MOST_MESSAGE = 3900


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: blocks, and a text in Slack's notation that says the same as they do."""

    text: str
    blocks: list[Block]

    def arguments(self) -> dict[str, Any]:
        """For chat.postMessage and its like, or for a response_url; links unfold no previews."""
        return {
            "text": slack_text.cut(self.text, MOST_MESSAGE),
            "blocks": self.blocks,
            "unfurl_links": False,
            "unfurl_media": False,
        }

    def as_changed(self) -> dict[str, Any]:
        """For chat.update."""
        return {"text": slack_text.cut(self.text, MOST_MESSAGE), "blocks": self.blocks}


def plain(text: str, limit: int = MOST_SECTION) -> Block:
    """A text object without any notation."""
    return {"type": "plain_text", "text": slack_text.cut(slack_text.escape(text), limit)}


def mrkdwn(text: str, limit: int = MOST_SECTION) -> Block:
    """A text object in Slack's notation, already escaped."""
    return {"type": "mrkdwn", "text": slack_text.cut(text, limit)}


# Blocks


def section(mrkdwn_text: str, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """A paragraph, with one element beside it or none."""
    return _part("section", text=mrkdwn(mrkdwn_text), accessory=accessory, block_id=block_id)


def fields(mrkdwn_texts: Sequence[str], block_id: str | None = None) -> Block:
    """Up to ten short texts, two in a row."""
    parts = [mrkdwn(one, MOST_FIELD) for one in mrkdwn_texts[:MOST_FIELDS]]
    return _part("section", fields=parts, block_id=block_id)


def quote(text: str, block_id: str | None = None) -> Block:
    """What somebody said, letter for letter: no notation is read in it."""
    words = {"type": "text", "text": shorten(text, MOST_QUOTE)}
    quoted = {"type": "rich_text_quote", "elements": [words]}
    return _part("rich_text", elements=[quoted], block_id=block_id)


def header(text: str) -> Block:
    """A headline."""
    return _part("header", text=plain(text, MOST_HEADER))


def context(*mrkdwn_texts: str, block_id: str | None = None) -> Block:
    """Small print."""
    parts = [mrkdwn(one) for one in mrkdwn_texts[:MOST_CONTEXT]]
    return _part("context", elements=parts, block_id=block_id)


def divider() -> Block:
    """A line across."""
    return _part("divider")


def actions(block_id: str, *elements: Block) -> Block:
    """Up to 25 buttons and choices in a row."""
    return _part("actions", block_id=block_id, elements=list(elements[:MOST_ACTIONS]))


def input_(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str = "",
    optional: bool = False,
    tells_at_once: bool = False,
) -> Block:
    """A field of a form. With `tells_at_once` the app hears of each change."""
    return _part(
        "input",
        block_id=block_id,
        label=plain(label, MOST_LABEL),
        element=element,
        optional=optional,
        hint=plain(hint, MOST_LABEL) if hint else None,
        dispatch_action=True if tells_at_once else None,
    )


# Elements


def button(
    label: str,
    action_id: str,
    value: str = "",
    *,
    url: str = "",
    style: str = "",
    confirm: Block | None = None,
) -> Block:
    """A button; `value` holds ids only, `style` is "primary", "danger" or none."""
    text = plain(label, MOST_BUTTON)
    more = {"value": value, "url": url, "style": style, "confirm": confirm}
    return _part("button", text=text, action_id=action_id, **more)


def confirmation(title: str, text: str, yes: str, no: str = "Leave it") -> Block:
    """A question before a button or a choice does what it says."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def option(label: str, value: str, description: str = "") -> Block:
    """One thing to choose; its value is an id of at most 75 characters."""
    told: Block = {"text": plain(label, MOST_OPTION), "value": value}
    if description:
        told["description"] = plain(description, MOST_OPTION)
    return told


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """A menu of two to five things behind three dots."""
    return _part("overflow", action_id=action_id, options=list(options))


def text_input(
    action_id: str,
    *,
    initial: str = "",
    placeholder: str = "",
    multiline: bool = False,
    most: int = MOST_INPUT,
) -> Block:
    """A field for writing; what stands in it is no notation and is not escaped."""
    return _part(
        "plain_text_input",
        action_id=action_id,
        multiline=multiline,
        max_length=most,
        initial_value=shorten(initial, most),
        placeholder=_placeholder(placeholder),
    )


def select(
    action_id: str, options: Sequence[Block], *, initial: Block | None = None, placeholder: str = ""
) -> Block:
    """One of up to 100 things."""
    return _part(
        "static_select",
        action_id=action_id,
        options=list(options[:MOST_OPTIONS]),
        initial_option=initial,
        placeholder=_placeholder(placeholder),
    )


def multi_select(
    action_id: str,
    options: Sequence[Block],
    *,
    initial: Sequence[Block] = (),
    placeholder: str = "",
) -> Block:
    """Any of up to 100 things."""
    return _part(
        "multi_static_select",
        action_id=action_id,
        options=list(options[:MOST_OPTIONS]),
        initial_options=list(initial),
        placeholder=_placeholder(placeholder),
    )


def external_select(
    action_id: str,
    *,
    initial: Block | None = None,
    placeholder: str = "",
    min_query_length: int = 1,
) -> Block:
    """One of many things: the app is asked for those that match what was typed."""
    return _part(
        "external_select",
        action_id=action_id,
        min_query_length=min_query_length,
        initial_option=initial,
        placeholder=_placeholder(placeholder),
    )


def multi_external_select(
    action_id: str,
    *,
    initial: Sequence[Block] = (),
    placeholder: str = "",
    min_query_length: int = 1,
) -> Block:
    """Any of many things: the app is asked for those that match what was typed."""
    return _part(
        "multi_external_select",
        action_id=action_id,
        min_query_length=min_query_length,
        initial_options=list(initial),
        placeholder=_placeholder(placeholder),
    )


def day(action_id: str, *, initial: date) -> Block:
    """A day of the calendar."""
    return _part("datepicker", action_id=action_id, initial_date=initial.isoformat())


def checkboxes(action_id: str, options: Sequence[Block], initial: Sequence[Block] = ()) -> Block:
    """Up to ten things to tick."""
    ticked = list(initial)
    return _part("checkboxes", action_id=action_id, options=list(options), initial_options=ticked)


def radio_buttons(action_id: str, options: Sequence[Block], initial: Block | None = None) -> Block:
    """One of up to ten things, all in sight."""
    offered = list(options)
    return _part("radio_buttons", action_id=action_id, options=offered, initial_option=initial)


# Views


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "Cancel",
    private_metadata: str = "",
    notify_on_close: bool = False,
) -> Block:
    """A form, or a window to read where there is nothing to submit."""
    return _part(
        "modal",
        callback_id=callback_id,
        title=plain(title, MOST_TITLE),
        close=plain(close, MOST_TITLE),
        submit=plain(submit, MOST_TITLE) if submit else None,
        private_metadata=private_metadata,
        notify_on_close=notify_on_close,
    ) | {"blocks": list(blocks)}


def home(blocks: Sequence[Block], private_metadata: str = "") -> Block:
    """The app's own page for one person."""
    return _part("home", private_metadata=private_metadata) | {"blocks": list(blocks)}


def _placeholder(text: str) -> Block | None:
    return plain(text, MOST_PLACEHOLDER) if text else None


def _part(kind: str, **keys: Any) -> Block:
    """The part without keys that hold nothing: Slack takes no empty ones."""
    held = {key: value for key, value in keys.items() if value not in (None, "", [], {})}
    return {"type": kind, **held}
