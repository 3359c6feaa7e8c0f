"""Notes as search documents: what the replica holds of each, read in batches.

A note is in the index exactly while it is not withdrawn; who may find it travels with it as coarse
audience keys (`access.audience_keys`).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from insights.clock import day_number, monday_of
from insights.models import (
    Account,
    Note,
    NoteCompetitor,
    NoteProduct,
    NoteSegment,
    Sighting,
)
from insights.search.document import NoteDocument
from insights.services import access

BATCH = 5_000
TagIds: TypeAlias = dict[tuple[UUID, str], list[int]]
Condition: TypeAlias = Callable[[InstrumentedAttribute[UUID]], ColumnElement[bool]]


def documents_of(session: Session, ids: Sequence[UUID], zone: ZoneInfo) -> list[NoteDocument]:
    """The documents of those ids; notes that are withdrawn or do not exist are left out.

    `zone` is the organisation's: it decides to which week and month a note belongs. The ids go to
    the database as parameters, so callers hand over some thousands at once at most.
    """
    rows = _rows(session, Note.id.in_(ids), len(ids))
    return _documents(session, rows, lambda note_id: note_id.in_(ids), zone)


def all_documents(
    session: Session, zone: ZoneInfo, *, batch: int = BATCH
) -> Iterator[list[NoteDocument]]:
    """The documents of all notes, `batch` at a time in order of id: bounded memory."""
    condition: ColumnElement[bool] = literal(True)
    while rows := _rows(session, condition, batch):
        # A whole stretch of ids reads faster as a range than as thousands of parameters.
        yield _documents(session, rows, _between(rows[0].id, rows[-1].id), zone)
        condition = Note.id > rows[-1].id


def count_documents(session: Session) -> int:
    """How many notes belong in the index: the end of a rebuild's progress bar."""
    statement = select(func.count()).select_from(Note).where(Note.withdrawn_at.is_(None))
    return session.scalar(statement) or 0


def _between(first: UUID, last: UUID) -> Condition:
    return lambda note_id: note_id.between(first, last)


def _rows(session: Session, condition: ColumnElement[bool], limit: int) -> Sequence[Any]:
    sightings = select(func.count()).where(Sighting.note_id == Note.id).scalar_subquery()
    return session.execute(
        select(
            Note.id,
            Note.text,
            Note.kind,
            Note.known,
            Note.impact,
            Note.source,
            Note.audience,
            Note.author_id,
            Note.territory_id,
            Note.account_id,
            Note.noted_at,
            Account.name.label("account_name"),
            sightings.label("sightings"),
        )
        .outerjoin(Account, Account.id == Note.account_id)
        .where(condition, Note.withdrawn_at.is_(None))
        .order_by(Note.id)
        .limit(limit)
    ).all()


def _documents(
    session: Session, rows: Sequence[Any], condition: Condition, zone: ZoneInfo
) -> list[NoteDocument]:
    if not rows:
        return []
    tags = _tags(session, condition)
    return [_document(row, tags, zone) for row in rows]


def _tags(session: Session, condition: Condition) -> TagIds:
    """The tags of all notes whose id meets the condition, in one query."""
    found: TagIds = {}
    statement = union_all(
        *(
            select(note_id, value.label("tag_id"), literal(name).label("name")).where(
                condition(note_id)
            )
            for name, note_id, value in (
                ("segments", NoteSegment.note_id, NoteSegment.segment_id),
                ("competitors", NoteCompetitor.note_id, NoteCompetitor.competitor_id),
                ("products", NoteProduct.note_id, NoteProduct.product_id),
            )
        )
    )
    for note_id, tag_id, name in session.execute(statement):
        found.setdefault((note_id, name), []).append(tag_id)
    return found


def _document(row: Any, tags: TagIds, zone: ZoneInfo) -> NoteDocument:
    local = row.noted_at.astimezone(zone)
    return NoteDocument(
        id=row.id,
        text=row.text,
        account_name=row.account_name or "",
        kind=row.kind.value,
        known=row.known.value,
        impact=row.impact.value,
        source=row.source.value,
        audience=_audience(row),
        author_id=row.author_id,
        territory_id=row.territory_id,
        segment_ids=tuple(tags.get((row.id, "segments"), ())),
        competitor_ids=tuple(tags.get((row.id, "competitors"), ())),
        product_ids=tuple(tags.get((row.id, "products"), ())),
        account_id=row.account_id,
        captured_at=row.noted_at,
        week=day_number(monday_of(row.noted_at, zone)),
        month=local.year * 100 + local.month,
        sightings=row.sightings,
    )


def _audience(row: Any) -> tuple[str, ...]:
    return access.audience_keys(
        row.audience, territory_id=row.territory_id, author_id=row.author_id
    )
