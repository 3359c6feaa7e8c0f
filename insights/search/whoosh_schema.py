"""The document fields in whoosh's terms.

Words arrive cut and stemmed, numbers as numbers; each becomes a term as it is. What is counted is
read from the terms (``whoosh_segment.py``), so there is one copy of each value.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias, cast

from whoosh import columns, fields, formats

from insights.search.analysis import Analysis
from insights.search.document import EVERYONE, FIELDS, NoteDocument, Use, index_fields
from insights.search.request import Value

# Fields of this engine's own, beside those of every engine.
ID_BYTES = "id_bytes"  # the id as a column: a page of hits reads no document
CURSOR = "cursor"  # the journal cursor, stored in the one document that is not a note
MARK = "mark"  # what sets a document apart, see below
CURSOR_MARK = "cursor"
SEALED_MARK = "sealed"  # not for everyone: the few documents to look at for a reader's permissions

GAP = 1_000
"""Places left free after each of several texts of one field, so that no phrase joins them."""

Posting: TypeAlias = tuple[bytes, int, float, bytes]
"""A term, how often it occurs (as a number and as its weight), and its places if they are kept."""


def term_of(value: Value) -> bytes:
    """The term that stands for a word, a key or a number."""
    return str(value).encode("utf-8", "surrogatepass")


class _Field(fields.FieldType):  # type: ignore[misc]  # the library has no types
    """A field of which each value is one term."""

    def __init__(self, kept: formats.Format, *, scorable: bool = False) -> None:
        super().__init__(kept, None, scorable=scorable)

    def index(self, value: object, **_: object) -> Iterator[Posting]:
        """The terms of a value or of a list of values that has none twice."""
        for one in value if isinstance(value, list) else [value]:
            yield term_of(cast(Value, one)), 1, 1.0, b""


class _Words(_Field):
    """A field of texts whose words are terms; places are kept if the format has room for them."""

    def index(self, value: object, **_: object) -> Iterator[Posting]:
        """The words of all texts, each with how often it occurs."""
        assert isinstance(value, list)
        places: defaultdict[str, list[int]] = defaultdict(list)
        place = 0
        for text in value:
            for word in text.split():
                places[word].append(place)
                place += 1
            place += GAP
        has_places = isinstance(self.format, formats.Positions)
        for word, where in places.items():
            kept = self.format.encode(where) if has_places else b""
            yield term_of(word), len(where), float(len(where)), kept


def _field(use: Use) -> fields.FieldType:
    match use:
        case Use.STEMMED:
            return _Words(formats.Positions(), scorable=True)
        case Use.EXACT:
            return _Words(formats.Existence(), scorable=True)
        case Use.KEY | Use.CHOICE | Use.NUMBERS:
            return _Field(formats.Existence())
        case Use.ORDER:
            return fields.COLUMN(columns.NumericColumn("Q"))
        case Use.STORED:
            return fields.STORED()


SCHEMA = fields.Schema(
    **{field.name: _field(field.use) for field in FIELDS},
    **{
        ID_BYTES: fields.COLUMN(columns.FixedBytesColumn(16)),
        CURSOR: fields.STORED(),
        MARK: _Field(formats.Existence()),
    },
)


def note_to_whoosh(document: NoteDocument, analysis: Analysis) -> dict[str, object]:
    """The document as the writer takes it."""
    values = {**index_fields(document, analysis), ID_BYTES: document.id.bytes}
    if EVERYONE not in document.audience:
        values[MARK] = SEALED_MARK
    return values


def cursor_to_whoosh(cursor: int) -> dict[str, object]:
    """The document that carries the journal cursor; searches exclude it by its mark."""
    return {MARK: CURSOR_MARK, CURSOR: cursor}
