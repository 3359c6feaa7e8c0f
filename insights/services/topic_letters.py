"""Letters about topics: what became of a report, and a topic that was given to somebody."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.markdown import to_text
from insights.models import Gathering, Note, Outcome, Person, Topic
from insights.services import access, access_work
from insights.services.access import Actor
from insights.services.letter import Leads, Letter
from insights.services.topic_merging import place_of
from insights.services.topic_work import ROWS
from insights.text import shorten

LONGEST_TITLE = 150
# Of what a note was used in, behind “What you reported was used in”.
LONGEST_IN_TITLE = 110
LONGEST_QUOTE = 160
LONGEST_ANSWER = 300


def load(
    session: Session, reader: Actor, subjects: Iterable[str]
) -> Sequence[Note | Topic | Person]:
    """The notes and topics of these outcomes, and the reader. While somebody holds them, `outcome`
    asks for none of them again. Three queries, none without subjects."""
    pairs = [_parts(one) for one in subjects]
    if not pairs:
        return ()
    topics = select(Topic).where(Topic.id.in_({topic_id for topic_id, _ in pairs}))
    notes = select(Note).where(Note.id.in_({note_id for _, note_id in pairs}))
    person = session.get_one(Person, reader.id)
    return [person, *session.scalars(topics), *session.scalars(notes)]


def outcome(session: Session, reader: Actor, subject: str) -> Letter | None:
    """What became of a note in a topic ("TOPIC:NOTE"), wherever the two are by now.

    The topic's title and the beginning of its answer are for those who may see the topic, and sign
    in to see it: no guest does.
    """
    topic_id, note_id = _parts(subject)
    note = session.get(Note, note_id)
    if note is None or note.withdrawn_at is not None or not access.may_see(reader, note):
        return None
    place = place_of(session, topic_id, note.id)
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
    lines = list(_words(said, note))
    is_guest = session.get_one(Person, reader.id).guest
    if is_guest or not access_work.may_see_topic(reader, topic):
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


def _parts(subject: str) -> tuple[int, UUID]:
    topic_id, note_id = subject.split(":")
    return int(topic_id), UUID(note_id)


def _headline(reader: Actor, note: Note, said: Row[*tuple[object, ...]]) -> str:
    """The gist; why not now stands below."""
    what = _what(reader, note)
    words = {
        Outcome.USED: f"{what} was used in {said.outcome_text}",
        Outcome.ALREADY_KNOWN: f"{what} was known already",
        Outcome.NOT_NOW: f"{what} is put aside for now",
    }
    return shorten(words[said.outcome], LONGEST_TITLE)


def _words(said: Row[*tuple[object, ...]], note: Note) -> Iterator[str]:
    """What the note said, and of the outcome what the headline does not say."""
    yield f"“{shorten(' '.join(note.text.split()), LONGEST_QUOTE)}”"
    if said.outcome is Outcome.NOT_NOW:
        yield f"Not now, because {said.outcome_text}"
    elif said.outcome is Outcome.ALREADY_KNOWN and said.outcome_text:
        yield f"Known from {said.outcome_text}"
    elif len(said.outcome_text) > LONGEST_IN_TITLE:
        yield f"Used in {said.outcome_text}"


def _what(reader: Actor, note: Note) -> str:
    return "What you reported" if note.author_id == reader.id else "What you saw too"
