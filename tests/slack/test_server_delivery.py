"""How payloads reach the app: signed, in three seconds, again when needed, through any socket."""

import json
import time
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from tests.slack.bulletin import Bulletin, OverHttp, OverSockets
from tests.slack_server.admin import Admin
from tests.slack_server.clock import FakeClock
from tests.slack_server.delivery import HttpDelivery, Parcel, encode, sign
from tests.slack_server.driver import Visitor
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

DOCUMENTED_BODY = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
    "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


def _http(server: SlackServer) -> HttpDelivery:
    assert isinstance(server.delivery, HttpDelivery)
    return server.delivery


@pytest.mark.slack_rule(58)
def test_the_signature_is_that_of_the_documentation() -> None:
    signed = sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", DOCUMENTED_BODY.encode("ascii"))
    assert signed == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def test_a_forged_or_stale_request_is_refused_by_the_app(
    http_app: Bulletin, slack_server: SlackServer
) -> None:
    http = _http(slack_server)
    body, kind = encode(Parcel("events_api", {"type": "event_callback", "event": {}}))
    honest = http.signed(body) | {"Content-Type": kind}
    forged = honest | {"X-Slack-Signature": "v0=" + "0" * 64}
    http.signing_time = lambda: time.time() - 301
    stale = http.signed(body) | {"Content-Type": kind}

    assert http.post(body, forged).status == 401
    assert http.post(body, stale).status == 401
    assert http.post(body + b" ", honest).status == 401


def test_the_address_is_verified_with_a_challenge(
    http_app: Bulletin, slack_server: SlackServer
) -> None:
    assert slack_server.verify_url().ok


def test_interactions_are_forms_and_events_are_json() -> None:
    event, event_type = encode(Parcel("events_api", {"type": "event_callback"}))
    click, click_type = encode(Parcel("interactive", {"type": "block_actions"}))
    command, _ = encode(Parcel("slash_commands", {"command": "/insight", "text": "a b"}))

    assert (json.loads(event), event_type) == ({"type": "event_callback"}, "application/json")
    assert click.startswith(b"payload=%7B")
    assert click_type == "application/x-www-form-urlencoded"
    assert command == b"command=%2Finsight&text=a+b"


@pytest.mark.slack_rule(58)
def test_an_event_that_fails_is_tried_again_at_once_after_a_minute_and_after_five(
    http_app: Bulletin, rita: Visitor, slack_clock: FakeClock, slack_server: SlackServer
) -> None:
    http_app.deaf = 3
    rita.say("field-notes", "hello")
    assert http_app.retries == [("0", ""), ("1", "http_error")]

    slack_clock.advance(59)
    slack_server.settle()
    assert len(http_app.retries) == 2
    slack_clock.advance(1)
    slack_server.settle()
    assert len(http_app.retries) == 3
    slack_clock.advance(300)
    slack_server.settle()

    assert [number for number, _ in http_app.retries] == ["0", "1", "2", "3"]
    slack_server.eventually(lambda: http_app.heard_of("message"))


def test_an_event_is_given_up_after_three_retries(
    http_app: Bulletin, rita: Visitor, slack_clock: FakeClock, slack_server: SlackServer
) -> None:
    http_app.deaf = 4
    rita.say("field-notes", "hello")
    for minutes in (1, 5, 60):
        slack_clock.advance(minutes * 60)
        slack_server.settle()

    assert len(http_app.retries) == 4
    assert len(slack_server.slack.events.given_up) == 1


def test_an_app_can_ask_not_to_be_told_again(
    http_app: Bulletin, rita: Visitor, slack_server: SlackServer
) -> None:
    http_app.deaf, http_app.hopeless = 1, True

    rita.say("field-notes", "hello")

    assert len(http_app.retries) == 1
    assert len(slack_server.slack.events.given_up) == 1


def test_an_event_through_a_socket_is_tried_again_when_it_was_not_acknowledged(
    slack_server: SlackServer, bulletin: Bulletin, rita: Visitor
) -> None:
    transport = OverSockets(slack_server, bulletin)
    transport.sockets.patience = 0.2
    bulletin.deaf = 1

    rita.say("field-notes", "hello")

    assert bulletin.retries[:2] == [("0", ""), ("1", "timeout")]
    transport.stop()


def test_an_app_that_is_away_is_told_when_it_is_back(
    slack_server: SlackServer, bulletin: Bulletin, rita: Visitor, slack_clock: FakeClock
) -> None:
    answer = rita.type("/insight help", "field-notes")
    assert answer.user_error == "dispatch_failed"
    rita.say("field-notes", "hello")
    transport = OverHttp(slack_server, bulletin)

    slack_clock.advance(60)
    slack_server.settle()

    assert bulletin.retries == [("2", "connection_failed")]
    transport.stop()


@pytest.mark.parametrize("backwards", [False, True])
def test_events_can_be_held_doubled_and_released_in_any_order(
    http_app: Bulletin, rita: Visitor, slack_server: SlackServer, backwards: bool
) -> None:
    events, faults = slack_server.slack.events, slack_server.slack.faults
    faults.duplicate_events()
    rita.say("field-notes", "twice")
    events.hold()
    rita.say("field-notes", "one")
    rita.say("field-notes", "two")
    events.release(backwards=backwards)
    slack_server.settle()

    told = [envelope["event"]["text"] for envelope in events.delivered]
    later = ["two", "one"] if backwards else ["one", "two"]
    assert told == ["twice", "twice", *later]
    assert events.delivered[0]["event_id"] == events.delivered[1]["event_id"]


def test_sockets_are_used_in_turn_and_replaced_on_request(
    slack_server: SlackServer, bulletin: Bulletin, rita: Visitor
) -> None:
    one = OverSockets(slack_server, bulletin)
    assert rita.type("/insight help", "field-notes").ok

    before = one.handler.client.session_id()
    one.sockets.ask_to_reconnect()
    slack_server.eventually(lambda: one.handler.client.session_id() != before, 10)
    one.sockets.wait_until_connected()

    assert rita.type("/insight help", "field-notes").ok
    one.stop()


def test_a_payload_goes_to_one_socket_alone(slack_server: SlackServer, acme: Workspace) -> None:
    sockets = slack_server.deliver_over_sockets()
    sockets.patience = 0.05
    with connect(sockets.url) as one, connect(sockets.url) as other:
        hellos = [json.loads(socket.recv())["num_connections"] for socket in (one, other)]
        assert sorted(hellos) == [1, 2]

        answer = sockets.send(Parcel("interactive", {"type": "block_actions"}))

        assert answer.user_error == "operation_timeout"
        frames = [frame for socket in (one, other) if (frame := _frame(socket))]
    assert len(frames) == 1
    assert frames[0]["accepts_response_payload"] is True


def test_an_eleventh_socket_is_sent_away(slack_server: SlackServer) -> None:
    sockets = slack_server.deliver_over_sockets()
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(sockets.url)) for _ in range(11)]
        told = [json.loads(socket.recv()) for socket in opened]
    assert [one["type"] for one in told] == ["hello"] * 10 + ["disconnect"]
    assert told[-1]["reason"] == "too_many_websockets"


def _frame(socket: Connection) -> dict[str, Any] | None:
    try:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=0.2))
    except TimeoutError:
        return None
    return frame


@pytest.mark.parametrize("tokens_first", [True, False])
def test_the_end_of_an_installation_is_told_in_either_order(
    http_app: Bulletin,
    admin: Admin,
    acme: Workspace,
    slack_server: SlackServer,
    tokens_first: bool,
) -> None:
    admin.uninstall(tokens_first=tokens_first)

    told = [envelope["event"]["type"] for envelope in slack_server.slack.events.delivered]
    order = ["tokens_revoked", "app_uninstalled"]
    assert told == (order if tokens_first else order[::-1])
    assert acme.installation is None
