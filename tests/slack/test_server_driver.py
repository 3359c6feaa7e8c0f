"""People can do at the stand-in what Slack's own client lets them do, and no more."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slack.bulletin import Bulletin, card, plain
from tests.slack_server.admin import Admin
from tests.slack_server.app_registration import AppRegistration
from tests.slack_server.clock import FakeClock
from tests.slack_server.driver import Visitor
from tests.slack_server.errors import Impossible
from tests.slack_server.payloads import Actor
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

SHELF: list[dict[str, Any]] = [
    {"type": "static_select", "action_id": "kind", "options": []},
    {"type": "checkboxes", "action_id": "segments", "options": []},
    {"type": "users_select", "action_id": "owner"},
    {"type": "conversations_select", "action_id": "place", "response_url_enabled": True},
    {"type": "datepicker", "action_id": "day"},
    {"type": "multi_static_select", "action_id": "tags", "options": []},
]


def shelf() -> dict[str, Any]:
    """A modal with a field of each kind; each is its own block."""
    options = [{"text": plain(name), "value": name.lower()} for name in ("One", "Two")]
    blocks = []
    for element in SHELF:
        filled = element | ({"options": options} if "options" in element else {})
        blocks.append(
            {
                "type": "input",
                "block_id": element["action_id"],
                "label": plain(element["action_id"].title()),
                "element": filled,
            }
        )
    return {
        "type": "modal",
        "callback_id": "shelf",
        "title": plain("Shelf"),
        "submit": plain("Save"),
        "blocks": blocks,
    }


def test_each_kind_of_field_is_filled_in_and_sent(
    http_app: Bulletin,
    client: WebClient,
    rita: Visitor,
    acme: Workspace,
    slack_server: SlackServer,
) -> None:
    sent: list[dict[str, Any]] = []

    def keep(ack: Ack, body: dict[str, Any]) -> None:
        sent.append(body)
        ack()

    http_app.bolt.view("shelf")(keep)
    trigger = Actor(slack_server.slack, acme, rita.person).trigger()
    client.views_open(trigger_id=trigger, view=shelf())
    rita.fill("Kind", "Two")
    rita.fill("Segments", ["One", "two"])
    rita.fill("Owner", "ann")
    rita.fill("Place", "field-notes")
    rita.fill("Day", "2026-03-18")
    rita.fill("Tags", ["One"])

    assert rita.submit() == {}

    slack_server.eventually(lambda: sent)
    held = {name: values[name] for name, values in sent[0]["view"]["state"]["values"].items()}
    assert held["kind"]["selected_option"]["value"] == "two"
    assert [one["value"] for one in held["segments"]["selected_options"]] == ["one", "two"]
    assert held["owner"]["selected_user"] == acme.person("ann").id
    assert held["place"]["selected_conversation"] == acme.channel("field-notes").id
    assert held["day"]["selected_date"] == "2026-03-18"
    assert [one["value"] for one in held["tags"]["selected_options"]] == ["one"]
    assert sent[0]["response_urls"][0]["channel_id"] == acme.channel("field-notes").id


@pytest.mark.parametrize(
    "deed",
    [
        lambda rita, message: rita.type("/unknown", "field-notes"),
        lambda rita, message: rita.type("/insight", "field-notes", message),
        lambda rita, message: rita.click(message, "Take it"),
        lambda rita, message: rita.use_shortcut("Delete everything", message),
        lambda rita, message: rita.edit(message, "not mine"),
        lambda rita, message: rita.delete(message),
        lambda rita, message: rita.submit(),
        lambda rita, message: rita.home,
        lambda rita, message: rita.say("old", "hello"),
        lambda rita, message: rita.latest("old"),
    ],
)
def test_what_slack_does_not_offer_cannot_be_done(
    rita: Visitor, ann: Visitor, admin: Admin, acme: Workspace, deed: Callable[..., Any]
) -> None:
    acme.add_channel("old", [rita.person])
    admin.archive("old")
    message = ann.say("field-notes", "mine")
    with pytest.raises(Impossible):
        deed(rita, message)


def test_a_spent_button_is_gone(client: WebClient, acme: Workspace, rita: Visitor) -> None:
    channel = acme.channel("field-notes").id
    client.chat_postMessage(channel=channel, text="note", blocks=card("note", "taken by ann"))
    with pytest.raises(Impossible, match="no 'Take it'"):
        rita.click(rita.latest("field-notes"), "Take it")


def test_an_interaction_can_arrive_twice(
    http_app: Bulletin, rita: Visitor, slack_server: SlackServer
) -> None:
    rita.type("/insight late", "field-notes")
    assert slack_server.repeat_interaction().ok
    assert http_app.opening[0] == http_app.opening[1]


def test_a_typed_command_arrives_with_mentions_as_ids(
    http_app: Bulletin, rita: Visitor, slack_server: SlackServer, acme: Workspace
) -> None:
    rita.type("/insight share @ann & co", "field-notes")

    form = slack_server.slack.interactions[-1].payload
    assert form["text"] == f"share <@{acme.person('ann').id}|ann> &amp; co"
    assert form["response_url"].startswith(f"{slack_server.address}/commands/")


def test_mistakes_fail_the_test() -> None:
    server = SlackServer().start()
    client = WebClient(token="xoxb", base_url=server.api_url)
    with pytest.raises(SlackApiError, match="unknown_method"):
        client.api_call("notes.add")
    with pytest.raises(AssertionError, match=r"unknown method notes\.add"):
        server.__exit__(None, None, None)


def test_an_app_that_is_not_installed_hears_nothing(
    slack_server: SlackServer, slack_clock: FakeClock
) -> None:
    empty = slack_server.add_workspace("Empty")
    petra = empty.add_person("petra")
    empty.add_channel("general", [petra])
    slack_server.visitor(empty, "petra").say("general", "hello")
    slack_clock.advance(600)
    assert slack_server.slack.events.given_up == []


def test_a_manifest_registers_the_app() -> None:
    manifest = {
        "features": {
            "bot_user": {"display_name": "insight"},
            "app_home": {"home_tab_enabled": True},
            "shortcuts": [
                {"name": "Save", "type": "message", "callback_id": "save"},
                {"name": "Capture", "type": "global", "callback_id": "capture"},
            ],
            "slash_commands": [{"command": "/insight"}],
            "unfurl_domains": ["notes.example.com"],
        },
        "oauth_config": {
            "redirect_urls": ["https://notes.example.com/"],
            "scopes": {"bot": ["commands"], "bot_optional": ["files:write"]},
        },
        "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}},
    }

    app = AppRegistration.from_manifest(manifest)

    assert (app.message_shortcuts, app.global_shortcuts) == (["save"], ["capture"])
    assert app.scopes == ["commands", "files:write"]
    assert (app.commands, app.events) == (["/insight"], ["app_home_opened"])
    assert app.shortcut_names == {"save": "Save", "capture": "Capture"}
