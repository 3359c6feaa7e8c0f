"""Previews of our links, posted or typed; the main scenarios over both transports."""

from uuid import UUID

import pytest

from insights.services import destinations, routes
from tests.organisation import ANALYST, MEMBER
from tests.slack.insight_app import PUBLIC_URL, InsightApp

WORDS = "Ionfield pays by the truck"


@pytest.fixture
def note(unconnected: InsightApp) -> UUID:
    return unconnected.post(MEMBER, WORDS)


def link(note_id: UUID) -> str:
    return f"{PUBLIC_URL}/notes/{note_id}"


def shown(insight: InsightApp, channel: str) -> list[str]:
    """What is shown below the newest message of the channel, each preview as its blocks' text."""
    insight.work()
    return [str(one["blocks"]) for one in insight.visitor("olivia").latest(channel).attachments]


def send_notes_to(insight: InsightApp, channel: str) -> None:
    """A route of the organisation sends what it finds to the channel."""
    with insight.database.writing() as session:
        place = destinations.known_channel(
            session,
            team_id=insight.team_id,
            channel_id=insight.channel_id(channel),
            now=insight.now(),
        )
        routes.make(
            session, insight.actor(ANALYST), personal=False, name="Fleets", query="kind:challenge",
            destination_id=place, zone="UTC", now=insight.now(),
        )  # fmt: skip


@pytest.mark.slack_rule(50)
def test_a_posted_link_tells_of_the_note_without_its_words(insight: InsightApp, note: UUID) -> None:
    insight.visitor("olivia").say("random", f"look at {link(note)} and {PUBLIC_URL}/admin")

    (preview,) = shown(insight, "random")

    assert "Competitor note from Florida" in preview
    assert WORDS not in preview


@pytest.mark.slack_rule(50)
def test_where_notes_are_sent_to_its_words_are_shown(insight: InsightApp, note: UUID) -> None:
    send_notes_to(insight, "field-notes")
    insight.visitor("olivia").say("field-notes", link(note))

    (preview,) = shown(insight, "field-notes")

    assert WORDS in preview


def test_a_muted_route_shows_no_words(http_insight: InsightApp, note: UUID) -> None:
    send_notes_to(http_insight, "field-notes")
    with http_insight.database.writing() as session:
        analyst = http_insight.actor(ANALYST)
        (route,) = routes.list_routes(session, analyst, limit=1)
        routes.change(session, analyst, route_id=route.id, muted=True, now=http_insight.now())
    http_insight.visitor("olivia").say("field-notes", link(note))

    (preview,) = shown(http_insight, "field-notes")

    assert WORDS not in preview


@pytest.mark.slack_rule(50)
def test_while_it_is_typed_nobody_knows_who_will_read_it(insight: InsightApp, note: UUID) -> None:
    send_notes_to(insight, "field-notes")

    offered = insight.visitor("olivia").compose_link(link(note))
    insight.work()

    (preview,) = offered.values()
    assert "Competitor note from Florida" in str(preview)
    assert WORDS not in str(preview)


@pytest.mark.slack_rule(50)
def test_a_link_that_shows_nothing_is_not_answered(http_insight: InsightApp) -> None:
    olivia = http_insight.visitor("olivia")
    olivia.say("random", f"{PUBLIC_URL}/notes/01890000-0000-7000-8000-00000000002a")
    olivia.compose_link(f"{PUBLIC_URL}/admin/people")

    assert shown(http_insight, "random") == []
    assert http_insight.calls("chat.unfurl") == []


@pytest.mark.slack_rule(11)
def test_an_event_that_comes_twice_is_answered_once(http_insight: InsightApp, note: UUID) -> None:
    http_insight.server.slack.faults.duplicate_events()
    http_insight.visitor("olivia").say("random", link(note))

    assert len(shown(http_insight, "random")) == 1
    assert len(http_insight.calls("chat.unfurl")) == 1


@pytest.mark.slack_rule(37)
def test_a_message_that_is_gone_meanwhile_harms_nothing(
    http_insight: InsightApp, note: UUID
) -> None:
    olivia = http_insight.visitor("olivia")
    message = olivia.say("random", link(note))
    olivia.delete(message)

    http_insight.work()

    assert http_insight.calls("chat.unfurl") == []


@pytest.mark.slack_rule(19)
def test_the_change_that_a_preview_makes_is_no_news(http_insight: InsightApp, note: UUID) -> None:
    """The preview changes the message, of which the app is told in turn."""
    http_insight.visitor("olivia").say("field-notes", link(note))

    for _ in range(2):
        assert len(shown(http_insight, "field-notes")) == 1
    assert len(http_insight.calls("chat.unfurl")) == 1
