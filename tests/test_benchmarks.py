"""What the benchmarks compute: scores worked out by hand, and files as they are found."""

import gzip
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from uuid import uuid4

import pytest

from benchmarks import relevance, relevance_files
from benchmarks.relevance_files import UnreadableCollection
from benchmarks.relevance_metrics import average_precision, ndcg
from benchmarks.search_questions import Words
from insights.search.document import NoteDocument

DOCS = (
    "a\tThe antenna on the roof was struck by lightning",
    "b\tPrices for fibre went up in spring",
    "c\tThe mayor opened a bridge",
    "d\tLightning is weather",
    "e\t",
)
QUERIES = ("1\tlightning on antennas", "2\tfibre price", "3\tnobody judged this")
QRELS = ("1\ta\t2", "1\td\t1", "2\tb\t1", "2\tc\t0")


def collection(folder: Path, docs: object = DOCS, qrels: object = QRELS) -> Path:
    for name, lines in (("docs", docs), ("queries", QUERIES), ("qrels", qrels)):
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")  # type: ignore[call-overload]
    return folder


def test_ndcg_discounts_the_grade_by_the_logarithm_of_the_rank():
    grades = {"a": 2, "b": 1, "c": 0}

    assert ndcg(["a", "b"], grades) == 1.0
    assert ndcg(["x", "b", "a"], grades) == pytest.approx(
        (1 / log2(3) + 2 / log2(4)) / (2 / log2(2) + 1 / log2(3))
    )
    assert ndcg([], grades) == 0.0


def test_ndcg_reads_ten_ranks_only():
    assert ndcg(["x"] * 9 + ["a"], {"a": 1}) == pytest.approx(1 / log2(11))
    assert ndcg(["x"] * 10 + ["a"], {"a": 1}) == 0.0


def test_ndcg_of_more_relevant_documents_than_ranks_can_be_perfect():
    grades = {str(number): 1 for number in range(20)}

    assert ndcg([str(number) for number in range(10)], grades) == pytest.approx(1.0)


def test_average_precision_counts_relevant_documents_that_were_missed():
    grades = {"a": 1, "b": 3, "c": 1, "d": 0}

    assert average_precision(["a", "d", "b"], grades) == pytest.approx((1 / 1 + 2 / 3) / 3)
    assert average_precision(["x"] * 1_000 + ["a"], grades) == 0.0


def test_headings_blank_lines_and_tabs_in_texts_are_passed_over(tmp_path):
    docs = ("\ufeff_id\ttext", "a\tone\ttwo", "", "a\trepeated", "b")
    read = relevance_files.read(
        collection(tmp_path, docs=docs, qrels=("query-id\tcorpus-id\tscore", *QRELS))
    )

    assert read.docs == {"a": "one two", "b": ""}
    assert read.grades == {"1": {"a": 2, "d": 1}, "2": {"b": 1, "c": 0}}


def test_a_document_may_be_called_like_a_number(tmp_path):
    read = relevance_files.read(collection(tmp_path, docs=("007\ttext",)))

    assert list(read.docs) == ["007"]


@pytest.mark.parametrize("between", [" ", "\t", "   "])
def test_judgements_of_trec_have_a_column_to_ignore(tmp_path, between):
    lines = [between.join(("1", "0", "a", "2")), between.join(("2", "Q0", "b", "1"))]
    read = relevance_files.read(collection(tmp_path, qrels=lines))

    assert read.grades == {"1": {"a": 2}, "2": {"b": 1}}


def test_files_may_be_compressed(tmp_path):
    collection(tmp_path)
    plain = tmp_path / "docs.tsv"
    (tmp_path / "docs.tsv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()

    assert len(relevance_files.read(tmp_path).docs) == len(DOCS)


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(UnreadableCollection, match=r"no docs\.tsv"):
        relevance_files.read(tmp_path)
    with pytest.raises(UnreadableCollection, match="qrels, line 2"):
        relevance_files.read(collection(tmp_path, qrels=("1 a 1", "1 a good")))


def test_a_query_that_nothing_was_judged_relevant_to_does_not_count(tmp_path):
    read = relevance_files.read(collection(tmp_path, qrels=("1 a 1", "2 b 0")))

    assert read.judged == ["1"]


def test_a_small_collection_is_ranked_as_one_would(tmp_path):
    report = relevance.measure(collection(tmp_path))

    scores = {row[0]: row[1:5] for row in report.rows}
    assert scores == {"plain BM25": (1.0, 1.0, 2, 5), "product": (1.0, 1.0, 2, 5)}
    assert "1 queries do not count" in " ".join(report.remarks)
    assert "1.0000" in report.text()


def test_words_are_chosen_by_how_many_notes_have_them():
    words = Words(names=["Ionfield Broadband"])
    words.count(
        [_note(f"Ionfield price for {'clinic' if number else 'bakery'}") for number in range(9)]
    )

    assert words.frequencies == {"price": 9, "clinic": 8, "bakery": 1}
    assert words.nearest(2) == "bakery"
    assert words.common() == "clinic"


def _note(text: str) -> NoteDocument:
    return NoteDocument(
        id=uuid4(),
        text=text,
        account_name="",
        kind="preference",
        known="heard",
        impact="normal",
        source="web",
        audience=("everyone",),
        author_id=1,
        territory_id=1,
        segment_ids=(),
        competitor_ids=(),
        product_ids=(),
        account_id=None,
        captured_at=datetime(2026, 5, 1, tzinfo=UTC),
        week=20574,
        month=202605,
        sightings=0,
    )
