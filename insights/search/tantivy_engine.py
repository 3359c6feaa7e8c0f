"""The default engine: tantivy, a search library in Rust, from a wheel."""

import json
import os
from pathlib import Path
from typing import cast

import tantivy

from insights.search.analysis import ENGLISH, Analysis, named
from insights.search.checksums import crc32
from insights.search.engine import (
    IndexUnavailable,
    NeedsRebuild,
    Reader,
    Writer,
    WriterBusy,
)
from insights.search.tantivy_filling import TantivyFiller
from insights.search.tantivy_guard import GuardedReader, GuardedWriter, failing_as
from insights.search.tantivy_reader import TantivyReader
from insights.search.tantivy_schema import SCHEMA, register_tokenizers
from insights.search.tantivy_writer import TantivyWriter

_META = "meta.json"

# Each of tantivy's data files ends in a description in JSON with the CRC-32 of what comes before,
# then the length of the description and a fixed number, both little-endian in four bytes.
_PARTS = ("term", "idx", "pos", "fieldnorm", "fast", "store")
_TAIL = 8


class TantivyEngine:
    """Opens indexes in directories; see ``Engine``."""

    def __init__(self, analysis: Analysis = ENGLISH) -> None:
        self.analysis = analysis
        self.name = named("tantivy", analysis)

    def create(self, directory: Path) -> Writer:
        """See ``Engine.create``."""
        with failing_as(IndexUnavailable, "The search index cannot be made"):
            index = _unwatched(tantivy.Index(SCHEMA, str(directory), reuse=False))
            register_tokenizers(index)
            return _guarded(TantivyFiller(index, self.analysis))

    def open_writer(self, directory: Path) -> Writer:
        """See ``Engine.open_writer``."""
        index = _open(directory)
        try:
            with failing_as(IndexUnavailable, "The search index cannot be written"):
                register_tokenizers(index)
                return _guarded(TantivyWriter(index, self.analysis))
        except IndexUnavailable as error:
            if "LockBusy" in error.message:
                raise WriterBusy("Another process is writing the search index.") from error
            raise

    def open_reader(self, directory: Path) -> Reader:
        """See ``Engine.open_reader``."""
        index = _open(directory)
        with failing_as(NeedsRebuild, "The search index cannot be read"):
            reader = TantivyReader(index, directory / _META, self.analysis)
        return cast(Reader, GuardedReader(reader, directory))

    def fault(self, directory: Path) -> str | None:
        """See ``Engine.fault``: files missing, cut short or with flipped bits.

        Holds also while another process writes: files that a merge replaced meanwhile are gone
        for a good reason, so the new list of files is looked at then.
        """
        while True:
            names = _segments(directory)
            if names is None:
                return f"{_META} cannot be read"
            damaged = _first_damaged(directory, names)
            if damaged is None:
                return None
            if damaged.partition(".")[0] in (_segments(directory) or ()):
                return f"{damaged} is damaged or missing"


def _open(directory: Path) -> tantivy.Index:
    with failing_as(NeedsRebuild, "The search index cannot be opened"):
        # Without this check tantivy would make a new, empty index.
        if not tantivy.Index.exists(str(directory)):
            raise NeedsRebuild("The files of the search index are missing.")
        return _unwatched(tantivy.Index(SCHEMA, str(directory), reuse=True))


def _unwatched(index: tantivy.Index) -> tantivy.Index:
    """The index without its own reader, which a thread of tantivy's would bring up to date after
    each commit although nobody asks it anything."""
    index.config_reader("manual")
    return index


def _guarded(writer: TantivyWriter) -> Writer:
    return cast(Writer, GuardedWriter(writer))


def _segments(directory: Path) -> list[str] | None:
    """The first parts of the names of the index's files; ``None`` if the list is damaged."""
    try:
        meta = json.loads((directory / _META).read_bytes())
        return [segment["segment_id"].replace("-", "") for segment in meta["segments"]]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _first_damaged(directory: Path, names: list[str]) -> str | None:
    for name in names:
        for part in _PARTS:
            if not _is_whole(directory / f"{name}.{part}"):
                return f"{name}.{part}"
    return None


def _is_whole(path: Path) -> bool:
    """Whether a data file's content has the checksum that the file itself names."""
    try:
        with path.open("rb") as file:
            content = file.seek(0, os.SEEK_END) - _TAIL
            file.seek(max(content, 0))
            described = int.from_bytes(file.read(4), "little")
            content -= described
            if content < 0:
                return False
            file.seek(content)
            expected = json.loads(file.read(described))["crc"]
            file.seek(0)
            return bool(crc32(file, content) == expected)
    except (OSError, ValueError, LookupError, TypeError):
        return False
