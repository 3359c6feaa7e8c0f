"""Slack's picture of a note stays true: its cards, and the talk in their threads."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from insights.models import Audience
from insights.services import comments, notes, sightings
from insights.services.access import Actor
from tests.organisation import ADMIN, ANALYST, MEMBER, OWNER
from tests.slack import carded
from tests.slack.insight_app import InsightApp
from tests.slack_server import faults, message_events
from tests.slack_server.messages import Message
from tests.slack_server.rendering import live_mentions


@pytest.fixture
def note_id(http_insight: InsightApp) -> UUID:
    """A note whose card stands in #field-notes, and in #deals where sealed notes may be read."""
    carded.route(http_insight, carded.channel(http_insight))
    carded.route(http_insight, carded.channel(http_insight, "deals", takes_sealed=True))
    return carded.post(http_insight)


@pytest.fixture
def analyst(http_insight: InsightApp) -> Actor:
    return http_insight.actor(ANALYST)


def cards(insight: InsightApp) -> list[Message]:
    return [carded.said(insight, name)[0] for name in ("field-notes", "deals")]


def thread(insight: InsightApp, name: str = "field-notes") -> list[str]:
    """What is said in the thread of the card."""
    return [one.text for one in carded.said(insight, name)[1:] if one.thread_ts]


class TestCards:
    @pytest.mark.slack_rule(42)
    def test_follow_the_note(self, http_insight: InsightApp, note_id: UUID) -> None:
        posted = len(http_insight.calls("chat.postMessage"))
        with http_insight.database.writing() as session:
            sightings.add(session, http_insight.actor(MEMBER), note_id, now=http_insight.now())
        carded.change(http_insight, http_insight.actor(OWNER), note_id, text="Other trucks now")
        for card in cards(http_insight):
            assert "1 has seen it too" in card.text
            assert "Other trucks now" in carded.read(card)
        assert len(http_insight.calls("chat.postMessage")) == posted

    def test_are_changed_by_one_call_each_however_much_has_changed(
        self, http_insight: InsightApp, note_id: UUID, analyst: Actor
    ) -> None:
        with http_insight.database.writing() as session:
            sightings.add(session, http_insight.actor(MEMBER), note_id, now=http_insight.now())
            sightings.add(session, analyst, note_id, now=http_insight.now())
            sightings.remove(session, analyst, note_id, now=http_insight.now())
        carded.settle(http_insight)
        assert len(http_insight.calls("chat.update")) == 2
        # What changes nothing that is shown makes no call.
        with http_insight.database.writing() as session:
            sightings.add(session, analyst, note_id, now=http_insight.now())
            sightings.remove(session, analyst, note_id, now=http_insight.now())
        carded.settle(http_insight)
        assert len(http_insight.calls("chat.update")) == 2

    def test_of_a_withdrawn_note_say_so_and_no_more_until_it_is_restored(
        self, http_insight: InsightApp, note_id: UUID
    ) -> None:
        admin = http_insight.actor(ADMIN)
        with http_insight.database.writing() as session:
            notes.withdraw(
                session, admin, note_id, reason="", within=timedelta(0), now=http_insight.now()
            )
        carded.settle(http_insight)
        for card in cards(http_insight):
            assert card.text == "This note was withdrawn."
            assert carded.buttons(card) == []
            assert "trucks" not in carded.read(card)
        with http_insight.database.writing() as session:
            notes.restore(session, admin, note_id, now=http_insight.now())
        carded.settle(http_insight)
        assert all("trucks" in carded.read(card) for card in cards(http_insight))

    def test_of_a_sealed_note_show_it_only_where_it_may_be_read(
        self, http_insight: InsightApp, note_id: UUID, analyst: Actor
    ) -> None:
        carded.comment(http_insight, analyst, note_id, uuid4(), "They call it trucking")
        carded.change(http_insight, http_insight.actor(OWNER), note_id, audience=Audience.SEALED)
        public, private = cards(http_insight)
        assert "not shown here any more" in public.text
        assert "trucks" not in carded.read(public)
        assert "trucks" in carded.read(private)
        assert (thread(http_insight), len(thread(http_insight, "deals"))) == ([], 1)

    @pytest.mark.slack_rule(42)
    def test_that_were_lost_are_posted_anew_once(
        self, http_insight: InsightApp, note_id: UUID
    ) -> None:
        owner = http_insight.actor(OWNER)
        http_insight.workspace.remove(carded.said(http_insight)[0])
        http_insight.server.slack.faults.plan("chat.postMessage", faults.lost_response())
        carded.change(http_insight, owner, note_id, text="Other trucks now")
        carded.settle(http_insight, seconds=20)
        assert all("Other trucks now" in carded.read(card) for card in cards(http_insight))
        assert len(carded.said(http_insight)) == 1
        http_insight.workspace.remove(carded.said(http_insight)[0])
        carded.change(http_insight, owner, note_id, text="No trucks at all")
        carded.settle(http_insight, seconds=20)
        assert carded.said(http_insight) == []

    def test_that_somebody_deleted_stay_deleted(
        self, http_insight: InsightApp, note_id: UUID
    ) -> None:
        card = carded.said(http_insight)[0]
        http_insight.workspace.remove(card)
        message_events.deleted(http_insight.server.slack, http_insight.workspace, card)
        http_insight.server.settle()
        carded.change(http_insight, http_insight.actor(OWNER), note_id, text="Other trucks now")
        assert carded.said(http_insight) == []
        assert "Other trucks now" in carded.read(carded.said(http_insight, "deals")[0])

    @pytest.mark.slack_rule(37, 59)
    def test_are_true_again_after_all_that_goes_wrong(
        self, http_insight: InsightApp, note_id: UUID
    ) -> None:
        wrong = (
            faults.server_error(),
            faults.too_many_requests(3),
            faults.lost_response(),
            faults.connection_reset(),
            faults.silence(0.05),
            faults.refusal("internal_error"),
        )
        http_insight.server.slack.faults.plan("chat.update", *wrong)
        carded.change(http_insight, http_insight.actor(OWNER), note_id, text="Other trucks now")
        carded.settle(http_insight, seconds=60)
        assert all("Other trucks now" in carded.read(card) for card in cards(http_insight))

    def test_tell_what_changed_while_they_were_posted(self, http_insight: InsightApp) -> None:
        carded.route(http_insight, carded.channel(http_insight))
        note_id = http_insight.post(OWNER, carded.TEXT)
        http_insight.work()
        # The card is known; that its note changed was read before it was.
        with http_insight.database.writing() as session:
            sightings.add(session, http_insight.actor(MEMBER), note_id, now=http_insight.now())
            session.connection().exec_driver_sql("UPDATE journal_cursors SET cursor = cursor + 1")
        carded.settle(http_insight, seconds=10)
        assert "1 has seen it too" in carded.said(http_insight)[0].text


class TestTalk:
    @pytest.mark.slack_rule(23, 24)
    def test_on_the_page_is_told_in_the_threads_of_all_cards(
        self, http_insight: InsightApp, note_id: UUID, analyst: Actor
    ) -> None:
        carded.comment(http_insight, analyst, note_id, uuid4(), "Since when? <!here> *now*")
        for name in ("field-notes", "deals"):
            card, reply = carded.said(http_insight, name)
            assert reply.thread_ts == card.ts
            assert "*Anna Analyst*" in reply.text
            assert live_mentions(reply) == []
            assert "Since when? <!here> *now*" in carded.read(reply)
        # What the app says itself is not heard as an answer.
        assert carded.talk(http_insight) == [("Anna Analyst", "Since when? <!here> *now*")]

    def test_follows_changes_and_withdrawals(
        self, http_insight: InsightApp, note_id: UUID, analyst: Actor
    ) -> None:
        comment_id = uuid4()
        carded.comment(http_insight, analyst, note_id, comment_id, "Since when?")
        with http_insight.database.writing() as session:
            comments.edit(session, analyst, comment_id, text="Since May?", now=http_insight.now())
        carded.settle(http_insight)
        assert [("Since May?" in one) for one in thread(http_insight)] == [True]
        with http_insight.database.writing() as session:
            comments.withdraw(session, analyst, comment_id, now=http_insight.now())
        carded.settle(http_insight)
        assert (thread(http_insight), thread(http_insight, "deals")) == ([], [])

    @pytest.mark.slack_rule(15)
    def test_is_told_once_after_an_answer_was_lost(
        self, http_insight: InsightApp, note_id: UUID, analyst: Actor
    ) -> None:
        http_insight.server.slack.faults.plan("chat.postMessage", faults.lost_response())
        carded.comment(http_insight, analyst, note_id, uuid4(), "Since when?")
        carded.settle(http_insight)
        assert len(thread(http_insight)) == len(thread(http_insight, "deals")) == 1

    def test_that_was_withdrawn_before_it_was_told_is_not_told(
        self, http_insight: InsightApp, note_id: UUID, analyst: Actor
    ) -> None:
        comment_id = uuid4()
        with http_insight.database.writing() as session:
            comments.add(
                session, analyst, note_id, comment_id=comment_id, text="Oh", now=http_insight.now()
            )
            comments.withdraw(session, analyst, comment_id, now=http_insight.now())
        carded.settle(http_insight)
        assert thread(http_insight) == []

    @pytest.mark.slack_rule(38)
    def test_that_meets_a_dead_token_is_told_once_the_app_is_back(
        self, http_insight: InsightApp, note_id: UUID, analyst: Actor
    ) -> None:
        installation = http_insight.workspace.installation
        assert installation is not None
        installation.refusal = "token_revoked"
        carded.comment(http_insight, analyst, note_id, uuid4(), "Since when?")
        installation.refusal = None
        http_insight.restart_worker()
        http_insight.work()
        carded.settle(http_insight, seconds=400)
        assert [text for text in thread(http_insight) if "Since when?" in text]

    def test_is_not_told_where_notes_share_a_thread(
        self, http_insight: InsightApp, analyst: Actor
    ) -> None:
        carded.route(http_insight, carded.channel(http_insight), threaded=True)
        note_id = carded.post(http_insight)
        carded.comment(http_insight, analyst, note_id, uuid4(), "Since when?")
        assert not any("Since when?" in one.text for one in carded.said(http_insight))

    def test_of_endless_length_is_cut_with_a_link_to_the_rest(
        self, http_insight: InsightApp, note_id: UUID, analyst: Actor
    ) -> None:
        carded.comment(http_insight, analyst, note_id, uuid4(), "<&> trucks " * 400)
        assert "Read all of it" in carded.read(carded.said(http_insight)[1])
