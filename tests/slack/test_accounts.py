"""`/insight account`: what is known before a visit, for the person who asks alone."""

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from insights.models import Audience
from insights.services import promises
from tests.organisation import GEORGIA, MERCY, NOW, OWNER, TODAY
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack.test_capture import written
from tests.slack.test_commands import ask
from tests.slack_server.blocks import check_blocks


def promised(insight: InsightApp) -> None:
    with insight.database.writing() as session:
        promises.make(
            session, insight.actor(OWNER), promise_id=uuid7(), territory_id=GEORGIA,
            account_id=MERCY, text="A second line <!here>", due=TODAY - timedelta(days=1), now=NOW,
        )  # fmt: skip


def test_it_tells_what_was_promised_noted_and_met(insight: InsightApp) -> None:
    insight.post(OWNER, "Ionfield offers them <@U1> a free year", account_id=MERCY)
    promised(insight)
    insight.work()
    answer = ask(insight, "olivia", "account mercy")
    assert answer.text.startswith("*Account: Mercy Hospital* · Georgia")
    for words in ("overdue since 17 March", "a free year", "Ionfield", "1 note"):
        assert words in answer.text
    assert f"{PUBLIC_URL}/accounts/{MERCY}" in answer.text
    assert "<!here>" not in answer.text
    assert check_blocks(answer.blocks, "message") == []


def test_it_holds_what_its_reader_may_see(http_insight: InsightApp) -> None:
    text = "Ionfield offers them a free year"
    http_insight.post(OWNER, text, account_id=MERCY, audience=Audience.SEALED)
    promised(http_insight)
    http_insight.work()
    hidden = written(ask(http_insight, "max", "account Mercy Hospital"))
    for words in ("free year", "Ionfield", "second line"):
        assert words not in hidden
        assert words in written(ask(http_insight, "anna", "account mercy hospital"))


@pytest.mark.slack_rule(57)
def test_it_says_what_to_do_when_it_is_not_clear_which(http_insight: InsightApp) -> None:
    assert "Say which account" in ask(http_insight, "olivia", "account").text
    assert "/insight note" in ask(http_insight, "olivia", "account manager has left").text
    assert "needs an account" in ask(http_insight, "gus", "account mercy").text
