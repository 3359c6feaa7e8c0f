"""Letters about topics: what became of a report, and a topic that was given to somebody."""

from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.markdown import to_text
from insights.models import Gathering, Note, Outcome, Topic
from insights.services import access, access_work
from insights.services.access import Actor
from insights.services.letter import Leads, Letter
from insights.services.topic_merging import place_of
from insights.services.topic_work import ROWS
from insights.text import shorten

LONGEST_TITLE = 150
LONGEST_QUOTE = 160
LONGEST_ANSWER = 300


def outcome(session: Session, reader: Actor, subject: str) -> Letter | None:
    """What became of a note in a topic ("TOPIC:NOTE"), wherever the two are by now.

    The topic's title and the beginning of its answer are for those who may see the topic.
    """
    topic_id, note_id = subject.split(":")
    note = session.get(Note, UUID(note_id))
    if note is None or note.withdrawn_at is not None or not access.may_see(reader, note):
        return None
    place = place_of(session, int(topic_id), note.id)
    said = session.execute(
        select(ROWS).where(
            ROWS.c.topic_id == place,
            ROWS.c.note_id == note.id,
            ROWS.c.outcome.is_not(None),
            ROWS.c.gathering == Gathering.GATHERED,
        )
    ).one_or_none()
    if said is None:
        return None
    topic = session.get_one(Topic, place)
    lines = [_words(reader, note, said)]
    if not access_work.may_see_topic(reader, topic):
        return Letter(_headline(reader, note, said), lines, Leads.NOTE, str(note.id))
    lines.append(f"Topic: {topic.title}")
    if topic.answer:
        lines.append(f"Answer: {shorten(to_text(topic.answer), LONGEST_ANSWER)}")
    return Letter(_headline(reader, note, said), lines, Leads.TOPIC, str(topic.id))


def given(session: Session, reader: Actor, subject: str) -> Letter | None:
    """A topic that was given to the reader (its number); None once somebody else owns it."""
    try:
        topic = access_work.topic(session, reader, int(subject))
    except NotFound:
        return None
    if topic.owner_id != reader.id or topic.merged_into_id is not None:
        return None
    lines = [f"It is due on {topic.due.day} {topic.due:%B %Y}."] if topic.due else []
    if topic.team:
        lines.append(f"Worked on with {topic.team}.")
    title = shorten(f"You have a topic: {topic.title}", LONGEST_TITLE)
    return Letter(title, lines, Leads.TOPIC, str(topic.id))


def _headline(reader: Actor, note: Note, said: Row[*tuple[object, ...]]) -> str:
    """The gist; what it was used in or why not now stands in the first line."""
    what = _what(reader, note)
    words = {
        Outcome.USED: f"{what} was used in {said.outcome_text}",
        Outcome.ALREADY_KNOWN: f"{what} was known already",
        Outcome.NOT_NOW: f"{what} is put aside for now",
    }
    return shorten(words[said.outcome], LONGEST_TITLE)


def _words(reader: Actor, note: Note, said: Row[*tuple[object, ...]]) -> str:
    """“What you reported was used in the price list: “They pay by the truck””."""
    what, text = _what(reader, note), said.outcome_text
    quote = f"“{shorten(' '.join(note.text.split()), LONGEST_QUOTE)}”"
    if said.outcome is Outcome.USED:
        return f"{what} was used in {text}: {quote}"
    if said.outcome is Outcome.ALREADY_KNOWN:
        source = f", from {text}" if text else ""
        return f"{what} was known already{source}: {quote}"
    return f"{what} is put aside for now, because {text}: {quote}"


def _what(reader: Actor, note: Note) -> str:
    return "What you reported" if note.author_id == reader.id else "What you saw too"
