"""What a week brought, and a trend that came up, as messages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.clock import monday_of
from insights.models import (
    Audience,
    Cadence,
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Route,
    RouteContent,
)
from insights.services import (
    access,
    deliveries,
    destinations,
    sightings,
    trend_evidence,
    trends,
    triage,
)
from insights.services.digests import Digest, Part, digest
from integrations.slack import blocks, digests
from integrations.slack.blocks import Message
from integrations.slack.links import Links
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import ANALYST, MEMBER, NOW, TODAY
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack_server.blocks import check_blocks
from tests.trend_rows import showing

LINKS = Links("https://notes.example.com")
MONDAY = date(2026, 3, 16)
SUNDAY = MONDAY + timedelta(days=6)
HOSTILE = "<!channel> *now* &lt;b&gt; <@U1> <https://evil.example|our site> `rm` \u202eabc | >\n"
HOSTILE += "é🧑‍🚒" * 900

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def week(session: Session, characters: Characters) -> Digest:
    """A week in which all that a digest tells of has happened, told by hostile texts."""
    people = characters
    first = posted(session, people.member, HOSTILE)
    second = posted(session, people.owner, "They ask for trucks by the day")
    sealed = posted(session, people.owner, "Only for us", audience=Audience.SEALED)
    for reader in (people.owner, people.analyst):
        sightings.add(session, reader, first, now=NOW)
    for day, note in enumerate((second, first, sealed)):
        triage.open_notes(session, [note], now=NOW - timedelta(days=3 - day))
    showing(session, day=SUNDAY, opened_on=TODAY)
    showing(session, day=SUNDAY, opened_on=TODAY, phrase="<!here> & *co*", evidence=[first])
    part = Part("Us & <them>", None)
    return digest(session, access.EVERYBODY, part, week=MONDAY, zone=ZoneInfo("UTC"))


def notations(part: Any) -> Iterator[str]:
    """Every text in which Slack reads its notation."""
    if isinstance(part, list):
        for one in part:
            yield from notations(one)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for one in part.values():
            yield from notations(one)


def assert_harmless(message: Message) -> None:
    """Slack would take it, and nothing in it is live but our own links and dates."""
    assert blocks.check(message.blocks) == []
    assert check_blocks(message.blocks, "message") == []
    for text in (message.text, *notations(message.blocks)):
        for token in re.findall(r"<([^>]*)>", text):
            assert token.startswith((f"{LINKS.base}/", "!date^"))
        assert re.sub(r"<[^>]*>", "", text).count("<") == 0
    assert len(message.arguments()["text"]) <= 4_000


def words(message: Message) -> list[str]:
    """The lines of the message as people read them."""
    lines = []
    for block in message.blocks:
        if block["type"] in ("section", "header"):
            lines.append(block["text"]["text"])
        elif block["type"] == "context":
            lines.append(block["elements"][0]["text"])
        else:
            for item in block["elements"][0]["elements"]:
                parts = [one.get("text") or one["fallback"] for one in item["elements"]]
                lines.append("".join(parts))
    return lines


@on_sqlite
class TestDigest:
    @pytest.mark.slack_rule(23)
    @pytest.mark.slack_rule(27, 59)
    def test_hostile_text_stays_text(self, week: Digest) -> None:
        message = digests.digest(week, LINKS)

        assert_harmless(message)
        assert any("<!channel> *now*" in line for line in words(message))

    @pytest.mark.slack_rule(56)
    def test_it_tells_what_came_up_what_most_have_seen_and_what_waits(self, week: Digest) -> None:
        told = words(digests.digest(week, LINKS))

        assert told[0] == "Us &amp; &lt;them&gt;, 16 to 22 March 2026"
        assert told[1] == "*Came up this week*"
        assert told[2].startswith("Ionfield is coming up in Georgia: 9 voices in 4 weeks where")
        assert told[4] == "*Seen by most others*"
        assert told[5].endswith("· Florida · Max Member · 2 have seen it too · 18 March 2026")
        assert told[6] == "*Waiting for an answer*"
        assert told[7].startswith("They ask for trucks by the day · Georgia · Olivia Owner · ")
        assert len(told) == 10
        assert not any("Only for us" in line for line in told)

    def test_a_part_that_is_empty_has_no_heading(self, week: Digest) -> None:
        quiet = replace(week, emerged=(), unanswered=(), unanswered_count=0)

        told = words(digests.digest(quiet, LINKS))

        assert told[1] == "*Seen by most others*"
        assert told[3] == "<https://notes.example.com/trends|All that is coming up>"
        assert len(told) == 4

    def test_the_number_of_those_that_wait_is_told_when_not_all_are_shown(
        self, week: Digest
    ) -> None:
        told = words(digests.digest(replace(week, unanswered_count=1_234), LINKS))

        assert "*Waiting for an answer: 1,234 in all, the oldest first*" in told

    def test_notifications_say_the_same(self, week: Digest) -> None:
        message = digests.digest(week, LINKS)

        for part in ("Came up this week", "Seen by most others", "They ask for trucks by the day"):
            assert part in message.text


@on_sqlite
class TestTrend:
    def test_a_trend_is_told_with_its_figures_and_notes(
        self, session: Session, characters: Characters
    ) -> None:
        note = posted(session, characters.member, HOSTILE)
        trend_id = showing(session, phrase="<!here> & *co*", evidence=[note])
        view = trends.get(session, access.EVERYBODY, trend_id, on=TODAY)
        evidence = trend_evidence.newest(session, access.EVERYBODY, [view], each=2)

        message = digests.trend(view, evidence[trend_id], LINKS)

        assert_harmless(message)
        told = words(message)
        assert f"<https://notes.example.com/trends/{trend_id}|" in told[0]
        assert "9 voices in 4 weeks where 0.7 were expected; 7 people, 5 accounts." in told[0]
        assert told[1].startswith("<!channel> *now*")
        assert told[2].startswith("The last 6 weeks: 1, 0, 1, 2, 2, 4 · <https://")
        assert "9 voices" in message.text

    def test_a_trend_without_notes_that_may_be_shown_stands_alone(self, session: Session) -> None:
        trend_id = showing(session)
        view = trends.get(session, access.EVERYBODY, trend_id, on=TODAY)

        message = digests.trend(view, (), LINKS)

        assert_harmless(message)
        assert [block["type"] for block in message.blocks] == ["section", "context"]


class TestDelivery:
    @pytest.mark.slack_rule(56)
    def test_the_week_is_one_message_in_the_channel(self, http_insight: InsightApp) -> None:
        insight = http_insight
        note = insight.post(MEMBER, "Who answers this?")
        with insight.database.writing() as session:
            triage.open_notes(session, [note], now=insight.now())
        send_week(insight)

        (message,) = insight.visitor("olivia").sees("field-notes")

        assert "Waiting for an answer" in message.text
        assert f"{PUBLIC_URL}/notes/{note}" in message.text

    @pytest.mark.slack_rule(56)
    def test_a_week_without_anything_to_tell_sends_nothing(self, http_insight: InsightApp) -> None:
        send_week(http_insight)

        assert http_insight.visitor("olivia").sees("field-notes") == []
        states = http_insight.read(lambda session: session.scalars(select(Delivery.state)).all())
        assert states == [DeliveryState.WITHHELD]


def send_week(insight: InsightApp) -> None:
    """A route tells #field-notes of the present week."""
    now = insight.now()
    with insight.database.writing() as session:
        place = destinations.known_channel(
            session, team_id=insight.team_id, channel_id=insight.channel_id("field-notes"), now=now
        )
        route = Route(
            owner_id=ANALYST, personal=False, name="The week", folded="the week", query="",
            content=RouteContent.SUMMARY, destination_id=place, cadence=Cadence.WEEKLY,
            zone="UTC", created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(route)
        session.flush()
        row = deliveries.waiting(
            place, cause="a week", matter=DeliveryMatter.SUMMARY, route_id=route.id,
            detail=monday_of(now, ZoneInfo("UTC")).isoformat(), due_at=now, now=now,
        )  # fmt: skip
        deliveries.put(session, [row])
    insight.work()
