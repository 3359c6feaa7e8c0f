"""Keeps this machine's search replica equal to the database by reading the journal.

The cursor is stored in the index's own commit, so the two cannot disagree: after a crash the same
rows are read again, which is harmless because a document replaces itself.
"""

import logging
from collections.abc import Callable, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import JournalEntry, Note
from insights.search.engine import Superseded, Writer
from insights.search.replica import Replica
from insights.services import documents, journal

BATCH = 1_000

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


class SearchFollower:
    """The one writer of a replica; `close` lets another process write."""

    def __init__(self, database: Database, replica: Replica, zone: ZoneInfo) -> None:
        self._database = database
        self._replica = replica
        self._zone = zone
        self._writer: Writer | None = None
        self.cursor = 0

    def step(self) -> int:
        """Applies the next journal rows; returns how many it read, 0 when it is up to date.

        Without a usable index it rebuilds one first. Raises WriterBusy when another process
        writes this replica.
        """
        if self._writer is None:
            self._open()
        with self._database.reading() as session:
            entries = journal.entries_after(session, self.cursor, limit=BATCH)
            if not entries:
                return 0
            self._apply(session, entries)
        return len(entries)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Fills a new index from the database and switches to it; returns the number of notes.

        `progress` is called with notes done and notes in all. What happens meanwhile is caught up
        by the next steps, since the cursor is taken before the first note is read.
        """
        self.close()
        done = 0
        with self._database.reading() as session, self._replica.rebuild() as writer:
            cursor = journal.last_id(session)
            total = documents.count_documents(session)
            for batch in documents.all_documents(session, self._zone):
                writer.put(batch)
                done += len(batch)
                if progress is not None:
                    progress(done, total)
            writer.publish(cursor)
        return done

    def close(self) -> None:
        """Gives the index back; what was not committed is read again next time."""
        # Forgotten first: a writer that cannot even be closed must not be used again.
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def _open(self) -> None:
        state = self._replica.state()
        if state.needs_rebuild or self._is_ahead(state.cursor or 0):
            log.info("the search index is rebuilt: %s", state.problem or "the journal is shorter")
            self.rebuild()
        self._writer = self._replica.open_writer()
        self.cursor = self._replica.state().cursor or 0

    def _is_ahead(self, cursor: int) -> bool:
        """Whether the index has seen more than there is: the database is another or an older one,
        and what the index holds of it may be anything."""
        with self._database.reading() as session:
            return cursor > journal.last_id(session)

    def _apply(self, session: Session, entries: Sequence[JournalEntry]) -> None:
        assert self._writer is not None
        ids = _touched(session, entries)
        try:
            for start in range(0, len(ids), BATCH):
                chosen = ids[start : start + BATCH]
                found = documents.documents_of(session, chosen, self._zone)
                self._writer.put(found)
                self._writer.remove(set(chosen) - {document.id for document in found})
            self._writer.publish(entries[-1].id)
        except Superseded:
            # Somebody rebuilt the index; go on with the new one from its own cursor.
            self.close()
            return
        self.cursor = entries[-1].id


def _touched(session: Session, entries: Sequence[JournalEntry]) -> list[UUID]:
    """The notes whose documents the entries may have changed, in order of id."""
    ids = {UUID(entry.subject_id) for entry in entries if entry.subject_type == "note"}
    # The name of an account is searched with its notes.
    accounts = {int(entry.subject_id) for entry in entries if entry.verb == "account.changed"}
    if accounts:
        ids.update(session.scalars(select(Note.id).where(Note.account_id.in_(accounts))))
    return sorted(ids)


def lag(database: Database, replica: Replica) -> int | None:
    """How many journal rows the replica has yet to read; None when it has to be rebuilt."""
    state = replica.state()
    if state.cursor is None:
        return None
    with database.reading() as session:
        return journal.last_id(session) - state.cursor
