"""My notes: all that a person wrote, each with what became of it, and how much of that is new.

The author sees their notes whatever happened to them (services/access.py), so withdrawn ones are
listed as well. What is new is told by one moment of the person, up to which they have read.

Whether there is news is asked with every page, also of the one person who imported a hundred
thousand notes. Therefore it is looked for in the newest five hundred notes of a person only, and
counted up to a hundred. On the list itself every note shows its news, however old it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from insights.db import UTCDateTime, table_of
from insights.models import (
    Comment,
    Delivery,
    Destination,
    Gathering,
    JournalEntry,
    Note,
    NoteRevision,
    Person,
    Sighting,
    TopicNote,
)
from insights.services import access, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Place
from insights.services.note_cards import Position
from insights.services.note_events import (
    CHANGES,
    DECISIONS,
    SENT_TO_MANY,
    Event,
    EventKind,
    events_of,
)

Columns = ReadOnlyColumnCollection[str, Any]

MOST_ON_A_PAGE = 100
# How many of the newest notes of a person are looked at for news, and up to where it is counted.
WATCHED = 500
MOST_COUNTED = 100
# Before the first note of anyone: for those who never read what became of theirs.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


_DECIDED = {
    EventKind.TAKEN: "taken up by {}",
    EventKind.ALREADY_KNOWN: "known already",
    EventKind.DONE: "dealt with by {}",
    EventKind.USED: "used in {detail}",
    EventKind.KNOWN_BEFORE: "known before",
    EventKind.NOT_NOW: "put aside for now by {}",
    EventKind.REOPENED: "",
}


@dataclass(frozen=True, slots=True)
class MyNote:
    """One of the person's notes; the counts are of what others did."""

    id: UUID
    text: str
    kind: str
    territory: Place
    noted_at: datetime
    sealed: bool
    withdrawn_at: datetime | None
    sightings: int
    comments: int
    events: Sequence[Event]

    @property
    def has_news(self) -> bool:
        """Whether anything happened that the person has not read yet."""
        return any(one.is_new for one in self.events)

    @property
    def state(self) -> str:
        """What became of it, in one line."""
        if self.withdrawn_at is not None:
            return self._withdrawn()
        parts = [
            self._decided(),
            _counted(self.sightings, "Seen by {} other", "Seen by {} others"),
            _counted(self.comments, "{} comment", "{} comments"),
            _counted(self._happened(EventKind.DELIVERY), "sent to {} place", "sent to {} places"),
            _counted(
                self._happened(EventKind.FAILED_DELIVERY),
                "{} delivery failed",
                "{} deliveries failed",
            ),
            "changed by others" if self._happened(EventKind.EDIT) else "",
        ]
        told = " · ".join(part for part in parts if part)
        return told[:1].upper() + told[1:] or "Nothing yet: colleagues find it by searching."

    def _withdrawn(self) -> str:
        """The latest of these events may be older than a withdrawal by the author."""
        for one in self.events:
            if one.kind is EventKind.WITHDRAWAL and one.at == self.withdrawn_at:
                return f"Withdrawn by {one.person or 'the operator'}: nobody else finds it."
        return "Withdrawn by you: nobody else finds it."

    def _decided(self) -> str:
        """What others decided last, as long as nobody put it back."""
        last = next((one for one in self.events if one.kind in _DECIDED), None)
        if last is None:
            return ""
        return _DECIDED[last.kind].format(last.person or "the operator", detail=last.detail)

    def _happened(self, kind: EventKind) -> int:
        return sum(one.kind is kind for one in self.events)


@dataclass(frozen=True)
class MyNotesPage:
    """One page of the list; `read_at` is up to when the person has read."""

    notes: Sequence[MyNote]
    next: Position | None
    read_at: datetime | None


def list_mine(
    session: Session,
    actor: Actor,
    *,
    with_news: bool = False,
    after: Position | None = None,
    limit: int = 20,
) -> MyNotesPage:
    """The actor's notes, newest first, `limit` (at most 100) at a time.

    `with_news` keeps those to which something happened that the actor has not read, among the
    newest `WATCHED`. A fixed number of queries.
    """
    limit = max(1, min(limit, MOST_ON_A_PAGE))
    read_at = session.scalar(select(Person.news_read_at).where(Person.id == actor.id))
    since = read_at or NEVER
    if with_news:
        page, source = _with_news(session, actor, literal(since, UTCDateTime()))
    else:
        page, source = _own(actor), table_of(Note).c
    if after is not None:
        noted_at = literal(after.noted_at, UTCDateTime())
        page = page.where(
            tuple_(source.noted_at, source.id) < tuple_(noted_at, literal(after.id, source.id.type))
        )
    page = page.order_by(source.noted_at.desc(), source.id.desc()).limit(limit + 1)
    rows = [row for row in session.execute(_shown(actor, page)) if access.may_see(actor, row)]
    shown = rows[:limit]
    events = events_of(session, actor, [row.id for row in shown], since=since)
    notes = [_note(session, row, events[row.id]) for row in shown]
    last = shown[-1] if len(rows) > limit else None
    return MyNotesPage(notes, Position(last.noted_at, last.id) if last else None, read_at)


def count_news(session: Session, actor: Actor) -> int:
    """How many of the actor's newest `WATCHED` notes have news, counted up to `MOST_COUNTED`.

    One query, which no number of notes makes slow.
    """
    read_at = select(Person.news_read_at).where(Person.id == actor.id).scalar_subquery()
    since = func.coalesce(read_at, literal(NEVER, UTCDateTime()))
    page, _ = _with_news(session, actor, since)
    found = page.limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def mark_read(session: Session, actor: Actor, *, until: datetime, now: datetime) -> None:
    """What happened up to `until` is no longer new; a moment to come counts as `now`.

    Never takes back what was read already.
    """
    until = min(until, now)
    people = table_of(Person)
    session.execute(
        people.update()
        .where(
            people.c.id == actor.id,
            or_(people.c.news_read_at.is_(None), people.c.news_read_at < until),
        )
        .values(news_read_at=until)
    )


def _own(actor: Actor) -> Select[UUID, datetime]:
    return select(Note.id, Note.noted_at).where(Note.author_id == actor.id)


def _with_news(
    session: Session, actor: Actor, since: ColumnElement[Any]
) -> tuple[Select[*tuple[Any, ...]], Columns]:
    """The watched notes with news, and the columns by which to go on: all of them in an index."""
    watched = _own(actor).order_by(Note.noted_at.desc(), Note.id.desc()).limit(WATCHED).subquery()
    note_id = watched.c.id
    news = (
        exists().where(
            Sighting.note_id == note_id, Sighting.person_id != actor.id, Sighting.at > since
        ),
        exists().where(
            Comment.note_id == note_id,
            Comment.at > since,
            Comment.author_id != actor.id,
            Comment.withdrawn_at.is_(None),
        ),
        exists().where(
            NoteRevision.note_id == note_id,
            NoteRevision.editor_id != actor.id,
            NoteRevision.at > since,
        ),
        exists().where(
            JournalEntry.subject_type == "note",
            JournalEntry.subject_id == _as_subject(session, note_id),
            JournalEntry.verb.in_((*CHANGES, *DECISIONS)),
            JournalEntry.actor_id.is_distinct_from(actor.id),
            JournalEntry.at > since,
        ),
        exists().where(
            TopicNote.note_id == note_id,
            TopicNote.outcome_at > since,
            TopicNote.outcome_by.is_distinct_from(actor.id),
            TopicNote.gathering == Gathering.GATHERED,
        ),
        exists().where(
            Delivery.note_id == note_id,
            Delivery.created_at > since,
            Destination.id == Delivery.destination_id,
            *SENT_TO_MANY,
        ),
    )
    return select(watched.c.id, watched.c.noted_at).where(or_(*news)), watched.c


def _as_subject(session: Session, note_id: ColumnElement[UUID]) -> ColumnElement[str]:
    """The note's id as the journal writes it; SQLite keeps ids without hyphens."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(note_id, String)
    digits = type_coerce(note_id, String)
    parts = [func.substr(digits, start, length) for start, length in _GROUPS]
    subject: ColumnElement[str] = parts[0]
    for part in parts[1:]:
        subject = subject.concat("-").concat(part)
    return subject


# Where the groups of digits of a UUID begin, and how long they are.
_GROUPS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


def _shown(actor: Actor, page: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """What is told of the notes of a page."""
    ids = page.subquery()
    sightings = select(func.count()).where(
        Sighting.note_id == Note.id, Sighting.person_id != actor.id
    )
    comments = select(func.count()).where(
        Comment.note_id == Note.id,
        Comment.author_id != actor.id,
        Comment.withdrawn_at.is_(None),
    )
    return (
        select(
            Note.id,
            Note.author_id,
            Note.territory_id,
            Note.text,
            Note.kind,
            Note.noted_at,
            Note.audience,
            Note.withdrawn_at,
            sightings.scalar_subquery().label("sightings"),
            comments.scalar_subquery().label("comments"),
        )
        .join(ids, ids.c.id == Note.id)
        .order_by(Note.noted_at.desc(), Note.id.desc())
    )


def _note(session: Session, row: Any, events: Sequence[Event]) -> MyNote:
    return MyNote(
        id=row.id,
        text=row.text,
        kind=row.kind.value,
        territory=catalogue.current(session).territories[row.territory_id],
        noted_at=row.noted_at,
        sealed=row.audience.value == "sealed",
        withdrawn_at=row.withdrawn_at,
        sightings=row.sightings,
        comments=row.comments,
        events=events,
    )


def _counted(number: int, one: str, several: str) -> str:
    return (one if number == 1 else several).format(f"{number:,}") if number else ""
