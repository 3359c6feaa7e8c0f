"""A note's card: what it shows in each state, and that nobody's words become more than words."""

import json
import re
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.models import TriageState
from insights.services.catalogue import NamedItem
from insights.services.note_cards import NoteCard
from insights.services.triage import TriageView
from integrations.slack import blocks, cards
from integrations.slack.blocks import Message
from integrations.slack.links import Links
from tests.integrations.cards import card as any_card
from tests.organisation import NOW
from tests.slack import carded
from tests.slack_server.blocks import check_blocks
from tests.slack_server.messages import Message as Posted
from tests.slack_server.rendering import live_mentions

LINKS = Links("https://app.example.com")
LIVE = re.compile(r"<(?!https://app\.example\.com/|!date\^)")
HOSTILE = st.text(st.sampled_from("<>&|!@#*_~`\n\u202e\u0301é👩\u200d🔬U1 a"), min_size=1)
ENDLESS = st.sampled_from(["<!channel> " * 400, "<@U1>" * 800, "&lt;!here&gt;", "é🧑‍🚒" * 900])


def note_card(text: str = "They pay by the truck") -> NoteCard:
    """The same note each time, but for its text."""
    return replace(any_card(text), id=UUID(int=7))


def seen(state: TriageState, who: str = "Anna Analyst") -> TriageView:
    """How far the note is."""
    return TriageView(UUID(int=1), state, 4, who, NOW, NOW, 2)


def hostile(words: str) -> NoteCard:
    """A note in which somebody wrote these words wherever they could."""
    note = note_card(words)
    name = words[:80]
    return replace(
        note,
        author_name=name,
        territory=replace(note.territory, name=name),
        competitors=tuple(NamedItem(number, name, "x") for number in range(5)),
        products=tuple(NamedItem(number, name, "x") for number in range(12)),
    )


def told_of(words: str) -> list[Message]:
    """All messages that may tell of such a note."""
    note, state = hostile(words), seen(TriageState.TAKEN, words[:80])
    return [
        *(cards.card(note, one, links=LINKS) for one in (None, state)),
        cards.card(note, state, links=LINKS, offers_triage=False, shows_text=False),
        cards.news(note, state, "taken", LINKS),
        cards.gathered([note] * 3, words[:80], LINKS),
        cards.day(words[:80], "Monday"),
        cards.test(words[:80]),
    ]


@pytest.mark.slack_rule(23, 24, 26, 27, 30, 59)
@settings(max_examples=40, deadline=None)
@given(HOSTILE | ENDLESS)
def test_what_people_write_calls_nobody_and_fits(words: str) -> None:
    for message in told_of(words):
        assert blocks.check(message.blocks, "message") == []
        assert check_blocks(message.blocks, "message") == []
        said = message.arguments()
        assert len(said["text"]) <= blocks.MOST_MESSAGE
        assert LIVE.search(said["text"]) is None
        posted = Posted("1", "C1", "T1", "U1", said["text"], said["blocks"])
        assert live_mentions(posted) == []


@pytest.mark.slack_rule(25, 54)
@pytest.mark.parametrize(
    ("state", "words", "steps"),
    [
        (None, "nobody has taken it yet", ["Take it", "Seen it too", "Already known", "Open"]),
        (
            TriageState.TAKEN,
            "*Taken* by Anna Analyst",
            ["Done", "Seen it too", "Already known", "Reopen", "Open"],
        ),
        (
            TriageState.ALREADY_KNOWN,
            "*Already known*, says Anna Analyst",
            ["Seen it too", "Reopen", "Open"],
        ),
        (TriageState.DONE, "*Done* · Anna Analyst", ["Seen it too", "Reopen", "Open"]),
    ],
)
def test_each_state_is_told_in_words_and_offers_what_is_left(
    state: TriageState | None, words: str, steps: list[str]
) -> None:
    message = cards.card(note_card(), seen(state) if state else None, links=LINKS)
    assert words in message.text
    assert words in json.dumps(message.blocks, ensure_ascii=False)
    *_, actions = message.blocks
    assert carded.buttons(message) == steps
    values = {one.get("value") for one in actions["elements"]} - {None}
    assert values == {str(note_card().id)}


def test_a_long_note_is_cut_with_a_link_to_all_of_it() -> None:
    message = cards.card(note_card("word " * 400), None, links=LINKS)
    assert "Read all of it" in json.dumps(message.blocks)
    short = cards.card(note_card("word"), None, links=LINKS)
    assert "Read all of it" not in json.dumps(short.blocks)


def test_what_is_left_of_a_note_tells_nothing_of_it() -> None:
    assert cards.gone(withdrawn=True).text == "This note was withdrawn."
    assert "not shown here any more" in cards.gone(withdrawn=False).text
    for withdrawn in (True, False):
        assert blocks.check(cards.gone(withdrawn=withdrawn).blocks, "message") == []


def test_two_cards_that_show_the_same_have_one_fingerprint() -> None:
    first, second = (cards.card(note_card(), None, links=LINKS) for _ in range(2))
    other = cards.card(note_card(), seen(TriageState.DONE), links=LINKS)
    assert cards.fingerprint(first) == cards.fingerprint(second) != cards.fingerprint(other)
