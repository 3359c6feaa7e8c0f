"""For any texts and queries, the index finds what a plain reading of the notes finds."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.search.analysis import words
from insights.search.document import NoteDocument
from insights.search.engine import Engine, Reader
from insights.search.query import Query, parse
from insights.search.replica import Replica
from insights.search.request import FACETS, Filters, SearchRequest
from insights.search.tree import And, Node, Not, Or, Phrase, Word
from tests.search.corpus import note, request

# None is a stop word or another form of another, so that stemming makes no difference.
VOCABULARY = ["acme", "globex", "truck", "clinic", "fiber", "49.99", "don't", "zebra"]

word = st.sampled_from(VOCABULARY)
texts = st.lists(word, max_size=8).map(" ".join)
corpora = st.lists(texts, max_size=12)
sentence = st.lists(
    st.tuples(st.booleans(), st.lists(word, min_size=1, max_size=2)), min_size=1, max_size=4
)

IndexOf = Callable[[list[NoteDocument]], Reader]


@pytest.fixture(scope="session")
def index_of(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> IndexOf:
    """A reader of an index of these notes alone; the former index is gone afterwards."""
    directory: Path = tmp_path_factory.mktemp("random")
    replica = Replica(directory, engine, check_every=0)
    reader = replica.open_reader()

    def build(notes: list[NoteDocument]) -> Reader:
        with replica.rebuild() as writer:
            writer.put(notes)
            writer.publish(cursor=1)
        return reader

    return build


def typed(parts: list[tuple[bool, list[str]]]) -> str:
    """A part of two words is a phrase; a flag excludes it."""
    quoted = [(flag, f'"{" ".join(part)}"' if part[1:] else part[0]) for flag, part in parts]
    return " ".join(f"-{text}" if flag else text for flag, text in quoted)


def holds(text: str, part: list[str]) -> bool:
    found = text.split()
    return any(found[at : at + len(part)] == part for at in range(len(found)))


@settings(max_examples=150, deadline=None)
@given(corpus=corpora, parts=sentence)
def test_a_query_finds_the_notes_that_hold_its_words(
    index_of: IndexOf, corpus: list[str], parts: list[tuple[bool, list[str]]]
) -> None:
    reader = index_of([note(number, text) for number, text in enumerate(corpus)])
    result = reader.search(request(typed(parts)))
    expected = {
        number
        for number, text in enumerate(corpus)
        if all(holds(text, part) != excluded for excluded, part in parts)
    }
    assert {hit.id.int for hit in result.hits} == expected
    assert result.total == len(expected)


choices = st.frozensets(st.integers(1, 3), max_size=2)
keys = st.sampled_from(["everyone", "t:1", "t:2"])
properties = st.tuples(st.integers(1, 3), choices, choices, keys)
requests = st.builds(
    lambda territories, competitors, segments, audience: SearchRequest(
        audience=audience,
        filters=Filters(
            territory_ids=territories,
            competitor_ids=competitors,
            segment_groups=(segments,) if segments else (),
        ),
        facets=("territory_id",),
    ),
    *(choices, choices, choices, st.none() | st.frozensets(keys)),
)


def passes(each: NoteDocument, asked: SearchRequest) -> bool:
    """Whether a note passes all filters but that of the territory."""
    filters = asked.filters
    return (
        (not filters.competitor_ids or bool(filters.competitor_ids & set(each.competitor_ids)))
        and all(group & set(each.segment_ids) for group in filters.segment_groups)
        and (asked.audience is None or bool(asked.audience & set(each.audience)))
    )


@settings(max_examples=150, deadline=None)
@given(corpus=st.lists(properties, max_size=12), asked=requests)
def test_filters_and_facets_agree_with_a_plain_count(
    index_of: IndexOf,
    corpus: list[tuple[int, frozenset[int], frozenset[int], str]],
    asked: SearchRequest,
) -> None:
    notes = [
        note(
            number,
            territory_id=territory,
            competitor_ids=tuple(named),
            segment_ids=tuple(segments),
            audience=(key,),
        )
        for number, (territory, named, segments, key) in enumerate(corpus)
    ]
    counted = [each for each in notes if passes(each, asked)]
    territories = asked.filters.territory_ids or {1, 2, 3}
    result = index_of(notes).search(asked)
    assert {hit.id for hit in result.hits} == {
        each.id for each in counted if each.territory_id in territories
    }
    assert dict(result.facets["territory_id"]) == Counter(each.territory_id for each in counted)


nodes = st.recursive(
    st.builds(Word, st.text(max_size=8)) | st.builds(Phrase, st.text(max_size=12)),
    lambda children: (
        st.builds(Not, children)
        | st.builds(And, st.lists(children, min_size=1, max_size=3).map(tuple))
        | st.builds(Or, st.lists(children, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(), max_size=80), sealed=st.booleans())
def test_any_text_can_be_searched_for(index: Reader, text: str, sealed: bool) -> None:
    audience = frozenset({"everyone"}) if sealed else None
    result = index.search(
        SearchRequest(audience=audience, query=parse(text), facets=FACETS, limit=5)
    )
    assert len(result.hits) == min(result.total, 5)


@settings(max_examples=200, deadline=None)
@given(tree=nodes)
def test_any_tree_can_be_searched_for(index: Reader, tree: Node) -> None:
    asked = SearchRequest(audience=None, query=Query(tree), limit=100)
    found = {hit.id for hit in index.search(asked).hits}
    opposite = SearchRequest(audience=None, query=Query(Not(tree)), limit=100)
    others = {hit.id for hit in index.search(opposite).hits}
    assert len(found) + len(others) == len(found | others) == 12


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_a_note_is_found_by_each_of_its_own_words(index_of: IndexOf, text: str) -> None:
    reader = index_of([note(1, text)])
    for own in words(text)[:5]:
        assert reader.count(request(f'"{own}"')) == 1
