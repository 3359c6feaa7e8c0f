"""What `/insight` answers, to the person alone."""

from typing import Any

import pytest

from insights.models import Audience, TrendReach
from insights.services import sightings
from tests.organisation import MEMBER, NEVADA, OWNER, STRANGER
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack.test_capture import written
from tests.slack_server.faults import lost_response
from tests.slack_server.messages import Message
from tests.slack_server.rendering import live_mentions
from tests.trend_rows import showing


def ask(insight: InsightApp, name: str, line: str, channel: str = "field-notes") -> Message:
    """The answer to a line, which only its person sees."""
    visitor = insight.visitor(name)
    assert visitor.type(f"/insight {line}", channel).ok
    answer = visitor.latest(channel)
    assert answer.only_for == visitor.person.id
    return answer


@pytest.mark.slack_rule(52)
def test_help_and_words_that_are_no_command_list_what_there_is(insight: InsightApp) -> None:
    assert "/insight search [words]" in ask(insight, "gus", "help").text
    answer = ask(insight, "olivia", "<!here>")
    assert "is no command, and nothing was done" in answer.text
    assert "/insight trends [territory]" in written(answer)
    assert live_mentions(answer) == []
    assert not insight.visitor("olivia").has_modal


def test_a_note_may_begin_with_the_word_of_a_command(http_insight: InsightApp) -> None:
    olivia = http_insight.visitor("olivia")
    olivia.type("/insight note trends go up", "field-notes")
    assert olivia.modal.values["text"]["capture.text"]["value"] == "trends go up"
    olivia.close()
    olivia.type("/insight", "field-notes")
    assert olivia.modal.title == "New note"


@pytest.mark.slack_rule(21)
def test_people_and_channels_in_the_text_are_named(http_insight: InsightApp) -> None:
    olivia = http_insight.visitor("olivia")
    olivia.type("/insight ask @anna in #random about it", "field-notes")
    words = olivia.modal.values["text"]["capture.text"]["value"]
    assert words == "ask @Anna Analyst in #random about it"


def test_a_search_finds_what_its_person_may_see(http_insight: InsightApp) -> None:
    open_note = http_insight.post(OWNER, "Ionfield offers <!channel> fibre at half the price")
    sealed = http_insight.post(OWNER, "Ionfield loses its price buyer", audience=Audience.SEALED)
    http_insight.work()
    answer = ask(http_insight, "olivia", "search competitor:ionfield price since:30d")
    assert answer.text.startswith("*2 notes* for “competitor:ionfield price since:30d”")
    assert f"{PUBLIC_URL}/notes/{open_note}" in answer.text
    assert f"{PUBLIC_URL}/notes/{sealed}" in answer.text
    assert live_mentions(answer) == []
    answer = ask(http_insight, "max", "search competitor:ionfield price")
    assert answer.text.startswith("*1 note* for")
    assert str(sealed) not in written(answer)


def test_more_results_take_the_place_of_those_before(insight: InsightApp) -> None:
    for number in range(7):
        insight.post(OWNER, f"Ionfield price number{number}")
    insight.work()
    olivia = insight.visitor("olivia")
    answer = ask(insight, "olivia", 'search "ionfield price"')
    first = written(answer)
    assert olivia.click(answer, "More").ok
    insight.work()
    assert olivia.latest("field-notes") is answer
    assert answer.text.startswith("*7 notes* for")
    found = {n for n in range(7) if f"number{n}" in written(answer)}
    assert found == {n for n in range(7) if f"number{n}" not in first}
    assert "More" not in [one["text"]["text"] for one in buttons(answer)]
    assert olivia.click(answer, "Back").ok
    insight.work()
    assert written(answer).count("number") == first.count("number")


def test_a_search_that_finds_nothing_says_how_it_was_understood(http_insight: InsightApp) -> None:
    assert "*No note* for “zeppelin”" in ask(http_insight, "olivia", "search zeppelin").text
    assert "Say what to look for" in ask(http_insight, "olivia", "search").text


@pytest.mark.slack_rule(49)
def test_a_note_is_shared_when_everyone_may_read_it(insight: InsightApp) -> None:
    note_id = insight.post(OWNER, "Ionfield halves the price")
    sealed = insight.post(OWNER, "Ionfield price falls again", audience=Audience.SEALED)
    insight.work()
    olivia = insight.visitor("olivia")
    answer = ask(insight, "olivia", "search ionfield price")
    assert [one["value"] for one in buttons(answer) if one["text"]["text"] == "Share"] == [
        str(note_id)
    ]
    assert olivia.click(answer, "Share").ok
    insight.work()
    card = insight.visitor("max").latest("field-notes")
    assert card.only_for is None
    assert "halves the price" in written(card)
    with insight.database.writing() as session:
        note = next(one for one in insight.notes() if one.id == note_id)
        session.merge(note).audience = Audience.SEALED
    olivia.click(answer, "Share")
    insight.work()
    assert "it was not shared" in olivia.latest("field-notes").text
    assert str(sealed) not in written(card)


@pytest.mark.slack_rule(39)
def test_a_note_is_not_shared_where_the_app_cannot_write(http_insight: InsightApp) -> None:
    http_insight.post(OWNER, "Ionfield halves the price")
    http_insight.work()
    answer = ask(http_insight, "ada", "search ionfield", "board")
    ada = http_insight.visitor("ada")
    ada.click(answer, "Share")
    http_insight.work()
    assert "/invite @insight" in ada.latest("board").text


def test_a_note_is_not_shared_where_other_organisations_read(http_insight: InsightApp) -> None:
    note_id = http_insight.post(OWNER, "Ionfield halves the price")
    http_insight.work()
    http_insight.workspace.channel("field-notes").shared_outside = True
    olivia = http_insight.visitor("olivia")
    olivia.click(ask(http_insight, "olivia", "search ionfield"), "Share")
    http_insight.work()
    assert all(one.only_for for one in olivia.sees("field-notes"))
    told = olivia.direct_messages()[-1].text
    assert told.startswith("People of other organisations read that channel")
    assert f"{PUBLIC_URL}/notes/{note_id}" in told


def test_trends_are_of_ones_own_territory_or_of_what_is_named(http_insight: InsightApp) -> None:
    with http_insight.database.writing() as session:
        showing(session, day=http_insight.runtime.today())
        showing(session, day=http_insight.runtime.today(), phrase="elsewhere", territory_id=NEVADA)
    answer = ask(http_insight, "olivia", "trends")
    assert "*What is coming up: Georgia*" in answer.text
    assert "Ionfield is coming up in Georgia" in answer.text
    assert "elsewhere" not in written(answer)
    assert "elsewhere" in ask(http_insight, "olivia", "trends NV").text
    assert "Ionfield is coming up" in ask(http_insight, "max", "trends ion field").text
    assert "What is coming up: the whole company" in ask(http_insight, "anna", "trends").text
    answer = ask(http_insight, "olivia", "trends go up <!here>")
    assert "no territory, competitor or segment" in answer.text
    assert live_mentions(answer) == []


@pytest.mark.slack_rule(15)
def test_trends_are_shared_once_as_everyone_may_see_them(insight: InsightApp) -> None:
    with insight.database.writing() as session:
        showing(session, day=insight.runtime.today())
    olivia = insight.visitor("olivia")
    answer = ask(insight, "olivia", "trends")
    insight.server.slack.faults.plan("chat.postMessage", lost_response())
    assert olivia.click(answer, "Share").ok
    insight.work()
    insight.clock.advance(60)
    insight.work()
    (shared,) = [one for one in insight.visitor("max").sees("field-notes") if not one.only_for]
    assert "Ionfield is coming up in Georgia" in written(shared)
    assert buttons(shared) == []


def test_trends_of_sealed_notes_are_not_shared(http_insight: InsightApp) -> None:
    with http_insight.database.writing() as session:
        showing(session, day=http_insight.runtime.today(), reach=TrendReach.ALL)
    anna = http_insight.visitor("anna")
    answer = ask(http_insight, "anna", "trends georgia")
    assert anna.click(answer, "Share").ok
    http_insight.work()
    assert "sealed notes were counted in it" in anna.latest("field-notes").text
    assert all(one.only_for for one in anna.sees("field-notes"))


def test_mine_tells_what_became_of_ones_notes(http_insight: InsightApp) -> None:
    assert "no note yet" in ask(http_insight, "olivia", "mine").text
    note_id = http_insight.post(OWNER, "They ask for <!here> trucks")
    http_insight.post(MEMBER, "Not Olivia's")
    with http_insight.database.writing() as session:
        sightings.add(session, http_insight.actor(STRANGER), note_id, now=http_insight.now())
    answer = ask(http_insight, "olivia", "mine")
    assert f"{PUBLIC_URL}/notes/{note_id}" in answer.text
    assert "Stella Stranger saw the same in Nevada" in answer.text
    assert "Not Olivia's" not in answer.text
    assert live_mentions(answer) == []


@pytest.mark.slack_rule(49)
@pytest.mark.parametrize("line", ["search ionfield", "trends", "mine"])
def test_reading_needs_an_account(http_insight: InsightApp, line: str) -> None:
    http_insight.post(OWNER, "Ionfield halves the price")
    http_insight.work()
    answer = ask(http_insight, "gus", line)
    assert "needs an account" in answer.text
    assert "halves" not in written(answer)


def test_somebody_new_is_told_to_try_again_and_then_known(http_insight: InsightApp) -> None:
    nina = http_insight.workspace.add_person("nina", "Nina New", "stranger@example.com")
    http_insight.workspace.channel("field-notes").members.append(nina.id)
    assert "try again in a moment" in ask(http_insight, "nina", "mine").text
    http_insight.work()
    assert "no note yet" in ask(http_insight, "nina", "mine").text


def buttons(message: Message) -> list[dict[str, Any]]:
    """All buttons of a message."""
    found = [block["accessory"] for block in message.blocks if "accessory" in block]
    for block in message.blocks:
        found += block["elements"] if block["type"] == "actions" else []
    return found
