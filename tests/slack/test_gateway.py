"""The way out to Slack: what fails there comes in three kinds, and dead tokens stop everything."""

from datetime import timedelta

import pytest

from insights.errors import Unavailable
from insights.models import SlackInstallation
from integrations.slack import calls, installations
from integrations.slack.calls import SlackCalls
from integrations.slack.gateway import (
    MOST_SILENCES,
    SILENCE_REST,
    Gateway,
    SlackBusy,
    SlackRefused,
    SlackSilent,
)
from integrations.slack.work import TASKS
from tests.slack.insight_app import InsightApp
from tests.slack_server import faults


@pytest.fixture
def gateway(unconnected: InsightApp) -> Gateway:
    return unconnected.parts.gateways.of(unconnected.team_id)


def _say(insight: InsightApp, text: str = "hello") -> dict[str, str]:
    return {"channel": insight.channel_id("field-notes"), "text": text}


@pytest.mark.slack_rule(34, 37, 59)
def test_what_fails_says_whether_it_may_be_done_again(
    unconnected: InsightApp, gateway: Gateway
) -> None:
    for fault in (
        faults.server_error(),
        faults.refusal("internal_error"),
        faults.connection_reset(),
        faults.lost_response(),
    ):
        unconnected.server.slack.faults.plan("chat.postMessage", fault)
        with pytest.raises(SlackSilent) as silent:
            gateway.call("chat.postMessage", **_say(unconnected))
        assert silent.value.maybe_done
    assert len(unconnected.calls("chat.postMessage")) == 1, "only the lost one, and once"
    with pytest.raises(SlackRefused, match="channel_not_found"):
        gateway.call("chat.postMessage", channel="C404", text="hello")


@pytest.mark.slack_rule(35)
def test_a_busy_method_is_left_alone_and_others_go_on(
    unconnected: InsightApp, gateway: Gateway
) -> None:
    unconnected.server.slack.faults.plan("chat.postMessage", faults.too_many_requests(30))
    with pytest.raises(SlackBusy) as busy:
        gateway.call("chat.postMessage", **_say(unconnected))
    assert busy.value.retry_after == timedelta(seconds=30)
    asked = len(unconnected.server.slack.calls)
    unconnected.clock.advance(29)
    again = unconnected.parts.gateways.of(unconnected.team_id)
    with pytest.raises(SlackBusy):
        again.call("chat.postMessage", **_say(unconnected))
    assert len(unconnected.server.slack.calls) == asked, "Slack was not even asked"
    assert again.call("users.info", user=unconnected.user_id("olivia"))["ok"]
    unconnected.clock.advance(2)
    assert again.call("chat.postMessage", **_say(unconnected))["ok"]


@pytest.mark.slack_rule(4, 34, 59)
def test_listeners_do_not_wait_for_long_for_a_slack_that_does_not_answer(
    unconnected: InsightApp, gateway: Gateway
) -> None:
    server, olivia = unconnected.server.slack, unconnected.user_id("olivia")
    server.faults.plan("users.info", *[faults.connection_reset()] * 6)
    for _ in range(MOST_SILENCES):
        with pytest.raises(SlackSilent):
            gateway.call("users.info", user=olivia)
    with pytest.raises(SlackBusy):
        gateway.call("users.info", user=olivia)
    assert gateway.call("auth.test")["ok"], "other methods go on"
    unconnected.clock.advance(SILENCE_REST.total_seconds())
    with pytest.raises(SlackSilent):
        gateway.call("users.info", user=olivia)
    with pytest.raises(SlackBusy):
        gateway.call("users.info", user=olivia)
    patient = unconnected.worker_parts.gateways.of(unconnected.team_id)
    for _ in range(2):
        with pytest.raises(SlackSilent):
            patient.call("users.info", user=olivia)
    assert patient.call("users.info", user=olivia)["ok"], "nobody waits for the worker"
    unconnected.clock.advance(SILENCE_REST.total_seconds())
    assert gateway.call("users.info", user=olivia)["ok"]
    server.faults.plan("users.info", faults.connection_reset())
    with pytest.raises(SlackSilent):
        gateway.call("users.info", user=olivia)
    assert gateway.call("users.info", user=olivia)["ok"], "an answer begins the count anew"


@pytest.mark.slack_rule(38, 59)
def test_a_dead_token_stops_everything_until_it_is_mended(
    unconnected: InsightApp, gateway: Gateway
) -> None:
    assert unconnected.workspace.installation is not None
    unconnected.workspace.installation.refusal = "token_revoked"
    with pytest.raises(SlackRefused, match="token_revoked"):
        gateway.call("chat.postMessage", **_say(unconnected))
    with pytest.raises(Unavailable, match="broken"):
        unconnected.parts.gateways.of(unconnected.team_id)
    trouble = unconnected.read(installations.workspaces)[0].trouble
    assert "revoked" in trouble
    assert "Install the app again" in trouble
    unconnected.workspace.installation.refusal = None
    unconnected.restart_worker()
    unconnected.work()
    assert unconnected.read(installations.workspaces)[0].trouble == ""
    assert unconnected.parts.gateways.of(unconnected.team_id).call("auth.test")["ok"]


@pytest.mark.slack_rule(38)
def test_a_missing_scope_tells_which(unconnected: InsightApp, gateway: Gateway) -> None:
    assert unconnected.workspace.installation is not None
    unconnected.workspace.installation.scopes.remove("users:read")
    with pytest.raises(SlackRefused) as refused:
        gateway.call("users.list")
    assert (refused.value.code, refused.value.needed) == ("missing_scope", "users:read")
    assert "chat:write" in refused.value.provided


@pytest.mark.slack_rule(46)
def test_tokens_stand_nowhere_in_clear(
    unconnected: InsightApp, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    token = unconnected.runtime.settings.slack_bot_token
    caplog.set_level("DEBUG")
    unconnected.server.slack.faults.plan("chat.postMessage", faults.refusal("no_text"))
    with pytest.raises(SlackRefused) as refused:
        gateway.call("chat.postMessage", **_say(unconnected, "what a customer said"))
    unconnected.work()
    kept = unconnected.read(lambda session: session.query(SlackInstallation).one().bot_token)
    assert token.encode() not in kept
    for told in (caplog.text, repr(unconnected.runtime.settings), repr(refused.value)):
        assert token not in told
        assert "what a customer said" not in told


@pytest.mark.slack_rule(6)
def test_an_answer_is_posted_to_slack_alone(unconnected: InsightApp) -> None:
    for address in (
        "https://hooks.slack.com.evil.example/commands/1",
        "http://hooks.slack.com/commands/1",
        "https://evil.example/commands/1",
        "file:///etc/passwd",
    ):
        with pytest.raises(SlackRefused, match="foreign_url"):
            unconnected.parts.gateways.respond(address, {"text": "hello"})


@pytest.mark.slack_rule(10, 37)
def test_a_call_is_made_until_it_went_well_and_the_same_key_makes_one(
    unconnected: InsightApp,
) -> None:
    unconnected.server.slack.faults.plan(
        "chat.postMessage",
        faults.server_error(),
        faults.too_many_requests(5),
        faults.connection_reset(),
    )
    for _ in range(2):
        with unconnected.database.writing() as session:
            calls.put(
                session,
                key="hello",
                team_id=unconnected.team_id,
                method="chat.postMessage",
                arguments=_say(unconnected),
                now=unconnected.now(),
            )
    for _ in range(6):
        unconnected.work()
        unconnected.clock.advance(10)
    assert [one["text"] for one in unconnected.calls("chat.postMessage")] == ["hello"]
    assert unconnected.read(calls.waiting) == 0


@pytest.mark.slack_rule(6, 41)
@pytest.mark.parametrize(("hours", "told"), [(1, ["It is done."]), (14, [])])
def test_an_answer_that_waited_too_long_comes_in_the_persons_messages(
    unconnected: InsightApp, hours: int, told: list[str]
) -> None:
    olivia = unconnected.user_id("olivia")
    answers = {
        "chat.postEphemeral": {
            "channel": unconnected.channel_id("field-notes"),
            "text": "It is done.",
        },
        "chat.postMessage": _say(unconnected),
    }
    for method, arguments in answers.items():
        with unconnected.database.writing() as session:
            calls.put(
                session,
                key=method,
                team_id=unconnected.team_id,
                method=method,
                arguments={**arguments, "user": olivia},
                now=unconnected.now(),
            )
    unconnected.clock.advance(hours * 3600)
    unconnected.work()
    assert [one.text for one in unconnected.visitor("olivia").direct_messages()] == told
    assert unconnected.visitor("olivia").sees("field-notes") == []
    assert unconnected.read(calls.waiting) == 0


def test_a_call_that_comes_too_late_is_dropped_and_a_crash_only_delays_it(
    unconnected: InsightApp,
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    dying = SlackCalls(unconnected.worker_parts, {**TASKS, "chat.postMessage": die})
    for key, until in (("late", timedelta(minutes=1)), ("kept", timedelta(minutes=25))):
        with unconnected.database.writing() as session:
            calls.put(
                session,
                key=key,
                team_id=unconnected.team_id,
                method="chat.postMessage",
                arguments=_say(unconnected, key),
                now=unconnected.now(),
                until=until,
            )
        with pytest.raises(Killed):
            dying.step()
    unconnected.work()
    assert not unconnected.calls("chat.postMessage"), "somebody may still be at it"
    unconnected.clock.advance(121)
    unconnected.work()
    assert [one["text"] for one in unconnected.calls("chat.postMessage")] == ["kept"]
