"""The index of this machine: opened, examined, and rebuilt beside the live one.

Whatever is wrong with the files on disk is a reason to rebuild, never an error: everything in them
comes from the database. A rebuild fills a new generation while the current one is read and written,
then readers in all processes switch to it; a rebuild that is killed leaves the current one alone.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from insights.search.engine import Engine, NeedsRebuild, Reader, Writer, WriterBusy
from insights.search.following import FollowingReader, FollowingWriter
from insights.search.generations import Generations

CHECK_EVERY = 0.1
"""Seconds for which a reader does not look for new commits or a switch."""


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


class Replica:
    """The index in one directory, usually ``<data_dir>/search/notes``, made when it is needed."""

    def __init__(self, directory: Path, engine: Engine, check_every: float = CHECK_EVERY) -> None:
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
        with self._generations.lock(), ExitStack() as undo:
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
