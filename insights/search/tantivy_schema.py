"""The document fields in tantivy's terms."""

import tantivy

from insights.search.analysis import Analysis
from insights.search.document import EVERYONE, FIELDS, NoteDocument, Use, index_fields
from insights.search.query import FARTHEST

# Fields of this engine's own, beside those of every engine.
ID_HIGH, ID_LOW = "id_high", "id_low"  # the id as two columns: a page of hits reads no document
CURSOR = "cursor"  # the journal cursor, in the one document that is not a note
MARK = "mark"  # what sets a document apart, see below
CURSOR_MARK = "cursor"
SEALED_MARK = "sealed"  # not for everyone: the few documents to look at for a reader's permissions

_LOW_BITS = 2**64 - 1

# What the cursor's document has in the columns in which every note has exactly one value: values
# that no note has. One document without a value would make tantivy look up every value by way of an
# index of those that have one, and counting takes three times as long.
_NO_VALUES: dict[str, object] = {
    **dict.fromkeys(("kind", "known", "impact", "source"), CURSOR_MARK),
    **dict.fromkeys(("territory_id", "author_id", "month", "week", "sightings", "first_hand"), -1),
    **dict.fromkeys(("newest", ID_HIGH, ID_LOW), 0),
}

# Values of one field follow each other at a distance of one. Empty ones between them put so many
# words between a note's text and the name of its account that no near phrase reaches across.
_GAP = [""] * FARTHEST


def build_schema() -> tantivy.Schema:
    """Each call gives an equal schema; an index on disk refuses to open with a different one."""
    builder = tantivy.SchemaBuilder()
    for field in FIELDS:
        _add_field(builder, field.name, field.use)
    for name in (ID_HIGH, ID_LOW):
        builder.add_unsigned_field(name, fast=True)
    builder.add_integer_field(CURSOR, fast=True)
    builder.add_text_field(MARK, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _add_field(builder: tantivy.SchemaBuilder, name: str, use: Use) -> None:
    match use:
        case Use.STEMMED:
            builder.add_text_field(name, tokenizer_name="words", index_option="position")
        case Use.EXACT:
            builder.add_text_field(name, tokenizer_name="words", index_option="freq")
        case Use.KEY:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        case Use.CHOICE:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        case Use.NUMBERS:
            builder.add_integer_field(name, indexed=True, fast=True)
        case Use.ORDER:
            builder.add_unsigned_field(name, fast=True)
        case Use.STORED:
            builder.add_bytes_field(name, stored=True)


SCHEMA = build_schema()


def register_tokenizers(index: tantivy.Index) -> None:
    """Let the index split at spaces: documents arrive as words, cut and stemmed in one place."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("words", words)


def note_to_tantivy(document: NoteDocument, analysis: Analysis) -> tantivy.Document:
    """The document as the writer takes it."""
    values = {
        **index_fields(document, analysis),
        ID_HIGH: document.id.int >> 64,
        ID_LOW: document.id.int & _LOW_BITS,
    }
    values["text"] = [piece for part in values["text"] for piece in (part, *_GAP)]
    if EVERYONE not in document.audience:
        values[MARK] = SEALED_MARK
    return tantivy.Document.from_dict(values, SCHEMA)


def cursor_to_tantivy(cursor: int) -> tantivy.Document:
    """The document that carries the journal cursor; searches exclude it by its mark."""
    return tantivy.Document.from_dict({**_NO_VALUES, MARK: CURSOR_MARK, CURSOR: cursor}, SCHEMA)
