"""Writers of an SQLite database, one after the other.

SQLite lets one transaction write at a time. Those that wait sleep for growing, fixed times and ask
again, so under load the database often stands free while everybody sleeps, and the unlucky wait
longest. Here writers queue instead: threads of one process for a lock in memory, one thread of each
process for a lock on a file beside the database. The file's lock ends with its process, whatever
happens to it. SQLite's own locking stays in force underneath.
"""

import fcntl
import os
import threading
import time
from pathlib import Path

from insights.errors import Unavailable

PATIENCE_SECONDS = 20.0
# Far below the time of a transaction; only one thread of each process asks.
ASK_AGAIN_SECONDS = 0.0005


class WriteQueue:
    """The queue before one database file, shared by all threads of a process."""

    def __init__(self, database: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._path = database.with_name(database.name + "-writers")
        self._threads = threading.Lock()
        self._handle: int | None = None

    def enter(self) -> None:
        """Waits until no other cooperating writer is at work.

        Raises Unavailable when the patience ends, for instance when a thread waits for itself.
        """
        deadline = time.monotonic() + self._patience
        if not self._threads.acquire(timeout=self._patience):
            raise _busy()
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            self._threads.release()
            raise
        while not _locked(handle):
            if time.monotonic() > deadline:
                os.close(handle)
                self._threads.release()
                raise _busy()
            time.sleep(ASK_AGAIN_SECONDS)
        self._handle = handle

    def leave(self) -> None:
        """Lets the next one in."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)
            self._threads.release()


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy() -> Unavailable:
    return Unavailable("The database is busy. Nothing was lost; try again in a moment.")
