"""What became of a person's own notes: who saw the same, what was said,
changed, decided, used and delivered.

Only what others did counts: nobody needs to be told of their own deeds. An event whose moment is
later than the one up to which the person has read is new.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from insights.models import (
    Comment,
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Destination,
    Gathering,
    JournalEntry,
    NoteRevision,
    Outcome,
    Person,
    Sighting,
    TopicNote,
    TriageState,
)
from insights.services import catalogue, triage
from insights.services.access import Actor
from insights.services.note_history import LABELS
from insights.text import shorten

# Of each kind the newest few of a note are told; the note's own page shows all of them.
MOST_OF_A_KIND = 5
LONGEST_QUOTE = 160
WITHDRAWN, RESTORED = "note.withdrawn", "note.restored"
# What is still on its way has not happened yet; what goes to one person alone is their own matter.
SENT_TO_MANY = (
    Delivery.state.in_((DeliveryState.SENT, DeliveryState.DEAD)),
    Delivery.matter == DeliveryMatter.NOTE,
    Destination.person_id.is_(None),
)


class EventKind(StrEnum):
    """What happened."""

    SIGHTING = "sighting"
    COMMENT = "comment"
    EDIT = "edit"
    WITHDRAWAL = "withdrawal"
    RESTORATION = "restoration"
    TAKEN = "taken"
    ALREADY_KNOWN = "already-known"
    DONE = "done"
    USED = "used"
    KNOWN_BEFORE = "known-before"
    NOT_NOW = "not-now"
    REOPENED = "reopened"
    DELIVERY = "delivery"
    FAILED_DELIVERY = "failed-delivery"


# What the journal alone remembers.
CHANGES = {WITHDRAWN: EventKind.WITHDRAWAL, RESTORED: EventKind.RESTORATION}
DECISIONS = {
    triage.VERBS[TriageState.TAKEN]: EventKind.TAKEN,
    triage.VERBS[TriageState.ALREADY_KNOWN]: EventKind.ALREADY_KNOWN,
    triage.VERBS[TriageState.DONE]: EventKind.DONE,
    triage.VERBS[TriageState.NEW]: EventKind.REOPENED,
}
OUTCOMES = {
    Outcome.USED: EventKind.USED,
    Outcome.ALREADY_KNOWN: EventKind.KNOWN_BEFORE,
    Outcome.NOT_NOW: EventKind.NOT_NOW,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a note; `detail` is what was said, changed or aimed at, and of an
    outcome in what it was used, from where it was known, or why not now.

    `person` is None for what the product or its operator did.
    """

    kind: EventKind
    note_id: UUID
    at: datetime
    person: str | None
    territory: str | None
    detail: str
    is_new: bool

    @property
    def words(self) -> str:
        """The event as a sentence without its time."""
        who = self.person or "The operator"
        where = f" in {self.territory}" if self.territory else ""
        return {
            EventKind.SIGHTING: f"{who} saw the same{where}",
            EventKind.COMMENT: f"{who} wrote: “{self.detail}”",
            EventKind.EDIT: f"{who} changed: {self.detail}",
            EventKind.TAKEN: f"{who} has taken it up",
            EventKind.ALREADY_KNOWN: f"{who} says that it was known already",
            EventKind.DONE: f"{who} is done with it",
            EventKind.USED: f"{who} used it in {self.detail}",
            EventKind.KNOWN_BEFORE: f"{who} says that it was known before{_after(self.detail)}",
            EventKind.NOT_NOW: f"{who} put it aside for now{_after(self.detail)}",
            EventKind.REOPENED: f"{who} put it back into the inbox",
            EventKind.WITHDRAWAL: f"{who} withdrew it",
            EventKind.RESTORATION: f"{who} made it visible again",
            EventKind.DELIVERY: f"Sent to {self.detail}",
            EventKind.FAILED_DELIVERY: f"Could not be delivered to {self.detail}",
        }[self.kind]


def _after(detail: str) -> str:
    return f": {detail}" if detail else ""


def events_of(
    session: Session, actor: Actor, ids: Sequence[UUID], *, since: datetime
) -> dict[UUID, list[Event]]:
    """What others did to these notes of the actor, newest first, by note.

    Later than `since` is new. Seven queries however many notes there are, and at most the newest
    five events of a kind for each note. Whoever asks has made sure that the actor may see them.
    """
    found: dict[UUID, list[Event]] = {one: [] for one in ids}
    if not ids:
        return found
    reads = (_sightings, _comments, _edits, _withdrawals, _decisions, _outcomes, _deliveries)
    for read in reads:
        for event in read(session, actor, ids, since):
            found[event.note_id].append(event)
    for events in found.values():
        events.sort(key=lambda one: one.at, reverse=True)
    return found


def _sightings(
    session: Session, actor: Actor, ids: Sequence[UUID], since: datetime
) -> Iterator[Event]:
    places = catalogue.current(session).territories
    statement = _newest(
        select(Sighting.note_id, Sighting.at, Person.name, Sighting.territory_id)
        .join(Person, Person.id == Sighting.person_id)
        .where(Sighting.note_id.in_(ids), Sighting.person_id != actor.id),
        Sighting.note_id,
        Sighting.at,
    )
    for row in session.execute(statement):
        place = places.get(row.territory_id)
        yield Event(
            EventKind.SIGHTING, row.note_id, row.at, row.name, place.name if place else None, "",
            row.at > since,
        )  # fmt: skip


def _comments(
    session: Session, actor: Actor, ids: Sequence[UUID], since: datetime
) -> Iterator[Event]:
    statement = _newest(
        select(Comment.note_id, Comment.at, Person.name, Comment.text)
        .join(Person, Person.id == Comment.author_id)
        .where(
            Comment.note_id.in_(ids), Comment.author_id != actor.id, Comment.withdrawn_at.is_(None)
        ),
        Comment.note_id,
        Comment.at,
    )
    for row in session.execute(statement):
        said = shorten(row.text, LONGEST_QUOTE)
        yield Event(
            EventKind.COMMENT, row.note_id, row.at, row.name, None, said, row.at > since
        )  # fmt: skip


def _edits(session: Session, actor: Actor, ids: Sequence[UUID], since: datetime) -> Iterator[Event]:
    statement = _newest(
        select(NoteRevision.note_id, NoteRevision.at, Person.name, NoteRevision.before)
        .join(Person, Person.id == NoteRevision.editor_id)
        .where(NoteRevision.note_id.in_(ids), NoteRevision.editor_id != actor.id),
        NoteRevision.note_id,
        NoteRevision.at,
    )
    for row in session.execute(statement):
        changed = ", ".join(label.lower() for name, label in LABELS.items() if name in row.before)
        yield Event(EventKind.EDIT, row.note_id, row.at, row.name, None, changed, row.at > since)


def _withdrawals(
    session: Session, actor: Actor, ids: Sequence[UUID], since: datetime
) -> Iterator[Event]:
    """Also restorations."""
    return _journalled(session, actor, ids, since, CHANGES)


def _decisions(
    session: Session, actor: Actor, ids: Sequence[UUID], since: datetime
) -> Iterator[Event]:
    return _journalled(session, actor, ids, since, DECISIONS)


def _outcomes(
    session: Session, actor: Actor, ids: Sequence[UUID], since: datetime
) -> Iterator[Event]:
    """What became of the notes in topics. It is for their authors, whoever sees the topic."""
    statement = _newest(
        select(
            TopicNote.note_id,
            TopicNote.outcome_at,
            Person.name,
            TopicNote.outcome,
            TopicNote.outcome_text,
        )
        .outerjoin(Person, Person.id == TopicNote.outcome_by)
        .where(
            TopicNote.note_id.in_(ids),
            TopicNote.outcome.is_not(None),
            TopicNote.gathering == Gathering.GATHERED,
            TopicNote.outcome_by.is_distinct_from(actor.id),
        ),
        TopicNote.note_id,
        TopicNote.outcome_at,
    )
    for row in session.execute(statement):
        kind, at = OUTCOMES[row.outcome], row.outcome_at
        yield Event(kind, row.note_id, at, row.name, None, row.outcome_text, at > since)


def _journalled(
    session: Session,
    actor: Actor,
    ids: Sequence[UUID],
    since: datetime,
    kinds: Mapping[str, EventKind],
) -> Iterator[Event]:
    """What only the journal remembers, by its verbs."""
    subjects = {str(one): one for one in ids}
    statement = _newest(
        select(JournalEntry.subject_id, JournalEntry.at, Person.name, JournalEntry.verb)
        .outerjoin(Person, Person.id == JournalEntry.actor_id)
        .where(
            JournalEntry.subject_type == "note",
            JournalEntry.subject_id.in_(subjects),
            JournalEntry.verb.in_(kinds),
            JournalEntry.actor_id.is_distinct_from(actor.id),
        ),
        JournalEntry.subject_id,
        JournalEntry.id,
    )
    for row in session.execute(statement):
        note_id = subjects[row.subject_id]
        yield Event(kinds[row.verb], note_id, row.at, row.name, None, "", row.at > since)


def _deliveries(
    session: Session, _actor: Actor, ids: Sequence[UUID], since: datetime
) -> Iterator[Event]:
    statement = _newest(
        select(Delivery.note_id, Delivery.created_at, Destination.label, Delivery.state)
        .join(Destination, Destination.id == Delivery.destination_id)
        .where(Delivery.note_id.in_(ids), *SENT_TO_MANY),
        Delivery.note_id,
        Delivery.id,
    )
    for row in session.execute(statement):
        failed = row.state is DeliveryState.DEAD
        kind = EventKind.FAILED_DELIVERY if failed else EventKind.DELIVERY
        is_new = row.created_at > since
        yield Event(kind, row.note_id, row.created_at, None, None, row.label, is_new)


def _newest(
    statement: Select[*tuple[Any, ...]],
    group: InstrumentedAttribute[Any],
    order: InstrumentedAttribute[Any],
) -> Select[*tuple[Any, ...]]:
    """The newest rows of each group, the newest first."""
    place = func.row_number().over(partition_by=group, order_by=order.desc())
    ranked = statement.add_columns(place.label("place")).subquery()
    return select(ranked).where(ranked.c.place <= MOST_OF_A_KIND).order_by(ranked.c.place)
