"""Notes and all else that is sent to Slack: what arrives where, how often, and what is told when it
cannot."""

import json

import pytest
from sqlalchemy import delete

from insights.models import (
    Audience,
    Cadence,
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Destination,
    SlackCard,
)
from insights.search.analysis import ENGLISH
from insights.services import deliveries, parcels
from insights.services.deliveries import Sent
from insights.worker.router import Router
from integrations.slack.carrier import SlackCarrier
from tests.organisation import MEMBER, OWNER
from tests.slack import carded
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack_server import faults
from tests.slack_server.rendering import live_mentions

SENT, DEAD, WAITING = DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.WAITING


@pytest.fixture
def place(http_insight: InsightApp) -> int:
    """#field-notes, to which all notes about trucks are sent."""
    found = carded.channel(http_insight)
    carded.route(http_insight, found)
    return found


def _route_and_die(insight: InsightApp) -> None:
    """A worker that routes and posts, and dies before it can write anything of it down."""
    zone = insight.runtime.settings.zone
    router = Router(insight.database, ENGLISH, zone, insight.now)
    while router.step():
        pass
    with insight.database.writing() as session:
        taken = parcels.take(session, today=insight.runtime.today(), now=insight.now())
    assert taken is not None
    assert isinstance(SlackCarrier(insight.worker_parts).send(*taken), Sent)
    with insight.database.writing() as session:
        session.execute(delete(SlackCard))


@pytest.mark.slack_rule(23, 25, 54)
def test_a_routed_note_stands_in_its_channel_as_a_card(
    http_insight: InsightApp, place: int
) -> None:
    note_id = carded.post(http_insight)

    [card] = carded.said(http_insight)
    assert carded.buttons(card) == ["Take it", "Seen it too", "Already known", "Open"]
    for shown in (card.text, json.dumps(card.blocks)):
        assert f"{PUBLIC_URL}/notes/{note_id}" in shown
        assert "Olivia Owner" in shown
        assert "nobody has taken it yet" in shown
    assert "They pay for trucks by the day & want <!channel> less" in json.dumps(card.blocks)
    assert live_mentions(card) == []
    [call] = http_insight.calls("chat.postMessage")
    assert (call["unfurl_links"], call["unfurl_media"]) == ("0", "0")
    assert carded.states(http_insight) == [SENT]


@pytest.mark.slack_rule(15, 59)
def test_a_message_whose_answer_was_lost_is_not_posted_twice(
    http_insight: InsightApp, place: int
) -> None:
    http_insight.server.slack.faults.plan("chat.postMessage", faults.lost_response())
    carded.post(http_insight)
    assert carded.states(http_insight) == [WAITING]

    carded.settle(http_insight, seconds=20)

    assert len(carded.said(http_insight)) == 1
    assert carded.states(http_insight) == [SENT]
    [kept] = carded.cards_kept(http_insight)
    assert kept.ts == carded.said(http_insight)[0].ts


@pytest.mark.slack_rule(15)
def test_while_it_cannot_be_looked_up_it_is_not_posted_again(
    http_insight: InsightApp, place: int
) -> None:
    planned = http_insight.server.slack.faults
    planned.plan("chat.postMessage", faults.lost_response())
    planned.plan("conversations.history", *[faults.server_error()] * 2)
    carded.post(http_insight)

    carded.settle(http_insight, seconds=120)

    assert len(carded.said(http_insight)) == 1
    assert carded.states(http_insight) == [SENT]


@pytest.mark.slack_rule(15)
def test_a_worker_that_dies_after_posting_leaves_one_message_and_a_known_card(
    http_insight: InsightApp, place: int
) -> None:
    http_insight.post(OWNER, carded.TEXT)
    _route_and_die(http_insight)
    assert carded.states(http_insight) == [DeliveryState.SENDING]
    http_insight.restart_worker()
    http_insight.clock.advance(deliveries.LEASE.total_seconds() + 1)

    carded.settle(http_insight)

    assert len(carded.said(http_insight)) == 1
    assert carded.states(http_insight) == [SENT]
    assert len(carded.cards_kept(http_insight)) == 1


@pytest.mark.slack_rule(35, 37, 59)
def test_a_channel_that_is_asked_too_often_gets_all_of_it_a_little_later(
    http_insight: InsightApp, place: int
) -> None:
    busy = faults.too_many_requests(retry_after=40)
    http_insight.server.slack.faults.plan("chat.postMessage", busy)
    for number in range(3):
        http_insight.post(OWNER, f"trucks {number}")
    carded.settle(http_insight, seconds=30)
    assert carded.said(http_insight) == []

    carded.settle(http_insight, seconds=30)

    shown = [carded.read(one) for one in carded.said(http_insight)]
    assert [f"trucks {number}" in one for number, one in enumerate(shown)] == [True] * 3


@pytest.mark.slack_rule(38, 39, 59)
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("not_in_channel", "/invite @insight"),
        ("channel_not_found", "/invite @insight"),
        ("is_archived", "archived"),
        ("restricted_action", "Allow the app"),
        ("token_revoked", "Install the app again"),
    ],
)
def test_a_channel_that_is_closed_is_told_with_the_remedy_and_loses_nothing(
    http_insight: InsightApp, place: int, code: str, words: str
) -> None:
    http_insight.server.slack.faults.plan("chat.postMessage", faults.refusal(code))
    carded.post(http_insight)
    assert carded.states(http_insight) == [WAITING]
    assert words in carded.trouble(http_insight, place)


@pytest.mark.slack_rule(39, 59)
def test_what_waits_for_a_channel_that_threw_the_app_out_comes_when_it_is_back(
    http_insight: InsightApp,
) -> None:
    place = carded.channel(http_insight, "deals")
    carded.route(http_insight, place)
    http_insight.admin.kick_app("deals")
    carded.post(http_insight)
    assert carded.states(http_insight) == [WAITING]
    assert "/invite @insight" in carded.trouble(http_insight, place)

    http_insight.admin.invite_app("deals")
    carded.settle(http_insight)

    assert carded.states(http_insight) == [SENT]
    assert carded.trouble(http_insight, place) == ""
    cards = [one for one in carded.said(http_insight, "deals") if one.blocks]
    assert len(cards) == 1


def test_what_slack_refuses_for_good_is_dead_and_told(http_insight: InsightApp, place: int) -> None:
    http_insight.server.slack.faults.plan("chat.postMessage", faults.refusal("msg_too_long"))
    carded.post(http_insight)
    assert carded.states(http_insight) == [DEAD]


def test_sealed_notes_come_only_where_they_may_be_read(
    http_insight: InsightApp, place: int
) -> None:
    marked = carded.channel(http_insight, "deals", takes_sealed=True)
    carded.route(http_insight, marked)
    own = carded.own_messages(http_insight, "max", MEMBER)
    carded.route(http_insight, own, owner_id=MEMBER, personal=True)

    carded.post(http_insight, "A sealed word on trucks", audience=Audience.SEALED)

    assert carded.said(http_insight) == []
    assert http_insight.visitor("max").direct_messages() == []
    [card] = carded.said(http_insight, "deals")
    assert "_sealed_" in carded.read(card)


def test_somebodys_own_alert_comes_into_their_messages(http_insight: InsightApp) -> None:
    own = carded.own_messages(http_insight, "max", MEMBER)
    carded.route(http_insight, own, owner_id=MEMBER, personal=True)
    carded.post(http_insight)
    [card] = http_insight.visitor("max").direct_messages()
    # A rep decides nothing about notes, so nothing is offered.
    assert carded.buttons(card) == ["Seen it too", "Open"]


def test_the_notes_of_a_day_share_a_thread(http_insight: InsightApp) -> None:
    place = carded.channel(http_insight)
    carded.route(http_insight, place, threaded=True)
    for number in range(2):
        carded.post(http_insight, f"trucks {number}")
    # Another worker, which remembers nothing.
    http_insight.restart_worker()
    carded.post(http_insight, "trucks 2")

    day, *cards = carded.said(http_insight)
    assert [one.thread_ts for one in cards] == [day.ts] * 3
    assert "The notes of the day are in this thread." in day.text

    http_insight.clock.advance(86_400)
    carded.post(http_insight, "trucks tomorrow")
    *_, tomorrow, card = carded.said(http_insight)
    assert (tomorrow.thread_ts, card.thread_ts) == (None, tomorrow.ts)


@pytest.mark.slack_rule(15)
def test_a_day_is_begun_once_and_anew_when_it_was_deleted(http_insight: InsightApp) -> None:
    place = carded.channel(http_insight)
    carded.route(http_insight, place, threaded=True)
    planned = http_insight.server.slack.faults
    planned.plan("chat.postMessage", faults.lost_response(), faults.lost_response())
    http_insight.post(OWNER, "trucks 0")
    carded.settle(http_insight, seconds=60)
    day, card = carded.said(http_insight)
    assert (card.thread_ts, carded.states(http_insight)) == (day.ts, [SENT])

    http_insight.workspace.remove(day)
    carded.post(http_insight, "trucks 1")
    *_, anew, later = carded.said(http_insight)
    assert (later.thread_ts, anew.thread_ts) == (anew.ts, None)


def test_the_notes_of_a_digest_come_as_one_message(http_insight: InsightApp) -> None:
    place = carded.channel(http_insight)
    carded.route(http_insight, place, cadence=Cadence.DAILY)
    for number in range(50):
        http_insight.post(OWNER, f"trucks {number} <!here> {'long ' * 60}")
    carded.settle(http_insight)
    assert carded.said(http_insight) == []

    http_insight.clock.advance(86_400)
    carded.settle(http_insight)

    [digest] = carded.said(http_insight)
    shown = json.dumps(digest.blocks)
    assert [f"trucks {number} " in shown for number in range(50)] == [True] * 50
    assert live_mentions(digest) == []
    assert carded.cards_kept(http_insight) == []


@pytest.mark.slack_rule(40, 55)
def test_news_and_tests_come_with_their_words(http_insight: InsightApp, place: int) -> None:
    note_id = carded.post(http_insight)
    own = carded.own_messages(http_insight, "olivia", OWNER)
    now = http_insight.now()
    rows = (
        (own, note_id, DeliveryMatter.NEWS, "taken"),
        (place, None, DeliveryMatter.TEST, None),
    )
    with http_insight.database.writing() as session:
        for destination_id, about, matter, detail in rows:
            session.add(
                Delivery(
                    destination_id=destination_id,
                    note_id=about,
                    matter=matter,
                    detail=detail,
                    cause=f"{matter}",
                    state=WAITING,
                    due_at=now,
                    created_at=now,
                )
            )
            session.get_one(Destination, destination_id).next_at = now

    carded.settle(http_insight)

    [news] = http_insight.visitor("olivia").direct_messages()
    assert "has taken up your note" in news.text
    assert carded.buttons(news) == ["Open"]
    assert live_mentions(news) == []
    assert "This is a test" in carded.said(http_insight)[-1].text
    # Neither is a card that could be brought up to date.
    assert len(carded.cards_kept(http_insight)) == 1
