"""Rows that are taken one after the other: everything but notes.

An import adds; what exists already stays as it is and counts as unchanged, also where the file
says something else about it. Each row is a whole: a refused one leaves nothing behind.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from sqlalchemy.orm import Session

from insights.errors import Invalid, NotFound
from insights.services import catalogue
from insights.services.catalogue import Catalogue, Item
from insights.services.import_columns import Field, Row
from insights.services.import_names import create_word
from insights.services.import_run import ImportRun
from insights.services.lookup import quoted
from insights.text import fold


class Words:
    """Which words stand for what, kept in step with what the run adds: reading the whole catalogue
    again after each row would take quadratic time."""

    def __init__(self, find: Callable[[Catalogue, str], Item | None]) -> None:
        self._find = find
        self._known: Catalogue | None = None
        self._added: dict[str, Item] = {}

    def find(self, session: Session, word: str) -> Item | None:
        """The item of that word, of the catalogue or added since."""
        if self._known is None:
            self._known = catalogue.current(session)
        return self._added.get(fold(word)) or self._find(self._known, word)

    def add(self, item: Item, words: Iterable[str] = ()) -> None:
        """Remembers what the run has added, with the words for it beside its name."""
        self._added |= {fold(word): item for word in (item.slug, item.name, *words) if word}


class RowTaker(ABC):
    """Takes the rows of one noun."""

    noun: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        # Nouns and names that the present row has created beside itself.
        self.created: list[tuple[str, str]] = []

    @abstractmethod
    def take_row(self, session: Session, row: Row) -> bool:
        """Whether the row added anything; raises Invalid and NotFound for a bad one."""

    def require(
        self, session: Session, words: Words, noun: str, word: str, field: str
    ) -> Item | None:
        """What the word of a row stands for, created where that is wanted; None for no word.

        Raises Invalid(field) for an unknown one.
        """
        if not word:
            return None
        found = words.find(session, word)
        if found is None and self.run.options.create:
            found = create_word(self.run, session, noun, word)
            words.add(found)
            self.created.append((noun, found.name))
        if found is None:
            message = f"“{quoted(word)}” is not known. Import it first, or use --create."
            raise Invalid({field: [message]})
        return found


class RowImport:
    """Takes rows in batches of one transaction, each row in a savepoint of its own.

    A dry run tries each batch for itself and undoes it: two equal rows far apart count twice.
    """

    surveys = False

    def __init__(self, run: ImportRun, make_taker: Callable[[ImportRun], RowTaker]) -> None:
        self.run = run
        self._make_taker = make_taker
        self._taker = make_taker(run)

    def survey(self, rows: Sequence[Row]) -> None:
        """Nothing has to be known before the first row."""

    def prepare(self) -> None:
        """Nothing has to be added before the first row."""

    def take(self, rows: Sequence[Row]) -> None:
        """Adds what is new, counts what is there already, and reports what is bad."""
        with self.run.changing() as session:
            for row in rows:
                self._take(session, row)
        if self.run.options.dry_run:
            self._taker = self._make_taker(self.run)

    def finish(self) -> None:
        """Nothing is left to do."""

    def _take(self, session: Session, row: Row) -> None:
        try:
            with session.begin_nested():
                added = self._taker.take_row(session, row)
        except (Invalid, NotFound) as error:
            problems = error.fields if isinstance(error, Invalid) else {"": [error.message]}
            self.run.refuse(row.number, problems, row.values)
            # What this one believes to have added is gone.
            self._taker = self._make_taker(self.run)
            return
        for noun, name in self._taker.created:
            self.run.note_created(noun, name)
        self._taker.created.clear()
        self.run.added += added
        self.run.unchanged += not added
