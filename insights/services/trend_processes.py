"""Work done by several processes or threads at once."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
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

A = TypeVar("A")
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
            yield from _reading(work, database, chunk)
        return
    url = _url(database)
    processes = max(min(os.cpu_count() or 1, _MOST_PROCESSES, len(chunks)), 1)
    # Fresh interpreters: the open database connections of this one must not be inherited.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for made in pool.map(partial(_elsewhere, url, partial(_reading, work)), chunks):
            yield from made


def side_by_side(
    database: Database, work: Callable[[Database, A], T], given: Sequence[A], *, apart: bool
) -> list[T]:
    """What `work` makes of each of the few that are given, at the same time.

    If `apart`, of all but the first in processes of their own, which costs a start and spares
    memory: `work` must be a function of a module, and what it gets and makes must be fit to be sent
    there and back. Otherwise in threads, of which long work on arrays needs no more.
    """
    first, *others = given
    if not others:
        return [work(database, first)]
    if not apart:
        with ThreadPoolExecutor(len(given)) as threads:
            return list(threads.map(partial(work, database), given))
    with ProcessPoolExecutor(len(others), get_context("spawn")) as pool:
        made = [pool.submit(_elsewhere, _url(database), work, one) for one in others]
        return [work(database, first), *(one.result() for one in made)]


def _elsewhere(url: str, work: Callable[[Database, A], T], given: A) -> T:
    database = Database(url)
    try:
        return work(database, given)
    finally:
        database.dispose()


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _reading(work: Work[T], database: Database, mondays: Sequence[date]) -> list[T]:
    with _no_search_for_cycles(), database.reading() as session:
        return work(session, mondays)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows of weeks are very many objects that hold no cycles: the collector would look through
    them again and again, for a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
