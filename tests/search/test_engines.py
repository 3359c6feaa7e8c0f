"""Both engines give the same answers, and find what a plain reading of the notes finds."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.search.analysis import ENGLISH, NEUTRAL, Analysis
from insights.search.batch import Batch
from insights.search.document import NoteDocument
from insights.search.engine import Engine, IndexUnavailable, Reader
from insights.search.query import Query, parse
from insights.search.request import FACETS, FacetName, Filters, SearchRequest, SearchResult
from insights.search.tantivy_engine import TantivyEngine
from insights.search.tree import Among, And, Node, Period
from insights.search.whoosh_engine import WhooshEngine
from insights.settings import Settings
from insights.stores import open_replica
from tests.search.corpus import note
from tests.search.random_notes import KEYS, KINDS, WORDS, corpora, moments, notes, numbers, trees

ANALYSES = {"english": ENGLISH, "none": NEUTRAL}


class Pair:
    """The same notes in an index of tantivy and in one of whoosh."""

    def __init__(self, directory: Path, analysis: Analysis) -> None:
        self.analysis = analysis
        self.readers: list[Reader] = []
        self._engines: list[Engine] = [TantivyEngine(analysis), WhooshEngine(analysis)]
        self._directory = directory
        self._paths: list[Path] = []

    def hold(self, documents: Sequence[NoteDocument]) -> None:
        """These notes and no others."""
        self._paths = [Path(mkdtemp(dir=self._directory)) for _ in self._engines]
        self.readers = []
        for engine, path in zip(self._engines, self._paths, strict=True):
            with closing(engine.create(path)) as writer:
                writer.put(documents)
                writer.publish(cursor=1)
            self.readers.append(engine.open_reader(path))

    def change(self, commits: Sequence["Commit"]) -> None:
        """Apply these commits, one after the other, and look at the index after each."""
        parts = zip(self._engines, self._paths, self.readers, strict=True)
        for engine, path, reader in parts:
            with closing(engine.open_writer(path)) as writer:
                for cursor, commit in enumerate(commits, start=2):
                    writer.remove(commit.removed)
                    writer.put(commit.put)
                    writer.publish(cursor)
                    reader.reload()


@dataclass(frozen=True)
class Commit:
    """What one commit takes out and puts in."""

    removed: list[UUID]
    put: list[NoteDocument]


@pytest.fixture(params=ANALYSES, scope="module")
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(tmp_path_factory.mktemp("pair"), ANALYSES[request.param])


some_numbers = st.frozensets(numbers, max_size=2)
filters = st.builds(
    Filters,
    territory_ids=some_numbers,
    kinds=st.frozensets(st.sampled_from(KINDS), max_size=2),
    segment_groups=st.lists(st.frozensets(numbers, min_size=1, max_size=2), max_size=2).map(tuple),
    competitor_ids=some_numbers,
    product_ids=some_numbers,
    account_ids=some_numbers,
    author_ids=some_numbers,
    known=st.just(frozenset()) | st.just(frozenset({"heard"})),
    impact=st.just(frozenset()) | st.just(frozenset({"low"})),
    since=st.none() | moments,
    until=st.none() | moments,
)
audiences = st.none() | st.frozensets(st.sampled_from([*KEYS, "t:2"]))

_words = st.lists(st.sampled_from([*WORDS, "prcie", "acne"]), min_size=1, max_size=3).map(" ".join)
_terms = st.one_of(
    _words,
    st.builds('"{}"'.format, _words),
    st.builds('"{}"~{}'.format, _words, st.integers(0, 6)),
    st.builds("{}*".format, st.sampled_from(WORDS).map(lambda word: word[:3])),
    st.builds("{}~{}".format, st.sampled_from(WORDS), st.sampled_from(["", "1", "2"])),
    st.sampled_from(["OR", "AND", "NOT", "(", ")", "-", '"', "$", "&"]),
)
_signed = st.builds("{}{}".format, st.sampled_from(["", "", "", "-", "("]), _terms)
typed = st.lists(_signed, max_size=6).map(" ".join)


def requests(queries: st.SearchStrategy[Query]) -> st.SearchStrategy[SearchRequest]:
    """Searches for these queries with random filters, by random readers."""
    return st.builds(
        SearchRequest,
        audience=audiences,
        query=queries,
        filters=st.just(Filters()) | filters,
        sort=st.sampled_from(["relevance", "newest"]),
        limit=st.just(100),
        facets=st.just(FACETS),
        highlight=st.booleans(),
        dimensions=st.just(()) | st.just((frozenset({0, 1}), frozenset({2, 3, 4}))),
    )


def many(asked: st.SearchStrategy[SearchRequest]) -> st.SearchStrategy[list[SearchRequest]]:
    """Making an index takes far longer than a search, so each one is asked a lot."""
    return st.lists(asked, min_size=6, max_size=12)


def comparable(request: SearchRequest, result: SearchResult) -> object:
    """All of a result in which engines may not differ: not the scores of words."""
    hits = [(hit.id, hit.excerpt) for hit in result.hits]
    return result.total, result.facets, hits if request.is_by_time else sorted(hits)


def expected(request: SearchRequest, documents: Sequence[NoteDocument], analysis: Analysis) -> set:
    """What a plain reading finds: every filter is one more condition on the note."""
    chosen = request.filters
    conditions: list[tuple[str, frozenset]] = [
        *(("territory_id", chosen.territory_ids), ("competitor_id", chosen.competitor_ids)),
        *(("product_id", chosen.product_ids), ("account_id", chosen.account_ids)),
        *(("author_id", chosen.author_ids), ("kind", chosen.kinds), ("known", chosen.known)),
        *(("impact", chosen.impact), *(("segment_id", one) for one in chosen.segment_groups)),
    ]
    nodes: list[Node] = [request.query.tree, Period(chosen.since, chosen.until)]
    nodes += [Among(field, values) for field, values in conditions if values]
    if request.audience is not None:
        nodes.append(Among("audience", request.audience))
    return Batch(documents, analysis).matching(And(tuple(nodes)))


def assert_same_answers(
    pair: Pair, documents: Sequence[NoteDocument], asked: Sequence[SearchRequest]
) -> None:
    tantivy, whoosh = pair.readers
    for request in asked:
        results = tantivy.search(request), whoosh.search(request)
        assert comparable(request, results[0]) == comparable(request, results[1])
        plain = expected(request, documents, pair.analysis)
        assert {hit.id for hit in results[1].hits} == plain
        assert tantivy.count(request) == whoosh.count(request) == len(plain)


@settings(max_examples=20, deadline=None)
@given(corpus=corpora, asked=many(requests(trees.map(Query))))
def test_any_tree_finds_and_counts_the_same(
    pair: Pair, corpus: list[NoteDocument], asked: list[SearchRequest]
) -> None:
    pair.hold(corpus)
    assert_same_answers(pair, corpus, asked)


@settings(max_examples=20, deadline=None)
@given(corpus=corpora, asked=many(requests(typed.map(parse))))
def test_whatever_is_typed_finds_and_counts_the_same(
    pair: Pair, corpus: list[NoteDocument], asked: list[SearchRequest]
) -> None:
    pair.hold(corpus)
    assert_same_answers(pair, corpus, asked)


names = st.sampled_from(FACETS)
beginnings = st.sampled_from(["", "p", "pri", "price", "caf", "東", "4", "zz"])


@settings(max_examples=20, deadline=None)
@given(
    corpus=corpora,
    asked=requests(trees.map(Query)),
    fields=st.lists(names, min_size=2, max_size=4),
    beginning=beginnings,
)
def test_pairs_and_words_are_counted_the_same(
    pair: Pair,
    corpus: list[NoteDocument],
    asked: SearchRequest,
    fields: list[FacetName],
    beginning: str,
) -> None:
    pair.hold(corpus)
    tantivy, whoosh = pair.readers
    for rows, columns in pairwise(fields):
        assert tantivy.cross(asked, rows, columns) == whoosh.cross(asked, rows, columns)
    for limit in (1, 3, 1_000):
        counted = [one.words(beginning, asked.audience, limit) for one in pair.readers]
        assert counted[0] == counted[1]
    folded = ["price", "prices", "acme", "cafe", "49.99", "none"]
    assert tantivy.frequencies(folded) == whoosh.frequencies(folded)


ids = st.integers(1, 6).map(lambda number: UUID(int=number))
written = st.builds(lambda each, note_id: replace(each, id=note_id), notes, ids)
commits = st.lists(
    st.builds(Commit, st.lists(ids, max_size=2), st.lists(written, max_size=3)),
    min_size=1,
    max_size=12,
)


def standing(corpus: Sequence[NoteDocument], changes: Sequence[Commit]) -> list[NoteDocument]:
    """The notes that are left after these commits."""
    left = {each.id: each for each in corpus}
    for commit in changes:
        for note_id in commit.removed:
            left.pop(note_id, None)
        left.update({each.id: each for each in commit.put})
    return list(left.values())


@settings(max_examples=15, deadline=None)
@given(
    corpus=corpora,
    changes=commits,
    asked=many(requests(trees.map(Query))),
    beginning=beginnings,
)
def test_after_any_changes_the_answers_are_the_same(
    pair: Pair,
    corpus: list[NoteDocument],
    changes: list[Commit],
    asked: list[SearchRequest],
    beginning: str,
) -> None:
    pair.hold(corpus)
    pair.change(changes)
    assert_same_answers(pair, standing(corpus, changes), asked)
    tantivy, whoosh = pair.readers
    assert tantivy.cursor() == whoosh.cursor() == len(changes) + 1
    audience = asked[0].audience
    assert tantivy.words(beginning, audience, 1_000) == whoosh.words(beginning, audience, 1_000)


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
@pytest.mark.parametrize(("language", "suffix"), [("english", ""), ("none", "-none")])
def test_the_settings_choose_engine_and_language(
    tmp_path: Path, engine: str, language: Literal["english", "none"], suffix: str
) -> None:
    chosen = Settings(data_dir=tmp_path, search_engine=engine, search_language=language)
    replica = open_replica(chosen)
    assert replica.facts().engine == engine + suffix
    assert replica.open_reader().analysis == Analysis(language)


def test_whoosh_does_without_tantivy() -> None:
    program = "import sys; sys.modules['tantivy'] = None; import insights.search.whoosh_engine"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_after_a_failure_whoosh_publishes_no_cursor(tmp_path: Path) -> None:
    writer = WhooshEngine().create(tmp_path)
    writer.publish(cursor=1)
    shutil.rmtree(tmp_path)
    with pytest.raises(IndexUnavailable, match="cannot be written"):
        writer.put([note(1, "lost")])
    tmp_path.mkdir()
    with pytest.raises(IndexUnavailable, match="failed before"):
        writer.publish(cursor=2)
    writer.close()
