"""Changes to a tantivy index."""

from collections.abc import Iterable
from uuid import UUID

import tantivy

from insights.search.analysis import Analysis
from insights.search.document import NoteDocument
from insights.search.tantivy_schema import CURSOR_MARK, MARK, cursor_to_tantivy, note_to_tantivy

HEAP_BYTES = 100_000_000
"""Memory for notes not yet on disk; more makes fewer and larger files in a rebuild."""


class TantivyWriter:
    """Holds tantivy's lock on the index from creation to ``close`` or the end of the process."""

    def __init__(self, index: tantivy.Index, analysis: Analysis) -> None:
        self._analysis = analysis
        self._writer = index.writer(HEAP_BYTES, num_threads=1)

    def put(self, documents: Iterable[NoteDocument]) -> None:
        """See ``Writer.put``."""
        for document in documents:
            self._writer.delete_documents_by_term("id", document.id.hex)
            self._writer.add_document(note_to_tantivy(document, self._analysis))

    def remove(self, ids: Iterable[UUID]) -> None:
        """See ``Writer.remove``."""
        for note_id in ids:
            self._writer.delete_documents_by_term("id", note_id.hex)

    def publish(self, cursor: int) -> None:
        """See ``Writer.publish``: tantivy has no room for a cursor, so a document carries it."""
        self._writer.delete_documents_by_term(MARK, CURSOR_MARK)
        self._writer.add_document(cursor_to_tantivy(cursor))
        self._writer.commit()

    def close(self) -> None:
        """See ``Writer.close``; waits for files that are being merged."""
        self._writer.wait_merging_threads()
