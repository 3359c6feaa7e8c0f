"""A tantivy index that is filled from the beginning."""

from collections.abc import Iterable
from uuid import UUID

from insights.search.document import NoteDocument
from insights.search.tantivy_schema import note_to_tantivy
from insights.search.tantivy_writer import TantivyWriter


class TantivyFiller(TantivyWriter):
    """The writer of a new index, quick and small with notes that come in order of id.

    To replace a note tantivy keeps a request to delete the earlier one, more than a kilobyte until
    the next commit and a look into every file then. A note whose id lies above all ids so far has
    no earlier one in an index that began empty, so a rebuild does without.
    """

    _highest: UUID | None = None

    def put(self, documents: Iterable[NoteDocument]) -> None:
        """See ``Writer.put``."""
        for document in documents:
            if self._highest is not None and document.id <= self._highest:
                super().put([document])
            else:
                self._writer.add_document(note_to_tantivy(document, self._analysis))
                self._highest = document.id
