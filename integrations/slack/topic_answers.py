"""Topics in messages: one in a line, those of a note below its card, and what `/insight topics`
answers to the person alone.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from insights.models import Outcome
from insights.services import topic_lists, topics
from insights.services.access import Actor
from insights.services.topics import TopicFilter, TopicRef, TopicView
from insights.text import shorten
from integrations.slack import blocks, bullets, text
from integrations.slack.blocks import Block, Message
from integrations.slack.bullets import Bullet
from integrations.slack.links import Links

MOST_OWN = 5
MOST_FOUND = 10
# Below the card of a note.
MOST_OF_NOTE = 2
LONGEST_TITLE = 80
NONE_OWN = "No topic is yours."
NONE_OPEN = "No topic is being worked on."
NONE_FOUND = "No topic that is being worked on has these words."
ALL = "All topics"


def owned(session: Session, actor: Actor, *, limit: int = MOST_OWN) -> Sequence[TopicView]:
    """Topics that the person works on, what is due first on top."""
    mine = TopicFilter(states=topic_lists.AT_WORK, mine=True)
    return topics.list_topics(session, actor, mine, limit=limit).items


def bullet(view: TopicView, links: Links, today: date) -> Bullet:
    """The topic in a line: how far it is, when it is due, and how many notes it has."""
    notes = "1 note" if view.notes == 1 else f"{view.notes:,} notes"
    facts = (_state(view), _due(view, today), notes, _waiting(view))
    told = " · ".join(one for one in facts if one)
    return Bullet(links.topic(view.id), shorten(view.title, bullets.LONGEST_TITLE), f" · {told}")


def answer(session: Session, actor: Actor, words: str, links: Links, *, today: date) -> Message:
    """The topics of the person and others that are worked on; with words those that have them."""
    if words:
        chosen = TopicFilter(states=topic_lists.AT_WORK, words=words)
        found = topics.list_topics(session, actor, chosen, limit=MOST_FOUND).items
        title = f"Topics about “{shorten(words, LONGEST_TITLE)}”"
        return _message([(title, found, NONE_FOUND)], links, today)
    mine = owned(session, actor)
    ids = {one.id for one in mine}
    chosen = TopicFilter(states=topic_lists.AT_WORK)
    page = topics.list_topics(session, actor, chosen, limit=MOST_FOUND + len(ids)).items
    others = [one for one in page if one.id not in ids][:MOST_FOUND]
    parts = [("Your topics", mine, NONE_OWN), ("Other topics", others, NONE_OPEN)]
    return _message(parts, links, today)


def of_note(refs: Sequence[TopicRef], links: Links) -> str:
    """The topics of a note in small print, in Slack's notation; empty for none."""
    told = [_ref(one, links) for one in refs[:MOST_OF_NOTE]]
    if len(refs) > MOST_OF_NOTE:
        told.append(f"and {len(refs) - MOST_OF_NOTE} more")
    return f"Topic: {' · '.join(told)}" if told else ""


def _message(
    parts: Sequence[tuple[str, Sequence[TopicView], str]], links: Links, today: date
) -> Message:
    shown: list[Block] = []
    told: list[str] = []
    for title, found, nothing in parts:
        lines = [bullet(one, links, today) for one in found]
        headline = f"*{text.escape(title)}*"
        shown.append(blocks.section(headline if lines else f"{headline}\n{nothing}"))
        told += [headline, bullets.as_text(lines) if lines else nothing]
        if lines:
            shown.append(bullets.block(lines))
    more = text.link(links.topics(), ALL)
    shown.append(blocks.context(more))
    return Message("\n".join((*told, more)), shown)


def _state(view: TopicView) -> str:
    return view.state.value.replace("-", " ")


def _due(view: TopicView, today: date) -> str:
    if view.due is None:
        return ""
    day = f"{view.due.day} {view.due:%B}" + (
        f" {view.due:%Y}" if view.due.year != today.year else ""
    )
    return f"overdue since {day}" if view.is_overdue(today) else f"due {day}"


def _waiting(view: TopicView) -> str:
    proposed = f"{view.proposed:,} proposed" if view.proposed else ""
    unsettled = f"{view.unsettled:,} without outcome" if view.unsettled else ""
    return ", ".join(one for one in (unsettled, proposed) if one)


def _ref(ref: TopicRef, links: Links) -> str:
    link = text.link(links.topic(ref.id), shorten(ref.title, LONGEST_TITLE))
    said = shorten(ref.outcome_text, LONGEST_TITLE)
    match ref.outcome:
        case Outcome.USED:
            words = f"used in {said}"
        case Outcome.ALREADY_KNOWN:
            words = "already known"
        case Outcome.NOT_NOW:
            words = f"not now, because {said}"
        case None:
            words = ref.state.value.replace("-", " ")
    return f"{link}, {text.escape(words)}"
