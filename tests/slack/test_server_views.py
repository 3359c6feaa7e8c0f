"""Modals, App Homes, trigger ids and response addresses: their time, number and state."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.models.views import View

from tests.slack.bulletin import form, plain
from tests.slack.test_server_web_api import refusal
from tests.slack_server.clock import FakeClock
from tests.slack_server.driver import Visitor
from tests.slack_server.errors import Impossible
from tests.slack_server.payloads import Actor
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

HOME = {"type": "home", "blocks": [{"type": "header", "text": plain("My notes")}]}


@pytest.fixture
def actor(slack_server: SlackServer, acme: Workspace, rita: Visitor) -> Actor:
    """Rita, whose deeds give the app triggers and addresses."""
    return Actor(slack_server.slack, acme, rita.person)


def answer_to(address: str, **content: Any) -> tuple[int, str]:
    """What a response address says to a content."""
    body = json.dumps(content).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["error"]


def test_a_trigger_opens_one_view_within_three_seconds(
    client: WebClient, actor: Actor, slack_clock: FakeClock
) -> None:
    trigger = actor.trigger()
    slack_clock.advance(3)
    client.views_open(trigger_id=trigger, view=form())

    again = refusal(client.views_open, trigger_id=trigger, view=form())
    assert again["error"] == "exchanged_trigger_id"
    late = actor.trigger()
    slack_clock.advance(3.1)
    told = refusal(client.views_open, trigger_id=late, view=form())
    assert told["error"] == "expired_trigger_id"
    told = refusal(client.views_open, trigger_id="1.2.abc", view=form())
    assert told["error"] == "invalid_trigger_id"


def test_a_refused_view_leaves_its_trigger_usable(
    client: WebClient, actor: Actor, slack_server: SlackServer
) -> None:
    trigger = actor.trigger()
    told = refusal(client.views_open, trigger_id=trigger, view=form() | {"title": plain("x" * 25)})
    assert told["error"] == "invalid_arguments"
    assert slack_server.take_mistakes()

    assert client.views_open(trigger_id=trigger, view=form())["ok"]


def test_an_opened_view_comes_back_whole(client: WebClient, actor: Actor) -> None:
    view = client.views_open(trigger_id=actor.trigger(), view=View(**form("hello")))["view"]

    assert view["root_view_id"] == view["id"]
    assert view["previous_view_id"] is None
    assert view["state"]["values"]["text"]["text"] == {
        "type": "plain_text_input",
        "value": "hello",
    }
    assert {"hash", "app_id", "bot_id", "external_id", "callback_id"} <= set(view)


def test_three_views_lie_on_each_other_and_no_more(
    client: WebClient, actor: Actor, rita: Visitor
) -> None:
    first = client.views_open(trigger_id=actor.trigger(), view=form())["view"]["id"]
    client.views_push(trigger_id=actor.trigger(), view=form())
    top = client.views_push(trigger_id=actor.trigger(), view=form())["view"]

    told = refusal(client.views_push, trigger_id=actor.trigger(), view=form())

    assert told["error"] == "push_limit_reached"
    assert top["root_view_id"] == first
    rita.close()
    assert rita.modal.id == top["previous_view_id"]


def test_a_view_that_is_opened_anew_replaces_the_stack(
    client: WebClient, actor: Actor, rita: Visitor
) -> None:
    client.views_open(trigger_id=actor.trigger(), view=form())
    client.views_push(trigger_id=actor.trigger(), view=form())
    anew = client.views_open(trigger_id=actor.trigger(), view=form("anew"))["view"]

    assert rita.modal.id == anew["id"]
    rita.close()
    assert not rita.has_modal


def test_an_external_id_is_used_once_in_a_workspace(
    client: WebClient, actor: Actor, rita: Visitor
) -> None:
    named = form() | {"external_id": "note-7"}
    client.views_open(trigger_id=actor.trigger(), view=named)

    told = refusal(client.views_push, trigger_id=actor.trigger(), view=named)
    assert told["error"] == "duplicate_external_id"
    client.views_update(external_id="note-7", view=form("changed"))
    assert rita.modal.values["text"]["text"]["value"] == "changed"


def test_an_update_from_an_old_state_is_refused(client: WebClient, actor: Actor) -> None:
    view = client.views_open(trigger_id=actor.trigger(), view=form())["view"]
    client.views_update(view_id=view["id"], hash=view["hash"], view=form())

    told = refusal(client.views_update, view_id=view["id"], hash=view["hash"], view=form())
    assert told["error"] == "hash_conflict"
    told = refusal(client.views_update, view_id="V9", view=form())
    assert told["error"] == "not_found"


def test_what_was_filled_in_stays_when_the_view_is_updated(
    client: WebClient, actor: Actor, rita: Visitor
) -> None:
    view = client.views_open(trigger_id=actor.trigger(), view=form())["view"]
    rita.fill("Note", "typed before")

    client.views_update(view_id=view["id"], view=form("prefilled later"))

    assert rita.modal.values["text"]["text"]["value"] == "typed before"


def test_clear_on_close_closes_all_that_are_open(
    client: WebClient, actor: Actor, rita: Visitor
) -> None:
    client.views_open(trigger_id=actor.trigger(), view=form())
    client.views_push(trigger_id=actor.trigger(), view=form() | {"clear_on_close": True})

    rita.close()

    assert not rita.has_modal
    with pytest.raises(Impossible):
        rita.submit()


def test_a_home_belongs_to_one_person(
    client: WebClient, rita: Visitor, ann: Visitor, slack_server: SlackServer
) -> None:
    first = client.views_publish(user_id=rita.person.id, view=HOME)["view"]
    second = client.views_publish(user_id=rita.person.id, view=HOME, hash=first["hash"])["view"]

    assert first["id"] == second["id"]
    stale = {"user_id": rita.person.id, "view": HOME, "hash": first["hash"]}
    assert refusal(client.views_publish, **stale)["error"] == "hash_conflict"
    with pytest.raises(Impossible):
        _ = ann.home
    slack_server.slack.app.home_tab = False
    told = refusal(client.views_publish, user_id=rita.person.id, view=HOME)
    assert told["error"] == "not_enabled"


def test_a_response_address_works_five_times(actor: Actor, rita: Visitor) -> None:
    channel = rita.app_channel().id
    address = actor.response_url("commands", channel)

    for number in range(5):
        assert answer_to(address, text=str(number)) == (200, "ok")
    assert answer_to(address, text="6") == (404, "used_url")
    assert [message.text for message in rita.direct_messages()] == list("01234")


@pytest.mark.slack_rule(58)
def test_a_response_address_works_for_half_an_hour(
    actor: Actor, rita: Visitor, slack_clock: FakeClock
) -> None:
    address = actor.response_url("commands", rita.app_channel().id)
    slack_clock.advance(30 * 60)
    assert answer_to(address, text="in time") == (200, "ok")
    slack_clock.advance(1)
    assert answer_to(address, text="late") == (404, "expired_url")


def test_a_response_replaces_or_deletes_the_message_it_came_from(
    client: WebClient, actor: Actor, rita: Visitor
) -> None:
    channel = rita.app_channel().id
    ts = client.chat_postMessage(channel=channel, text="card")["ts"]
    address = actor.response_url("actions", channel, ts)

    answer_to(address, text="card, taken", replace_original=True)
    assert [message.text for message in rita.direct_messages()] == ["card, taken"]
    answer_to(address, delete_original=True)
    assert rita.direct_messages() == []


def test_a_response_with_unknown_keys_is_a_mistake(
    actor: Actor, rita: Visitor, slack_server: SlackServer
) -> None:
    address = actor.response_url("commands", rita.app_channel().id)
    assert answer_to(address, text="hello", colour="red") == (400, "invalid_payload")
    assert slack_server.take_mistakes()
