"""The sections of a brief that are rows already: must-knows, promises, trends, topics, questions.

Each is read as its reader may see it, with a fixed number of queries and a limit.
"""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.clock import start_of
from insights.services import (
    catalogue,
    must_knows,
    promises,
    questions,
    topics,
    trend_words,
    trends,
)
from insights.services.access import Actor
from insights.services.brief_lines import (
    BriefLine,
    BriefSection,
    Lead,
    Leads,
    SectionName,
)
from insights.services.catalogue import Place
from insights.services.must_knows import PROMPTS, MustKnowView
from insights.services.promises import PromiseView
from insights.services.question_views import QuestionView
from insights.services.topics import TopicView

MOST_MUST_KNOWS = 100
MOST_PROMISES = 50
MOST_TRENDS = 10
MOST_TOPICS = 30
MOST_QUESTIONS = 20


def must_know_section(
    session: Session, actor: Actor, territory_id: int, territory_ids: Collection[int]
) -> BriefSection:
    """What those who held the territory, or one of those below it, pinned, in their order."""
    found = must_knows.list_current(session, actor, territory_ids, limit=MOST_MUST_KNOWS)
    places = catalogue.current(session).territories
    lines = [_must_know(one, _below(places[one.territory_id], territory_id)) for one in found]
    return BriefSection(SectionName.MUST_KNOWS, lines)


def promise_section(
    session: Session, actor: Actor, territory_id: int, territory_ids: Collection[int]
) -> BriefSection:
    """What was promised and is not settled, the first due first."""
    found = promises.open_in(
        session, actor, territory_ids=sorted(territory_ids), limit=MOST_PROMISES
    )
    lines = [_promise(one, _below(one.territory, territory_id)) for one in found]
    return BriefSection(SectionName.PROMISES, lines)


def emerging_section(
    session: Session, actor: Actor, territory_id: int, *, today: date, zone: ZoneInfo
) -> BriefSection:
    """What comes up in the territory and below it, the strongest first."""
    found = trends.emerging(session, actor, on=today, territory_id=territory_id, limit=MOST_TRENDS)
    lines = [
        BriefLine(
            key=f"trend:{one.id}",
            title=trend_words.lead(one),
            facts=(trend_words.figures(one), trend_words.stage_words(one)),
            at=start_of(one.opened_on, zone),
            lead=Lead(Leads.TREND, str(one.id)),
        )
        for one in found.trends
    ]
    return BriefSection(SectionName.EMERGING, lines, is_counted=found.day is not None)


def topic_section(session: Session, actor: Actor, territory_ids: Collection[int]) -> BriefSection:
    """What product and marketing work on out of notes of the territory."""
    found = topics.open_in(session, actor, sorted(territory_ids), limit=MOST_TOPICS)
    return BriefSection(SectionName.TOPICS, [_topic(one) for one in found])


def question_section(
    session: Session, actor: Actor, territory_ids: Collection[int], *, today: date
) -> BriefSection:
    """What headquarters asked of the territory and nobody there has answered."""
    found = questions.unanswered_in(
        session, actor, sorted(territory_ids), today=today, limit=MOST_QUESTIONS
    )
    return BriefSection(SectionName.QUESTIONS, [_question(one) for one in found])


def day_words(day: date) -> str:
    """A day as briefs write it: “4 May 2026”."""
    return f"{day.day} {day:%b %Y}"


def _below(place: Place, territory_id: int) -> str:
    """The place where it is another one than the brief's own."""
    return "" if place.id == territory_id else place.name


def _must_know(one: MustKnowView, where: str) -> BriefLine:
    lead = None
    if one.note_id is not None:
        lead = Lead(Leads.NOTE, str(one.note_id))
    elif one.account is not None:
        lead = Lead(Leads.ACCOUNT, str(one.account.id))
    facts = [
        where,
        PROMPTS[one.prompt] if one.prompt else "",
        one.account.name if one.account else "",
        one.author_name,
    ]
    moment = max(filter(None, (one.at, one.edited_at)))
    return BriefLine(f"must:{one.id}", one.text, [fact for fact in facts if fact], moment, lead)


def _promise(one: PromiseView, where: str) -> BriefLine:
    to_whom = f"to {one.account_name}" if one.account_name else ""
    due = f"due {day_words(one.due)}" if one.due else "no day was named"
    facts = [fact for fact in (where, to_whom, due, f"promised by {one.maker_name}") if fact]
    account = Lead(Leads.ACCOUNT, str(one.account_id)) if one.account_id else None
    return BriefLine(f"promise:{one.id}", one.text, facts, one.made_at, account)


def _topic(one: TopicView) -> BriefLine:
    due = f"due {day_words(one.due)}" if one.due else ""
    facts = [one.state.value.replace("-", " "), one.owner_name or "nobody owns it yet", due]
    lead = Lead(Leads.TOPIC, str(one.id))
    moment: datetime = one.updated_at
    return BriefLine(f"topic:{one.id}", one.title, [fact for fact in facts if fact], moment, lead)


def _question(one: QuestionView) -> BriefLine:
    facts = [
        f"asked by {one.asker_name}" if one.asker_name else "",
        f"until {day_words(one.until)}",
    ]
    lead = Lead(Leads.QUESTION, str(one.id))
    return BriefLine(
        f"question:{one.id}", one.text, [fact for fact in facts if fact], one.asked_at, lead
    )
