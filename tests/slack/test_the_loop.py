"""The loop in Slack: a note is shared and seen too, gathered, asked about, answered, told of, and
stands in the brief of its territory. Every click goes through the stand-in."""

from sqlalchemy import select, update

from insights.models import Person, Question, QuestionAnswer, ToldBy
from insights.services import questions
from tests.organisation import ANALYST, MEMBER, OWNER
from tests.slack import carded
from tests.slack.insight_app import InsightApp
from tests.slack.test_capture import written
from tests.slack.test_commands import ask
from tests.slack.test_home import visit
from tests.slack_server.messages import Message

QUESTION = "Which hospitals ask for trucks by the day?"


def told_in_slack(insight: InsightApp, *names: str) -> None:
    """These people want to hear their news in Slack, where they are known."""
    for name in names:
        visit(insight, name)
    with insight.database.writing() as session:
        people = update(Person).where(Person.id.in_([OWNER, MEMBER]))
        session.execute(people.values(told_by=ToldBy.SLACK))


def shared(insight: InsightApp) -> Message:
    """Olivia's note as a card in the channel, which Max has seen too."""
    carded.route(insight, carded.channel(insight))
    carded.post(insight)
    [card] = carded.said(insight)
    assert insight.visitor("max").click(card, "note.seen").ok
    carded.settle(insight)
    return card


def gathered(insight: InsightApp, card: Message) -> None:
    """Anna opens a topic from the card."""
    anna = insight.visitor("anna")
    assert anna.click(card, "note.menu", "Add to a topic").ok
    insight.work()
    anna.fill("Or a new topic", "Trucks by the day")
    assert anna.submit() == {}
    carded.settle(insight)


def asked(insight: InsightApp) -> None:
    """Anna asks Georgia."""
    anna = insight.visitor("anna")
    anna.type(f"/insight question {QUESTION}", "field-notes")
    anna.fill("Of whom?", ["Georgia"])
    assert anna.submit() == {}
    carded.settle(insight)


def answered(insight: InsightApp) -> None:
    """Olivia answers from her Home."""
    olivia = insight.visitor("olivia")
    assert QUESTION in visit(insight, "olivia")
    assert olivia.click(olivia.home, "Answer").ok
    olivia.fill("What did you see or hear?", "Mercy asks for two of them")
    assert olivia.submit() == {}
    carded.settle(insight)
    assert len(insight.read(lambda one: one.scalars(select(QuestionAnswer)).all())) == 1


def settled(insight: InsightApp, card: Message) -> None:
    """Anna says on the card what became of the note, and closes the question on the web."""
    anna = insight.visitor("anna")
    assert anna.click(card, "note.menu", "What became of it").ok
    insight.work()
    anna.fill("What became of it", "used")
    anna.fill("In what, from where, or why not now", "the price list")
    assert anna.submit() == {}
    with insight.database.writing() as session:
        [question] = session.scalars(select(Question))
        questions.close(
            session, insight.actor(ANALYST), question.id, summary="Mercy comes first.",
            now=insight.now(),
        )  # fmt: skip
    carded.settle(insight)


def news(insight: InsightApp, name: str) -> list[str]:
    """What somebody reads in their own messages."""
    return [carded.read(one) for one in insight.visitor(name).direct_messages()]


def test_the_loop_closes(insight: InsightApp) -> None:
    told_in_slack(insight, "olivia", "max")
    card = shared(insight)
    gathered(insight, card)
    asked(insight)
    answered(insight)
    before = written(ask(insight, "olivia", "brief georgia"))
    assert "Trucks by the day" in before
    settled(insight, card)

    assert "used in the price list" in card.text
    for name in ("olivia", "max"):
        assert sum("the price list" in one for one in news(insight, name)) == 1
    assert sum("Mercy comes first" in one for one in news(insight, "olivia")) == 1
    assert not any("Mercy comes first" in one for one in news(insight, "max"))
    assert "Questions for you" not in visit(insight, "olivia")
    assert "Trucks by the day" in written(ask(insight, "olivia", "topics"))
