"""Blocks: never larger than Slack takes, and the faults that it would refuse found beforehand."""

from typing import Any

import pytest

from integrations.slack import block_checks, blocks
from integrations.slack.blocks import Block, Message
from tests.slack_server.blocks import check_blocks, check_view

LONG = "wörds & <tags> 👩‍👩‍👧 " * 400
ONE, TWO = blocks.option("One", "1"), blocks.option("Two", "2", "the second")
CONFIRM = blocks.confirmation(LONG, LONG, LONG, LONG)


def everything(text: str) -> list[Block]:
    """Each part that a message can be made of."""
    return [
        blocks.header(text),
        blocks.section(text, blocks.button(text, "a", "1", url="https://a.test", confirm=CONFIRM)),
        blocks.fields([text] * 12, block_id="facts"),
        blocks.quote(text),
        blocks.divider(),
        blocks.context(*[text] * 12),
        blocks.actions("deeds", *(blocks.button(text, f"b{n}", style="danger") for n in range(30))),
        blocks.actions("more", blocks.overflow("o", [ONE, TWO])),
    ]


def fields_of_a_form(text: str) -> list[Block]:
    """Each part that a form can be made of."""
    many = [blocks.option(text, str(number), text) for number in range(120)]
    return [
        blocks.input_("t", text, blocks.text_input("t", initial=text, placeholder=text), hint=text),
        blocks.input_("s", text, blocks.select("s", many, initial=many[3], placeholder=text)),
        blocks.input_("m", text, blocks.multi_select("m", many, initial=many[:2]), optional=True),
        blocks.input_("e", text, blocks.external_select("e", initial=ONE, min_query_length=0)),
        blocks.input_("f", text, blocks.multi_external_select("f", initial=[ONE, TWO])),
        blocks.input_("c", text, blocks.checkboxes("c", [ONE, TWO], [TWO]), tells_at_once=True),
        blocks.input_("r", text, blocks.radio_buttons("r", [ONE, TWO], ONE)),
    ]


@pytest.mark.slack_rule(27)
@pytest.mark.slack_rule(28)
@pytest.mark.slack_rule(29)
@pytest.mark.slack_rule(31)
@pytest.mark.slack_rule(32)
@pytest.mark.parametrize("text", ["Acme & Co", LONG], ids=["short", "long"])
def test_what_is_built_is_what_slack_takes(text: str) -> None:
    """Asked of our own check and of the stand-in's."""
    message = everything(text)
    form = blocks.modal("f", text, fields_of_a_form(text), submit=text, private_metadata="1")
    home = blocks.home(everything(text), private_metadata="1")
    assert blocks.check(message, "message") == [] == check_blocks(message, "message")
    assert blocks.check(form, "modal") == [] == check_view(form)
    assert blocks.check(home, "home") == [] == check_view(home)


@pytest.mark.slack_rule(25)
@pytest.mark.slack_rule(30)
def test_a_message_says_the_same_in_its_text_and_unfolds_no_links() -> None:
    arguments = Message("x" * 5000, [blocks.section("x")]).arguments()
    assert len(arguments["text"]) < 4000
    assert (arguments["unfurl_links"], arguments["unfurl_media"]) == (False, False)


def words(kind: str = "plain_text", text: str = "x") -> Block:
    return {"type": kind, "text": text}


def entry(element: Block | None, **more: Any) -> Block:
    return {"type": "input", "label": words(), "element": element, **more}


def choice(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "s", "options": [ONE], **more}


def row(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


PRESS = blocks.button("Press", "press")
FAULTY: list[tuple[Block, str]] = [
    ({"type": "section", "text": words(text="x" * 3001)}, "blocks/0"),
    ({"type": "section", "text": words("mrkdwn", "")}, "blocks/0/text: an empty text"),
    ({"type": "section"}, "blocks/0"),
    ({"type": "section", "fields": [words(text="x" * 2001)]}, "blocks/0/fields/0: longer"),
    ({"type": "section", "text": words(), "colour": "red"}, "blocks/0/colour: unknown"),
    ({"type": "header", "text": words("mrkdwn")}, "blocks/0/text: must be plain_text"),
    ({"type": "banner", "text": words()}, "blocks/0: no known type"),
    ({"type": "context", "elements": []}, "blocks/0/elements: none"),
    (row(), "blocks/0/elements: none"),
    (row({"type": "wheel", "action_id": "w"}), "blocks/0/elements"),
    (row(PRESS, PRESS), "two have the action_id press"),
    (row(PRESS | {"text": words("mrkdwn")}), "blocks/0/elements/0"),
    (row(choice(options=[])), "blocks/0/elements/0/options: too few"),
    (row(choice(initial_option=TWO)), "initial_option: is not among the options"),
    (row(choice(options=[ONE | {"text": words(text="x" * 76)}])), "text: longer than 75"),
    (row(choice(options=[ONE | {"value": "x" * 76}])), "value: longer than 75"),
    (row(choice(options=[{"text": words()}])), "value: missing"),
    (row(choice(option_groups=[{"label": words(), "options": []}], options=None)), "too few"),
    (row(choice(type="checkboxes", options=[ONE] * 11)), "options: too many"),
    (row(choice(type="overflow")), "options: too few"),
]
FAULTY_IN_FORMS: list[tuple[Block, str]] = [
    (entry({"type": "plain_text_input", "action_id": "t", "max_length": 3001}), "max_length"),
    (entry(choice(placeholder=words("mrkdwn"))), "blocks/0"),
    (entry(None), "an input has a label and an element"),
    (entry(choice(), label=words("mrkdwn")), "blocks/0"),
    ({"type": "markdown", "text": "x"}, "stands in messages only"),
    (
        entry({"type": "external_select", "action_id": "e", "initial_option": {"text": words()}}),
        "blocks/0/element",
    ),
]


@pytest.mark.slack_rule(27)
@pytest.mark.slack_rule(28)
@pytest.mark.slack_rule(32)
@pytest.mark.parametrize(("block", "fault"), FAULTY, ids=lambda part: str(part)[:60])
def test_faults_are_found_in_messages(block: Block, fault: str) -> None:
    """What the official models let pass as well."""
    assert any(fault in found for found in blocks.check([block], "message"))


@pytest.mark.slack_rule(28)
@pytest.mark.slack_rule(32)
@pytest.mark.parametrize(("block", "fault"), FAULTY_IN_FORMS, ids=lambda part: str(part)[:60])
def test_faults_are_found_in_forms(block: Block, fault: str) -> None:
    view = blocks.modal("f", "Form", [block], submit="Send")
    assert any(fault in found for found in blocks.check(view, "modal"))


@pytest.mark.slack_rule(29)
@pytest.mark.slack_rule(31)
@pytest.mark.slack_rule(32)
@pytest.mark.parametrize(
    ("view", "fault"),
    [
        ({"type": "modal", "blocks": []}, "view/title: missing"),
        (blocks.modal("f", "Form", [entry(choice())]), "view/submit: missing"),
        (blocks.modal("f", "Form", [], private_metadata="x" * 3001), "view"),
        ({"type": "home", "blocks": [], "title": words()}, "a home has no title"),
        (blocks.home([blocks.divider()] * 101), "more than 100"),
        ({"type": "window", "blocks": []}, "must be modal or home"),
        (blocks.modal("f", "Form", []) | {"colour": "red"}, "view"),
        (blocks.modal("f", "Form", [blocks.section("x", block_id="a")] * 2), "block_id a"),
    ],
    ids=lambda part: str(part)[:40],
)
def test_faults_are_found_in_views(view: Block, fault: str) -> None:
    assert any(fault in found for found in blocks.check(view, "modal"))


@pytest.mark.slack_rule(27)
def test_messages_have_fewer_blocks_and_no_fields_to_fill_in() -> None:
    assert blocks.check([blocks.divider()] * 51, "message") == ["blocks: more than 50"]
    assert "nothing can be filled in" in blocks.check([fields_of_a_form("x")[0]], "message")[0]


@pytest.mark.slack_rule(32)
def test_production_tells_of_faults_without_what_was_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    block_checks.report("chat.postMessage", {"blocks": [blocks.section("secret" * 20, PRESS)]})
    assert caplog.messages == []
    wrong = blocks.section("secret", block_id="secret") | {"colour": "red"}
    block_checks.report("chat.postMessage", {"text": "secret", "blocks": [wrong]})
    block_checks.report("views.open", {"view": blocks.home([]) | {"submit": words()}})
    assert caplog.messages[0] == "chat.postMessage: blocks/0/colour: unknown"
    assert "a home has no title" in caplog.text
    assert "secret" not in caplog.text
