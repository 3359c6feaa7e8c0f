"""Blocks and views that Slack would refuse."""

from typing import Any

import pytest
from slack_sdk import WebClient

from tests.slack.bulletin import form, plain
from tests.slack.test_server_web_api import refusal
from tests.slack_server.blocks import check_blocks, check_view
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

Block = dict[str, Any]


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Block:
    return {"type": "section", "text": mrkdwn("hello"), **more}


def button(**more: Any) -> Block:
    return {"type": "button", "action_id": "b", "text": plain("Take it"), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "One", value: str = "1", **more: Any) -> Block:
    return {"text": plain(text), "value": value, **more}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "s", "options": [option()], **more}


def entry(element: Block, **more: Any) -> Block:
    return {"type": "input", "label": plain("Note"), "element": element, **more}


GOOD = [
    {"type": "header", "text": plain("Acme cut prices")},
    section(accessory=button(style="primary", value="1")),
    {"type": "section", "fields": [mrkdwn("*Territory*"), plain("Georgia")]},
    {"type": "context", "elements": [mrkdwn("new"), plain("today")]},
    {"type": "divider"},
    actions(button(), select(initial_option=option()), button(action_id="c", url="https://a.b")),
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_quote",
                "elements": [{"type": "text", "text": "“by the truck”", "style": {"bold": True}}],
            }
        ],
    },
    entry({"type": "plain_text_input", "action_id": "t", "multiline": True}, optional=True),
    entry({"type": "external_select", "action_id": "e", "min_query_length": 1}),
    entry({"type": "checkboxes", "action_id": "c", "options": [option("One")]}),
]


def test_good_blocks_have_no_problem() -> None:
    assert check_blocks(GOOD, "message") == []
    assert check_view(form("hello")) == []
    assert check_view({"type": "modal", "title": plain("Wait"), "blocks": []}) == []
    assert check_view({"type": "home", "blocks": GOOD[:4], "private_metadata": ""}) == []


@pytest.mark.slack_rule(60)
@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        (section(text=mrkdwn("x" * 3001)), "/blocks/0"),
        (section(text=mrkdwn("")), "/blocks/0/text/text"),
        ({"type": "section"}, "/blocks/0"),
        ({"type": "section", "fields": [plain("x")] * 11}, "/blocks/0"),
        ({"type": "section", "fields": [plain("x" * 2001)]}, "/blocks/0/fields/0/text"),
        ({"type": "section", "fields": []}, "/blocks/0/fields"),
        ({"type": "header", "text": plain("x" * 151)}, "/blocks/0"),
        ({"type": "header", "text": mrkdwn("x")}, "/blocks/0/text"),
        ({"type": "markdown", "text": "x" * 12_001}, "/blocks/0"),
        ({"type": "context", "elements": [plain("x")] * 11}, "/blocks/0"),
        ({"type": "context", "elements": [button()]}, "/blocks/0/elements/0"),
        ({"type": "context", "elements": []}, "/blocks/0/elements"),
        (actions(), "/blocks/0/elements"),
        (actions(*[button(action_id=str(n)) for n in range(26)]), "/blocks/0"),
        (actions(button(), button()), "/blocks/0/elements/1/action_id"),
        (actions(button(text=plain("x" * 76))), "/blocks/0"),
        (actions(button(text=mrkdwn("x"))), "/blocks/0/elements/0/text"),
        (actions(button(value="x" * 2001)), "/blocks/0"),
        (actions(button(url="https://" + "x" * 3000)), "/blocks/0/elements/0/url"),
        (actions(button(action_id="x" * 256)), "/blocks/0"),
        (actions(button(style="loud")), "/blocks/0"),
        (actions(select(options=[])), "/blocks/0/elements/0/options"),
        (actions(select(options=[option()] * 101)), "/blocks/0"),
        (
            actions(select(options=[option("x" * 76)])),
            "/blocks/0/elements/0/options/0/text/text",
        ),
        (
            actions(select(options=[option(value="x" * 76)])),
            "/blocks/0/elements/0/options/0/value",
        ),
        (
            actions(select(options=[option(description=plain("x" * 76))])),
            "/blocks/0/elements/0/options/0/description/text",
        ),
        (actions(select(initial_option=option("Two"))), "/blocks/0/elements/0/initial_option"),
        (actions(select(placeholder=plain("x" * 151))), "/blocks/0"),
        (actions({"type": "overflow", "options": [option()]}), "/blocks/0"),
        (actions({"type": "overflow", "options": [option()] * 6}), "/blocks/0"),
        (
            actions({"type": "radio_buttons", "action_id": "r", "options": [option()] * 11}),
            "/blocks/0/elements/0/options",
        ),
        (
            actions(button(confirm={"title": plain("x" * 101), "text": plain("x")})),
            "/blocks/0",
        ),
        (
            entry({"type": "plain_text_input", "action_id": "t", "max_length": 3001}),
            "/blocks/0/element/max_length",
        ),
        (entry(button(), label=plain("x" * 2001)), "/blocks/0"),
        ({"type": "input", "label": plain("Note")}, "/blocks/0/element"),
        (section(block_id="x" * 256), "/blocks/0"),
        (section(colour="red"), "/blocks/0/colour"),
        ({"type": "poem"}, "/blocks/0"),
        (actions({"type": "lever"}), "/blocks/0/elements/0"),
        ("hello", "/blocks/0"),
    ],
)
def test_a_bad_block_is_found_at_its_place(block: Any, pointer: str) -> None:
    places = [problem.pointer for problem in check_blocks([block], "message")]
    assert places
    assert any(place.startswith(pointer) for place in places), places


def test_a_message_has_at_most_fifty_blocks_and_a_view_a_hundred() -> None:
    divider = {"type": "divider"}
    assert check_blocks([divider] * 50, "message") == []
    assert check_blocks([divider] * 51, "message")
    assert check_blocks([divider] * 100, "modal") == []
    assert check_blocks([divider] * 101, "home")


def test_block_ids_are_unique() -> None:
    twice = [section(block_id="a"), section(block_id="a")]
    assert [problem.pointer for problem in check_blocks(twice, "message")] == ["/blocks/1/block_id"]


def test_some_blocks_are_for_messages_alone() -> None:
    assert check_blocks([{"type": "markdown", "text": "x"}], "message") == []
    assert check_blocks([{"type": "markdown", "text": "x"}], "modal")


@pytest.mark.slack_rule(60)
@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": plain("x" * 25)}, "/view"),
        ({"title": None}, "/view/title"),
        ({"title": mrkdwn("x")}, "/view"),
        ({"submit": None}, "/view/submit"),
        ({"submit": plain("x" * 25)}, "/view"),
        ({"close": plain("x" * 25)}, "/view"),
        ({"private_metadata": "x" * 3001}, "/view"),
        ({"callback_id": "x" * 256}, "/view"),
        ({"external_id": "x" * 256}, "/view/external_id"),
        ({"colour": "red"}, "/view"),
        ({"blocks": None}, "/view/blocks"),
        ({"type": "home"}, "/view"),
        ({"type": "window"}, "/view/type"),
    ],
)
def test_a_bad_view_is_found_at_its_place(changes: Block, pointer: str) -> None:
    view = {key: value for key, value in (form() | changes).items() if value is not None}
    assert [one for one in check_view(view) if one.pointer.startswith(pointer)]


@pytest.mark.slack_rule(60)
def test_bad_blocks_are_refused_in_slacks_words(
    client: WebClient, acme: Workspace, slack_server: SlackServer
) -> None:
    channel = acme.channel("field-notes").id
    told = refusal(
        client.chat_postMessage, channel=channel, text="x", blocks=[section(colour="red")]
    )

    assert told["error"] == "invalid_blocks"
    assert told["response_metadata"]["messages"] == [
        "[ERROR] unknown [json-pointer:/blocks/0/colour]"
    ]
    assert slack_server.take_mistakes()


def test_blocks_that_are_no_json_are_refused(client: WebClient, acme: Workspace) -> None:
    channel = acme.channel("field-notes").id
    told = refusal(client.chat_postMessage, channel=channel, text="x", blocks="[{")
    assert told["error"] == "invalid_blocks_format"
