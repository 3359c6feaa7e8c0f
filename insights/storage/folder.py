"""The storage in a folder of this machine, or one that several machines share."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from insights.storage.interface import NotStored, away, checked

# No key begins with a dot, so nothing that is half-written can be asked for.
_UNFINISHED = ".unfinished"
# How often a folder may be deleted at the very moment in which a file is put into it.
_TRIES = 20

log = logging.getLogger(__name__)


class FolderStorage:
    """Each key is a file below the folder.

    A file is written in full, and is on the disk, before it gets its name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def place(self) -> str:
        """The folder."""
        return f"folder {self._folder}"

    def put(self, key: str, content: bytes | BinaryIO) -> None:
        """Stores the bytes in place of those that had the key before."""
        target = self._path(key)
        with _told():
            made = self._written(content)
            try:
                _give_name(made, target)
            finally:
                made.unlink(missing_ok=True)

    def open(self, key: str) -> BinaryIO:
        """The bytes, to be read and closed; raises NotStored."""
        path = self._path(key)
        with _told():
            try:
                return path.open("rb")
            except (FileNotFoundError, IsADirectoryError):
                raise NotStored(key) from None

    def size(self, key: str) -> int | None:
        """How many bytes are stored under the key; None when there are none."""
        path = self._path(key)
        with _told():
            return path.stat().st_size if path.is_file() else None

    def keys(self, folder: str) -> list[str]:
        """The keys right below one, in no order."""
        path = self._path(folder)
        with _told():
            try:
                return [f"{folder}/{one.name}" for one in os.scandir(path) if one.is_file()]
            except (FileNotFoundError, NotADirectoryError):
                return []

    def delete(self, key: str) -> None:
        """Takes the bytes away, and the key's own folder with its last file."""
        path = self._path(key)
        with _told():
            path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()

    def _path(self, key: str) -> Path:
        return self._folder / checked(key)

    def _written(self, content: bytes | BinaryIO) -> Path:
        """A file without a name of its own yet that holds the bytes for good."""
        folder = self._folder / _UNFINISHED
        _make(folder)
        handle, name = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    shutil.copyfileobj(content, file)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:  # Also when the process is told to stop: nobody else knows the file.
            os.unlink(name)
            raise
        return Path(name)


def _give_name(made: Path, target: Path) -> None:
    """Puts the file in its place for good.

    Meanwhile the last file of the folder may be deleted by somebody else, and the folder with it;
    when that comes after this one got its place, it was this one that was deleted.
    """
    for tries_left in range(_TRIES, 0, -1):
        try:
            _make(target.parent)
            made.replace(target)
            break
        except (FileNotFoundError, FileExistsError):
            if tries_left == 1:
                raise
    with suppress(FileNotFoundError):
        _sync(target.parent)


def _make(folder: Path) -> None:
    """Makes the folder for good, with those above it."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Puts the folder's names on the disk; a name alone can be lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told() -> Iterator[None]:
    """Says why in the log and raises Unavailable when the disk does not do what it is asked."""
    try:
        yield
    except OSError as error:
        log.error("the storage failed: %s", error)
        raise away() from error
