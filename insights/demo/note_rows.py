"""Demo notes as rows of the database, written in batches.

The rows are those that posting each note would have written, with its tags and its journal row,
made without asking the database for anything: that is what makes a million of them bearable.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from insights.db import Base
from insights.demo.notes import DemoNote
from insights.demo.organisation_rows import Ids
from insights.models import (
    Audience,
    Comment,
    Impact,
    JournalEntry,
    Kind,
    Known,
    Note,
    NoteCompetitor,
    NoteProduct,
    NoteSegment,
    Sighting,
    Source,
)
from insights.services import journal
from insights.services.catalogue import Catalogue
from insights.tagging import TagKind

Row = dict[str, Any]
# Parents before children; the journal comes last because of its lock.
_TABLES: tuple[type[Base], ...] = (
    Note,
    NoteSegment,
    NoteCompetitor,
    NoteProduct,
    Sighting,
    Comment,
    JournalEntry,
)
_SOURCES = (Source.WEB,) * 4 + (Source.SLACK,)
_TAG_KINDS = tuple(TagKind)
_TAG_TABLES: tuple[tuple[TagKind, type[Base], str], ...] = (
    (TagKind.SEGMENT, NoteSegment, "segment_id"),
    (TagKind.COMPETITOR, NoteCompetitor, "competitor_id"),
    (TagKind.PRODUCT, NoteProduct, "product_id"),
)
_KINDS = {kind.value: kind for kind in Kind}
_KNOWN = {known.value: known for known in Known}
_IMPACTS = {impact.value: impact for impact in Impact}


class NoteRows:
    """Turns notes into rows and writes them; `written` counts them."""

    def __init__(self, ids: Ids, catalogue: Catalogue, seed: int) -> None:
        self.written = 0
        self._ids = ids
        self._catalogue = catalogue
        self._random = Random(f"ids {seed}")

    def insert(self, session: Session, notes: Sequence[DemoNote]) -> None:
        """Writes a batch with all that belongs to it."""
        tables: dict[type[Base], list[Row]] = {table: [] for table in _TABLES}
        for note in notes:
            identity = uuid7(note.captured_at, self._random)
            tables[Note].append(self._note(identity, note))
            self._add_tags(identity, note, tables)
            self._add_reactions(identity, note, tables)
            tables[JournalEntry].append(
                journal.entry(
                    "note.posted",
                    ("note", identity),
                    actor_id=self._ids.people[note.author],
                    now=note.captured_at,
                )
            )
        connection = session.connection()
        for table, rows in tables.items():
            if table is JournalEntry:
                journal.hold_append_lock(session)
            if rows:
                connection.execute(insert(table), rows)
        self.written += len(notes)

    def _note(self, identity: UUID, note: DemoNote) -> Row:
        at = note.captured_at
        return {
            "id": identity,
            "text": note.text,
            "kind": _KINDS[note.kind],
            "known": _KNOWN[note.known],
            "impact": _IMPACTS[note.impact],
            "audience": Audience.SEALED if note.sealed else Audience.EVERYONE,
            "source": _SOURCES[int(self._random.random() * len(_SOURCES))],
            "author_id": self._ids.people[note.author],
            "territory_id": self._ids.territories[note.territory],
            "account_id": self._ids.accounts[note.account] if note.account else None,
            "captured_at": at,
            "received_at": at,
            "noted_at": at,
            "clock_doubtful": False,
            "version": 1,
        }

    def _add_tags(
        self, identity: UUID, note: DemoNote, tables: dict[type[Base], list[Row]]
    ) -> None:
        segments = [self._ids.segments[key] for key in note.segments]
        tags: dict[TagKind, dict[int, None]] = {kind: {} for kind in _TAG_KINDS}
        tags[TagKind.SEGMENT] = dict.fromkeys(segments)
        for kind, found in self._catalogue.tags_of(note.text).items():
            tags[kind].update(dict.fromkeys(found))
        for kind, table, column in _TAG_TABLES:
            tables[table] += [{"note_id": identity, column: tag} for tag in tags[kind]]

    def _add_reactions(
        self, identity: UUID, note: DemoNote, tables: dict[type[Base], list[Row]]
    ) -> None:
        ids = self._ids
        for person, at in note.sightings:
            tables[Sighting].append(
                {
                    "note_id": identity,
                    "person_id": ids.people[person],
                    "territory_id": ids.homes.get(person),
                    "at": at,
                }
            )
        for person, at, text in note.comments:
            tables[Comment].append(
                {
                    "id": uuid7(at, self._random),
                    "note_id": identity,
                    "author_id": ids.people[person],
                    "text": text,
                    "at": at,
                }
            )


def uuid7(moment: datetime, random: Random) -> UUID:
    """An id of version 7 for an aware time: milliseconds since 1970, then random bits.

    Source: RFC 9562, section 5.7.
    """
    milliseconds = int(moment.timestamp() * 1000)
    bits = random.getrandbits(74)
    return UUID(
        int=milliseconds << 80 | 7 << 76 | bits >> 62 << 64 | 2 << 62 | bits & (1 << 62) - 1
    )
