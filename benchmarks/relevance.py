"""How well the product ranks: a test collection through its own engine, beside plain BM25."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

import tantivy

from benchmarks import relevance_files
from benchmarks.relevance_files import Collection
from benchmarks.relevance_metrics import average_precision, ndcg
from benchmarks.report import Report
from insights.search.document import NoteDocument
from insights.search.query import Query, parse_question
from insights.search.replica import Replica
from insights.search.request import SearchRequest
from insights.search.tantivy_engine import TantivyEngine

DEPTH = 1_000
BATCH = 5_000
HEAP_BYTES = 100_000_000
# All documents of one moment, so that nothing but the words decides.
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)

Rank = Callable[[str], list[str]]


class Scores(Report):
    """A report that shows its scores with four digits, as is the custom."""

    def text(self) -> str:
        """See ``Report.text``."""
        rows: list[Sequence[object]] = [
            (row[0], *(f"{score:.4f}" for score in row[1:3]), *row[3:]) for row in self.rows
        ]
        return Report(self.title, self.columns, rows, self.remarks).text()


def measure(folder: Path) -> Report:
    """nDCG@10 and MAP over the judged queries of the collection in `folder`."""
    collection = relevance_files.read(folder)
    report = Scores(
        f"Relevance of {folder.name}",
        ("ranking", "nDCG@10", "MAP", "queries", "docs", "index seconds", "query seconds"),
    )
    with tempfile.TemporaryDirectory(prefix="insights-benchmark-") as scratch:
        for name, build in (("plain BM25", baseline), ("product", product)):
            place = Path(scratch, name)
            place.mkdir()
            start = time.perf_counter()
            rank = build(place, collection.docs)
            _add(report, name, rank, collection, time.perf_counter() - start)
    report.remarks.append(
        "nDCG with the grade as gain, divided by log2(rank + 1); MAP over the first 1,000 with "
        "grade 1 and above as relevant. Plain BM25 (k1 1.2, b 0.75): English stems and stop "
        "words, any of the words."
    )
    report.remarks += _oddities(collection)
    return report


def product(folder: Path, docs: Mapping[str, str]) -> Rank:
    """The product's engine on documents that differ in nothing but their text."""
    replica = Replica(folder, TantivyEngine())
    ids = list(docs)
    with replica.rebuild() as writer:
        for batch in _batches(enumerate(docs.values())):
            writer.put(_document(number, text) for number, text in batch)
        writer.publish(0)
    reader = replica.open_reader()

    def rank(text: str) -> list[str]:
        asked = SearchRequest(audience=None, query=question(text), limit=DEPTH, highlight=False)
        return [ids[hit.id.int] for hit in reader.search(asked).hits]

    return rank


def question(text: str) -> Query:
    """A query of the collection as the product reads a question in free text."""
    return parse_question(text)


def baseline(folder: Path, docs: Mapping[str, str]) -> Rank:
    """tantivy as it comes: BM25 over one field of English stems without stop words."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="english", index_option="freq")
    builder.add_unsigned_field("number", fast=True)
    schema = builder.build()
    index = tantivy.Index(schema, str(folder))
    analyser = _english()
    index.register_tokenizer("english", analyser)
    writer = index.writer(HEAP_BYTES, num_threads=1)
    for number, text in enumerate(docs.values()):
        writer.add_document(tantivy.Document.from_dict({"text": text, "number": number}, schema))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, ids = index.searcher(), list(docs)

    def rank(text: str) -> list[str]:
        words = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", word, "freq"))
            for word in analyser.analyze(text)
        ]
        hits = searcher.search(tantivy.Query.boolean_query(words), DEPTH, count=False).hits
        numbers = searcher.fast_field_values("number", [address for _, address in hits])
        return [ids[int(number or 0)] for number in numbers]

    return rank


def _english() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _document(number: int, text: str) -> NoteDocument:
    return NoteDocument(
        id=UUID(int=number),
        text=text,
        account_name="",
        kind="preference",
        known="heard",
        impact="normal",
        source="import",
        audience=("everyone",),
        author_id=1,
        territory_id=1,
        segment_ids=(),
        competitor_ids=(),
        product_ids=(),
        account_id=None,
        captured_at=MOMENT,
        week=0,
        month=202601,
        sightings=0,
    )


def _batches(documents: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    remaining = iter(documents)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _add(
    report: Report, name: str, rank: Rank, collection: Collection, index_seconds: float
) -> None:
    judged = collection.judged
    start = time.perf_counter()
    rankings = [rank(collection.queries[query]) for query in judged]
    seconds = time.perf_counter() - start
    pairs = [
        (ranked, collection.grades[query]) for ranked, query in zip(rankings, judged, strict=True)
    ]
    report.add(
        name,
        _mean(ndcg(ranked, grades) for ranked, grades in pairs),
        _mean(average_precision(ranked, grades) for ranked, grades in pairs),
        len(judged),
        len(collection.docs),
        index_seconds,
        seconds,
    )


def _mean(values: Iterable[float]) -> float:
    gathered = list(values)
    return sum(gathered) / len(gathered) if gathered else 0.0


def _oddities(collection: Collection) -> Iterator[str]:
    unjudged = len(collection.queries) - len(collection.judged)
    if unjudged:
        yield f"{unjudged:,} queries do not count: nothing was judged relevant to them."
    missing = {doc for grades in collection.grades.values() for doc in grades} - set(
        collection.docs
    )
    if missing:
        yield f"{len(missing):,} judged documents are not in the collection; they count as missed."
