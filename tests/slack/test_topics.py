"""Topics in Slack: a note is added from its card, which tells of it; one's own are listed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from insights.models import Audience, Outcome, Topic, TopicNote
from insights.services import topic_outcomes, topics
from insights.services.topics import TopicView
from tests.organisation import ANALYST, NOW, OWNER, TODAY
from tests.slack import carded
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack.test_capture import shown, written
from tests.slack.test_commands import ask
from tests.slack.test_home import visit
from tests.slack.test_tellings import unread
from tests.slack_server.blocks import check_blocks
from tests.slack_server.messages import Message


def opened(insight: InsightApp, title: str = "Trucks by the day", **given: Any) -> TopicView:
    """A topic of the analyst's."""
    with insight.database.writing() as session:
        values = {"owner_id": ANALYST, **given}
        return topics.open_topic(session, insight.actor(ANALYST), title=title, now=NOW, **values)


def card_in_channel(insight: InsightApp, **fields: Any) -> Message:
    """The card of a note in #field-notes."""
    carded.route(insight, carded.channel(insight))
    carded.post(insight, **fields)
    return carded.said(insight)[0]


def gathered(insight: InsightApp) -> list[str]:
    """The titles of the topics that have the note."""
    found = select(Topic.title).join(TopicNote, TopicNote.topic_id == Topic.id)
    return list(insight.read(lambda one: one.scalars(found).all()))


def outcomes(insight: InsightApp) -> list[tuple[Outcome | None, str]]:
    """What was said of the notes of topics."""
    found = select(TopicNote.outcome, TopicNote.outcome_text)
    return [tuple(row) for row in insight.read(lambda one: one.execute(found).all())]


def menu(insight: InsightApp, name: str, card: Message, option: str = "Add to a topic") -> None:
    """Somebody takes something of the card's menu."""
    assert insight.visitor(name).click(card, "note.menu", option).ok
    insight.work()


class TestAdding:
    @pytest.mark.slack_rule(33, 42)
    def test_to_a_topic_is_told_on_the_card(self, insight: InsightApp) -> None:
        topic = opened(insight, "Trucks & <!here>")
        opened(insight, "Something else")
        card = card_in_channel(insight)
        assert check_blocks(card.blocks, "message") == []
        menu(insight, "anna", card)
        anna = insight.visitor("anna")
        assert carded.TEXT not in anna.modal.definition["private_metadata"]
        shown(anna)
        assert anna.look_up(anna.modal, "Topic", "elsewhere") == []
        anna.fill("Topic", str(topic.id), "trucks")
        assert anna.submit() == {}
        carded.settle(insight)
        assert gathered(insight) == [topic.title]
        assert f"{PUBLIC_URL}/topics/{topic.id}" in anna.direct_messages()[-1].text
        assert f"Topic: <{PUBLIC_URL}/topics/{topic.id}|" in card.text
        assert "<!here>" not in card.text

    @pytest.mark.slack_rule(11, 14)
    def test_to_a_new_one_opens_it_once(self, insight: InsightApp) -> None:
        menu(insight, "anna", card_in_channel(insight))
        anna = insight.visitor("anna")
        anna.fill("Or a new topic", "Daily rates")
        assert anna.submit() == {}
        assert insight.server.repeat_interaction().ok
        assert gathered(insight) == ["Daily rates"]

    @pytest.mark.slack_rule(7)
    def test_needs_one_of_both(self, http_insight: InsightApp) -> None:
        topic = opened(http_insight)
        menu(http_insight, "anna", card_in_channel(http_insight))
        anna = http_insight.visitor("anna")
        assert list(anna.submit()) == ["topic"]
        anna.fill("Topic", str(topic.id), "trucks")
        anna.fill("Or a new topic", "Daily rates")
        assert list(anna.submit()) == ["title"]
        assert gathered(http_insight) == []

    @pytest.mark.slack_rule(49)
    def test_is_for_those_who_work_on_topics(self, http_insight: InsightApp) -> None:
        card = card_in_channel(http_insight)
        for name in ("olivia", "gus"):
            menu(http_insight, name, card)
            assert not http_insight.visitor(name).has_modal
            assert http_insight.visitor(name).latest("field-notes").only_for
        menu(http_insight, "manuel", card)
        assert http_insight.visitor("manuel").modal.title == "Add to a topic"

    def test_is_not_all_that_the_menu_has(self, http_insight: InsightApp) -> None:
        card = card_in_channel(http_insight)
        menu(http_insight, "anna", card, "Where it was sent")
        assert not http_insight.visitor("anna").has_modal


class TestWhatBecameOfIt:
    @pytest.mark.slack_rule(7, 33)
    def test_is_said_from_the_card_and_told_there(self, insight: InsightApp) -> None:
        card = card_in_channel(insight)
        [note] = insight.notes()
        opened(insight, "Trucks & <!here>", note_ids=[note.id])
        menu(insight, "anna", card, "What became of it")
        anna = insight.visitor("anna")
        shown(anna)
        assert carded.TEXT not in anna.modal.definition["private_metadata"]
        anna.fill("What became of it", "used")
        anna.fill("In what, from where, or why not now", "the price list <!here>")
        assert anna.submit() == {}
        assert insight.server.repeat_interaction().ok
        carded.settle(insight)
        assert outcomes(insight) == [(Outcome.USED, "the price list <!here>")]
        assert "used in the price list &lt;!here&gt;" in card.text
        assert unread(insight, OWNER) == 1

    def test_needs_a_topic_first(self, http_insight: InsightApp) -> None:
        card = card_in_channel(http_insight)
        [note] = http_insight.notes()
        opened(http_insight, "Secret", audience=Audience.SEALED, note_ids=[note.id])
        menu(http_insight, "manuel", card, "What became of it")
        manuel = http_insight.visitor("manuel")
        assert not manuel.has_modal
        assert "Add to a topic" in written(manuel.latest("field-notes"))

    @pytest.mark.slack_rule(49)
    def test_is_for_those_who_work_on_topics(self, http_insight: InsightApp) -> None:
        card = card_in_channel(http_insight)
        [note] = http_insight.notes()
        opened(http_insight, note_ids=[note.id])
        for name in ("olivia", "gus"):
            menu(http_insight, name, card, "What became of it")
            assert not http_insight.visitor(name).has_modal
        assert outcomes(http_insight) == [(None, "")]


class TestACard:
    def test_tells_what_became_of_the_note(self, http_insight: InsightApp) -> None:
        card = card_in_channel(http_insight)
        [note] = http_insight.notes()
        topic = opened(http_insight, note_ids=[note.id])
        carded.settle(http_insight)
        assert "Trucks by the day" in card.text
        with http_insight.database.writing() as session:
            topic_outcomes.settle(
                session, http_insight.actor(ANALYST), topic.id, [note.id], Outcome.USED,
                text="the price list", now=NOW,
            )  # fmt: skip
        carded.settle(http_insight)
        assert "used in the price list" in card.text

    def test_follows_the_title(self, http_insight: InsightApp) -> None:
        card = card_in_channel(http_insight)
        [note] = http_insight.notes()
        topic = opened(http_insight, note_ids=[note.id])
        with http_insight.database.writing() as session:
            analyst = http_insight.actor(ANALYST)
            topics.change(session, analyst, topic.id, title="Rates by the day", now=NOW)
        carded.settle(http_insight)
        assert "Rates by the day" in card.text

    def test_keeps_sealed_topics_to_itself(self, http_insight: InsightApp) -> None:
        card = card_in_channel(http_insight)
        [note] = http_insight.notes()
        opened(http_insight, "Secret", audience=Audience.SEALED, note_ids=[note.id])
        carded.settle(http_insight)
        assert "Secret" not in carded.read(card)


class TestTheList:
    def test_has_ones_own_first_with_what_is_to_be_done(self, insight: InsightApp) -> None:
        note = insight.post(OWNER, "They ask for trucks")
        opened(insight, "Old", due=TODAY - timedelta(days=1), note_ids=[note])
        opened(insight, "Nobody's <!here>", owner_id=None)
        answer = ask(insight, "anna", "topics")
        assert "overdue since 17 March · 1 note · 1 without outcome" in answer.text
        assert answer.text.index("Old") < answer.text.index("Other topics")
        assert "<!here>" not in answer.text
        assert "No topic is yours." in ask(insight, "olivia", "topics").text

    def test_is_searched_by_words(self, http_insight: InsightApp) -> None:
        opened(http_insight, "Trucks by the day")
        assert "Trucks by the day" in ask(http_insight, "olivia", "topics trucks").text
        assert "No topic that is" in ask(http_insight, "olivia", "topics boats").text

    def test_shows_sealed_ones_to_those_who_may_see_them(self, http_insight: InsightApp) -> None:
        opened(http_insight, "Secret", audience=Audience.SEALED)
        assert "Secret" in written(ask(http_insight, "anna", "topics"))
        for name in ("olivia", "manuel"):
            assert "Secret" not in written(ask(http_insight, name, "topics"))

    def test_stands_on_the_home_of_whose_they_are(self, http_insight: InsightApp) -> None:
        opened(http_insight)
        assert "Trucks by the day" in json.dumps(visit(http_insight, "anna"))
        assert "Trucks by the day" not in visit(http_insight, "olivia")
