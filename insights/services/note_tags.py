"""What notes are tagged with, as rows.

A note may be on its way, prepared with the catalogue of a moment ago, while one of its competitors
is merged into another. Whoever writes tags therefore asks in the same transaction what the
competitors are by now, and holds them until it ends: a merge waits for those that came first, and
those that come later see it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from insights.db import Base, table_of
from insights.models import Competitor, NoteCompetitor, NoteProduct, NoteSegment

# The ids of one note's tags, by the names of the tables below.
Tags: TypeAlias = Mapping[str, frozenset[int]]

TABLES: dict[str, tuple[type[Base], Any, Any]] = {
    "segments": (NoteSegment, NoteSegment.note_id, NoteSegment.segment_id),
    "competitors": (NoteCompetitor, NoteCompetitor.note_id, NoteCompetitor.competitor_id),
    "products": (NoteProduct, NoteProduct.note_id, NoteProduct.product_id),
}
# Needed with nearly every note, so put together once.
_INSERTS = {name: insert(table_of(table)) for name, (table, _, _) in TABLES.items()}
_COMPETITORS = table_of(Competitor).c
_HELD = (
    select(_COMPETITORS.id, _COMPETITORS.merged_into_id)
    .where(_COMPETITORS.id.in_(bindparam("ids", expanding=True)))
    # In one order, so that two transactions cannot wait for each other.
    .order_by(_COMPETITORS.id)
    .with_for_update(read=True, key_share=True)
)


def stored(session: Session, note_id: UUID) -> dict[str, frozenset[int]]:
    """What the note is tagged with."""
    return {
        name: frozenset(session.scalars(select(value).where(key == note_id)))
        for name, (_, key, value) in TABLES.items()
    }


def add(session: Session, tags_of: Mapping[UUID, Tags]) -> None:
    """Tags notes that have no tags yet."""
    named = (one for tags in tags_of.values() for one in tags["competitors"])
    present = _held_competitors(session, named)
    for name, (_, _, value) in TABLES.items():
        rows = [
            {"note_id": note_id, value.key: identity}
            for note_id, tags in tags_of.items()
            for identity in sorted(_present(tags[name], name, present))
        ]
        if rows:
            session.execute(_INSERTS[name], rows)


def replace(session: Session, note_id: UUID, old: Tags, new: Tags) -> None:
    """Gives the note the tags `new`, in place of those of the same names in `old`.

    For whoever holds the note itself and has read `old` before or since.
    """
    both = old["competitors"] | new["competitors"] if "competitors" in new else ()
    present = _held_competitors(session, both)
    for name, ids in new.items():
        table, key, value = TABLES[name]
        before, after = _present(old[name], name, present), _present(ids, name, present)
        if before - after:
            session.execute(delete(table).where(key == note_id, value.in_(before - after)))
        if after - before:
            rows = [{"note_id": note_id, value.key: one} for one in sorted(after - before)]
            session.execute(_INSERTS[name], rows)


def _held_competitors(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """What the competitors are by now, none of which is merged until the transaction ends."""
    chosen = sorted(set(ids))
    if not chosen:
        return {}
    held = session.execute(_HELD, {"ids": chosen})
    return {row.id: row.merged_into_id or row.id for row in held}


def _present(ids: Iterable[int], name: str, competitors: Mapping[int, int]) -> frozenset[int]:
    return frozenset(competitors[one] for one in ids) if name == "competitors" else frozenset(ids)
