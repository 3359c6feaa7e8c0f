"""The history of a note: each change as what it said before and what it said after.

A revision keeps only what was before; what came after is what the next revision of the same field
kept, or what the note says now.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Account, NoteRevision
from insights.services import catalogue, note_cards, notes, people
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item
from insights.services.note_cards import NoteCard

LABELS = {
    "text": "Text",
    "kind": "Kind",
    "territory_id": "Territory",
    "account_id": "Account",
    "segments": "Segments",
    "competitors": "Competitors",
    "products": "Products",
    "known": "How it is known",
    "impact": "Impact",
    "audience": "Audience",
}
NONE = "none"
_WORDS = re.compile(r"\s*\S+|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value, and whether the change is in it."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one change, in words; the pieces put together are the whole value."""

    field: str
    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed the note, when, and what; `version` is the one that the change made."""

    version: int
    editor_name: str
    at: datetime
    fields: tuple[FieldChange, ...]


def changes(session: Session, actor: Actor, note_id: UUID) -> list[Change]:
    """The changes of a note, newest first, at most 100. Raises NotFound.

    A fixed number of queries, however many changes there are.
    """
    revisions = notes.revisions(session, actor, note_id)
    if not revisions:
        return []
    later = _present(note_cards.card(session, actor, note_id))
    editors = people.person_names(session, actor, ids=[one.editor_id for one in revisions])
    names = _Names(catalogue.current(session), _account_names(session, revisions, later))
    found: list[Change] = []
    for revision in revisions:
        fields = tuple(_field_changes(revision.before, later, names))
        found.append(Change(revision.version + 1, editors[revision.editor_id], revision.at, fields))
        later = later | revision.before
    return found


@dataclass(frozen=True)
class _Names:
    """How stored values are called."""

    known: Catalogue
    accounts: Mapping[int, str]

    def of(self, name: str, value: Any) -> str:
        """A stored value in words."""
        if value is None or value == []:
            return NONE
        if name == "territory_id":
            return self.known.territories[value].name
        if name == "account_id":
            return self.accounts.get(value, NONE)
        tables: dict[str, Mapping[int, Item]] = {
            "segments": self.known.segments,
            "competitors": self.known.competitors_ever,
            "products": self.known.products_ever,
        }
        if name in tables:
            return ", ".join(sorted(tables[name][one].name for one in value))
        return str(value)


def _field_changes(
    before: Mapping[str, Any], later: Mapping[str, Any], names: _Names
) -> Iterable[FieldChange]:
    for name, label in LABELS.items():
        if name in before:
            old, new = names.of(name, before[name]), names.of(name, later[name])
            yield FieldChange(name, label, *compared(old, new))


def compared(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both values with everything between the first and the last differing word marked.

    Linear in the text, unlike a real comparison: people can write texts for which those take
    minutes.
    """
    words, others = _WORDS.findall(old), _WORDS.findall(new)
    shorter = min(len(words), len(others))
    begin = 0
    while begin < shorter and words[begin] == others[begin]:
        begin += 1
    end = 0
    while end < shorter - begin and words[-1 - end] == others[-1 - end]:
        end += 1
    return _pieces(words, begin, end), _pieces(others, begin, end)


def _pieces(words: Sequence[str], begin: int, end: int) -> tuple[Piece, ...]:
    last = len(words) - end
    parts = ((words[:begin], False), (words[begin:last], True), (words[last:], False))
    return tuple(Piece("".join(part), changed) for part, changed in parts if part)


def _present(card: NoteCard) -> dict[str, Any]:
    """What the note says now, in the form in which revisions keep it."""
    return {
        "text": card.text,
        "kind": card.kind,
        "territory_id": card.territory.id,
        "account_id": card.account.id if card.account else None,
        "segments": [one.id for one in card.segments],
        "competitors": [one.id for one in card.competitors],
        "products": [one.id for one in card.products],
        "known": card.known,
        "impact": card.impact,
        "audience": card.audience,
    }


def _account_names(
    session: Session, revisions: Sequence[NoteRevision], present: Mapping[str, Any]
) -> dict[int, str]:
    ids = {one.before.get("account_id") for one in revisions} | {present["account_id"]}
    ids.discard(None)
    if not ids:
        return {}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in rows}
