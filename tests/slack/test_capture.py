"""Writing notes in Slack: the form, what it asks back, and what is told afterwards."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from insights.models import (
    Audience,
    GuardAction,
    GuardMatch,
    GuardOverride,
    GuardTopic,
    GuardWord,
    Kind,
    Known,
    Person,
    Sighting,
    Source,
)
from insights.services import catalogue
from integrations.slack import blocks
from tests.organisation import FLORIDA, GEORGIA, MEMBER, MERCY, OWNER
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack_server.driver import Visitor
from tests.slack_server.faults import refusal, server_error
from tests.slack_server.messages import Message
from tests.slack_server.rendering import live_mentions

TEXT = "Ionfield cut the list price of fibre by a fifth for every hospital"


def written(message: Message) -> str:
    """All that a message says, in its text and its blocks."""
    return f"{message.text}\n{json.dumps(message.blocks, ensure_ascii=False)}"


def shown(visitor: Visitor) -> str:
    """All that stands in the open form, which Slack would take."""
    assert blocks.check(visitor.modal.definition, "modal") == []
    return json.dumps(visitor.modal.blocks, ensure_ascii=False)


def held(visitor: Visitor, name: str) -> Any:
    """What is chosen in a list of the form, as its person reads it."""
    option = visitor.modal.values[name][f"capture.{name}"]["selected_option"]
    return option["text"]["text"] if option else None


def rows(insight: InsightApp, *columns: Any) -> list[tuple[Any, ...]]:
    found = insight.read(lambda session: session.execute(select(*columns)).all())
    return [tuple(row) for row in found]


def capture(insight: InsightApp, name: str, text: str, channel: str = "field-notes") -> Visitor:
    """Somebody with the form open, their text in it."""
    visitor = insight.visitor(name)
    assert visitor.type(f"/insight {text}", channel).ok
    return visitor


@pytest.mark.slack_rule(4)
@pytest.mark.slack_rule(31)
@pytest.mark.slack_rule(33)
@pytest.mark.slack_rule(52, 58)
def test_a_note_is_written_with_the_form(insight: InsightApp) -> None:
    olivia = capture(insight, "olivia", TEXT)
    assert olivia.modal.values["text"]["capture.text"]["value"] == TEXT
    assert held(olivia, "territory") == "Georgia"
    assert TEXT not in olivia.modal.definition["private_metadata"]
    olivia.fill("Kind", "Opportunity")
    olivia.fill("Account", "Mercy Hospital", "mercy")
    olivia.fill("Segments", ["Small business"])
    olivia.fill("Impact", "High")
    assert olivia.submit() == {}
    assert not olivia.has_modal

    insight.work()

    (note,) = insight.notes()
    assert (note.text, note.source, note.author_id) == (TEXT, Source.SLACK, OWNER)
    assert (note.territory_id, note.account_id, note.kind) == (GEORGIA, MERCY, Kind.OPPORTUNITY)
    said = olivia.latest("field-notes")
    assert said.only_for == olivia.person.id
    assert f"{PUBLIC_URL}/notes/{note.id}" in said.text
    assert "Georgia · Opportunity · Ionfield · Small business" in written(said)


@pytest.mark.slack_rule(11)
@pytest.mark.slack_rule(14)
def test_a_form_that_comes_twice_is_one_note_and_one_answer(insight: InsightApp) -> None:
    olivia = capture(insight, "olivia", TEXT)
    assert olivia.submit() == {}
    assert insight.server.repeat_interaction().ok
    insight.work()
    assert len(insight.notes()) == 1
    assert len(olivia.sees("field-notes")) == 1


@pytest.mark.slack_rule(41)
def test_the_answer_finds_its_person_where_the_app_is_not(http_insight: InsightApp) -> None:
    olivia = capture(http_insight, "olivia", TEXT, "random")
    olivia.submit()
    http_insight.work()
    assert olivia.sees("random") == []
    assert "Saved as an insight" in olivia.direct_messages()[-1].text


@pytest.mark.slack_rule(7)
@pytest.mark.slack_rule(57)
def test_what_is_missing_is_said_at_its_field_and_the_form_stays(insight: InsightApp) -> None:
    anna = capture(insight, "anna", TEXT)
    assert list(anna.submit()) == ["territory"]
    anna.fill("What did you see or hear?", " \u200b ")
    anna.fill("Territory", "Nevada", "nev")
    assert "empty" in anna.submit()["text"]
    anna.fill("What did you see or hear?", TEXT)
    assert anna.submit() == {}
    assert [note.text for note in insight.notes()] == [TEXT]


def test_the_lists_find_names_codes_and_aliases_and_offer_ones_own_first(
    http_insight: InsightApp,
) -> None:
    olivia = capture(http_insight, "olivia", TEXT)
    everywhere = olivia.look_up(olivia.modal, "Territory", "")
    assert (everywhere[0], len(everywhere)) == ("Georgia", 5)
    assert olivia.look_up(olivia.modal, "Territory", "NV") == ["Nevada"]
    assert olivia.look_up(olivia.modal, "Territory", "atlantis") == []
    assert olivia.look_up(olivia.modal, "Competitors", "ion f") == ["Ionfield"]
    assert olivia.look_up(olivia.modal, "Competitors", "telecom") == ["Acme Telecom"]
    assert olivia.look_up(olivia.modal, "Segments", "truck") == ["Trucking"]
    assert olivia.look_up(olivia.modal, "Account", "freight") == ["Roadway Freight"]


def test_a_word_that_no_note_may_hold_is_refused_with_the_reason(
    http_insight: InsightApp,
) -> None:
    guard(http_insight, "merger", GuardAction.BLOCK)
    olivia = capture(http_insight, "olivia", "The merger of our customers comes in May")
    assert "“merger” is on the list of restricted words" in olivia.submit()["text"]
    assert http_insight.notes() == []
    olivia.fill("What did you see or hear?", "Two of our customers grow together")
    assert olivia.submit() == {}
    assert len(http_insight.notes()) == 1


def test_what_should_not_be_there_is_asked_about_and_goes_when_confirmed(
    insight: InsightApp,
) -> None:
    text = "Call the buyer, jane.doe@hospital.example, before <!channel> hears"
    olivia = capture(insight, "olivia", text)
    assert olivia.submit() == {}
    assert insight.notes() == []
    assert "jane.doe@hospital.example”: This looks like an e-mail address" in shown(olivia)
    assert olivia.submit() == {}
    assert insight.notes() == []
    olivia.fill("Send it all the same?", ["Send it as it is"])
    assert olivia.submit() == {}
    assert [note.text for note in insight.notes()] == [text]
    assert rows(insight, GuardOverride.finding, GuardOverride.was_asked) == [("e-mail", True)]


def test_colleagues_who_said_the_same_are_joined_instead(insight: InsightApp) -> None:
    """Corroboration instead of duplicates: while the form is open, and nothing typed is lost."""
    note_id = insight.post(MEMBER, TEXT)
    insight.work()
    olivia = capture(insight, "olivia", TEXT)
    assert "Colleagues wrote much the same" in shown(olivia)
    assert "Max Member, Florida" in shown(olivia)
    olivia.fill("Kind", "Challenge")
    assert olivia.click(olivia.modal, "Seen it too").ok
    insight.work()
    assert rows(insight, Sighting.note_id, Sighting.person_id) == [(note_id, OWNER)]
    assert "✓ You saw it too" in shown(olivia)
    assert held(olivia, "kind") == "Challenge"
    assert olivia.submit() == {}
    assert [one.kind for one in insight.notes() if one.author_id == OWNER] == [Kind.CHALLENGE]


def test_similar_notes_are_shown_once_before_the_form_is_saved(http_insight: InsightApp) -> None:
    http_insight.post(MEMBER, TEXT)
    http_insight.work()
    olivia = http_insight.visitor("olivia")
    olivia.use_shortcut("Capture an insight")
    olivia.fill("What did you see or hear?", TEXT)
    assert olivia.submit() == {}
    assert "Colleagues wrote much the same" in shown(olivia)
    assert olivia.submit() == {}
    assert not olivia.has_modal
    assert len(http_insight.notes()) == 2


@pytest.mark.slack_rule(49)
def test_somebody_without_an_account_captures_too(http_insight: InsightApp) -> None:
    http_insight.post(MEMBER, TEXT)
    http_insight.work()
    gus = capture(http_insight, "gus", TEXT)
    labels = {block["label"]["text"] for block in gus.modal.blocks if block["type"] == "input"}
    assert not {"Account", "Competitors", "Segments"} & labels
    assert "Max Member" not in shown(gus)
    assert list(gus.submit()) == ["territory"]
    gus.fill("Territory", "Florida", "flo")
    assert gus.submit() == {}
    http_insight.work()
    (note,) = [one for one in http_insight.notes() if one.source is Source.SLACK]
    assert note.territory_id == FLORIDA
    (guest,) = rows(http_insight, Person.name, Person.guest, Person.id)[-1:]
    assert guest == ("Gus Guest", True, note.author_id)
    said = gus.latest("field-notes")
    assert gus.click(said, "Undo").ok
    http_insight.work()
    assert withdrawn(http_insight, 1)


@pytest.mark.slack_rule(5)
def test_somebody_new_waits_in_the_form_until_we_know_them(insight: InsightApp) -> None:
    nina = insight.workspace.add_person("nina", "Nina New", "stranger@example.com")
    insight.workspace.channel("field-notes").members.append(nina.id)
    visitor = capture(insight, "nina", TEXT)
    assert "One moment" in shown(visitor)
    insight.work()
    assert held(visitor, "territory") == "Nevada"
    assert visitor.submit() == {}
    assert [note.text for note in insight.notes()] == [TEXT]


def test_somebody_whose_account_has_ended_is_told_with_their_text(
    http_insight: InsightApp,
) -> None:
    leo = http_insight.workspace.add_person("leo", "Leo Leaver", "leaver@example.com")
    http_insight.workspace.channel("field-notes").members.append(leo.id)
    visitor = capture(http_insight, "leo", TEXT)
    http_insight.work()
    assert "Your account has been closed" in shown(visitor)
    assert TEXT in shown(visitor)
    assert http_insight.notes() == []


@pytest.mark.slack_rule(5)
@pytest.mark.slack_rule(57)
@pytest.mark.parametrize("fault", [refusal("expired_trigger_id"), server_error()], ids=str)
def test_a_form_that_did_not_open_gives_the_text_back(http_insight: InsightApp, fault: Any) -> None:
    http_insight.server.slack.faults.plan("views.open", fault)
    olivia = capture(http_insight, "olivia", TEXT)
    assert not olivia.has_modal
    http_insight.work()
    said = olivia.latest("field-notes")
    assert "Nothing was saved. Please try again." in said.text
    assert TEXT in written(said)


@pytest.mark.slack_rule(23)
@pytest.mark.slack_rule(59)
def test_hostile_text_stays_text(http_insight: InsightApp) -> None:
    text = "<!channel> &lt;!here&gt; <@U1> *bold* \u202eRTL " + "👩‍👩‍👧" * 50
    message = http_insight.visitor("max").say("field-notes", text)
    olivia = http_insight.visitor("olivia")
    olivia.use_shortcut("Save as insight", message)
    assert olivia.submit() == {}
    http_insight.work()
    (note,) = http_insight.notes()
    assert note.text.startswith("<!channel> &lt;!here&gt; <@U1> *bold* RTL 👩‍👩‍👧")
    assert [live_mentions(one) for one in olivia.sees("field-notes")[1:]] == [[]]


@pytest.mark.slack_rule(20)
@pytest.mark.slack_rule(53)
def test_a_message_is_saved_and_said_so_in_its_thread(insight: InsightApp) -> None:
    said = insight.visitor("max").say("field-notes", "@anna: Acme pays for the move, 5 > 4")
    olivia = insight.visitor("olivia")
    assert olivia.use_shortcut("Save as insight", said).ok
    words = olivia.modal.values["text"]["capture.text"]["value"]
    assert words == "@Anna Analyst: Acme pays for the move, 5 > 4\n— Max Member in #field-notes"
    assert olivia.submit() == {}
    insight.work()
    (note,) = insight.notes()
    assert note.external_id == f"slack:{insight.team_id}/{said.channel}/{said.ts}"
    assert note.captured_at.timestamp() == pytest.approx(float(said.ts), abs=1)
    assert note.known is Known.HEARD, "they are Max's words, in Olivia's note"
    confirmation = insight.visitor("anna").thread(said)[-1]
    assert "Saved as an insight by Olivia Owner" in confirmation.text
    browser = insight.flask.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = f"{OWNER}:1", True
    there = f"team={insight.team_id}&amp;channel={said.channel}&amp;message_ts={said.ts}"
    assert f"https://slack.com/app_redirect?{there}" in browser.get(f"/notes/{note.id}").text


def test_a_message_is_saved_once_and_the_next_one_saw_it_too(http_insight: InsightApp) -> None:
    said = http_insight.visitor("max").say("field-notes", TEXT)
    olivia, max_ = http_insight.visitor("olivia"), http_insight.visitor("max")
    olivia.use_shortcut("Save as insight", said)
    assert olivia.submit() == {}
    max_.use_shortcut("Save as insight", said)
    assert "Olivia Owner saved this message already" in shown(max_)
    assert max_.click(max_.modal, "Seen it too").ok
    http_insight.work()
    assert "✓ You saw it too" in shown(max_)
    assert rows(http_insight, Sighting.person_id) == [(MEMBER,)]
    assert len(http_insight.notes()) == 1


def test_two_who_save_one_message_at_once_lose_nothing(http_insight: InsightApp) -> None:
    said = http_insight.visitor("max").say("field-notes", TEXT)
    visitors = [http_insight.visitor(name) for name in ("olivia", "manuel")]
    for visitor in visitors:
        visitor.use_shortcut("Save as insight", said)
    for visitor in visitors:
        assert visitor.submit() == {}
    assert len(http_insight.notes()) == 2


def test_what_a_private_channel_hears_is_sealed_and_not_told_of_there(
    http_insight: InsightApp,
) -> None:
    said = http_insight.visitor("anna").say("deals", TEXT)
    manuel = http_insight.visitor("manuel")
    manuel.use_shortcut("Save as insight", said)
    assert held(manuel, "audience") == "Sealed"
    assert manuel.submit() == {}
    http_insight.work()
    (note,) = http_insight.notes()
    assert note.audience is Audience.SEALED
    assert note.text == f"{TEXT}\n— Anna Analyst in Slack"
    assert len(http_insight.visitor("anna").sees("deals")) == 1
    assert "Saved as an insight" in manuel.latest("deals").text


@pytest.mark.slack_rule(53)
def test_nobody_outside_reads_that_a_message_was_saved(http_insight: InsightApp) -> None:
    http_insight.workspace.channel("field-notes").shared_outside = True
    said = http_insight.visitor("max").say("field-notes", TEXT)
    olivia = http_insight.visitor("olivia")
    olivia.use_shortcut("Save as insight", said)
    olivia.submit()
    http_insight.work()
    assert olivia.thread(said) == [said]
    told = olivia.direct_messages()[-1]
    assert "People of other organisations read that channel" in told.text
    assert olivia.click(told, "Undo").ok


@pytest.mark.slack_rule(39)
def test_a_confirmation_that_slack_refuses_is_said_to_its_person(http_insight: InsightApp) -> None:
    said = http_insight.visitor("max").say("field-notes", TEXT)
    olivia = http_insight.visitor("olivia")
    olivia.use_shortcut("Save as insight", said)
    olivia.submit()
    http_insight.server.slack.faults.plan("chat.postMessage", refusal("restricted_action"))
    http_insight.work()
    assert olivia.thread(said) == [said]
    assert "Saved as an insight" in olivia.direct_messages()[-1].text


@pytest.mark.slack_rule(42)
@pytest.mark.slack_rule(49)
def test_only_its_author_takes_a_note_back(insight: InsightApp) -> None:
    said = insight.visitor("max").say("field-notes", TEXT)
    olivia, max_ = insight.visitor("olivia"), insight.visitor("max")
    olivia.use_shortcut("Save as insight", said)
    olivia.submit()
    insight.work()
    confirmation = olivia.thread(said)[-1]
    assert max_.click(confirmation, "Undo").ok
    insight.work()
    assert withdrawn(insight, 0)
    assert "withdrawn by its author within 24 hours" in max_.sees("field-notes")[-1].text
    assert olivia.click(confirmation, "Undo").ok
    insight.work()
    assert withdrawn(insight, 1)
    assert confirmation.text == "The note was taken back: nobody else finds it any more."
    assert "Undo" not in written(confirmation)


def test_a_message_without_text_is_not_saved(http_insight: InsightApp) -> None:
    said = http_insight.visitor("max").say("field-notes", "")
    olivia = http_insight.visitor("olivia")
    olivia.use_shortcut("Save as insight", said)
    http_insight.work()
    assert not olivia.has_modal
    assert "no text to save" in olivia.latest("field-notes").text


def test_a_note_is_not_taken_back_after_the_time_for_it(http_insight: InsightApp) -> None:
    olivia = capture(http_insight, "olivia", TEXT)
    olivia.submit()
    http_insight.work()
    http_insight.clock.advance(25 * 3600)
    olivia.click(olivia.latest("field-notes"), "Undo")
    http_insight.work()
    assert withdrawn(http_insight, 0)
    assert "Ask a manager, or add a comment" in olivia.latest("field-notes").text


def test_a_note_of_ours_is_not_saved_as_another(http_insight: InsightApp) -> None:
    said = http_insight.visitor("max").say("field-notes", TEXT)
    olivia = http_insight.visitor("olivia")
    olivia.use_shortcut("Save as insight", said)
    olivia.submit()
    http_insight.work()
    olivia.use_shortcut("Save as insight", olivia.thread(said)[-1])
    http_insight.work()
    assert not olivia.has_modal
    assert "This is a note already" in olivia.latest("field-notes").text


@pytest.mark.slack_rule(26)
def test_a_message_longer_than_the_form_says_so(http_insight: InsightApp) -> None:
    said = http_insight.visitor("max").say("field-notes", "Much to tell. " * 500)
    olivia = http_insight.visitor("olivia")
    olivia.use_shortcut("Save as insight", said)
    words = olivia.modal.values["text"]["capture.text"]["value"]
    assert words.endswith("…\n— Max Member in #field-notes")
    assert "What was longer is left out" in shown(olivia)


def test_the_page_of_the_app_opens_the_form_too(http_insight: InsightApp) -> None:
    olivia = http_insight.visitor("olivia")
    olivia.open_home()
    http_insight.work()
    assert olivia.click(olivia.home, "Capture").ok
    assert olivia.modal.title == "New note"


@pytest.mark.slack_rule(33)
def test_a_form_whose_ids_were_lost_says_so_and_keeps_the_text(http_insight: InsightApp) -> None:
    olivia = capture(http_insight, "olivia", TEXT)
    olivia.modal.definition["private_metadata"] = "{}"
    assert "older version" in olivia.submit()["text"]
    assert http_insight.notes() == []


def guard(insight: InsightApp, word: str, action: GuardAction) -> None:
    """Has the admins guard a word."""
    with insight.database.writing() as session:
        session.add(
            GuardWord(
                word=word,
                folded=word,
                match=GuardMatch.EXACT,
                action=action,
                topic=GuardTopic.RESTRICTED,
                advice="",
                created_at=insight.now(),
            )
        )
        catalogue.changed(session)


def withdrawn(insight: InsightApp, count: int) -> bool:
    return sum(note.withdrawn_at is not None for note in insight.notes()) == count
