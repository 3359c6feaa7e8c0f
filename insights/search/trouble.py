"""What keeps the worker from its work, in a sentence that every process of the machine can read.

The file has its full size from the beginning and is overwritten in place: that also works on a disk
without any room left.
"""

import errno
import re
import shutil
from contextlib import suppress
from pathlib import Path

from insights.search.engine import IndexUnavailable

_FILE = "TROUBLE"
_SIZE = 1_000
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})

SCARCE_BYTES = 64 * 2**20
"""With less room than this on the disk, a commit that fails for no other known reason failed for
lack of it: tantivy does not hand on why one of its threads ended."""


def tell(directory: Path, sentence: str | None) -> None:
    """Keeps the sentence for other processes; ``None`` when all is well. Where even this cannot be
    written nothing happens: the trouble is in the log as well."""
    content = (sentence or "").encode()[:_SIZE].ljust(_SIZE)
    with suppress(OSError):
        path = directory / _FILE
        with path.open("r+b" if path.exists() else "wb") as file:
            file.write(content)


def told(directory: Path) -> str | None:
    """The sentence that was kept last, ``None`` if there is none."""
    try:
        content = (directory / _FILE).read_bytes()
    except OSError:
        return None
    return content.decode(errors="replace").strip() or None


def free_bytes(directory: Path) -> int | None:
    """The room on the disk of the nearest folder that exists; ``None`` if nobody can tell."""
    for folder in (directory, *directory.parents):
        with suppress(OSError):
            return shutil.disk_usage(folder).free
    return None


def explain(error: Exception, directory: Path) -> str | None:
    """What is wrong and what to do about it, for a failure to write the index in ``directory``;
    ``None`` for a failure of another kind."""
    if not isinstance(error, OSError | IndexUnavailable):
        return None
    number = _error_number(error)
    if number in _NOT_ALLOWED:
        return (
            f"The search index in {directory} cannot be written: permission is refused. Let the "
            "account that runs the worker own this folder and all in it (chown -R)."
        )
    if number == errno.EROFS:
        return f"The search index in {directory} lies on a disk that is mounted for reading only."
    free = free_bytes(directory)
    unexplained = number is None and type(error) is IndexUnavailable
    if number in _NO_ROOM or (unexplained and free is not None and free < SCARCE_BYTES):
        return (
            f"There is no room left for the search index in {directory}. Searches are answered "
            "from what was indexed before; free some of the disk and the worker catches up."
        )
    return error.message if isinstance(error, IndexUnavailable) else f"{error}."


def _error_number(error: Exception) -> int | None:
    if isinstance(error, OSError):
        return error.errno
    found = re.search(r"os error (\d+)", str(error))
    return int(found[1]) if found else None
