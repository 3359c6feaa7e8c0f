"""The second engine: whoosh, in pure Python, for platforms without a wheel of tantivy.

It finds the same notes as tantivy and counts the same numbers; only the order by relevance differs
in detail. It is meant for up to some 100,000 notes.
"""

from pathlib import Path

from whoosh.index import FileIndex

from insights.search.analysis import ENGLISH, Analysis, named
from insights.search.engine import IndexUnavailable, NeedsRebuild, Reader, Writer
from insights.search.whoosh_reader import WhooshReader
from insights.search.whoosh_schema import SCHEMA
from insights.search.whoosh_storage import NAME, fault, open_storage, read_contents
from insights.search.whoosh_writer import WhooshWriter


class WhooshEngine:
    """Opens indexes in directories; see ``Engine``."""

    def __init__(self, analysis: Analysis = ENGLISH) -> None:
        self.analysis = analysis
        self.name = named("whoosh", analysis)

    def create(self, directory: Path) -> Writer:
        """See ``Engine.create``."""
        storage = open_storage(directory)
        try:
            FileIndex.create(storage, SCHEMA, NAME)
        except OSError as error:
            raise IndexUnavailable(
                f"The search index cannot be made: {error} (os error {error.errno})"
            ) from error
        return WhooshWriter(storage, self.analysis)

    def open_writer(self, directory: Path) -> Writer:
        """See ``Engine.open_writer``."""
        storage = open_storage(directory)
        if read_contents(storage) is None:
            raise NeedsRebuild("The files of the search index are damaged or missing.")
        return WhooshWriter(storage, self.analysis)

    def open_reader(self, directory: Path) -> Reader:
        """See ``Engine.open_reader``."""
        return WhooshReader(open_storage(directory), self.analysis)

    def fault(self, directory: Path) -> str | None:
        """See ``Engine.fault``: files missing, cut short or with flipped bits."""
        return fault(open_storage(directory))
