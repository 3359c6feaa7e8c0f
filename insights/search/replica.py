"""The index of this machine: opened, examined, and rebuilt beside the live one.

Whatever is wrong with the files on disk is a reason to rebuild, never an error: everything in them
comes from the database. A rebuild fills a new generation while the current one is read and written,
then readers in all processes switch to it; a rebuild that is killed leaves the current one alone.

What is checked, and when:

* A reader that opens the index finds files that are missing or cut short, a damaged list of files
  and another engine or schema. It never sees a generation before its last commit is on disk.
* A flipped bit in a file shows in the first search that needs it, as a failure of the engine. The
  reader answers in words, goes on with other searches, and leaves ``SUSPECT`` for the worker.
* The worker compares the checksums of all files when it starts, after each failure, when there is
  ``SUSPECT``, and now and then; every few seconds it opens the index as a reader does
  (``insights.worker.search``). It rebuilds what is not whole.
* A file that is cut short while a process reads it ends this process (SIGBUS: the files are mapped
  into its memory). The server starts it anew, and it then finds the damage as it opens the index.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from insights.search.document import SCHEMA_VERSION
from insights.search.engine import Engine, NeedsRebuild, Reader, Writer, WriterBusy
from insights.search.following import FollowingReader, FollowingWriter
from insights.search.generations import Generations
from insights.search.trouble import free_bytes, told

CHECK_EVERY = 0.1
"""Seconds for which a reader does not look for new commits or a switch."""

REBUILD_PATIENCE = 0.5
"""Seconds to wait for another process to give the right to rebuild back."""


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """Whether the replica can be used; if not, ``problem`` is a sentence that says why.

    ``cursor`` is the journal cursor of its last commit.
    """

    cursor: int | None
    problem: str | None

    @property
    def needs_rebuild(self) -> bool:
        """True if there is nothing to read."""
        return self.problem is not None


@dataclass(frozen=True, slots=True)
class ReplicaFacts:
    """What a monitor wants to know of the replica beside its state.

    ``size_bytes`` counts the current generation, ``free_bytes`` the room on its disk; ``None``
    where there is nothing to measure. ``trouble`` is what keeps the worker from writing, in words.
    """

    engine: str
    schema: int
    generation: str | None
    size_bytes: int | None
    free_bytes: int | None
    rebuilding: bool
    trouble: str | None


class Replica:
    """The index in one directory, usually ``<data_dir>/search/notes``, made when it is needed."""

    def __init__(self, directory: Path, engine: Engine, check_every: float = CHECK_EVERY) -> None:
        self.directory = directory
        self._generations = Generations(directory, engine.name)
        self._engine = engine
        self._check_every = check_every

    def state(self, *, thorough: bool = False) -> ReplicaState:
        """What is on disk. Never raises for what it finds there.

        A thorough look also reads every file and compares checksums (about a second per gigabyte).
        """
        try:
            directory = self._generations.path(self._generations.current())
            fault = self._engine.fault(directory) if thorough else None
            if fault is not None:
                raise NeedsRebuild(f"The search index is damaged: {fault}.")
            cursor = self._committed_cursor(directory)
        except NeedsRebuild as error:
            return ReplicaState(None, error.message)
        if cursor is None:
            return ReplicaState(None, "The search index holds no journal cursor.")
        return ReplicaState(cursor, None)

    def facts(self) -> ReplicaFacts:
        """What can be told without opening the index. Never raises for what it finds on disk."""
        generation = None
        with suppress(NeedsRebuild):
            generation = self._generations.current()
        return ReplicaFacts(
            engine=self._engine.name,
            schema=SCHEMA_VERSION,
            generation=generation,
            size_bytes=None if generation is None else self._generations.size(generation),
            free_bytes=free_bytes(self.directory),
            rebuilding=self._generations.is_locked(),
            trouble=told(self.directory),
        )

    def stamp(self) -> tuple[int, int] | None:
        """Changes when another generation takes over; costs one look at the disk."""
        return self._generations.stamp()

    def is_suspect(self) -> bool:
        """Whether a reader met damage that the worker has not looked for yet."""
        return self._generations.is_suspect()

    def clear_suspicion(self) -> None:
        """Call it before a thorough look, so that what readers meet meanwhile is not lost."""
        self._generations.clear_suspicion()

    def open_reader(self) -> Reader:
        """A reader that follows commits and switches made by other processes.

        It opens even if there is no index yet; each question then raises ``NeedsRebuild`` until
        there is one.
        """
        return FollowingReader(self._generations, self._engine, self._check_every)

    def open_writer(self) -> Writer:
        """The only writer of the current generation; removes generations that nobody needs.

        Raises ``WriterBusy`` if another process has it, ``NeedsRebuild`` if there is no index.
        """
        generation = self._generations.current()
        writer = self._engine.open_writer(self._generations.path(generation))
        with suppress(WriterBusy), self._generations.lock():
            self._generations.remove_all_but_current()
        return FollowingWriter(self._generations, generation, writer)

    @contextmanager
    def rebuild(self) -> Iterator[Writer]:
        """Fill a new generation through the writer given, then switch all readers to it.

        The switch happens at the end of the block if the writer has committed. If the block raises
        or commits nothing, the current generation stays. Raises ``WriterBusy`` if another process
        is rebuilding.
        """
        with self._generations.lock(REBUILD_PATIENCE), ExitStack() as undo:
            self._generations.remove_all_but_current()
            undo.callback(self._generations.remove_all_but_current)
            generation = self._generations.make()
            directory = self._generations.path(generation)
            with closing(self._engine.create(directory)) as writer:
                yield writer
            if self._committed_cursor(directory) is not None:
                self._generations.switch(generation)
                # The former generation may still be written; its removal waits for a new writer.
                undo.pop_all()

    def _committed_cursor(self, directory: Path) -> int | None:
        with closing(self._engine.open_reader(directory)) as reader:
            return reader.cursor()
