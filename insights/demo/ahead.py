"""Demo notes made by a second process while the first one writes them.

Inventing a text takes about as long as writing its rows, so with two processors a large demo is
there in little more than half of the time.
"""

import gc
import multiprocessing
from collections.abc import Generator
from datetime import datetime
from itertools import islice
from multiprocessing.connection import Connection

from insights.demo.notes import DemoNote, notes


def notes_ahead(
    seed: int, count: int, until: datetime, *, chunk: int
) -> Generator[DemoNote, None, None]:
    """The notes that `demo.notes.notes` gives, made `chunk` at a time in another process.

    That process waits while a chunk is not yet taken, so memory stays bounded, and ends when the
    iterator is closed. Raises RuntimeError when it fails.
    """
    # A fresh interpreter: the open database connections of this one must not be inherited.
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    maker = context.Process(
        target=_make, args=(sender, seed, count, until, chunk), name="demo notes", daemon=True
    )
    maker.start()
    sender.close()
    try:
        for _ in range(0, count, chunk):
            yield from receiver.recv()
    except EOFError:
        raise RuntimeError("the process that makes the demo's notes has failed") from None
    finally:
        receiver.close()
        maker.join()


def _make(sender: Connection, seed: int, count: int, until: datetime, chunk: int) -> None:
    # Nothing that is made here refers back to itself.
    gc.disable()
    stream = notes(seed, count, until)
    try:
        while made := list(islice(stream, chunk)):
            sender.send(made)
    except BrokenPipeError:
        # Whoever wanted the notes has gone away.
        return
