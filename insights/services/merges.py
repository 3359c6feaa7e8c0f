"""Merges (and splits): the record of each, by which it can be undone once.

The service of the kind makes the change, writes the former values into `before` (and the notes
that moved into `merged_notes`), and takes it back itself. Here is only the book that it is kept in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from insights.errors import Conflict, NotFound
from insights.models import Merge, MergeKind, Person
from insights.services import lookup
from insights.services.access import Actor

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class MergeView:
    """One merge as it is listed: of what into what, by whom, and whether it was undone."""

    id: int
    kind: MergeKind
    source_id: int
    target_id: int
    actor_name: str | None
    at: datetime
    undone_at: datetime | None
    undone_by: str | None


def record(
    session: Session,
    actor: Actor,
    *,
    kind: MergeKind,
    source_id: int,
    target_id: int,
    before: Mapping[str, Any],
    now: datetime,
) -> Merge:
    """Writes down a merge that is being made; its id is known afterwards.

    `before` holds ids, names and values that JSON knows. For services that have asked access.
    """
    row = Merge(
        kind=kind,
        source_id=source_id,
        target_id=target_id,
        actor_id=actor.journal_id,
        at=now,
        before=dict(before),
    )
    session.add(row)
    session.flush()
    return row


def require_open(session: Session, merge_id: int, kind: MergeKind) -> Merge:
    """The merge that is to be undone, held until the transaction ends.

    Raises NotFound when there is none of that kind, and Conflict when it was undone before, with
    who did it. For services that have asked access.
    """
    found = lookup.by_id(session, Merge, merge_id, lock=True)
    if found is None or found.kind is not kind:
        raise NotFound("There is no such merge.")
    if found.undone_at is not None:
        by = session.get(Person, found.undone_by) if found.undone_by else None
        who = f" by {by.name}" if by else ""
        raise Conflict(f"This was undone already{who}. Load the page again to see how it is now.")
    return found


def mark_undone(session: Session, actor: Actor, merge: Merge, *, now: datetime) -> None:
    """Writes down that a merge of `require_open` is undone; its other rows stay as a record."""
    merge.undone_at, merge.undone_by = now, actor.journal_id
    session.flush()


def list_merges(
    session: Session, _actor: Actor, *, kind: MergeKind, target_id: int | None = None
) -> list[MergeView]:
    """The last 50 merges of a kind (into `target_id`, if given), newest first. One query.

    Says nothing of what the reader may see of the two: the service of the kind asks that.
    """
    maker, undoer = aliased(Person), aliased(Person)
    statement = (
        select(Merge, maker.name, undoer.name)
        .outerjoin(maker, maker.id == Merge.actor_id)
        .outerjoin(undoer, undoer.id == Merge.undone_by)
        .where(Merge.kind == kind)
        .order_by(Merge.id.desc())
        .limit(MOST_LISTED)
    )
    if target_id is not None:
        statement = statement.where(Merge.target_id == target_id)
    return [
        MergeView(
            id=row.id,
            kind=row.kind,
            source_id=row.source_id,
            target_id=row.target_id,
            actor_name=maker_name,
            at=row.at,
            undone_at=row.undone_at,
            undone_by=undoer_name,
        )
        for row, maker_name, undoer_name in session.execute(statement)
    ]
