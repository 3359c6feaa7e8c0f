"""`/insight brief`: what whoever visits a territory must know, for the person who asks alone."""

import pytest
from uuid_utils.compat import uuid7

from insights.models import Audience
from insights.services import promises
from tests.organisation import GEORGIA, NOW, OWNER
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack.test_capture import written
from tests.slack.test_commands import ask
from tests.slack_server.blocks import check_blocks
from tests.trend_rows import showing


def test_it_tells_what_was_promised_and_seen(insight: InsightApp) -> None:
    insight.post(OWNER, "Ionfield cut the price in <!here>")
    with insight.database.writing() as session:
        showing(session, day=insight.runtime.today())
        promises.make(
            session, insight.actor(OWNER), promise_id=uuid7(), territory_id=GEORGIA,
            text="A second line & <@U1>", now=NOW,
        )  # fmt: skip
    insight.work()
    answer = ask(insight, "olivia", "brief")
    assert answer.text.startswith("*Brief: Georgia*")
    for words in ("A second line &amp; &lt;@U1&gt;", "Ionfield is coming up", "Competitors last"):
        assert words in answer.text
    assert f"{PUBLIC_URL}/briefs/territories/georgia" in answer.text
    assert check_blocks(answer.blocks, "message") == []


def test_it_holds_what_its_reader_may_see(http_insight: InsightApp) -> None:
    http_insight.post(OWNER, "Ionfield is out of money", audience=Audience.SEALED)
    with http_insight.database.writing() as session:
        promises.make(
            session, http_insight.actor(OWNER), promise_id=uuid7(), territory_id=GEORGIA,
            text="A second line", now=NOW,
        )  # fmt: skip
    http_insight.work()
    seen = written(ask(http_insight, "olivia", "brief georgia"))
    assert "A second line" in seen
    assert "Ionfield" in seen
    hidden = written(ask(http_insight, "max", "brief georgia"))
    assert "A second line" not in hidden
    assert "Ionfield" not in hidden


@pytest.mark.slack_rule(57)
def test_it_says_what_to_do_without_a_territory(http_insight: InsightApp) -> None:
    assert "Say of which territory" in ask(http_insight, "anna", "brief").text
    assert "/insight note" in ask(http_insight, "anna", "brief meeting at Mercy").text
    assert "Nothing stands in it yet" in ask(http_insight, "anna", "brief florida").text


def test_it_is_for_those_with_an_account(http_insight: InsightApp) -> None:
    assert "needs an account" in ask(http_insight, "gus", "brief georgia").text
