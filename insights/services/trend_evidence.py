"""The notes that prove a trend, for one reader: a run names them, the reader's sight decides.

A note may have been sealed or withdrawn since the run named it. So the ids of a trend are read
through here, however many trends a page shows in one query.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Note, Person
from insights.services import access
from insights.services.access import Actor
from insights.services.trends import TrendView

# How many of the newest are tried, so that one which the reader may not see leaves no gap.
SPARE = 4


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """As much of a note as a line shows; `noted_at` is aware, in UTC."""

    id: UUID
    text: str
    author_name: str
    noted_at: datetime


def newest(
    session: Session, actor: Actor, views: Sequence[TrendView], *, each: int
) -> Mapping[int, tuple[EvidenceNote, ...]]:
    """By the trend's id up to `each` of its newest notes that the actor may see. One query."""
    tried = {view.id: view.evidence[: each + SPARE] for view in views}
    found = _notes(session, actor, {one for ids in tried.values() for one in ids})
    return {
        trend_id: tuple(found[one] for one in ids if one in found)[:each]
        for trend_id, ids in tried.items()
    }


def visible(
    session: Session, actor: Actor, views: Iterable[TrendView]
) -> Mapping[int, tuple[UUID, ...]]:
    """By the trend's id all its notes that the actor may see, newest first. One query."""
    named = {view.id: view.evidence for view in views}
    ids = {one for evidence in named.values() for one in evidence}
    seen = set(_read(session, actor, ids))
    return {
        trend_id: tuple(one for one in evidence if one in seen)
        for trend_id, evidence in named.items()
    }


def _read(session: Session, actor: Actor, ids: set[UUID]) -> Iterable[UUID]:
    if not ids:
        return ()
    statement = select(Note.id).where(Note.id.in_(ids), access.visible_notes(actor))
    return session.scalars(statement)


def _notes(session: Session, actor: Actor, ids: set[UUID]) -> Mapping[UUID, EvidenceNote]:
    if not ids:
        return {}
    rows = session.execute(
        select(Note.id, Note.text, Person.name, Note.noted_at)
        .join(Person, Person.id == Note.author_id)
        .where(Note.id.in_(ids), access.visible_notes(actor))
    )
    return {row.id: EvidenceNote(*row) for row in rows}
