"""The default engine: tantivy, a search library in Rust, from a wheel."""

import json
import os
import zlib
from pathlib import Path
from typing import BinaryIO

import tantivy

from insights.search.engine import NeedsRebuild, Reader, Writer, WriterBusy
from insights.search.tantivy_reader import TantivyReader
from insights.search.tantivy_schema import SCHEMA, register_for_reading, register_for_writing
from insights.search.tantivy_writer import TantivyWriter

_META = "meta.json"

# Each of tantivy's data files ends in a description in JSON with the CRC-32 of what comes before,
# then the length of the description and a fixed number, both little-endian in four bytes.
_PARTS = ("term", "idx", "pos", "fieldnorm", "fast", "store")
_TAIL = 8
_BLOCK = 1 << 20


class TantivyEngine:
    """Opens indexes in directories; see ``Engine``."""

    name = "tantivy"

    def create(self, directory: Path) -> Writer:
        """See ``Engine.create``."""
        index = tantivy.Index(SCHEMA, str(directory), reuse=False)
        register_for_writing(index)
        return TantivyWriter(index)

    def open_writer(self, directory: Path) -> Writer:
        """See ``Engine.open_writer``."""
        index = _open(directory)
        register_for_writing(index)
        try:
            return TantivyWriter(index)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise WriterBusy("Another process is writing the search index.") from error
            raise NeedsRebuild(f"The search index cannot be written: {error}") from error

    def open_reader(self, directory: Path) -> Reader:
        """See ``Engine.open_reader``."""
        index = _open(directory)
        register_for_reading(index)
        try:
            return TantivyReader(index, directory / _META)
        except (OSError, ValueError) as error:
            raise NeedsRebuild(f"The search index cannot be read: {error}") from error

    def fault(self, directory: Path) -> str | None:
        """See ``Engine.fault``: files missing, cut short or with flipped bits."""
        try:
            meta = json.loads((directory / _META).read_bytes())
            names = [segment["segment_id"].replace("-", "") for segment in meta["segments"]]
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return f"{_META} cannot be read"
        for name in names:
            for part in _PARTS:
                if not _is_whole(directory / f"{name}.{part}"):
                    return f"{name}.{part} is damaged or missing"
        return None


def _open(directory: Path) -> tantivy.Index:
    try:
        # Without this check tantivy would make a new, empty index.
        if not tantivy.Index.exists(str(directory)):
            raise NeedsRebuild("There is no search index yet.")
        return tantivy.Index(SCHEMA, str(directory), reuse=True)
    except (OSError, ValueError) as error:
        raise NeedsRebuild(f"The search index cannot be opened: {error}") from error


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
            return bool(_checksum(file, content) == expected)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _checksum(file: BinaryIO, length: int) -> int:
    checksum = 0
    while length > 0:
        block = file.read(min(length, _BLOCK))
        if not block:
            break
        checksum = zlib.crc32(block, checksum)
        length -= len(block)
    return checksum
