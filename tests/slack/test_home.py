"""The app's own page in Slack; every scenario over both transports."""

import json

import pytest

from insights.models import Person
from insights.services import sightings, triage
from integrations.slack import blocks, capture_fields
from tests.organisation import MEMBER, NEVADA, OWNER, STRANGER
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack_server.faults import refusal
from tests.trend_rows import showing


def read(insight: InsightApp, name: str) -> str:
    """The page of somebody as text, once it is written; Slack would take it."""
    insight.work()
    view = insight.visitor(name).home.definition
    assert blocks.check(view, "home") == []
    return json.dumps(view["blocks"], ensure_ascii=False)


def visit(insight: InsightApp, name: str) -> str:
    insight.visitor(name).open_home()
    return read(insight, name)


def into_the_inbox(insight: InsightApp, *texts: str, author: int = MEMBER) -> None:
    notes = [insight.post(author, one) for one in texts]
    with insight.database.writing() as session:
        triage.open_notes(session, notes, now=insight.now())


def test_a_rep_finds_their_notes_and_what_is_coming_up_in_their_territories(
    insight: InsightApp,
) -> None:
    note = insight.post(OWNER, "They ask for trucks by the day <!here>")
    insight.post(MEMBER, "Not Olivia's")
    with insight.database.writing() as session:
        sightings.add(session, insight.actor(MEMBER), note, now=insight.now())
        showing(session, day=insight.runtime.today())
        showing(session, day=insight.runtime.today(), phrase="elsewhere", territory_id=NEVADA)

    page = visit(insight, "olivia")

    assert "They ask for trucks by the day <!here>" in page
    assert f"{PUBLIC_URL}/notes/{note}" in page
    assert "Seen by 1 other" in page
    assert "Not Olivia's" not in page
    assert "Coming up in your territories" in page
    assert "Ionfield is coming up in Georgia" in page
    assert "elsewhere" not in page
    assert "To triage" not in page


def test_who_triages_finds_the_newest_notes_that_wait_with_their_buttons(
    insight: InsightApp,
) -> None:
    into_the_inbox(insight, "A first note", "A second note *bold* <@U1>")

    page = visit(insight, "anna")

    assert "To triage" in page
    assert "A second note *bold* <@U1>" in page
    assert [page.count(one) for one in ("note.take", "note.known", "note.open")] == [2, 2, 2]
    assert "The inbox: 2 notes wait" in page


def test_a_manager_finds_the_notes_of_their_part_alone(insight: InsightApp) -> None:
    into_the_inbox(insight, "From Florida")
    into_the_inbox(insight, "From the west", author=STRANGER)

    page = visit(insight, "manuel")

    assert "From Florida" in page
    assert "From the west" not in page
    assert "The inbox: 1 note waits" in page


@pytest.mark.slack_rule(57)
def test_an_empty_page_says_what_to_do(insight: InsightApp) -> None:
    page = visit(insight, "anna")

    assert "Nothing waits for an answer." in page
    assert "You have written none yet. Press *Capture*, or write `/insight`" in page
    assert "Nothing is computed yet." in page


@pytest.mark.slack_rule(49)
def test_who_has_no_account_may_capture_and_is_told_what_this_is(insight: InsightApp) -> None:
    into_the_inbox(insight, "Not for guests")

    page = visit(insight, "gus")

    assert "home.capture" in page
    assert "Field Insights keeps what we hear in the field" in page
    assert "This works without an account." in page
    assert "Not for guests" not in page


def test_whose_account_was_closed_is_told_so(http_insight: InsightApp) -> None:
    with http_insight.database.writing() as session:
        session.get_one(Person, MEMBER).deactivated_at = http_insight.now()

    assert "Your account has been closed" in visit(http_insight, "max")


def test_it_is_written_anew_with_every_visit(insight: InsightApp) -> None:
    assert "You have written none yet" in visit(insight, "max")
    insight.post(MEMBER, "My very first")

    assert "My very first" in visit(insight, "max")


@pytest.mark.slack_rule(43)
def test_a_page_that_was_changed_meanwhile_is_read_and_written_once_more(
    insight: InsightApp,
) -> None:
    visit(insight, "max")
    insight.post(MEMBER, "My very first")
    insight.server.slack.faults.plan("views.publish", refusal("hash_conflict"))

    assert "My very first" in visit(insight, "max")


def test_the_button_opens_the_form(insight: InsightApp) -> None:
    max = insight.visitor("max")
    visit(insight, "max")

    max.click(max.home, "Capture")

    assert max.modal.definition["callback_id"] == capture_fields.CALLBACK


@pytest.mark.slack_rule(42)
def test_what_is_taken_on_the_page_leaves_it(insight: InsightApp) -> None:
    into_the_inbox(insight, "Who answers this?")
    anna = insight.visitor("anna")
    visit(insight, "anna")

    anna.click(anna.home, "Take it")

    assert "Nothing waits for an answer." in read(insight, "anna")


@pytest.mark.slack_rule(14)
def test_who_comes_too_late_is_told_and_finds_the_page_as_it_is(insight: InsightApp) -> None:
    into_the_inbox(insight, "Who answers this?")
    visit(insight, "anna")
    visit(insight, "manuel")
    for name in ("anna", "manuel"):
        insight.visitor(name).click(insight.visitor(name).home, "Take it")
        insight.work()

    assert "Nothing waits for an answer." in read(insight, "manuel")
    (told,) = insight.visitor("manuel").direct_messages()
    assert told.text == "Anna Analyst took it already, just now."


def test_a_note_that_is_written_there_is_on_the_page(insight: InsightApp) -> None:
    max = insight.visitor("max")
    visit(insight, "max")
    max.click(max.home, "Capture")
    max.fill("What did you see or hear?", "Heard on the way home")

    assert max.submit() == {}

    assert "Heard on the way home" in read(insight, "max")


def test_messages_with_the_app_write_no_page(insight: InsightApp) -> None:
    insight.visitor("max").open_home(tab="messages")
    insight.work()

    assert insight.calls("views.publish") == []
