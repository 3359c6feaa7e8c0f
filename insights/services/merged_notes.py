"""The notes of a merge: what was tagged with the source is tagged with the target, and back.

Each note that moves is written down, and whether it had the target's tag already. However many
there are, all move in a fixed number of statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    not_,
    null,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.models import Merge, MergedNote, Note, NoteCompetitor, NoteProduct
from insights.services import access
from insights.services.access import Actor

_MERGES = table_of(Merge).c
_MOVED = table_of(MergedNote)


@dataclass(frozen=True)
class Tags:
    """The table of one kind of tag, and its column that says which."""

    table: Table
    column: str

    @property
    def value(self) -> ColumnElement[Any]:
        """The column of the tag's id."""
        return self.table.c[self.column]


COMPETITOR_TAGS = Tags(table_of(NoteCompetitor), "competitor_id")
PRODUCT_TAGS = Tags(table_of(NoteProduct), "product_id")


def count_visible(session: Session, actor: Actor, tags: Tags, tag_id: int) -> int:
    """How many notes that the actor may see have the tag."""
    tagged = select(func.count()).select_from(tags.table)
    tagged = tagged.join(Note, Note.id == tags.table.c.note_id)
    seen = tagged.where(tags.value == tag_id, access.visible_notes(actor))
    return session.scalar(seen) or 0


def move(session: Session, tags: Tags, book: Merge) -> int:
    """Tags the notes of the merge's source with its target; returns how many there were."""
    table, of_source = tags.table, tags.value == book.source_id
    had_both = _has(tags, table.c.note_id, book.target_id)
    columns = ["merge_id", "note_id", "had_both", "before"]
    moving = select(literal(book.id), table.c.note_id, had_both, null()).where(of_source)
    session.execute(insert(_MOVED).from_select(columns, moving))
    session.execute(delete(table).where(of_source, had_both))
    session.execute(update(table).where(of_source).values({tags.value: book.target_id}))
    counted = select(func.count()).where(_MOVED.c.merge_id == book.id)
    return session.scalar(counted) or 0


def move_back(session: Session, tags: Tags, book: Merge) -> int:
    """Tags with the source again what `move` took from it; returns how many notes it were.

    A note that somebody took the target's tag from since gets none. One that other merges brought
    to the target too keeps the target's tag, and the first of these answers for it from now on.
    """
    table = tags.table
    of_merge = _MOVED.c.merge_id == book.id
    left = _has(tags, _MOVED.c.note_id, book.target_id)
    again = not_(_has(tags, _MOVED.c.note_id, book.source_id))
    returning = select(_MOVED.c.note_id, literal(book.source_id)).where(of_merge, left, again)
    session.execute(insert(table).from_select(["note_id", tags.column], returning))
    others = _open_beside(session, book)
    alone = select(_MOVED.c.note_id).where(of_merge, _MOVED.c.had_both == false())
    if others:
        _answer_for_others(session, book, others)
        alone = alone.where(not_(_brought_by(others)))
    of_target = tags.value == book.target_id
    session.execute(delete(table).where(of_target, table.c.note_id.in_(alone)))
    counted = select(func.count()).where(of_merge, _has(tags, _MOVED.c.note_id, book.source_id))
    return session.scalar(counted) or 0


def _has(tags: Tags, note_id: ColumnElement[Any], identity: int) -> ColumnElement[bool]:
    other = tags.table.alias()
    return exists().where(other.c.note_id == note_id, other.c[tags.column] == identity)


def _open_beside(session: Session, book: Merge) -> Sequence[int]:
    """The other merges into the same target that are not undone."""
    beside = select(_MERGES.id).where(
        _MERGES.kind == book.kind,
        _MERGES.target_id == book.target_id,
        _MERGES.undone_at.is_(None),
        _MERGES.id != book.id,
    )
    return session.scalars(beside).all()


def _brought_by(merge_ids: Sequence[int]) -> ColumnElement[bool]:
    other = _MOVED.alias()
    return exists().where(other.c.note_id == _MOVED.c.note_id, other.c.merge_id.in_(merge_ids))


def _answer_for_others(session: Session, book: Merge, others: Sequence[int]) -> None:
    """Where the target's tag came by this merge, and another one found it there already: that
    other one (of several the first) is now the one by which it is there."""
    mine, other = _MOVED.alias(), _MOVED.alias()
    brought_here = exists().where(
        mine.c.merge_id == book.id,
        mine.c.note_id == _MOVED.c.note_id,
        mine.c.had_both == false(),
    )
    first = (
        select(func.min(other.c.merge_id))
        .where(other.c.note_id == _MOVED.c.note_id, other.c.merge_id.in_(others))
        .scalar_subquery()
    )
    chosen = (
        _MOVED.c.merge_id.in_(others),
        _MOVED.c.had_both == true(),
        _MOVED.c.merge_id == first,
        brought_here,
    )
    session.execute(update(_MOVED).where(*chosen).values(had_both=False))
