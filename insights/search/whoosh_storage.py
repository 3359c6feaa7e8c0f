"""Whoosh's files in one directory, each with a checksum at its end, and on disk for good.

Whoosh itself keeps no checksums and does not wait for the disk. A commit is the renaming of its
table of contents (``.toc``), which names the segments (``.seg``) that make up the index. Both kinds
of file tell by themselves where they end, so four bytes more are no bother.
"""

import logging
import os
from pathlib import Path
from typing import Any, BinaryIO

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from insights.search.checksums import crc32
from insights.search.whoosh_schema import SCHEMA

log = logging.getLogger(__name__)

NAME = "MAIN"
SEGMENT = ".seg"
CONTENTS = ".toc"

_SEAL_BYTES = 4


class SealedStorage(FileStorage):  # type: ignore[misc]  # the library has no types
    """Writes the checksum behind each lasting file and waits until it is on disk."""

    def create_file(self, name: str, *args: Any, **named: Any) -> StructFile:
        """A file to be written; the lasting kinds are sealed as they are closed."""
        file = super().create_file(name, *args, **named)
        if name.endswith(SEGMENT) or CONTENTS in name:
            path = Path(self.folder, name)
            file.onclose = lambda written: _seal(path, written)
        return file

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Renames for good: what stands in the directory afterwards outlives a loss of power."""
        super().rename_file(oldname, newname, safe)
        if os.name == "nt":
            return  # there a directory cannot be opened, and its entries need no waiting for
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def open_storage(directory: Path) -> SealedStorage:
    """The files of the index in a directory that exists."""
    return SealedStorage(str(directory))


def latest(storage: SealedStorage) -> int:
    """The number of the last commit, -1 if there is none. Costs one look at the directory."""
    return int(TOC._latest_generation(storage, NAME))


def read_contents(storage: SealedStorage) -> TOC | None:
    """What the last commit consists of; ``None`` if its table is missing or damaged."""
    # The table is a pickle: nothing that may be damaged is read as one.
    generation = latest(storage)
    if not _is_whole(_contents_path(storage, generation)):
        return None
    try:
        return TOC.read(storage, NAME, generation, SCHEMA)
    except Exception:
        # The file is whole, so another version of the library wrote it: its pickle may fail anyhow.
        log.warning("the search index was written by another whoosh", exc_info=True)
        return None


def fault(storage: SealedStorage) -> str | None:
    """What is wrong with the files of the last commit, in words; reads all of them."""
    while True:
        seen = latest(storage)
        damaged = _first_damaged(storage)
        if damaged is None:
            return None
        if latest(storage) == seen:  # otherwise another process has replaced the files meanwhile
            return f"{damaged.name} is damaged or missing"


def _first_damaged(storage: SealedStorage) -> Path | None:
    contents = read_contents(storage)
    if contents is None:
        return _contents_path(storage, latest(storage))
    names = (segment.make_filename(SEGMENT) for segment in contents.segments)
    paths = (Path(storage.folder, name) for name in names)
    return next((path for path in paths if not _is_whole(path)), None)


def _contents_path(storage: SealedStorage, generation: int) -> Path:
    return Path(storage.folder, f"_{NAME}_{generation}{CONTENTS}")


def _is_whole(path: Path) -> bool:
    """Whether a file has the checksum that stands at its end."""
    try:
        with path.open("rb") as file:
            length = file.seek(0, os.SEEK_END) - _SEAL_BYTES
            file.seek(0)
            return length > 0 and _checksum(file, length) == file.read(_SEAL_BYTES)
    except OSError:
        return False


def _seal(path: Path, written: StructFile) -> None:
    written.flush()
    with path.open("rb") as file:
        checksum = _checksum(file, path.stat().st_size)
    written.seek(0, os.SEEK_END)
    written.write(checksum)
    written.flush()
    os.fsync(written.fileno())


def _checksum(file: BinaryIO, length: int) -> bytes:
    return crc32(file, length).to_bytes(_SEAL_BYTES, "little")
