"""What a storage does, and what its keys look like."""

import re
from typing import BinaryIO, Protocol

from insights.errors import Unavailable

LONGEST_KEY = 200
# Names that are safe as they are in every file system and address; none begins with a dot.
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*")


class NotStored(LookupError):
    """Nothing is stored under the key."""


class Storage(Protocol):
    """Keeps bytes under keys such as `photos/0190.jpg`; what is stored is small, some megabytes.

    Every method raises ValueError for a key that is none, and Unavailable when the storage does not
    answer or has no room; then nothing has changed.
    """

    @property
    def place(self) -> str:
        """Where the bytes are, in words for the operator."""

    def put(self, key: str, content: bytes | BinaryIO) -> None:
        """Stores the bytes in place of those that had the key before.

        Once it returns they survive a crash. Nobody ever reads a part of them.
        """

    def open(self, key: str) -> BinaryIO:
        """The bytes, to be read and closed; raises NotStored."""

    def size(self, key: str) -> int | None:
        """How many bytes are stored under the key; None when there are none."""

    def keys(self, folder: str) -> list[str]:
        """The keys right below one, such as all of `uploads/0190/…`, in no order."""

    def delete(self, key: str) -> None:
        """Takes the bytes away; a key that is not there is fine."""


def checked(key: str) -> str:
    """The key, if it is one; raises ValueError otherwise."""
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"not a key of the storage: {key!r}")
    return key


def away() -> Unavailable:
    """What people are told when the storage fails; the log says why."""
    return Unavailable("The storage of photos does not answer. Nothing was lost; try again.")
