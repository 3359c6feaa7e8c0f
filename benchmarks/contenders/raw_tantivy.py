"""tantivy called directly: what the product's own layer costs on top of the library."""

from collections.abc import Sequence
from pathlib import Path

import tantivy
from tantivy import Occur

from benchmarks.contenders.question import EXCERPT_LENGTH, PAGE, Answer, Question, searched
from insights.search.document import NoteDocument, milliseconds

HEAP_BYTES = 100_000_000
FACETS = {
    name: {"terms": {"field": name, "size": 1_000}}
    for name in ("territory_id", "kind", "competitor_id")
}


class RawTantivy:
    """A small index with tantivy's own English analyser, queries built by its parser."""

    name = "raw tantivy"
    most_notes = 10_000_000

    def __init__(self, folder: Path) -> None:
        directory = folder / "tantivy"
        directory.mkdir()
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, str(directory))
        self._writer = self._index.writer(HEAP_BYTES, num_threads=1)

    def put(self, documents: Sequence[NoteDocument]) -> None:
        for document in documents:
            values = {
                "id": document.id.hex,
                "text": searched(document),
                "kind": document.kind,
                "territory_id": document.territory_id,
                "competitor_id": list(document.competitor_ids),
                "time": milliseconds(document.captured_at),
            }
            self._writer.add_document(tantivy.Document.from_dict(values, self._schema))

    def finish(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()

    def ask(self, question: Question) -> Answer:
        searcher = self._index.searcher()
        words = self._words(question)
        query = self._within(words, question)
        counted = searcher.aggregate(query, FACETS)
        facets = {
            name: {group["key"]: group["doc_count"] for group in counted[name]["buckets"]}
            for name in FACETS
        }
        generator = tantivy.SnippetGenerator.create(searcher, words, self._schema, "text")
        generator.set_max_num_chars(EXCERPT_LENGTH)
        excerpts = {}
        for _, address in searcher.search(query, PAGE, count=False).hits:
            document = searcher.doc(address)
            snippet = generator.snippet_from_doc(document)
            excerpts[str(document.get_first("id"))] = snippet.to_html()
        total = sum(facets["kind"].values())  # each note has exactly one
        return Answer(
            total, excerpts, facets["territory_id"], facets["kind"], facets["competitor_id"]
        )

    def close(self) -> None:
        """The files go with the folder."""

    def _words(self, question: Question) -> tantivy.Query:
        if question.form == "prefix":
            return tantivy.Query.regex_query(self._schema, "text", f"{question.words[0]}.*")
        return self._index.parse_query(question.typed, ["text"], conjunction_by_default=True)

    def _within(self, words: tantivy.Query, question: Question) -> tantivy.Query:
        limits = []
        if question.territory_ids:
            values = sorted(question.territory_ids)
            limits.append(tantivy.Query.term_set_query(self._schema, "territory_id", values))
        if question.start:
            first, kind = milliseconds(question.start), tantivy.FieldType.Unsigned
            limits.append(tantivy.Query.range_query(self._schema, "time", kind, first, None))
        if not limits:
            return words
        narrowing = [(Occur.Must, tantivy.Query.const_score_query(one, 0.0)) for one in limits]
        return tantivy.Query.boolean_query([(Occur.Must, words), *narrowing])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("kind", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("territory_id", indexed=True, fast=True)
    builder.add_integer_field("competitor_id", indexed=True, fast=True)
    builder.add_unsigned_field("time", fast=True)
    return builder.build()
