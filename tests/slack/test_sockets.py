"""Socket Mode: the connection is opened again whenever it ends, and hears what HTTP would hear."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flask
import pytest

from integrations.slack import refusals, setup, sockets
from integrations.slack.app import Module, build
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners
from integrations.slack.setup import CheckState
from integrations.slack.sockets import Sockets
from tests.slack.insight_app import InsightApp
from tests.slack_server.faults import refusal
from tests.slack_server.socket_mode import SocketDelivery


class Echo:
    """Answers a command with what was typed, and notes whether Flask was around."""

    def __init__(self) -> None:
        self.had_flask: list[bool] = []

    def register(self, listeners: Listeners) -> None:
        listeners.command("/insight")(self.echo)

    def echo(self, heard: Heard) -> Answer:
        self.had_flask.append(flask.has_app_context())
        with heard.writing():
            return {"text": heard.body["text"]}


@contextmanager
def _connected(insight: InsightApp, echo: Echo) -> Iterator[tuple[SocketDelivery, Sockets]]:
    modules: list[Module] = [echo]
    delivery = insight.server.deliver_over_sockets()
    running = Sockets(insight.parts, build(insight.parts, modules))
    running.start()
    delivery.wait_until_connected()
    yield delivery, running
    running.stop_reconnecting()
    delivery.close()
    running.close()


def _said(insight: InsightApp, words: str) -> Any:
    return insight.visitor("olivia").type(f"/insight {words}", "field-notes").body


@pytest.mark.slack_rule(9, 16, 58)
def test_it_connects_again_when_slack_asks_for_it(unconnected: InsightApp) -> None:
    echo = Echo()
    with _connected(unconnected, echo) as (delivery, _):
        assert _said(unconnected, "one")["text"] == "one"
        delivery.ask_to_reconnect()
        # A command may meet the connection that is about to go; whoever wrote it sees that.
        unconnected.server.eventually(
            lambda: _said(unconnected, "two") == {"text": "two"}, seconds=20
        )
    assert set(echo.had_flask) == {False}


def test_the_page_tells_whether_the_connection_stands(unconnected: InsightApp) -> None:
    check = _socket_check(unconnected)
    assert check() is CheckState.WAITING
    with _connected(unconnected, Echo()) as (_, running):
        # The library knows of its connection a moment after Slack does.
        unconnected.server.eventually(lambda: running.step() or check() is CheckState.WELL)
    assert unconnected.read(sockets.seen_at) == unconnected.now()
    unconnected.clock.advance(180)
    assert check() is CheckState.TROUBLE


def test_the_page_tells_why_slack_opens_no_connection(unconnected: InsightApp) -> None:
    unconnected.server.slack.faults.plan("apps.connections.open", refusal("invalid_auth"))
    running = Sockets(unconnected.parts, build(unconnected.parts, [Echo()]))
    running.start()
    unconnected.server.eventually(lambda: _refusal(unconnected) == "invalid_auth")
    settings, now = unconnected.runtime.settings, unconnected.now()
    found = unconnected.read(lambda session: setup.checks(session, settings, now=now))
    (check,) = (one for one in found if one.title == "Socket Mode")
    assert check.state is CheckState.TROUBLE
    assert "does not know the app's token" in check.said
    assert "Set INSIGHTS_SLACK_APP_TOKEN" in check.remedy
    delivery = unconnected.server.deliver_over_sockets()
    delivery.wait_until_connected()
    unconnected.server.eventually(lambda: _refusal(unconnected) is None)
    running.stop_reconnecting()
    delivery.close()
    running.close()


def _refusal(insight: InsightApp) -> Any:
    return insight.read(lambda session: refusals.code_of(session, refusals.APP_TOKEN))


def _socket_check(insight: InsightApp) -> Callable[[], CheckState]:
    def state() -> CheckState:
        settings, now = insight.runtime.settings, insight.now()
        found = insight.read(lambda session: setup.checks(session, settings, now=now))
        return next(one.state for one in found if one.title == "Socket Mode")

    return state


def test_it_waits_until_slack_can_be_reached(unconnected: InsightApp) -> None:
    echo = Echo()
    modules: list[Module] = [echo]
    unconnected.server.slack.socket_url = "ws://127.0.0.1:9"
    running = Sockets(unconnected.parts, build(unconnected.parts, modules))
    running.start()
    unconnected.server.eventually(lambda: unconnected.calls("apps.connections.open"))
    delivery = unconnected.server.deliver_over_sockets()
    delivery.wait_until_connected()
    assert _said(unconnected, "at last")["text"] == "at last"
    running.stop_reconnecting()
    delivery.close()
    running.close()
