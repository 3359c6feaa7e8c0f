"""Clicks on a card: who may do what, what everyone sees then, and two at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from insights.models import Audience, TriageState
from insights.services import triage
from tests.organisation import ANALYST, MEMBER
from tests.slack import carded
from tests.slack.insight_app import InsightApp
from tests.slack_server.messages import Message


@pytest.fixture
def carded_twice(insight: InsightApp) -> list[Message]:
    """The two copies of a note's card: in #field-notes and in #deals."""
    return _both(insight)


def _both(insight: InsightApp, **fields: object) -> list[Message]:
    for name in ("field-notes", "deals"):
        carded.route(insight, carded.channel(insight, name))
    carded.post(insight, **fields)  # type: ignore[arg-type]
    return [carded.said(insight, name)[0] for name in ("field-notes", "deals")]


def whispers(insight: InsightApp, name: str) -> list[str]:
    """What a person alone was told in #field-notes."""
    return [one.text for one in insight.visitor(name).sees("field-notes") if one.only_for]


@pytest.mark.slack_rule(14, 42, 49, 54)
def test_taking_it_changes_all_copies_and_says_who_took_it(
    insight: InsightApp, carded_twice: list[Message]
) -> None:
    clicked, other = carded_twice
    insight.visitor("anna").click(clicked, "Take it")
    carded.settle(insight)
    for copy in (clicked, other):
        assert "*Taken* by Anna Analyst" in copy.text
        assert carded.buttons(copy) == ["Done", "Seen it too", "Already known", "Reopen", "Open"]
    insight.visitor("ada").click(other, "Done")
    carded.settle(insight)
    assert "*Done* · Ada Admin" in clicked.text
    assert carded.buttons(clicked) == ["Seen it too", "Reopen", "Open"]
    insight.visitor("anna").click(clicked, "Reopen")
    carded.settle(insight)
    insight.visitor("anna").click(other, "Already known")
    carded.settle(insight)
    assert "*Already known*, says Anna Analyst" in carded.read(clicked)


@pytest.mark.slack_rule(14)
def test_who_comes_too_late_is_told_alone(insight: InsightApp, carded_twice: list[Message]) -> None:
    clicked, other = carded_twice
    insight.visitor("anna").click(other, "Take it")
    insight.visitor("ada").click(clicked, "Take it")
    carded.settle(insight)
    assert "*Taken* by Anna Analyst" in clicked.text
    [told] = whispers(insight, "ada")
    assert "Anna Analyst took it already" in told


@pytest.mark.slack_rule(14)
def test_of_two_at_the_same_moment_one_takes_it(
    http_insight: InsightApp,
) -> None:
    clicked, _ = _both(http_insight)

    def click(name: str) -> None:
        http_insight.visitor(name).click(clicked, "Take it")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(click, ("anna", "ada")))
    carded.settle(http_insight)
    told = whispers(http_insight, "anna") + whispers(http_insight, "ada")
    assert len(told) == 1
    assert "took it already" in told[0]


@pytest.mark.slack_rule(49)
def test_who_may_not_decide_is_told_why_and_nothing_changes(
    http_insight: InsightApp,
) -> None:
    clicked, _ = _both(http_insight)
    for name, words in (("max", "Analysts, managers"), ("gus", "This needs an account")):
        http_insight.visitor(name).click(clicked, "Take it")
        carded.settle(http_insight)
        [told] = whispers(http_insight, name)
        assert words in told
    assert "nobody has taken it yet" in clicked.text


def test_seen_it_too_counts_once_for_each_who_has_an_account(
    http_insight: InsightApp,
) -> None:
    clicked, other = _both(http_insight)
    for name in ("max", "manuel", "max", "gus", "olivia"):
        http_insight.visitor(name).click(clicked, "Seen it too")
        carded.settle(http_insight)
    assert "2 have seen it too" in other.text
    assert whispers(http_insight, "max") == [
        "You have said before that you have seen it too. It counts once."
    ]
    assert "This needs an account" in whispers(http_insight, "gus")[0]
    assert "your own note" in whispers(http_insight, "olivia")[0]


@pytest.mark.slack_rule(33, 49)
def test_a_click_tells_nothing_of_a_note_that_was_sealed_meanwhile(
    http_insight: InsightApp,
) -> None:
    clicked, _ = _both(http_insight)
    [note] = http_insight.notes()
    with http_insight.database.writing() as session:
        session.merge(note).audience = Audience.SEALED
    http_insight.visitor("max").click(clicked, "Seen it too")
    carded.settle(http_insight)
    assert whispers(http_insight, "max") == ["There is no such note, or you may not see it."]


def test_what_was_decided_on_the_page_shows_on_the_cards(
    http_insight: InsightApp,
) -> None:
    clicked, other = _both(http_insight, author=MEMBER)
    [note] = http_insight.notes()
    with http_insight.database.writing() as session:
        actor = http_insight.actor(ANALYST)
        triage.decide(session, actor, note.id, TriageState.TAKEN, now=http_insight.now())
    carded.settle(http_insight)
    assert "*Taken* by Anna Analyst" in clicked.text
    assert "*Taken* by Anna Analyst" in other.text
