"""What is said in the thread of a card becomes the note's comments, in any order it is told."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.models import Audience, Comment, SlackCard
from insights.services import comments, notes
from integrations.slack import copies, people, remarks, threads
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import ADMIN, MEMBER, NOW, TODAY
from tests.slack import carded
from tests.slack.insight_app import InsightApp
from tests.slack_server import message_events
from tests.slack_server.messages import Message


def routed(insight: InsightApp) -> UUID:
    """A note whose card stands in #field-notes and in #deals."""
    for name in ("field-notes", "deals"):
        carded.route(insight, carded.channel(insight, name))
    return carded.post(insight)


def card(insight: InsightApp, name: str = "field-notes") -> Message:
    return carded.said(insight, name)[0]


def elsewhere(insight: InsightApp) -> list[str]:
    """What the app said in the thread of the other card."""
    return [one.text for one in carded.said(insight, "deals")[1:]]


@pytest.mark.slack_rule(18, 58)
def test_a_reply_is_a_comment_and_is_told_to_the_other_copies(insight: InsightApp) -> None:
    routed(insight)
    gus = insight.user_id("gus")
    insight.visitor("olivia").reply(card(insight), "Since May, says @gus & <all> of them")
    insight.clock.advance(1.0)
    insight.visitor("gus").reply(card(insight), "I was there")
    carded.settle(insight)
    assert carded.talk(insight) == [
        ("Olivia Owner", "Since May, says @Gus Guest & <all> of them"),
        ("Gus Guest", "I was there"),
    ]
    assert len(elsewhere(insight)) == 2
    assert gus not in elsewhere(insight)[0]
    # Nothing is said again where it was said.
    assert len(carded.said(insight)) == 3


@pytest.mark.slack_rule(18)
def test_it_follows_what_becomes_of_the_reply(insight: InsightApp) -> None:
    routed(insight)
    max_member = insight.visitor("max")
    said = max_member.reply(card(insight), "Since May")
    max_member.edit(said, "Since June")
    carded.settle(insight)
    assert carded.talk(insight) == [("Max Member", "Since June")]
    assert ["Since June" in one for one in elsewhere(insight)] == [True]
    max_member.delete(said)
    carded.settle(insight)
    assert (carded.talk(insight), elsewhere(insight)) == ([], [])


@pytest.mark.slack_rule(13, 59)
def test_news_that_come_backwards_and_twice_end_the_same(insight: InsightApp) -> None:
    routed(insight)
    events, max_member = insight.server.slack.events, insight.visitor("max")
    events.hold()
    first = max_member.reply(card(insight), "Since May")
    max_member.edit(first, "Since June")
    gone = max_member.reply(card(insight), "Never mind")
    max_member.delete(gone)
    insight.server.slack.faults.duplicate_events(4)
    events.release(backwards=True)
    insight.server.settle()
    carded.settle(insight)
    assert carded.talk(insight) == [("Max Member", "Since June")]


@pytest.mark.slack_rule(17, 19)
def test_what_is_no_reply_of_a_person_is_none(http_insight: InsightApp) -> None:
    routed(http_insight)
    olivia, shown = http_insight.visitor("olivia"), card(http_insight)
    olivia.say("field-notes", "Beside the card")
    other = olivia.say("field-notes", "Another thread")
    olivia.reply(other, "there")
    said = olivia.reply(shown, "See https://example.com")
    carded.settle(http_insight)
    # A preview of a link is no change of what was said.
    before = said.as_dict()
    said.attachments.append({"from_url": "https://example.com", "text": "Example"})
    message_events.changed(http_insight.server.slack, http_insight.workspace, said, before)
    http_insight.server.settle()
    [one] = http_insight.read(lambda session: session.query(Comment).all())
    assert (one.text, one.edited_at) == ("See https://example.com", None)


def test_replies_of_every_kind_are_kept(http_insight: InsightApp) -> None:
    routed(http_insight)
    olivia, shown = http_insight.visitor("olivia"), card(http_insight)
    for kind in ("thread_broadcast", "me_message", "file_share"):
        olivia.say("field-notes", f"A {kind}", shown, kind)
    carded.settle(http_insight)
    assert len(carded.talk(http_insight)) == 3


def test_somebody_whom_nobody_knew_is_looked_up_and_nothing_is_lost(
    http_insight: InsightApp,
) -> None:
    routed(http_insight)
    with http_insight.database.writing() as session:
        people.forget(session, http_insight.team_id)
    http_insight.visitor("olivia").reply(card(http_insight), "Since May")
    assert carded.talk(http_insight) == []
    carded.settle(http_insight)
    assert carded.talk(http_insight) == [("Olivia Owner", "Since May")]


@pytest.mark.slack_rule(57)
def test_what_cannot_be_kept_is_told_to_its_author_alone(http_insight: InsightApp) -> None:
    note_id = routed(http_insight)
    with http_insight.database.writing() as session:
        admin = http_insight.actor(ADMIN)
        notes.withdraw(
            session, admin, note_id, reason="", within=timedelta(0), now=http_insight.now()
        )
    http_insight.visitor("olivia").reply(card(http_insight), "Why?")
    carded.settle(http_insight)
    whispered = [one for one in carded.said(http_insight, reader="olivia") if one.only_for]
    assert len(whispered) == 1
    assert whispered[0].text.startswith("Your reply stands in this thread alone")
    assert carded.talk(http_insight) == []


def test_below_a_sealed_note_only_those_speak_who_may_see_it(http_insight: InsightApp) -> None:
    place = carded.channel(http_insight, takes_sealed=True)
    carded.route(http_insight, place)
    carded.post(http_insight, audience=Audience.SEALED)
    http_insight.visitor("max").reply(card(http_insight), "From Florida")
    http_insight.visitor("anna").reply(card(http_insight), "From headquarters")
    carded.settle(http_insight)
    assert carded.talk(http_insight) == [("Anna Analyst", "From headquarters")]


# What Slack can tell of one message, as its own clock orders it.
STEPS = (("said", "first"), ("changed", "second"), ("changed", "third"), ("deleted", None))
TALES = st.lists(st.integers(0, 3), min_size=1, max_size=8)


def event_of(step: int, thread: str) -> dict[str, object]:
    """The event of that step of one message's life, in the thread of a card."""
    kind, text = STEPS[step]
    message = {"ts": thread.replace("17", "18", 1), "thread_ts": thread, "user": "U1"}
    place = {"channel": "C1", "event_ts": f"19000001{step}0.000000", "type": "message"}
    if kind == "said":
        return {**message, **place, "text": text}
    if kind == "changed":
        return {**place, "subtype": "message_changed", "message": {**message, "text": text}}
    gone = {"deleted_ts": message["ts"], "previous_message": message}
    return {**place, **gone, "subtype": "message_deleted"}


@pytest.mark.slack_rule(11, 13, 59)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=TALES)
def test_any_order_and_any_number_of_events_end_in_what_the_newest_says(
    session: Session, characters: Characters, told: list[int]
) -> None:
    max_member = people.Caller("T1", "U1", "Max", MEMBER, is_guest=False, external=False)
    note_id = posted(session, characters.owner)
    thread = f"17000000{len(session.query(SlackCard).all()):02}.000000"
    copies.record(
        session, team_id="T1", channel_id="C1", ts=thread, note_id=note_id,
        destination_id=None, now=NOW,
    )  # fmt: skip
    for step in told:
        remark = remarks.read(event_of(step, thread))
        assert remark is not None
        threads.keep(session, "T1", remark, max_member, today=TODAY, now=NOW)
    found = comments.list_comments(session, characters.owner, note_id)
    newest = STEPS[max(told)][1]
    assert [one.text for one in found] == ([] if newest is None else [newest])
