"""Whoosh, pure Python: BM25F, facets by grouping, highlights from the stored text."""

from collections.abc import Sequence
from pathlib import Path

from whoosh import fields, index, query, sorting
from whoosh.analysis import StemmingAnalyzer
from whoosh.qparser import QueryParser

from benchmarks.contenders.question import PAGE, Answer, Question, searched
from insights.search.document import NoteDocument, milliseconds

FACETS = {
    "territory_id": sorting.FieldFacet("territory_id", maptype=sorting.Count),
    "kind": sorting.FieldFacet("kind", maptype=sorting.Count),
    "competitor_id": sorting.FieldFacet("competitor_id", allow_overlap=True, maptype=sorting.Count),
}


class WhooshPlain:
    """An index on disk as Whoosh's manual shows it; slow to fill, so for small corpora only."""

    name = "Whoosh"
    most_notes = 10_000

    def __init__(self, folder: Path) -> None:
        directory = folder / "whoosh"
        directory.mkdir()
        schema = fields.Schema(
            id=fields.ID(stored=True),
            text=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True),
            kind=fields.ID(sortable=True),
            territory_id=fields.NUMERIC(int, sortable=True),
            competitor_id=fields.KEYWORD,
            time=fields.NUMERIC(int, bits=64, sortable=True),
        )
        self._index = index.create_in(directory, schema)
        self._writer = self._index.writer(limitmb=128)
        self._parser = QueryParser("text", schema)

    def put(self, documents: Sequence[NoteDocument]) -> None:
        for one in documents:
            self._writer.add_document(
                id=one.id.hex,
                text=searched(one),
                kind=one.kind,
                territory_id=one.territory_id,
                competitor_id=" ".join(map(str, one.competitor_ids)),
                time=milliseconds(one.captured_at),
            )

    def finish(self) -> None:
        self._writer.commit(optimize=True)
        self._searcher = self._index.searcher()

    def ask(self, question: Question) -> Answer:
        found = self._searcher.search(
            self._parser.parse(question.typed),
            limit=PAGE,
            filter=_filter(question),
            groupedby=FACETS,
            terms=True,
        )
        groups = {name: found.groups(name) for name in FACETS}
        return Answer(
            len(found),
            {hit["id"]: hit.highlights("text") for hit in found},
            groups["territory_id"],
            groups["kind"],
            groups["competitor_id"],
        )

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


def _filter(question: Question) -> query.Query | None:
    limits = []
    if question.territory_ids:
        territories = [
            query.NumericRange("territory_id", number, number)
            for number in sorted(question.territory_ids)
        ]
        limits.append(query.Or(territories))
    if question.start:
        limits.append(query.NumericRange("time", milliseconds(question.start), None))
    return query.And(limits) if limits else None
