"""Notes as CSV or JSON lines, for spreadsheets, for programs, and for another installation.

The notes are read in batches behind one another, so a million of them need no more memory than a
hundred; a batch takes three queries. Exported are the notes that the person may see, as any list
shows them. A CSV file can be imported again: its columns have the names that an import knows, and
nothing in it is run by a spreadsheet (services.csv_cells).
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.clock import iso
from insights.models import Account, Note, Person, Role
from insights.services import catalogue, note_cards
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item
from insights.services.csv_cells import join_values, protect
from insights.services.note_cards import MOST_CARDS, NoteCard, NoteFilter, Position

T = TypeVar("T", bound=Item)

COLUMNS = (
    "note_id",
    "external_id",
    "captured_at",
    "territory",
    "kind",
    "segments",
    "competitors",
    "products",
    "account",
    "account_external_id",
    "author",
    "known",
    "impact",
    "audience",
    "latitude",
    "longitude",
    "text",
)
# Without it spreadsheets take UTF-8 for something else.
BYTE_ORDER_MARK = "\ufeff"


class ExportFormat(StrEnum):
    """How notes are written."""

    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class _Extra:
    """What an export says of a note beside its card."""

    email: str
    account_external_id: str | None
    latitude: float | None
    longitude: float | None


def export_notes(
    session: Session, actor: Actor, chosen: NoteFilter, form: ExportFormat
) -> Iterator[str]:
    """The notes that the actor may see, newest first, as pieces of a file (UTF-8).

    Authors are named by their e-mail addresses for admins, who alone may see them, and by their
    names for everyone else.
    """
    write = _csv_lines if form is ExportFormat.CSV else _json_lines
    if form is ExportFormat.CSV:
        yield csv_head()
    after: Position | None = None
    while True:
        page = note_cards.list_notes(session, actor, chosen, after=after, limit=MOST_CARDS)
        if page.cards:
            yield write(_records(session, actor, page.cards))
        if page.next is None:
            return
        after = page.next


def csv_head() -> str:
    """The beginning of a CSV file of notes: the names of its columns."""
    return BYTE_ORDER_MARK + _csv_line(COLUMNS)


def csv_rows(session: Session, actor: Actor, cards: Sequence[NoteCard]) -> str:
    """Notes that the actor has been shown as the lines of such a file, in their order."""
    return _csv_lines(_records(session, actor, cards))


def _records(
    session: Session, actor: Actor, cards: Sequence[NoteCard]
) -> Iterator[Mapping[str, Any]]:
    known = catalogue.current(session)
    extras = _extras(session, [card.id for card in cards])
    for card in cards:
        yield _record(known, actor, card, extras[card.id])


def _extras(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, _Extra]:
    """One query for all of them; whoever asks has seen their cards."""
    rows = session.execute(
        select(Note.id, Person.email, Account.external_id, Note.latitude, Note.longitude)
        .join(Person, Person.id == Note.author_id)
        .outerjoin(Account, Account.id == Note.account_id)
        .where(Note.id.in_(ids))
    )
    return {row[0]: _Extra(*row[1:]) for row in rows}


def _record(known: Catalogue, actor: Actor, card: NoteCard, extra: _Extra) -> Mapping[str, Any]:
    is_admin = actor.role is Role.ADMIN
    return {
        "note_id": str(card.id),
        "external_id": card.external_id,
        "captured_at": iso(card.captured_at),
        "territory": _word(known.find_territory, card.territory),
        "kind": card.kind,
        "segments": [_word(known.find_segment, one) for one in card.segments],
        "competitors": [_word(known.find_competitor, one) for one in card.competitors],
        "products": [_word(known.find_product, one) for one in card.products],
        "account": card.account.name if card.account else None,
        "account_external_id": extra.account_external_id,
        "author": extra.email if is_admin else card.author_name,
        "known": card.known,
        "impact": card.impact,
        "audience": card.audience,
        "latitude": extra.latitude,
        "longitude": extra.longitude,
        "text": card.text,
        "photos": [{"id": str(one.id), "sha256": one.sha256} for one in card.photos],
    }


def _word(find: Callable[[str], T | None], item: T) -> str:
    """The name, unless it stands for something else as well: then the slug."""
    found = find(item.name)
    return item.name if found and found.id == item.id else item.slug


def _csv_lines(records: Iterator[Mapping[str, Any]]) -> str:
    return "".join(_csv_line([_cell(record[name]) for name in COLUMNS]) for record in records)


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = join_values(value)
    return protect("" if value is None else str(value))


def _json_lines(records: Iterator[Mapping[str, Any]]) -> str:
    return "".join(orjson.dumps(record).decode() + "\n" for record in records)
