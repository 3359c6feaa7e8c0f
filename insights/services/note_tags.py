"""What notes are tagged with, as rows.

A note may be on its way, prepared with the catalogue of a moment ago, while one of its competitors
or products is merged into another. Whoever writes tags therefore asks in the same transaction what
they are by now, and holds them until it ends: a merge waits for those that came first, and those
that come later see it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from insights.db import Base, table_of
from insights.models import Competitor, NoteCompetitor, NoteProduct, NoteSegment, Product

# The ids of one note's tags, by the names of the tables below.
Tags: TypeAlias = Mapping[str, frozenset[int]]

TABLES: dict[str, tuple[type[Base], Any, Any]] = {
    "segments": (NoteSegment, NoteSegment.note_id, NoteSegment.segment_id),
    "competitors": (NoteCompetitor, NoteCompetitor.note_id, NoteCompetitor.competitor_id),
    "products": (NoteProduct, NoteProduct.note_id, NoteProduct.product_id),
}
# Needed with nearly every note, so put together once.
_INSERTS = {name: insert(table_of(table)) for name, (table, _, _) in TABLES.items()}
# What can be merged; in one order, so that two transactions cannot wait for each other.
_MERGEABLE: dict[str, Table] = {
    "competitors": table_of(Competitor),
    "products": table_of(Product),
}
_HELD = {
    name: select(table.c.id, table.c.merged_into_id)
    .where(table.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(table.c.id)
    .with_for_update(read=True, key_share=True)
    for name, table in _MERGEABLE.items()
}


def stored(session: Session, note_id: UUID) -> dict[str, frozenset[int]]:
    """What the note is tagged with."""
    return {
        name: frozenset(session.scalars(select(value).where(key == note_id)))
        for name, (_, key, value) in TABLES.items()
    }


def add(session: Session, tags_of: Mapping[UUID, Tags]) -> None:
    """Tags notes that have no tags yet."""
    present = {
        name: _held(session, name, (one for tags in tags_of.values() for one in tags[name]))
        for name in _MERGEABLE
    }
    for name, (_, _, value) in TABLES.items():
        rows = [
            {"note_id": note_id, value.key: identity}
            for note_id, tags in tags_of.items()
            for identity in sorted(_present(tags[name], present.get(name)))
        ]
        if rows:
            session.execute(_INSERTS[name], rows)


def replace(session: Session, note_id: UUID, old: Tags, new: Tags) -> None:
    """Gives the note the tags `new`, in place of those of the same names in `old`.

    For whoever holds the note itself and has read `old` before or since.
    """
    present = {
        name: _held(session, name, old[name] | new[name]) for name in _MERGEABLE if name in new
    }
    for name, ids in new.items():
        table, key, value = TABLES[name]
        before, after = (_present(one, present.get(name)) for one in (old[name], ids))
        if before - after:
            session.execute(delete(table).where(key == note_id, value.in_(before - after)))
        if after - before:
            rows = [{"note_id": note_id, value.key: one} for one in sorted(after - before)]
            session.execute(_INSERTS[name], rows)


def _held(session: Session, name: str, ids: Iterable[int]) -> dict[int, int]:
    """What the competitors or products are by now, none of which is merged until the transaction
    ends."""
    chosen = sorted(set(ids))
    if not chosen:
        return {}
    held = session.execute(_HELD[name], {"ids": chosen})
    return {row.id: row.merged_into_id or row.id for row in held}


def _present(ids: Iterable[int], held: Mapping[int, int] | None) -> frozenset[int]:
    """The same ids where nothing can be merged."""
    return frozenset(ids) if held is None else frozenset(held[one] for one in ids)
