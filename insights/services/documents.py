"""Notes as search documents: what the replica holds of each, read in batches.

A note is in the index exactly while it is not withdrawn; who may find it travels with it as coarse
audience keys (`access.audience_keys`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, func, literal, select, type_coerce, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NullType

from insights.clock import day_number, in_zone
from insights.models import (
    Account,
    Attachment,
    AttachmentState,
    Audience,
    Note,
    Sighting,
)
from insights.search.document import NoteDocument
from insights.services import access, note_tags

BATCH = 2_000
"""Notes read at once in a rebuild: enough for long reads, few enough to stay small in memory."""

# An id as the database's driver hands it over: making a UUID of each tag's note would take longer
# than all the rest.
RawId: TypeAlias = UUID | str
Condition: TypeAlias = Callable[[InstrumentedAttribute[UUID]], ColumnElement[bool]]

Tags: TypeAlias = dict[str, dict[RawId, list[int]]]

_ALWAYS: ColumnElement[bool] = literal(True)
# The note, the tag, and which rows of the table count.
_TAG_COLUMNS: dict[str, tuple[InstrumentedAttribute[UUID], Any, ColumnElement[bool]]] = {
    **{name: (note_id, value, _ALWAYS) for name, (_, note_id, value) in note_tags.TABLES.items()},
    "photos": (Attachment.note_id, literal(0), Attachment.state == AttachmentState.READY),
}


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
        first, last = _uuid(rows[0].id), _uuid(rows[-1].id)
        # A whole stretch of ids reads faster as a range than as thousands of parameters.
        yield _documents(session, rows, _between(first, last), zone)
        condition = Note.id > last


def count_documents(session: Session) -> int:
    """How many notes belong in the index: the end of a rebuild's progress bar."""
    statement = select(func.count()).select_from(Note).where(Note.withdrawn_at.is_(None))
    return session.scalar(statement) or 0


def _between(first: UUID, last: UUID) -> Condition:
    return lambda note_id: note_id.between(first, last)


def _uuid(raw: RawId) -> UUID:
    return raw if isinstance(raw, UUID) else UUID(raw)


def _rows(session: Session, condition: ColumnElement[bool], limit: int) -> Sequence[Any]:
    """The columns of the notes as the database keeps them: ids and choices stay what they are."""
    sightings = select(func.count()).where(Sighting.note_id == Note.id).scalar_subquery()
    return session.execute(
        select(
            type_coerce(Note.id, NullType()).label("id"),
            Note.text,
            *(
                type_coerce(column, String()).label(column.key)
                for column in (Note.kind, Note.known, Note.impact, Note.source, Note.audience)
            ),
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


def _document(row: Sequence[Any], tags: Tags, zone: ZoneInfo) -> NoteDocument:
    # Taken apart at once, in the order of `_rows`: asking a row by name is twice as slow.
    (
        raw_id, text, kind, known, impact, source, audience,
        author_id, territory_id, account_id, noted_at, account_name, sightings,
    ) = row  # fmt: skip
    week, month = _week_and_month(in_zone(noted_at, zone).date())
    return NoteDocument(
        id=_uuid(raw_id),
        text=text,
        account_name=account_name or "",
        kind=kind,
        known=known,
        impact=impact,
        source=source,
        audience=_audience(audience, territory_id, author_id),
        author_id=author_id,
        territory_id=territory_id,
        segment_ids=tuple(tags["segments"].get(raw_id, ())),
        competitor_ids=tuple(tags["competitors"].get(raw_id, ())),
        product_ids=tuple(tags["products"].get(raw_id, ())),
        account_id=account_id,
        captured_at=noted_at,
        week=week,
        month=month,
        sightings=sightings,
        has_photo=raw_id in tags["photos"],
    )


def _tags(session: Session, condition: Condition) -> Tags:
    """The tags of all notes whose id meets the condition and whether they have a photo, in one
    query."""
    found: Tags = {name: defaultdict(list) for name in _TAG_COLUMNS}
    statement = union_all(
        *(
            select(
                type_coerce(note_id, NullType()).label("note_id"),
                value.label("tag_id"),
                literal(name).label("name"),
            ).where(condition(note_id), counts)
            for name, (note_id, value, counts) in _TAG_COLUMNS.items()
        )
    )
    for note_id, tag_id, name in session.execute(statement).all():
        found[name][note_id].append(tag_id)
    return found


@lru_cache(maxsize=4_096)
def _week_and_month(day: date) -> tuple[int, int]:
    """The numbers of a day's week and month, as documents carry them; notes share their days."""
    return day_number(day) - day.weekday(), day.year * 100 + day.month


@lru_cache(maxsize=4_096)
def _audience(audience: str, territory_id: int, author_id: int) -> tuple[str, ...]:
    return access.audience_keys(Audience(audience), territory_id=territory_id, author_id=author_id)
