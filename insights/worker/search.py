"""Keeps this machine's search replica equal to the database by reading the journal.

The cursor is stored in the index's own commit, so the two cannot disagree: after a crash the same
rows are read again, which is harmless because a document replaces itself.
"""

import logging
import time
from collections.abc import Callable, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import JournalEntry, MergedNote, Note, NoteCompetitor
from insights.search.engine import Superseded, Writer
from insights.search.replica import Replica
from insights.services import documents, journal

BATCH = 1_000
# Opening the index as a reader does takes some milliseconds; it finds lost and shortened files.
LOOK_EVERY_SECONDS = 5.0
# Comparing checksums reads the whole index, about a second per gigabyte.
CHECK_EVERY_SECONDS = 600.0
# Verbs after which the notes of a merge are tagged with another competitor or product.
_OF_MERGES = frozenset(
    {"competitor.merged", "competitor.parted", "product.merged", "product.parted"}
)

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


class SearchFollower:
    """The one writer of a replica; `close` lets another process write.

    It opens the index anew every `look_every` seconds and compares the checksums of all files every
    `check_every` seconds, so that damage is found and mended while it runs.
    """

    def __init__(
        self,
        database: Database,
        replica: Replica,
        zone: ZoneInfo,
        *,
        look_every: float = LOOK_EVERY_SECONDS,
        check_every: float = CHECK_EVERY_SECONDS,
    ) -> None:
        self._database = database
        self.replica = replica
        self._zone = zone
        self._look_every = look_every
        self._check_every = check_every
        self._writer: Writer | None = None
        self._stamp: tuple[int, int] | None = None
        self._next_look = 0.0
        self._next_check = 0.0
        self.cursor = 0

    def step(self, progress: Progress | None = None) -> int:
        """Applies the next journal rows; returns how many it read, 0 when it is up to date.

        Without a usable index it rebuilds one first, and tells `progress` of it. An index that was
        whole is looked at again now and then. Raises WriterBusy when another process writes this
        replica.
        """
        self._close_if_unfit()
        if self._writer is None:
            self._open(progress)
        with self._database.reading() as session:
            entries = journal.entries_after(session, self.cursor, limit=BATCH)
            if not entries:
                return 0
            assert self._writer is not None
            try:
                self._apply(session, entries, self._writer)
            except Superseded:
                # Somebody rebuilt the index; go on with the new one from its own cursor.
                self.close()
            else:
                self.cursor = entries[-1].id
        return len(entries)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Fills a new index from the database and switches to it; returns the number of notes.

        `progress` is called with notes done and notes in all. The cursor is taken before the first
        note is read and what happens meanwhile is applied before the switch, so that no reader
        sees fewer notes after it than before; the next steps do the rest.
        """
        self.close()
        with self.replica.rebuild() as writer:
            count, filled = self._fill(writer, progress)
            cursor: int | None = filled
            while cursor is not None:
                cursor = self._catch_up(writer, cursor)
        return count

    def _fill(self, writer: Writer, progress: Progress | None) -> tuple[int, int]:
        """Puts all notes in; returns how many there were and the cursor from which to go on."""
        done = 0
        with self._database.reading() as session:
            cursor = journal.last_id(session)
            total = documents.count_documents(session)
            for batch in documents.all_documents(session, self._zone):
                writer.put(batch)
                done += len(batch)
                if progress is not None:
                    progress(done, total)
            writer.publish(cursor)
        return done, cursor

    def _catch_up(self, writer: Writer, cursor: int) -> int | None:
        """Applies the rows after `cursor`; returns the next cursor, None when there were none."""
        with self._database.reading() as session:
            entries = journal.entries_after(session, cursor, limit=BATCH)
            if not entries:
                return None
            self._apply(session, entries, writer)
        return entries[-1].id

    def close(self) -> None:
        """Gives the index back; what was not committed is read again next time."""
        # Forgotten first: a writer that cannot even be closed must not be used again.
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def mistrust(self) -> None:
        """Lets the next step compare all checksums: something failed."""
        self._next_check = 0.0

    def _close_if_unfit(self) -> None:
        """Gives the index back when another one took over or it does not look whole any more;
        opening it then finds out what is to be done."""
        if self._writer is None:
            return
        if self.replica.stamp() != self._stamp:
            # Rebuilt by somebody else, maybe from a point that lies before our cursor.
            self.close()
        elif time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + self._look_every
            if self._problem() is not None:
                self.mistrust()
                self.close()

    def _problem(self) -> str | None:
        """What is wrong with the index: a glance, or all checksums when that is due."""
        thorough = time.monotonic() >= self._next_check or self.replica.is_suspect()
        if thorough:
            self._next_check = time.monotonic() + self._check_every
            self.replica.clear_suspicion()
        return self.replica.state(thorough=thorough).problem

    def _open(self, progress: Progress | None) -> None:
        state = self.replica.state()
        if state.needs_rebuild or self._is_ahead(state.cursor or 0):
            self._mend(state.problem or "It knows more changes than the database.", progress)
        self._take()
        problem = self._problem()
        if problem is not None:
            self._mend(problem, progress)
            self._take()

    def _mend(self, problem: str, progress: Progress | None) -> None:
        log.warning("the search index is rebuilt. %s", problem)
        started = time.monotonic()
        count = self.rebuild(progress)
        log.info("indexed %d notes in %.0f seconds", count, time.monotonic() - started)

    def _take(self) -> None:
        """Becomes the writer of the current index, from its own cursor."""
        # Taken first: a switch after this moment is noticed by the next step.
        self._stamp = self.replica.stamp()
        self._writer = self.replica.open_writer()
        self.cursor = self.replica.state().cursor or 0

    def _is_ahead(self, cursor: int) -> bool:
        """Whether the index has seen more than there is: the database is another or an older one,
        and what the index holds of it may be anything."""
        with self._database.reading() as session:
            return cursor > journal.last_id(session)

    def _apply(self, session: Session, entries: Sequence[JournalEntry], writer: Writer) -> None:
        """Brings the notes of the entries up to date in the index, together with the cursor."""
        ids = _touched(session, entries)
        for start in range(0, len(ids), BATCH):
            chosen = ids[start : start + BATCH]
            found = documents.documents_of(session, chosen, self._zone)
            writer.put(found)
            writer.remove(set(chosen) - {document.id for document in found})
        writer.publish(entries[-1].id)


def _touched(session: Session, entries: Sequence[JournalEntry]) -> list[UUID]:
    """The notes whose documents the entries may have changed, in order of id."""
    ids = {UUID(entry.subject_id) for entry in entries if entry.subject_type == "note"}
    # The name of an account is searched with its notes.
    accounts = {int(entry.subject_id) for entry in entries if entry.verb == "account.changed"}
    if accounts:
        ids.update(session.scalars(select(Note.id).where(Note.account_id.in_(accounts))))
    merges = [entry.data for entry in entries if entry.verb in _OF_MERGES]
    booked = {int(data["merge"]) for data in merges if "merge" in data}
    if booked:
        ids.update(
            session.scalars(select(MergedNote.note_id).where(MergedNote.merge_id.in_(booked)))
        )
    # Of the oldest merges it is not known any more which notes were those of the other one.
    targets = {int(data["into"]) for data in merges if "merge" not in data}
    if targets:
        of_targets = NoteCompetitor.competitor_id.in_(targets)
        ids.update(session.scalars(select(NoteCompetitor.note_id).where(of_targets)))
    return sorted(ids)


def lag(database: Database, replica: Replica) -> int | None:
    """How many journal rows the replica has yet to read; None when it has to be rebuilt."""
    state = replica.state()
    if state.cursor is None:
        return None
    with database.reading() as session:
        return journal.last_id(session) - state.cursor
