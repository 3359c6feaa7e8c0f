"""Outcomes: what became of each note of a topic, told to its author and to all who saw the same.

They are told with the first outcome of the note in the topic; a later one is a correction, which
stands on their page and tells nobody again. `outcome_at` therefore stays that of the first.

A note that waits in the inbox of triage is settled there too. That is written without a row of the
journal that news are made of (services/news.py): the telling says more, and is the one message
that the author gets.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from insights.clock import in_zone
from insights.db import UTCDateTime
from insights.errors import FieldProblems, Invalid
from insights.models import (
    Gathering,
    Note,
    Outcome,
    Person,
    Sighting,
    TellingMatter,
    TriageState,
)
from insights.services import access, names, tellings, triage
from insights.services.access import Actor
from insights.services.tellings import NewTelling
from insights.services.topic_work import (
    ROWS,
    SIGHT,
    chosen_ids,
    listed,
    record,
    require_workable,
    visible_ids,
)

LONGEST_TEXT = 500
NEEDED: Mapping[Outcome, str] = {
    Outcome.USED: "Say in what it was used: a price list, a release, a reply.",
    Outcome.ALREADY_KNOWN: "Say from where it was known, or choose the note that said so before.",
    Outcome.NOT_NOW: "Say why not now: who wrote it will read it.",
}
TRIAGED: Mapping[Outcome, TriageState] = {
    Outcome.USED: TriageState.DONE,
    Outcome.ALREADY_KNOWN: TriageState.ALREADY_KNOWN,
    Outcome.NOT_NOW: TriageState.DONE,
}


# The outcome, what is said of it, and the note that said the same before.
Said = tuple[Outcome, str, UUID | None]


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of it: the notes whose outcome it is now, how many tellings it made, and of each
    that was refused why."""

    notes: tuple[UUID, ...]
    told: int
    refused: Mapping[UUID, str]


def settle(
    session: Session,
    actor: Actor,
    topic_id: int,
    note_ids: Collection[UUID],
    outcome: Outcome,
    *,
    text: str = "",
    known_note_id: UUID | None = None,
    now: datetime,
) -> Settled:
    """Says what became of up to 200 notes that the topic has gathered.

    `text` (at most 500 characters) says in what they were used, why not now, or from where it was
    known; for what is already known a note that said so before will do instead. Its author and
    those who saw the same are told once, when it is the first outcome of the note in this topic:
    not the actor, nobody who has left, and nobody who may not see the note.

    Raises Forbidden, NotFound, Conflict for a topic that was merged into another, and
    Invalid(notes, text, known_note).
    """
    topic = require_workable(session, actor, topic_id)
    chosen = chosen_ids(note_ids)
    new = _said(session, actor, (outcome, text, known_note_id), note_ids=chosen)
    former = _former(session, actor, topic.id, chosen)
    refused = {
        one: "The topic has not gathered this note. Gather it, then say what became of it."
        for one in chosen
        if one not in former
    }
    changed = [one for one in chosen if one in former and former[one] != new]
    _write(session, actor, topic.id, changed, new=new, now=now)
    triage.follow(session, changed, TRIAGED[outcome], person_id=actor.journal_id, now=now)
    first = [one for one in changed if former[one][0] is None]
    told = tellings.tell(session, _tellings(session, actor, topic.id, first, now), now=now)
    if changed:
        data = {"outcome": outcome.value, "notes": listed(changed)}
        record(session, actor, "settled", topic.id, now=now, **data)
    return Settled(tuple(one for one in chosen if one in former), told, refused)


def _said(
    session: Session,
    actor: Actor,
    new: Said,
    *,
    note_ids: Collection[UUID],
) -> Said:
    """What is said of these notes, as it is stored; raises Invalid(text, known_note)."""
    outcome, text, known_note_id = new
    said = names.one_line(text)
    problems = FieldProblems()
    with problems:
        if not said and (outcome is not Outcome.ALREADY_KNOWN or known_note_id is None):
            raise Invalid({"text": [NEEDED[outcome]]})
        if len(said) > LONGEST_TEXT:
            raise Invalid({"text": [f"Shorten this to {LONGEST_TEXT} characters."]})
    if outcome is not Outcome.ALREADY_KNOWN or known_note_id is None:
        known_note_id = None
    elif known_note_id in note_ids:
        with problems:
            raise Invalid({"known_note": ["Choose another note than those that you settle."]})
    elif known_note_id not in visible_ids(session, actor, [known_note_id]):
        with problems:
            raise Invalid({"known_note": ["There is no such note, or you may not see it."]})
    problems.settle()
    return outcome, said, known_note_id


def _former(
    session: Session, actor: Actor, topic_id: int, note_ids: Collection[UUID]
) -> dict[UUID, tuple[Outcome | None, str, UUID | None]]:
    """What was said before of those of these notes that the topic gathered and the actor sees."""
    seen = visible_ids(session, actor, note_ids)
    rows = session.execute(
        select(ROWS.c.note_id, ROWS.c.outcome, ROWS.c.outcome_text, ROWS.c.known_note_id).where(
            ROWS.c.topic_id == topic_id,
            ROWS.c.note_id.in_(seen),
            ROWS.c.gathering == Gathering.GATHERED,
        )
    )
    return {note_id: (outcome, text, known) for note_id, outcome, text, known in rows}


def _write(
    session: Session,
    actor: Actor,
    topic_id: int,
    note_ids: Collection[UUID],
    *,
    new: Said,
    now: datetime,
) -> None:
    if not note_ids:
        return
    outcome, text, known_note_id = new
    session.execute(
        update(ROWS)
        .where(ROWS.c.topic_id == topic_id, ROWS.c.note_id.in_(note_ids))
        .values(
            outcome=outcome,
            outcome_text=text,
            known_note_id=known_note_id,
            outcome_by=actor.journal_id,
            outcome_at=func.coalesce(ROWS.c.outcome_at, literal(now, UTCDateTime())),
        )
    )


def _tellings(
    session: Session, actor: Actor, topic_id: int, note_ids: Collection[UUID], now: datetime
) -> list[NewTelling]:
    """Whom to tell of these notes. Four queries at most, however many notes and people."""
    if not note_ids:
        return []
    rows = session.execute(SIGHT.where(Note.id.in_(note_ids)))
    notes = {row.id: row for row in rows}
    concerned = _concerned(session, note_ids) - {(one, actor.id) for one in note_ids}
    sealed = {person for note, person in concerned if not access.is_open(notes[note])}
    # What they may see is asked again when they read it, in the organisation's zone.
    readers = access.load_actors(session, sealed, today=in_zone(now, UTC).date())
    return [
        NewTelling(
            person,
            TellingMatter.OUTCOME,
            f"{topic_id}:{note}",
            f"outcome:{topic_id}:{note}:{person}",
        )
        for note, person in sorted(concerned)
        if access.is_open(notes[note])
        or (person in readers and access.may_see(readers[person], notes[note]))
    ]


def _concerned(session: Session, note_ids: Collection[UUID]) -> set[tuple[UUID, int]]:
    """The authors of these notes and those who saw the same; without those who have left."""
    authors = select(Note.id, Note.author_id).where(
        Note.id.in_(note_ids), Note.author_unknown.is_(False)
    )
    sighters = select(Sighting.note_id, Sighting.person_id).where(Sighting.note_id.in_(note_ids))
    both = authors.union(sighters).subquery()
    rows = session.execute(
        select(both.c[0], both.c[1])
        .join(Person, Person.id == both.c[1])
        .where(Person.deactivated_at.is_(None))
    )
    return {(note_id, person_id) for note_id, person_id in rows}
