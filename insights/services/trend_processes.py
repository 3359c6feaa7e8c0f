"""Weeks worked on by several processes at once, where there are so many notes that it pays."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from sqlalchemy.orm import Session

from insights.db import Database

# Weeks that are worked on in one go: their neighbours are read once for all of them.
CHUNK = 8
# More processes than this would wait for the one that writes.
_MOST_PROCESSES = 4

T = TypeVar("T")
Work = Callable[[Session, Sequence[date]], list[T]]


def worked(
    database: Database, work: Work[T], mondays: Sequence[date], *, together: bool
) -> Iterator[T]:
    """What `work` makes of these weeks, in their order, some weeks at a time.

    If `together`, other processes do it, one for each processor: `work` must be a function of a
    module, or a `partial` of one. It only reads.
    """
    chunks = [mondays[at : at + CHUNK] for at in range(0, len(mondays), CHUNK)]
    if not together:
        for chunk in chunks:
            with database.reading() as session:
                made = work(session, chunk)
            yield from made
        return
    url = database.engine.url.render_as_string(hide_password=False)
    processes = max(min(os.cpu_count() or 1, _MOST_PROCESSES, len(chunks)), 1)
    # Fresh interpreters: the open database connections of this one must not be inherited.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for made in pool.map(partial(_in_process, url, work), chunks):
            yield from made


def _in_process(url: str, work: Work[T], mondays: Sequence[date]) -> list[T]:
    database = Database(url)
    try:
        with database.reading() as session:
            return work(session, mondays)
    finally:
        database.dispose()
