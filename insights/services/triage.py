"""Triage: the inbox of routed notes, and who decided what about each.

A note comes into the inbox once, with the first route that matches it or when somebody decides
about it, and never leaves it: a decision is a state that can be changed to any other, and a
withdrawn note is only not shown.

Two who decide at the same time take turns, and the second is told what the first one did.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, literal, select, update
from sqlalchemy.orm import Session

from insights.db import UTCDateTime, insert_or_skip, table_of
from insights.errors import Conflict, Forbidden, InsightsError, NotFound
from insights.models import Note, Person, Triage, TriageState
from insights.services import access, journal, triage_words
from insights.services.access import Actor

MOST_AT_ONCE = 100

VERBS: Mapping[TriageState, str] = {
    TriageState.NEW: "note.reopened",
    TriageState.TAKEN: "note.taken",
    TriageState.ALREADY_KNOWN: "note.already-known",
    TriageState.DONE: "note.done",
}
_TRIAGES = table_of(Triage)


@dataclass(frozen=True, slots=True)
class TriageView:
    """How far a note is. `person_name` is empty while it is new and for the operator; `version`
    rises with each decision."""

    note_id: UUID
    state: TriageState
    person_id: int | None
    person_name: str
    opened_at: datetime
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision about one of several notes: how far it is now, or why not."""

    note_id: UUID
    triage: TriageView | None
    problem: str


def views_of(session: Session, note_ids: Collection[UUID]) -> dict[UUID, TriageView]:
    """How far these notes are, by note; those that never came into the inbox are absent.

    Whoever asks has made sure that the reader may see the notes. One query, none for no notes.
    """
    if not note_ids:
        return {}
    rows = session.execute(_VIEWS.where(_TRIAGES.c.note_id.in_(note_ids)))
    return {row.note_id: _view(row) for row in rows}


def open_notes(session: Session, note_ids: Collection[UUID], *, now: datetime) -> int:
    """Puts notes into the inbox as new; returns how many were not in it yet."""
    if not note_ids:
        return 0
    found = select(Note.id, Note.territory_id).where(Note.id.in_(note_ids))
    return _open(session, {row.id: row.territory_id for row in session.execute(found)}, now)


def move(session: Session, note_id: UUID, territory_id: int) -> None:
    """Follows a note that belongs to another territory now."""
    session.execute(
        update(_TRIAGES).where(_TRIAGES.c.note_id == note_id).values(territory_id=territory_id)
    )


def follow(
    session: Session,
    note_ids: Collection[UUID],
    state: TriageState,
    *,
    person_id: int | None,
    now: datetime,
) -> None:
    """Lets notes that are in the inbox follow what became of them elsewhere (topic_outcomes).

    Whoever decides so tells their authors of it: no verb is journalled that news are made of.
    """
    waiting = [one for one, view in views_of(session, note_ids).items() if view.state is not state]
    if waiting:
        _set(session, waiting, state, person_id=person_id, now=now)


def decide(
    session: Session,
    actor: Actor,
    note_id: UUID,
    state: TriageState,
    *,
    expected_version: int | None = None,
    now: datetime,
) -> TriageView:
    """Says how far the note is; what the actor has said already changes nothing.

    Raises NotFound, Forbidden, and Conflict when somebody else has decided since the actor read
    `expected_version`, or without one when somebody else has said the same: the message names who,
    what and when.
    """
    versions = {} if expected_version is None else {note_id: expected_version}
    outcome = _decide(session, actor, [note_id], state, versions=versions, now=now)[note_id]
    if isinstance(outcome, InsightsError):
        raise outcome
    return outcome


def decide_many(
    session: Session,
    actor: Actor,
    note_ids: Sequence[UUID],
    state: TriageState,
    *,
    versions: Mapping[UUID, int] | None = None,
    now: datetime,
) -> list[Decided]:
    """The same for up to 100 notes at once, the others are left out; tells of each how it went.

    What cannot be done for one does not keep the others. A fixed number of queries.
    """
    chosen = list(dict.fromkeys(note_ids))[:MOST_AT_ONCE]
    outcomes = _decide(session, actor, chosen, state, versions=versions or {}, now=now)
    return [_decided(one, outcomes[one]) for one in chosen]


_VIEWS: Select[Any] = select(
    _TRIAGES.c.note_id,
    _TRIAGES.c.state,
    _TRIAGES.c.person_id,
    Person.name.label("person_name"),
    _TRIAGES.c.opened_at,
    _TRIAGES.c.changed_at,
    _TRIAGES.c.version,
).outerjoin(Person, Person.id == _TRIAGES.c.person_id)


def _view(row: Row[Any]) -> TriageView:
    return TriageView(
        row.note_id, row.state, row.person_id, row.person_name or "", row.opened_at,
        row.changed_at, row.version,
    )  # fmt: skip


def _open(session: Session, territories: Mapping[UUID, int], now: datetime) -> int:
    rows = [
        {
            "note_id": note_id,
            "territory_id": territory_id,
            "state": TriageState.NEW,
            "opened_at": now,
            "changed_at": now,
            "version": 1,
        }
        for note_id, territory_id in territories.items()
    ]
    if not rows:
        return 0
    return len(session.execute(insert_or_skip(session, Triage, _TRIAGES.c.note_id), rows).all())


def _decide(
    session: Session,
    actor: Actor,
    note_ids: Sequence[UUID],
    state: TriageState,
    *,
    versions: Mapping[UUID, int],
    now: datetime,
) -> dict[UUID, TriageView | InsightsError]:
    """How far each note is after it, or why it could not be decided."""
    outcomes: dict[UUID, TriageView | InsightsError] = {}
    allowed: dict[UUID, int] = {}
    notes = {row.id: row for row in session.execute(_NOTES.where(Note.id.in_(note_ids)))}
    for note_id in note_ids:
        refusal = _refusal(actor, notes.get(note_id))
        if refusal is None:
            allowed[note_id] = notes[note_id].territory_id
        else:
            outcomes[note_id] = refusal
    changed = []
    for view in _held(session, allowed, now).values():
        conflict = _conflict(actor, view, state, versions.get(view.note_id), now)
        outcomes[view.note_id] = conflict or view
        if conflict is None and not _is_so(actor, view, state):
            changed.append(view)
    return outcomes | _change(session, actor, changed, state, now)


_NOTES = select(Note.id, Note.author_id, Note.territory_id, Note.audience, Note.withdrawn_at)


def _refusal(actor: Actor, note: Any) -> InsightsError | None:
    if note is None or not access.may_see(actor, note):
        return NotFound("There is no such note, or you may not see it.")
    try:
        access.require_triager(actor, note.territory_id)
    except Forbidden as refusal:
        return refusal
    if note.withdrawn_at is not None:
        return Forbidden("The note was withdrawn, so there is nothing to decide about it.")
    return None


def _held(session: Session, notes: Mapping[UUID, int], now: datetime) -> dict[UUID, TriageView]:
    """How far these notes are; until the transaction ends nobody else decides about them."""
    if not notes:
        return {}
    ids = select(_TRIAGES.c.note_id).where(_TRIAGES.c.note_id.in_(notes))
    # In one order, so that two who decide about several notes do not wait for each other.
    held = set(session.scalars(ids.order_by(_TRIAGES.c.note_id).with_for_update()))
    _open(session, {one: place for one, place in notes.items() if one not in held}, now)
    return views_of(session, notes)


def _is_so(actor: Actor, view: TriageView, state: TriageState) -> bool:
    """Whether the actor has said so already; what is new was said by nobody."""
    is_mine = view.person_id == actor.journal_id
    return view.state is state and (is_mine or state is TriageState.NEW)


def _conflict(
    actor: Actor, view: TriageView, state: TriageState, version: int | None, now: datetime
) -> Conflict | None:
    if _is_so(actor, view, state):
        return None
    said = view.state is state
    # Who has read that somebody else took it takes it over.
    if version == view.version or (version is None and not said):
        return None
    who = "You" if view.person_id == actor.journal_id else view.person_name or "Somebody"
    words = triage_words.taken_before(who, view.state, view.changed_at, now)
    return Conflict(words if said else f"{words} Look at it again, then decide.")


def _change(
    session: Session, actor: Actor, views: Iterable[TriageView], state: TriageState, now: datetime
) -> dict[UUID, TriageView]:
    former = {view.note_id: view for view in views}
    if not former:
        return {}
    person_id = None if state is TriageState.NEW else actor.journal_id
    _set(session, former, state, person_id=person_id, now=now)
    entries = [
        journal.entry(
            VERBS[state],
            ("note", view.note_id),
            actor_id=actor.journal_id,
            now=now,
            data={"former": view.state.value},
        )
        for view in former.values()
    ]
    journal.append_many(session, entries)
    return views_of(session, former)


def _set(
    session: Session,
    note_ids: Collection[UUID],
    state: TriageState,
    *,
    person_id: int | None,
    now: datetime,
) -> None:
    moment = literal(now, UTCDateTime())
    session.execute(
        update(_TRIAGES)
        .where(_TRIAGES.c.note_id.in_(note_ids))
        .values(
            state=state,
            person_id=person_id,
            changed_at=now,
            decided_at=func.coalesce(_TRIAGES.c.decided_at, moment),
            version=_TRIAGES.c.version + 1,
        )
    )


def _decided(note_id: UUID, outcome: TriageView | InsightsError) -> Decided:
    if isinstance(outcome, InsightsError):
        return Decided(note_id, None, outcome.message)
    return Decided(note_id, outcome, "")
