"""One segment of a whoosh index: its notes by word, by key, and by column.

A segment never changes but for the notes that are deleted from it. What is counted and sorted by
is turned once into lists that are held in memory, so that a count is one run over the numbers of
the matching notes.
"""

from bisect import bisect_left
from collections.abc import Iterator
from copy import copy
from functools import cached_property
from itertools import takewhile
from typing import TypeAlias, cast
from uuid import UUID

from whoosh.codec.whoosh3 import W3Segment
from whoosh.matching import Matcher
from whoosh.reading import SegmentReader

from insights.search.document import FIELDS, Use
from insights.search.request import Value
from insights.search.whoosh_schema import CURSOR, CURSOR_MARK, ID_BYTES, MARK, SCHEMA, term_of
from insights.search.whoosh_storage import SealedStorage

Numbers: TypeAlias = set[int] | frozenset[int]
"""Notes by their numbers within a segment."""

_ARE_NUMBERS = frozenset(field.name for field in FIELDS if field.use is Use.NUMBERS)


class Segment:
    """Reads a segment, deleted notes included (see ``Part``)."""

    def __init__(self, storage: SealedStorage, segment: W3Segment) -> None:
        # Deletions come with later commits; without them one reader serves all of these.
        undeleted = copy(segment)
        undeleted._deleted = None
        self.size: int = segment.doc_count_all()
        self._reader = SegmentReader(storage, SCHEMA, undeleted)
        self._columns: dict[str, list[tuple[Value, ...]]] = {}
        self._lengths: dict[str, list[int]] = {}

    def having(self, field: str, value: Value) -> set[int]:
        """The notes that have this word, key or number."""
        matcher = self._matcher(field, term_of(value))
        return set() if matcher is None else set(matcher.all_ids())

    def count(self, field: str, value: Value) -> int:
        """How many notes have this word, key or number."""
        return int(self._reader.doc_frequency(field, term_of(value)))

    def occurrences(self, field: str, word: str) -> Iterator[tuple[int, float]]:
        """The notes that have this word, each with how often."""
        matcher = self._matcher(field, term_of(word))
        while matcher is not None and matcher.is_active():
            yield matcher.id(), matcher.weight()
            matcher.next()

    def places(self, word: str, notes: Numbers) -> dict[int, list[int]]:
        """Where this stem stands in each of the notes that have it."""
        found: dict[int, list[int]] = {}
        matcher = self._matcher("text", term_of(word))
        if matcher is None:
            return found
        for number in sorted(notes):
            matcher.skip_to(number)
            if not matcher.is_active():
                break
            if matcher.id() == number:
                found[number] = matcher.value_as("positions")
        return found

    def words(self, beginning: str) -> list[str]:
        """The words that begin so, as they were written and folded."""
        start = bisect_left(self.lexicon, beginning)
        return list(
            takewhile(
                lambda word: word.startswith(beginning),
                (self.lexicon[at] for at in range(start, len(self.lexicon))),
            )
        )

    @cached_property
    def lexicon(self) -> list[str]:
        """All words as they were written and folded, in their order."""
        return sorted(term.decode() for term in self._reader.lexicon("exact"))

    @cached_property
    def newest(self) -> list[int]:
        """The ``newest_key`` of each note."""
        return list(self._reader.column_reader("newest", translate=False))

    def column(self, field: str) -> list[tuple[Value, ...]]:
        """The values of each note in a field that is counted."""
        if field not in self._columns:
            self._columns[field] = self._values(field)
        return self._columns[field]

    def lengths(self, field: str) -> list[int]:
        """About how many words the field has in each note."""
        if field not in self._lengths:
            length = self._reader.doc_field_length
            self._lengths[field] = [length(number, field, 1) for number in range(self.size)]
        return self._lengths[field]

    def total_length(self, field: str) -> int:
        """How many words the field has in all notes together."""
        return int(self._reader.field_length(field))

    def id_of(self, number: int) -> UUID:
        """The id of a note."""
        return UUID(bytes=self._reader.column_reader(ID_BYTES, translate=False)[number])

    def body_of(self, number: int) -> str:
        """The text of a note as written."""
        return cast(bytes, self._reader.stored_fields(number)["body"]).decode()

    @cached_property
    def cursor(self) -> tuple[int, int] | None:
        """The number of the document that is no note, with the journal cursor that it carries."""
        found = self.having(MARK, CURSOR_MARK)
        return next(((one, self._reader.stored_fields(one)[CURSOR]) for one in found), None)

    def close(self) -> None:
        """Give the file back."""
        self._reader.close()

    def _matcher(self, field: str, term: bytes) -> Matcher | None:
        if (field, term) not in self._reader:
            return None
        return self._reader.postings(field, term)

    def _values(self, field: str) -> list[tuple[Value, ...]]:
        column: list[tuple[Value, ...]] = [()] * self.size
        shared: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        for term in list(self._reader.lexicon(field)):
            value: Value = int(term) if field in _ARE_NUMBERS else term.decode()
            for number in self.having(field, value):
                values = (*column[number], value)
                column[number] = shared.setdefault(values, values)
        return column
