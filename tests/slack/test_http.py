"""Where Slack posts to: signed bytes are taken, all else is refused without a stumble."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from benchmarks import slack_payloads
from tests.slack.insight_app import InsightApp
from tests.slack_server.delivery import sign

ADDRESS = "/slack/events"
FORM = "application/x-www-form-urlencoded"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SAMPLE_AT, SAMPLE = (
    1531420618,
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmib"
    "IGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
)
SAMPLE_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


@pytest.fixture
def post(unconnected: InsightApp) -> Callable[..., Any]:
    """Posts a body that is signed unless other headers are given; the answer."""
    browser = unconnected.flask.test_client()
    secret = unconnected.runtime.settings.slack_signing_secret

    def send(
        body: bytes, content_type: str = FORM, *, at: float | None = None, **headers: str
    ) -> Any:
        stamp = str(int(unconnected.clock.now() if at is None else at))
        signed = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(secret, stamp, body),
            "Content-Type": content_type,
        }
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return browser.post(ADDRESS, data=body, headers=signed | given)

    return send


def _command(insight: InsightApp, text: str = "help") -> bytes:
    return slack_payloads.command(insight.team_id, insight.user_id("olivia"), text)


@pytest.mark.slack_rule(2, 58)
def test_the_example_of_slacks_documentation_is_signed(unconnected: InsightApp) -> None:
    assert sign(SECRET, str(SAMPLE_AT), SAMPLE.encode()) == SAMPLE_SIGNATURE
    unconnected.clock.advance(SAMPLE_AT - unconnected.clock.now())
    object.__setattr__(unconnected.edge.parts.settings, "slack_signing_secret", SECRET)
    headers = {
        "X-Slack-Request-Timestamp": str(SAMPLE_AT),
        "X-Slack-Signature": SAMPLE_SIGNATURE,
        "Content-Type": FORM,
    }
    browser = unconnected.flask.test_client()
    taken = browser.post(ADDRESS, data=SAMPLE.encode(), headers=headers)
    assert taken.status_code == 200
    assert "not connected to this Slack workspace" in taken.text
    assert browser.post(ADDRESS, data=SAMPLE.encode() + b" ", headers=headers).status_code == 401


@pytest.mark.slack_rule(2, 3)
def test_what_slack_did_not_sign_is_refused(
    unconnected: InsightApp, post: Callable[..., Any]
) -> None:
    body, now = _command(unconnected), unconnected.clock.now()
    assert post(body).status_code == 200
    assert post(body, at=now - 299).status_code == 200
    for at in (now - 301, now + 301):
        assert post(body, at=at).status_code == 401
    for name, values in {
        "X_Slack_Signature": ["", "v0=", "v0=" + "0" * 64, "v0=" + "é" * 64, "v1=" + "0" * 64],
        "X_Slack_Request_Timestamp": ["", "abc", "-1", "1e9", "9" * 400, "١٢٣"],
    }.items():
        for value in values:
            answer = post(body, **{name: value.encode().decode("latin-1")})
            assert answer.status_code == 401, (name, value)


@pytest.mark.slack_rule(1, 3)
def test_what_cannot_be_read_is_refused(unconnected: InsightApp, post: Callable[..., Any]) -> None:
    whole = json.dumps({"type": "url_verification", "challenge": "c" * 20}).encode()
    for body in (whole[:-3], b"[]", b"7", b"null", b'"text"', b"", b"{" * 5000, b"\xff\xfe{}"):
        assert post(body, "application/json").status_code == 400, body[:20]
    for body in (
        b"payload=%7B",
        b"payload=[]",
        b"payload=",
        b"&" * 5000,
        "text=\udcff".encode("utf-8", "surrogateescape"),
        b"",
    ):
        assert post(body).status_code == 400, body[:20]
    assert post(whole, "application/json").json == {"challenge": "c" * 20}
    assert post(b"text=" + b"x" * 10_000_000).status_code == 413
    unread = unconnected.flask.test_client().post(ADDRESS, data=b"x" * 10_000_000)
    assert unread.status_code == 413


@pytest.mark.slack_rule(4)
def test_what_nobody_knows_is_answered_all_the_same(
    unconnected: InsightApp, post: Callable[..., Any]
) -> None:
    team, olivia = unconnected.team_id, unconnected.user_id("olivia")
    assert "help" in post(slack_payloads.command(team, olivia, "", name="/other")).text
    for payload in (
        slack_payloads.click(team, olivia, "no.such", "1"),
        slack_payloads.shortcut(team, olivia, "no_such"),
        {"type": "interactive_message", "team": {"id": team}, "user": {"id": olivia}},
        {"type": "something_new"},
        {},
    ):
        answer = post(urlencode({"payload": json.dumps(payload)}).encode())
        assert answer.status_code == 200, payload
    form = slack_payloads.submission(team, olivia, "no_such", {"text": "kept"})
    answer = post(urlencode({"payload": json.dumps(form)}).encode())
    assert "older version" in answer.json["errors"]["text"]
    event = slack_payloads.event(team, "Ev1", {"type": "something_new", "user": olivia})
    assert post(json.dumps(event).encode(), "application/json").status_code == 200


def test_without_a_secret_nothing_is_taken(
    unconnected: InsightApp, post: Callable[..., Any]
) -> None:
    object.__setattr__(unconnected.edge.parts.settings, "slack_signing_secret", "")
    assert post(_command(unconnected)).status_code == 404


@tuned(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.binary(max_size=300), content_type=st.sampled_from([FORM, "application/json", "x"]))
def test_any_signed_bytes_are_answered(
    post: Callable[..., Any], body: bytes, content_type: str
) -> None:
    assert post(body, content_type).status_code in (200, 400)
