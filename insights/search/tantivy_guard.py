"""tantivy's failures in the product's own kinds of error, wherever they come up.

Files that are damaged may make tantivy fail while it opens them, or not before a search needs the
damaged part; and then with an error or with a panic, which Python sees as an exception that is no
``Exception`` and that would end a worker. All of them leave this module as ``IndexUnavailable``.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from insights.search.engine import IndexUnavailable, NeedsRebuild, Reader, Writer
from insights.search.generations import suspect

log = logging.getLogger(__name__)


@contextmanager
def failing_as(kind: type[IndexUnavailable], message: str) -> Iterator[None]:
    """Turns a failure of tantivy inside the block into ``kind``, with what tantivy said added."""
    try:
        yield
    except BaseException as error:
        if not _is_of_tantivy(error):
            raise
        raise kind(f"{message}: {error}") from error


def _is_of_tantivy(error: BaseException) -> bool:
    # The panic's class cannot be imported; a ValueError of another class is an error of our own.
    panicked = type(error).__name__ == "PanicException"
    return panicked or type(error) is ValueError or isinstance(error, OSError)


class GuardedReader:
    """Passes every question on to a reader. One that fails raises ``NeedsRebuild``, in words for
    the person who asked; other questions may still be answered.

    The failure is logged and the index marked as suspect, and ``reload`` fails from then on, so
    that whoever holds this reader opens another one.
    """

    def __init__(self, reader: Reader, directory: Path) -> None:
        self._reader = reader
        self._directory = directory
        self._failed = False

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._reader, name)
        return partial(self._ask, value) if callable(value) else value

    def reload(self) -> None:
        """See ``Reader.reload``."""
        if self._failed:
            raise IndexUnavailable("This reader met damage; open another one.")
        self._ask(self._reader.reload)

    def _ask(self, question: Callable[..., Any], *args: Any, **named: Any) -> Any:
        try:
            return question(*args, **named)
        except BaseException as error:
            if not _is_of_tantivy(error):
                raise
            self._failed = True
            log.error("the search index in %s failed", self._directory, exc_info=error)
            suspect(self._directory)
            raise NeedsRebuild(
                "The search index cannot answer this just now; it is being examined, and rebuilt "
                "where it is damaged. Please try again soon."
            ) from error


class GuardedWriter:
    """Passes every change on to a writer; what fails raises ``IndexUnavailable``."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._change, getattr(self._writer, name))

    def _change(self, change: Callable[..., Any], *args: Any, **named: Any) -> Any:
        with failing_as(IndexUnavailable, "The search index cannot be written"):
            return change(*args, **named)
