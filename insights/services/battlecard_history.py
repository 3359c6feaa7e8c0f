"""The history of a line of a battlecard: each change with what it said before and after.

A revision keeps only what was before; what came after is what the next revision of the same field
kept, or what the line says now. What a line said while it rested on a note that is sealed from the
reader is not for them: such a change is left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import (
    BattlecardCitation,
    BattlecardLine,
    BattlecardRevision,
    CardSection,
    LineType,
    Note,
)
from insights.services import access, access_work, people
from insights.services.access import Actor
from insights.services.battlecards import SECTIONS
from insights.services.note_history import NONE, Change, FieldChange, compared
from insights.text import shorten

MOST_CHANGES = 100
LABELS = {
    "text": "Text",
    "reply": "Answer",
    "section": "Section",
    "type": "About",
    "shelf_days": "Holds for",
    "citations": "Notes",
    "archived": "On the card",
}
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class History:
    """The changes of a line, newest first, and whether some are not for the reader."""

    changes: tuple[Change, ...]
    withheld: bool
    created_at: datetime


def history(session: Session, actor: Actor, *, line_id: int) -> History:
    """The last 100 changes of a line that the actor may see; raises NotFound.

    A fixed number of queries, however many changes there are.
    """
    row = access_work.line(session, actor, line_id)
    statement = select(BattlecardRevision).where(BattlecardRevision.line_id == row.id)
    newest_first = statement.order_by(BattlecardRevision.version.desc())
    revisions = session.scalars(newest_first.limit(MOST_CHANGES)).all()
    later = _present(session, row)
    notes = _Notes(session, actor, _ever_cited(revisions, later))
    editors = people.person_names(
        session, actor, ids=[one.editor_id for one in revisions if one.editor_id]
    )
    found: list[Change] = []
    for revision in revisions:
        before = later | revision.before
        if not notes.are_sealed(before["citations"], later["citations"]):
            editor = editors.get(revision.editor_id or 0, "Somebody")
            fields = tuple(_field_changes(revision.before, later, notes))
            found.append(Change(revision.version + 1, editor, revision.at, fields))
        later = before
    return History(tuple(found), len(found) < len(revisions), row.created_at)


def _present(session: Session, row: BattlecardLine) -> dict[str, Any]:
    """What the line says now, in the form in which revisions keep it."""
    cited = select(BattlecardCitation.note_id).where(BattlecardCitation.line_id == row.id)
    return {
        "text": row.text,
        "reply": row.reply,
        "section": row.section.value,
        "type": row.type.value,
        "shelf_days": row.shelf_days,
        "citations": [str(one) for one in session.scalars(cited)],
        "archived": row.archived_at is not None,
    }


def _ever_cited(revisions: Sequence[BattlecardRevision], present: Mapping[str, Any]) -> set[UUID]:
    lists = [present["citations"], *(one.before.get("citations", ()) for one in revisions)]
    return {UUID(one) for cited in lists for one in cited}


class _Notes:
    """The notes that a line ever cited, as its reader may know them."""

    def __init__(self, session: Session, actor: Actor, ids: set[UUID]) -> None:
        chosen = Note.id.in_(ids)
        sealed = select(Note.id).where(chosen, access_work.sealed_from(actor))
        self._sealed = {str(one) for one in session.scalars(sealed)} if ids else set()
        seen = select(Note.id, Note.text).where(chosen, access.visible_notes(actor))
        self._words = {
            str(row.id): shorten(row.text, _SHOWN_CHARACTERS)
            for row in (session.execute(seen) if ids else ())
        }

    def are_sealed(self, *cited: Iterable[str]) -> bool:
        """Whether one of them is sealed from the reader."""
        return any(one in self._sealed for ids in cited for one in ids)

    def words(self, cited: Iterable[str]) -> str:
        """How the notes begin; a withdrawn one says only that it was."""
        return "; ".join(f"“{self._words[one]}”" if one in self._words else "a withdrawn note"
                         for one in cited) or NONE  # fmt: skip


def _field_changes(
    before: Mapping[str, Any], later: Mapping[str, Any], notes: _Notes
) -> Iterator[FieldChange]:
    for name, label in LABELS.items():
        if name not in before:
            continue
        old, new = before[name], later[name]
        if name == "citations":
            # What is in both is no part of the change.
            old, new = _without(old, later[name]), _without(later[name], before[name])
        words = (_words(name, old, notes), _words(name, new, notes))
        yield FieldChange(name, label, *compared(*words))


def _without(ids: Sequence[str], others: Sequence[str]) -> list[str]:
    return [one for one in ids if one not in others]


def _words(name: str, value: Any, notes: _Notes) -> str:
    """A kept value in words."""
    match name:
        case "citations":
            return notes.words(value)
        case "section":
            return SECTIONS[CardSection(value)]
        case "type":
            return LineType(value).value
        case "archived":
            return "no" if value else "yes"
        case "shelf_days":
            return NONE if value is None else f"{value:,} days"
    return str(value) or NONE
