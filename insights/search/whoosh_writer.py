"""Changes to a whoosh index."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from whoosh.index import FileIndex
from whoosh.index import IndexError as WhooshIndexError
from whoosh.writing import SegmentWriter

from insights.search.analysis import Analysis
from insights.search.document import NoteDocument
from insights.search.engine import IndexUnavailable, WriterBusy
from insights.search.whoosh_schema import (
    CURSOR_MARK,
    MARK,
    SCHEMA,
    cursor_to_whoosh,
    note_to_whoosh,
)
from insights.search.whoosh_storage import NAME, SealedStorage

HEAP_MEGABYTES = 128
"""Memory for words not yet on disk; more makes a rebuild faster."""

_LOCK = ".lock"


class WhooshWriter:
    """Holds a lock on the index from creation to ``close`` or the end of the process.

    Whoosh's own lock is not used: it is given back with each commit.
    """

    def __init__(self, storage: SealedStorage, analysis: Analysis) -> None:
        self._analysis = analysis
        self._storage = storage
        self._segment: SegmentWriter | None = None
        self._added: dict[UUID, int] = {}
        self._failed = False
        self._lock = storage.lock(_LOCK)
        if not self._lock.acquire():
            raise WriterBusy("Another process is writing the search index.")

    def put(self, documents: Iterable[NoteDocument]) -> None:
        """See ``Writer.put``."""
        for document in documents:
            fields = note_to_whoosh(document, self._analysis)
            with self._changing() as segment:
                self._remove(segment, document.id)
                self._added[document.id] = segment.docnum
                segment.add_document(**fields)

    def remove(self, ids: Iterable[UUID]) -> None:
        """See ``Writer.remove``."""
        for note_id in ids:
            with self._changing() as segment:
                self._remove(segment, note_id)

    def publish(self, cursor: int) -> None:
        """See ``Writer.publish``: whoosh has no room for a cursor, so a document carries it.

        Small segments are merged on the way, the more of them the smaller they are.
        """
        with self._changing() as segment:
            if segment.segments:
                segment.delete_by_term(MARK, CURSOR_MARK)
            segment.add_document(**cursor_to_whoosh(cursor))
            segment.commit()
        self._forget()

    def close(self) -> None:
        """See ``Writer.close``; what a failure leaves of a segment goes with the next commit."""
        try:
            if self._segment is not None and not self._failed:
                self._segment.cancel()
        finally:
            self._forget()
            self._lock.release()

    def _remove(self, segment: SegmentWriter, note_id: UUID) -> None:
        if note_id in self._added:
            # Whoosh deletes only what is committed; the new segment itself can do it before.
            segment.newsegment.delete_document(self._added.pop(note_id))
        if segment.segments:
            segment.delete_by_term("id", note_id.hex)

    def _forget(self) -> None:
        self._segment = None
        self._added = {}

    @contextmanager
    def _changing(self) -> Iterator[SegmentWriter]:
        """Whoosh's writer of one segment. After a failure nothing more is taken, so that no later
        cursor stands for changes that were lost."""
        if self._failed:
            raise IndexUnavailable("Writing the search index failed before; open another writer.")
        self._failed = True
        try:
            if self._segment is None:
                index = FileIndex(self._storage, SCHEMA, NAME)
                self._segment = index.writer(_lk=False, limitmb=HEAP_MEGABYTES)
            yield self._segment
        except OSError as error:
            raise IndexUnavailable(
                f"The search index cannot be written: {error} (os error {error.errno})"
            ) from error
        except WhooshIndexError as error:
            raise IndexUnavailable(f"The search index cannot be written: {error}.") from error
        self._failed = False
