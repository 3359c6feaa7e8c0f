"""The notes of a topic: gathered by people, proposed by trends and queries, taken out again.

A note that was declined or taken out keeps its row, so that nothing proposes it anew; to gather it
brings it back, with what was said to have become of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, literal, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from insights.db import UTCDateTime, insert_or_skip
from insights.models import Gathering, Note, Outcome, Person, TopicNote
from insights.services import access, access_work, note_cards, topic_work
from insights.services.access import Actor
from insights.services.note_cards import NoteCard, Position
from insights.services.topic_work import (
    ROWS,
    SIGHT,
    chosen_ids,
    listed,
    record,
    require_workable,
    visible_ids,
)

MOST_ON_A_PAGE = 100
MOST_AT_ONCE = topic_work.MOST_AT_ONCE


@dataclass(frozen=True, slots=True)
class TopicNoteView:
    """A note in a topic. `added_by` is empty when a trend or a query proposed it; `outcome_at` is
    when its outcome was first said, `outcome_by` who said it last. `known_note_id` is None also
    when the reader may not see that note."""

    card: NoteCard
    gathering: Gathering
    added_by: str
    added_at: datetime
    outcome: Outcome | None
    outcome_text: str
    known_note_id: UUID | None
    outcome_by: str
    outcome_at: datetime | None


@dataclass(frozen=True)
class TopicNotesPage:
    """One page, the last added first; `next` is where the following one begins, by then."""

    items: Sequence[TopicNoteView]
    next: Position | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of gathering: those that are new in the topic, those that were in it, and of each
    that was refused why."""

    added: tuple[UUID, ...]
    unchanged: tuple[UUID, ...]
    refused: Mapping[UUID, str]


def gather(
    session: Session, actor: Actor, topic_id: int, note_ids: Collection[UUID], *, now: datetime
) -> Gathered:
    """Puts up to 200 notes into the topic; what cannot be done for one does not keep the others.

    Afterwards all that were not refused are gathered, also those that were only proposed. A second
    time changes nothing. Raises Forbidden, NotFound, Conflict for a topic that was merged into
    another, and Invalid(notes) for none or too many.
    """
    topic = require_workable(session, actor, topic_id)
    chosen = chosen_ids(note_ids)
    refused = _refused(session, actor, chosen)
    wanted = [one for one in chosen if one not in refused]
    here = select(ROWS.c.note_id).where(
        ROWS.c.topic_id == topic.id,
        ROWS.c.note_id.in_(wanted),
        ROWS.c.gathering == Gathering.GATHERED,
    )
    unchanged = set(session.scalars(here))
    added = tuple(one for one in wanted if one not in unchanged)
    put(session, topic.id, added, Gathering.GATHERED, added_by=actor.journal_id, now=now)
    _bring_back(session, actor, topic.id, added, now=now)
    if added:
        record(session, actor, "gathered", topic.id, now=now, notes=listed(added))
    return Gathered(added, tuple(one for one in wanted if one in unchanged), refused)


def drop(
    session: Session, actor: Actor, topic_id: int, note_ids: Collection[UUID], *, now: datetime
) -> int:
    """Takes up to 200 gathered notes out of the topic; returns how many were in it.

    What was said to have become of them stays said. Raises as `gather` does.
    """
    topic = require_workable(session, actor, topic_id)
    chosen = chosen_ids(note_ids)
    dropped = _move(
        session, actor, topic.id, chosen, Gathering.GATHERED, gathering=Gathering.DISMISSED
    )
    if dropped:
        record(session, actor, "dropped", topic.id, now=now, notes=listed(dropped))
    return len(dropped)


def accept(
    session: Session,
    actor: Actor,
    topic_id: int,
    note_ids: Collection[UUID] | None = None,
    *,
    now: datetime,
) -> int:
    """Gathers notes that were proposed: up to 200, or without `note_ids` all that the actor may
    see; returns how many.

    Raises as `gather` does.
    """
    topic = require_workable(session, actor, topic_id)
    values = {"gathering": Gathering.GATHERED, "added_by": actor.journal_id, "added_at": now}
    accepted = _move(session, actor, topic.id, _or_all(note_ids), Gathering.PROPOSED, **values)
    if accepted:
        record(session, actor, "gathered", topic.id, now=now, notes=listed(accepted))
    return len(accepted)


def dismiss(
    session: Session,
    actor: Actor,
    topic_id: int,
    note_ids: Collection[UUID] | None = None,
    *,
    now: datetime,
) -> int:
    """Declines notes that were proposed, chosen as `accept` does; returns how many.

    They are never proposed to this topic again. Raises as `gather` does.
    """
    topic = require_workable(session, actor, topic_id)
    declined = _move(
        session, actor, topic.id, _or_all(note_ids), Gathering.PROPOSED,
        gathering=Gathering.DISMISSED,
    )  # fmt: skip
    if declined:
        record(session, actor, "dropped", topic.id, now=now, notes=listed(declined))
    return len(declined)


def put(
    session: Session,
    topic_id: int,
    note_ids: Collection[UUID],
    gathering: Gathering,
    *,
    added_by: int | None,
    now: datetime,
) -> list[UUID]:
    """Gives the topic rows for notes that it has none of; returns those, in no order."""
    rows = [
        {
            "topic_id": topic_id,
            "note_id": note_id,
            "gathering": gathering,
            "added_by": added_by,
            "added_at": now,
            "outcome_text": "",
        }
        for note_id in note_ids
    ]
    if not rows:
        return []
    return list(session.scalars(insert_or_skip(session, TopicNote, ROWS.c.note_id), rows))


def notes_of(
    session: Session,
    actor: Actor,
    topic_id: int,
    *,
    gathering: Gathering = Gathering.GATHERED,
    settled: bool | None = None,
    after: Position | None = None,
    limit: int = 20,
) -> TopicNotesPage:
    """The notes of a topic that the actor may see, the last added first, `limit` (at most 100) at
    a time; with `settled` only those with an outcome (True) or without (False).

    A fixed number of queries. Raises NotFound.
    """
    access_work.topic(session, actor, topic_id)
    limit = max(1, min(limit, MOST_ON_A_PAGE))
    page = _PAGE.where(
        ROWS.c.topic_id == topic_id, ROWS.c.gathering == gathering, access.visible_notes(actor)
    )
    if settled is not None:
        page = page.where(ROWS.c.outcome.is_not(None) if settled else ROWS.c.outcome.is_(None))
    if after is not None:
        page = page.where(_behind(after))
    order = (ROWS.c.added_at.desc(), ROWS.c.note_id.desc())
    rows = session.execute(page.order_by(*order).limit(limit + 1)).all()
    shown = {row.note_id: row for row in rows[:limit]}
    cards = note_cards.cards_of(session, actor, list(shown))
    known = {row.known_note_id for row in shown.values()} - {None}
    known = visible_ids(session, actor, known) if known else known
    last = rows[limit - 1] if len(rows) > limit else None
    return TopicNotesPage(
        [_view(card, shown[card.id], known) for card in cards],
        Position(last.added_at, last.note_id) if last else None,
    )


_ADDER, _SETTLER = aliased(Person), aliased(Person)
_PAGE: Select[Any] = (
    select(
        *ROWS.c,
        _ADDER.name.label("adder_name"),
        _SETTLER.name.label("settler_name"),
    )
    .join(Note, Note.id == ROWS.c.note_id)
    .outerjoin(_ADDER, _ADDER.id == ROWS.c.added_by)
    .outerjoin(_SETTLER, _SETTLER.id == ROWS.c.outcome_by)
)


def _behind(after: Position) -> ColumnElement[bool]:
    added_at = literal(after.noted_at, UTCDateTime())
    note_id = literal(after.id, ROWS.c.note_id.type)
    return tuple_(ROWS.c.added_at, ROWS.c.note_id) < tuple_(added_at, note_id)


def _view(card: NoteCard, row: Row[Any], known: Collection[UUID]) -> TopicNoteView:
    return TopicNoteView(
        card=card,
        gathering=row.gathering,
        added_by=row.adder_name or "",
        added_at=row.added_at,
        outcome=row.outcome,
        outcome_text=row.outcome_text,
        known_note_id=row.known_note_id if row.known_note_id in known else None,
        outcome_by=row.settler_name or "",
        outcome_at=row.outcome_at,
    )


def _refused(session: Session, actor: Actor, note_ids: Collection[UUID]) -> dict[UUID, str]:
    """Why each of the notes that cannot be gathered cannot."""
    found = {row.id: row for row in session.execute(SIGHT.where(Note.id.in_(note_ids)))}
    refused = {}
    for one in note_ids:
        if one not in found or not access.may_see(actor, found[one]):
            refused[one] = "There is no such note, or you may not see it."
        elif found[one].withdrawn_at is not None:
            refused[one] = "The note was withdrawn. Have it restored before you gather it."
    return refused


def _bring_back(
    session: Session, actor: Actor, topic_id: int, note_ids: Collection[UUID], *, now: datetime
) -> None:
    """Gathers what had a row before: what was proposed, declined or taken out."""
    if note_ids:
        session.execute(
            update(ROWS)
            .where(
                ROWS.c.topic_id == topic_id,
                ROWS.c.note_id.in_(note_ids),
                ROWS.c.gathering != Gathering.GATHERED,
            )
            .values(gathering=Gathering.GATHERED, added_by=actor.journal_id, added_at=now)
        )


def _or_all(note_ids: Collection[UUID] | None) -> list[UUID] | None:
    return None if note_ids is None else chosen_ids(note_ids)


def _move(
    session: Session,
    actor: Actor,
    topic_id: int,
    note_ids: Collection[UUID] | None,
    former: Gathering,
    **values: Any,
) -> list[UUID]:
    """Changes the rows of notes that are `former` and that the actor may see, of all of them
    without `note_ids`; returns these notes."""
    chosen = [ROWS.c.topic_id == topic_id, ROWS.c.gathering == former]
    if note_ids is not None:
        chosen.append(ROWS.c.note_id.in_(visible_ids(session, actor, note_ids)))
    else:
        seen = select(Note.id).where(Note.id == ROWS.c.note_id, access.visible_notes(actor))
        chosen.append(seen.exists())
    changed = update(ROWS).where(*chosen).values(**values).returning(ROWS.c.note_id)
    return list(session.scalars(changed))
