"""What stands between Slack and our handlers: once each, in one transaction, answered in words."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from benchmarks import slack_payloads
from insights.errors import Conflict, Forbidden, Invalid, Unavailable
from insights.models import SlackCall, SlackReceipt
from integrations.slack import calls, installations
from integrations.slack.app import Module, build
from integrations.slack.calls import SlackCalls
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners
from tests.organisation import ANALYST
from tests.slack.insight_app import InsightApp, over_http
from tests.slack_server.delivery import sign
from tests.slack_server.messages import Message

FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": name,
            "optional": True,
            "label": {"type": "plain_text", "text": name},
            "element": {"type": "plain_text_input", "action_id": name},
        }
        for name in ("text", "account")
    ],
}


class Probe:
    """A module that listens to a bit of all, and does what a test wants."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.deed: Callable[[Heard], Answer] = lambda _: None

    def register(self, listeners: Listeners) -> None:
        listeners.command("/insight")(self.note)
        listeners.action("probe")(self.note)
        listeners.view("form")(self.note)
        listeners.shortcut("insight_capture")(self.open)
        listeners.event("message")(self.note)
        listeners.event("reaction_added")(self.note)

    def note(self, heard: Heard) -> Answer:
        answer = self.deed(heard)
        with heard.writing():
            self.heard.append(heard)
        return answer

    def open(self, heard: Heard) -> Answer:
        heard.gateway.call("views.open", trigger_id=heard.body["trigger_id"], view=FORM)
        return None


@pytest.fixture
def probe(unconnected: InsightApp) -> Any:
    """The module in place of all of ours, over HTTP."""
    probe = Probe()
    modules: list[Module] = [probe]
    unconnected.edge.__dict__["app"] = build(unconnected.edge.parts, modules)
    with over_http(unconnected):
        yield probe


def _raising(error: Exception) -> Callable[[Heard], Answer]:
    def deed(_: Heard) -> Answer:
        raise error

    return deed


def _button(insight: InsightApp, channel: str = "field-notes") -> Message:
    """A message of the app with a button that the probe knows."""
    button = {"type": "button", "action_id": "probe", "text": {"type": "plain_text", "text": "Go"}}
    insight.parts.gateways.of(insight.team_id).call(
        "chat.postMessage",
        channel=insight.channel_id(channel),
        text="Go?",
        blocks=[{"type": "actions", "block_id": "deeds", "elements": [button]}],
    )
    return insight.visitor("olivia").latest(channel)


def _said(insight: InsightApp, channel: str = "field-notes", name: str = "olivia") -> str:
    return insight.visitor(name).latest(channel).text


@pytest.mark.slack_rule(11, 59)
def test_an_event_that_comes_twice_is_dealt_with_once(
    unconnected: InsightApp, probe: Probe
) -> None:
    unconnected.server.slack.faults.duplicate_events()
    unconnected.visitor("olivia").say("field-notes", "hello")
    unconnected.server.settle()
    assert len(probe.heard) == 1
    assert len(unconnected.server.slack.events.delivered) == 2


@pytest.mark.slack_rule(11, 12)
def test_an_event_that_failed_comes_again_and_is_dealt_with(
    unconnected: InsightApp, probe: Probe
) -> None:
    failures = [
        OperationalError("UPDATE", {}, Exception("database is locked")),
        Unavailable("The disk is full."),
    ]

    def fail_at_first(_: Heard) -> Answer:
        if failures:
            raise failures.pop(0)
        return None

    probe.deed = fail_at_first
    unconnected.visitor("olivia").say("field-notes", "hello")
    unconnected.clock.advance(61)
    unconnected.server.settle()
    assert [heard.event["text"] for heard in probe.heard] == ["hello"]


@pytest.mark.slack_rule(11, 12, 59)
def test_an_event_that_was_dealt_with_too_slowly_comes_again_and_is_dropped(
    unconnected: InsightApp, probe: Probe
) -> None:
    tries = 0

    def take_long_at_first(_: Heard) -> Answer:
        nonlocal tries
        tries += 1
        unconnected.clock.advance(3.5 if tries == 1 else 0)
        return None

    probe.deed = take_long_at_first
    unconnected.visitor("olivia").say("field-notes", "hello")
    unconnected.server.eventually(lambda: unconnected.server.slack.events.delivered)
    assert tries == 2, "Slack took the first delivery for failed"
    assert len(probe.heard) == 1


@pytest.mark.slack_rule(14)
def test_a_click_that_comes_twice_is_dealt_with_once(unconnected: InsightApp, probe: Probe) -> None:
    unconnected.visitor("olivia").click(_button(unconnected), "probe")
    assert unconnected.server.repeat_interaction().ok
    assert len(probe.heard) == 1
    unconnected.visitor("olivia").click(
        unconnected.visitor("olivia").latest("field-notes"), "probe"
    )
    assert len(probe.heard) == 2


@pytest.mark.slack_rule(8, 57)
def test_whatever_a_handler_raises_is_said_privately(unconnected: InsightApp, probe: Probe) -> None:
    message = _button(unconnected)
    for error, words in (
        (Forbidden("This is kept by marketing."), "This is kept by marketing."),
        (Conflict("Anna took it already."), "Anna took it already."),
        (RuntimeError("a defect"), "What was saved before is safe."),
    ):
        probe.deed = _raising(error)
        assert unconnected.visitor("olivia").click(message, "probe").ok
        unconnected.work()
        assert words in _said(unconnected)
        assert unconnected.visitor("anna").latest("field-notes").ts == message.ts
        unconnected.clock.advance(1)
        answer = unconnected.visitor("olivia").type("/insight x", "field-notes")
        assert words in answer.body["text"] if isinstance(answer.body, dict) else answer.body
        unconnected.clock.advance(1)
    assert not probe.heard
    assert "a defect" not in _said(unconnected)


@pytest.mark.slack_rule(46)
def test_a_defect_is_logged_without_what_people_wrote(
    unconnected: InsightApp, probe: Probe, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_with(heard: Heard) -> Answer:
        with heard.writing() as session:
            session.execute(select(SlackCall.id).where(SlackCall.key == [heard.body["text"]]))
        return None

    probe.deed = fail_with
    answer = unconnected.visitor("olivia").type("/insight what a customer said", "field-notes")
    assert "tell an admin the reference" in str(answer.body)
    assert "a handler failed" in caplog.text
    assert "ProgrammingError" in caplog.text
    assert "what a customer said" not in caplog.text


@pytest.mark.slack_rule(3)
def test_ids_that_are_none_are_taken_for_nobody(unconnected: InsightApp, probe: Probe) -> None:
    team = unconnected.team_id
    for user in (["U1"], {"id": None}, 7, None):
        payload = slack_payloads.click(team, "U1", "probe", "1") | {"user": {"id": user}}
        form = urlencode({"payload": json.dumps(payload)}).encode()
        stamp = str(int(unconnected.now().timestamp()))
        answer = unconnected.flask.test_client().post(
            "/slack/events",
            data=form,
            headers={
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": sign(
                    unconnected.runtime.settings.slack_signing_secret, stamp, form
                ),
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        assert answer.status_code == 200
    assert {heard.user_id for heard in probe.heard} == {""}


@pytest.mark.slack_rule(7, 57)
def test_a_form_stays_open_with_what_is_wrong_at_its_fields(
    unconnected: InsightApp, probe: Probe
) -> None:
    olivia = unconnected.visitor("olivia")
    olivia.use_shortcut("insight_capture")
    olivia.fill("text", "What they said")
    probe.deed = _raising(Invalid({"account": ["No such account."], "other": ["Shorter."]}))
    assert olivia.submit() == {"account": "No such account.", "text": "Shorter."}
    probe.deed = _raising(Conflict("Somebody was first."))
    assert olivia.submit() == {"text": "Somebody was first."}
    probe.deed = _raising(RuntimeError("a defect"))
    assert "What was saved before is safe" in olivia.submit()["text"]
    probe.deed = lambda _: None
    assert olivia.submit() == {}
    assert not olivia.has_modal


@pytest.mark.slack_rule(5, 59)
def test_a_trigger_that_is_too_old_is_told_and_nothing_else_happens(
    unconnected: InsightApp, probe: Probe
) -> None:
    message = _button(unconnected)

    def open_late(heard: Heard) -> Answer:
        unconnected.clock.advance(4)
        return probe.open(heard)

    probe.deed = open_late
    unconnected.visitor("olivia").click(message, "probe")
    # Slack has stopped waiting, our handler has not finished yet.
    unconnected.server.eventually(lambda: unconnected.read(calls.waiting))
    unconnected.work()
    assert "took too long" in _said(unconnected)


@pytest.mark.slack_rule(17, 19)
def test_what_the_app_or_slack_itself_says_is_nobodys_business(
    unconnected: InsightApp, probe: Probe
) -> None:
    message = _button(unconnected)
    unconnected.parts.gateways.of(unconnected.team_id).call(
        "chat.update", channel=message.channel, ts=message.ts, text="Gone", blocks=[]
    )
    unconnected.admin.invite_app("random")
    unconnected.server.settle()
    assert not probe.heard
    unconnected.visitor("anna").say("field-notes", "waves", subtype="me_message")
    assert [heard.event["subtype"] for heard in probe.heard] == ["me_message"]


@pytest.mark.slack_rule(6, 41, 59)
def test_an_answer_that_comes_too_late_below_the_message_comes_in_the_persons_messages(
    unconnected: InsightApp, probe: Probe
) -> None:
    def tell(heard: Heard) -> Answer:
        with heard.writing() as session:
            for number in range(7):
                heard.tell(session, f"answer {number}")
        return None

    probe.deed = tell
    olivia = unconnected.visitor("olivia")
    olivia.click(_button(unconnected), "probe")
    unconnected.work()
    below = [one.text for one in olivia.sees("field-notes") if one.only_for]
    assert below == [f"answer {number}" for number in range(5)]
    assert [one.text for one in olivia.direct_messages()] == ["answer 5", "answer 6"]
    assert unconnected.read(calls.waiting) == 0


@pytest.mark.slack_rule(4, 10)
def test_nothing_is_said_before_the_answer_and_nothing_of_what_was_undone(
    unconnected: InsightApp, probe: Probe
) -> None:
    before = len(unconnected.server.slack.calls)

    def tell_and_fail(heard: Heard) -> Answer:
        with heard.writing() as session:
            heard.tell(session, "It is done.")
            raise Conflict("It was done before.")

    probe.deed = tell_and_fail
    message = _button(unconnected)
    unconnected.visitor("olivia").click(message, "probe")
    assert [call.method for call in list(unconnected.server.slack.calls)[before:]] == [
        "chat.postMessage"
    ]
    unconnected.work()
    assert _said(unconnected) == "It was done before."


@pytest.mark.slack_rule(22, 49)
def test_somebody_new_is_looked_up_and_finds_themselves_known_the_second_time(
    unconnected: InsightApp, probe: Probe
) -> None:
    workspace = unconnected.workspace
    newcomer = workspace.add_person("nina", "Nina New", "analyst@example.com")
    workspace.channel("field-notes").add(newcomer.id)
    actors: list[int] = []

    def act(heard: Heard) -> Answer:
        with heard.reading() as session:
            actors.append(heard.actor(session).id)
        return None

    probe.deed = act
    nina = unconnected.visitor("nina")
    answer = nina.type("/insight x", "field-notes")
    assert "finding out who you are" in str(answer.body)
    unconnected.work()
    nina.type("/insight x", "field-notes")
    assert actors == [ANALYST]


@pytest.mark.slack_rule(45)
def test_another_workspace_is_told_that_the_app_is_not_in_it(
    unconnected: InsightApp, probe: Probe
) -> None:
    other = unconnected.server.add_workspace("Other")
    eve = other.add_person("eve", "Eve", "owner@example.com")
    unconnected.server.slack.install(other, eve.id)
    other.add_channel("general", [eve])
    answer = unconnected.server.visitor(other, "eve").type("/insight x", "general")
    assert "not connected to this Slack workspace" in str(answer.body)
    assert not probe.heard


@pytest.mark.slack_rule(45, 57)
def test_whoever_clicks_from_another_workspace_is_told_and_nothing_is_done(
    unconnected: InsightApp, probe: Probe
) -> None:
    message = _button(unconnected)
    with unconnected.database.writing() as session:
        installations.remove(session, unconnected.team_id, now=unconnected.now())
    for _ in range(2):
        assert unconnected.visitor("olivia").click(message, "probe").ok
    assert not probe.heard
    calls_of_slack = SlackCalls(unconnected.worker_parts, {})
    while calls_of_slack.step():
        pass
    told = [one.text for one in unconnected.visitor("olivia").sees("field-notes") if one.only_for]
    assert len(told) == 2
    assert "not connected to this Slack workspace" in told[0]


@pytest.mark.slack_rule(11)
def test_receipts_are_forgotten_after_two_days(unconnected: InsightApp, probe: Probe) -> None:
    count = select(func.count()).select_from(SlackReceipt)
    unconnected.visitor("olivia").say("field-notes", "hello")
    unconnected.clock.advance(47 * 3600)
    unconnected.work()
    assert unconnected.read(lambda session: session.scalar(count)) == 1
    unconnected.clock.advance(2 * 3600)
    unconnected.work()
    assert unconnected.read(lambda session: session.scalar(count)) == 0
    assert unconnected.read(lambda session: session.scalar(select(func.count(SlackCall.id)))) == 0
