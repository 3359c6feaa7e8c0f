"""What people are told in Slack: as messages to them and on their Home, answered with one click."""

import json

import pytest
from sqlalchemy import update

from insights.models import Person, TellingMatter, ToldBy
from insights.services import tellings
from insights.services.tellings import NewTelling
from integrations.slack import blocks
from integrations.slack import tellings as slack_tellings
from integrations.slack.links import Links
from tests.fixtures.letters import GONE
from tests.integrations.cards import letter_contents
from tests.organisation import ANALYST, OWNER
from tests.slack.insight_app import PUBLIC_URL, InsightApp
from tests.slack.test_capture import written
from tests.slack.test_home import read, visit
from tests.slack_server.blocks import check_blocks
from tests.slack_server.messages import Message

TOPIC, CHECK = TellingMatter.TOPIC, TellingMatter.CHECK
LINKS = Links("https://notes.example.com")
HOSTILE = "<!channel> *now* <@U1> " + "x" * 3000

pytestmark = pytest.mark.usefixtures("plain_letters")


def tell(
    insight: InsightApp, subject: str, matter: TellingMatter = TOPIC, person_id: int = OWNER
) -> None:
    """Tells somebody who is known in Slack and wants to hear of it there."""
    # Whoever writes to the app is known from then on.
    with insight.database.writing() as session:
        person = update(Person).where(Person.id == person_id)
        session.execute(person.values(told_by=ToldBy.SLACK))
        new = NewTelling(person_id, matter, subject, f"{matter}:{subject}:{person_id}")
        tellings.tell(session, [new], now=insight.now())


def known(insight: InsightApp, name: str = "olivia") -> None:
    """Has somebody known by what they do in Slack."""
    insight.visitor(name).open_home()
    insight.work()


def told(insight: InsightApp, name: str = "olivia") -> list[Message]:
    """What somebody was told in their own messages."""
    insight.work()
    return insight.visitor(name).direct_messages()


def unread(insight: InsightApp, person_id: int = OWNER) -> int:
    found: int = insight.read(lambda one: tellings.count_unread(one, insight.actor(person_id)))
    return found


@pytest.mark.slack_rule(25, 40)
def test_news_comes_as_a_message_with_where_it_leads(insight: InsightApp) -> None:
    known(insight)
    tell(insight, "7")
    [message] = told(insight)
    assert "Topic 7 is yours" in message.text
    assert f"{PUBLIC_URL}/topics/7" in written(message)


def test_what_is_nothing_to_them_any_more_is_not_sent(http_insight: InsightApp) -> None:
    known(http_insight)
    tell(http_insight, GONE)
    assert told(http_insight) == []


@pytest.mark.slack_rule(23, 26, 32)
def test_any_words_fit_into_a_message() -> None:
    letter = letter_contents(HOSTILE).letter
    assert letter is not None
    message = slack_tellings.message(7, letter, LINKS)
    assert blocks.check(message.blocks) == []
    assert check_blocks(message.blocks, "message") == []
    assert "<!channel>" not in json.dumps(message.blocks)
    assert [one["text"]["text"] for one in message.blocks[-1]["elements"]] == [
        "Still true", "No longer", "Answer", "Open the question",
    ]  # fmt: skip


@pytest.mark.slack_rule(49)
def test_an_answer_that_nothing_waits_for_any_more_is_told_so(insight: InsightApp) -> None:
    known(insight)
    tell(insight, "5", CHECK)
    [message] = told(insight)
    olivia = insight.visitor("olivia")
    assert olivia.click(message, "Still true").ok
    insight.work()
    assert unread(insight) == 1
    assert "There is no such" in olivia.direct_messages()[-1].text


@pytest.mark.slack_rule(33)
def test_somebody_elses_news_cannot_be_answered(http_insight: InsightApp) -> None:
    for name in ("olivia", "anna"):
        known(http_insight, name)
    tell(http_insight, "5", CHECK)
    tell(http_insight, "6", CHECK, ANALYST)
    [message] = told(http_insight)
    foreign = message.blocks[-1]["elements"][0]
    foreign["value"] = foreign["value"].replace("1:", "2:")
    assert http_insight.visitor("olivia").click(message, "Still true").ok
    http_insight.work()
    assert "no such news" in http_insight.visitor("olivia").direct_messages()[-1].text
    assert unread(http_insight, ANALYST) == 1


class TestHome:
    def test_shows_what_is_unread_with_its_answers(self, insight: InsightApp) -> None:
        tell(insight, "7")
        tell(insight, "5", CHECK)
        page = visit(insight, "olivia")
        assert page.index("Line 5: still true?") < page.index("Topic 7 is yours")
        assert "telling.answer.2" in page
        assert f"{PUBLIC_URL}/news" in page

    @pytest.mark.slack_rule(42)
    def test_is_written_anew_when_all_is_read(self, insight: InsightApp) -> None:
        tell(insight, "7")
        visit(insight, "olivia")
        olivia = insight.visitor("olivia")
        assert olivia.click(olivia.home, "Mark all as read").ok
        assert "Topic 7" not in read(insight, "olivia")
        assert unread(insight) == 0

    def test_shows_nobody_elses(self, http_insight: InsightApp) -> None:
        tell(http_insight, "7")
        assert "Topic 7" not in visit(http_insight, "max")
