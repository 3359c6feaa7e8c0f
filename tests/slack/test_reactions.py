"""The emoji that saves a message as a note."""

from typing import Any

import pytest
from sqlalchemy import select

from insights.models import Audience, GuardAction, Person, Sighting, Source
from tests.organisation import ANALYST, GEORGIA, MEMBER, OWNER
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack.test_capture import TEXT, guard, written
from tests.slack_server.faults import server_error
from tests.slack_server.messages import Message


def say(
    insight: InsightApp, name: str = "max", channel: str = "field-notes", **more: Any
) -> Message:
    return insight.visitor(name).say(channel, TEXT, **more)


def react(insight: InsightApp, name: str, message: Message, emoji: str = "bulb") -> None:
    """Somebody gives the emoji, and the worker does what follows."""
    insight.visitor(name).react(message, emoji)
    insight.work()


def sighters(insight: InsightApp) -> list[int]:
    return list(insight.read(lambda session: session.scalars(select(Sighting.person_id)).all()))


def test_the_words_are_saved_as_the_note_of_who_wrote_them(insight: InsightApp) -> None:
    said = say(insight)
    react(insight, "olivia", said)
    (note,) = insight.notes()
    assert (note.text, note.author_id, note.source) == (TEXT, MEMBER, Source.SLACK)
    assert note.external_id == f"slack:{insight.team_id}/{said.channel}/{said.ts}"
    olivia, max_ = insight.visitor("olivia"), insight.visitor("max")
    told = olivia.latest("field-notes")
    assert told.only_for == olivia.person.id
    assert f"Saved as an insight by Olivia Owner: <{PUBLIC_URL}/notes/{note.id}" in told.text
    assert "Undo" not in written(told)
    author_told = max_.direct_messages()[-1]
    assert "Saved as an insight by Olivia Owner" in author_told.text
    assert max_.click(author_told, "Undo").ok
    insight.work()
    assert insight.notes()[0].withdrawn_at is not None
    react(insight, "anna", said)
    assert len(insight.notes()) == 1
    assert sighters(insight) == []


@pytest.mark.slack_rule(11)
@pytest.mark.slack_rule(13)
def test_one_message_is_one_note_and_others_saw_it_too(http_insight: InsightApp) -> None:
    said = say(http_insight, "olivia")
    http_insight.server.slack.faults.duplicate_events()
    react(http_insight, "olivia", said)
    react(http_insight, "anna", said)
    react(http_insight, "max", said)
    react(http_insight, "max", said, "bulb::skin-tone-3")
    assert [note.author_id for note in http_insight.notes()] == [OWNER]
    assert sorted(sighters(http_insight)) == [MEMBER, ANALYST]
    told = http_insight.visitor("olivia").latest("field-notes")
    assert "Undo" in written(told)


def test_other_emoji_other_bots_and_empty_messages_are_left_alone(http_insight: InsightApp) -> None:
    insight = http_insight
    react(insight, "anna", say(insight), "tada")
    bot = insight.workspace.add_person("feed", "News Feed", is_bot=True, bot_id="B0FEED")
    insight.workspace.channel("field-notes").members.append(bot.id)
    react(insight, "anna", say(insight, "feed", subtype="bot_message"))
    react(insight, "anna", insight.visitor("max").say("field-notes", " "))
    assert insight.notes() == []


def test_a_reply_in_a_thread_is_saved_alone(http_insight: InsightApp) -> None:
    question = http_insight.visitor("anna").say("field-notes", "What do you hear of Ionfield?")
    react(http_insight, "anna", say(http_insight, "olivia", thread=question))
    (note,) = http_insight.notes()
    assert (note.text, note.territory_id) == (TEXT, GEORGIA)
    assert http_insight.visitor("anna").thread(question)[-1].only_for


@pytest.mark.slack_rule(22)
def test_words_of_somebody_from_outside_are_of_who_heard_them(http_insight: InsightApp) -> None:
    """A customer in a shared channel is no author here, whatever address they have."""
    insight = http_insight
    customer = insight.workspace.add_person(
        "carl", "Carl Customer", "analyst@example.com", team_id="T0000CUST"
    )
    insight.workspace.channel("field-notes").members.append(customer.id)
    react(insight, "olivia", say(insight, "carl"))
    (note,) = insight.notes()
    assert note.author_id == OWNER
    assert note.text == f"{TEXT}\n— Carl Customer in #field-notes"
    react(insight, "carl", say(insight, "max"))
    assert len(insight.notes()) == 1


def test_a_guest_stands_for_an_author_without_an_account(http_insight: InsightApp) -> None:
    react(http_insight, "olivia", say(http_insight, "gus"))
    (note,) = http_insight.notes()
    name = http_insight.read(lambda session: session.get_one(Person, note.author_id).name)
    assert (name, note.territory_id) == ("Gus Guest", GEORGIA)


@pytest.mark.slack_rule(57)
def test_what_cannot_be_saved_is_told_to_who_tried(http_insight: InsightApp) -> None:
    guard(http_insight, "fibre", GuardAction.BLOCK)
    said = say(http_insight)
    react(http_insight, "olivia", said)
    told = http_insight.visitor("olivia").latest("field-notes").text
    assert told.startswith("The message was not saved as an insight. “fibre” is on the list")
    react(http_insight, "anna", http_insight.visitor("gus").say("field-notes", "They want solar"))
    told = http_insight.visitor("anna").latest("field-notes").text
    assert "Choose a territory" in told
    assert http_insight.notes() == []


def test_what_is_said_in_a_private_channel_is_sealed(http_insight: InsightApp) -> None:
    react(http_insight, "manuel", say(http_insight, "manuel", "deals"))
    assert [note.audience for note in http_insight.notes()] == [Audience.SEALED]


@pytest.mark.slack_rule(37)
def test_a_message_that_slack_does_not_give_at_once_is_saved_later(
    http_insight: InsightApp,
) -> None:
    http_insight.server.slack.faults.plan("conversations.replies", server_error())
    react(http_insight, "olivia", say(http_insight))
    assert http_insight.notes() == []
    http_insight.clock.advance(60)
    http_insight.work()
    assert len(http_insight.notes()) == 1
