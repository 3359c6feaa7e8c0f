"""A sealed note does not exist for a reader without one of its keys, not even as a number."""

from typing import Any

import pytest

from insights.search.document import EVERYONE
from insights.search.engine import Reader
from insights.search.request import FACETS
from tests.search.corpus import ACME, CORPUS, GEORGIA, NAMES, found, request

STRANGER = frozenset({EVERYONE, "t:13", "p:8"})
HOLDER = frozenset({EVERYONE, "t:12", "p:9"})
AUTHOR = frozenset({EVERYONE, "p:7"})
QUERIES = ["", "acme", "zebrawood", "acme discount", '"zebrawood discount"', "-globex", "the -x"]


@pytest.mark.parametrize("reader_keys", [HOLDER, AUTHOR, frozenset({"p:7"}), None])
def test_who_has_a_key_finds_it(index: Reader, reader_keys: frozenset[str] | None) -> None:
    assert found(index, "zebrawood", audience=reader_keys) == ["sealed"]


@pytest.mark.parametrize("sort", ["relevance", "newest"])
@pytest.mark.parametrize("typed", QUERIES)
def test_it_is_in_no_hit_of_a_stranger(index: Reader, typed: str, sort: str) -> None:
    seen_by_all = [name for name in found(index, typed, sort=sort) if name != "sealed"]
    assert found(index, typed, audience=STRANGER, sort=sort) == seen_by_all


@pytest.mark.parametrize("typed", QUERIES)
def test_it_is_in_no_count_of_a_stranger(index: Reader, typed: str) -> None:
    hidden = found(index, typed).count("sealed")
    asked = request(typed, audience=STRANGER, facets=FACETS)
    assert index.count(asked) == index.count(request(typed)) - hidden
    assert index.search(asked).total == index.count(asked)


@pytest.mark.parametrize(
    "filters",
    [{}, {"kinds": {"opportunity"}}, {"territory_ids": {GEORGIA}}, {"competitor_ids": {ACME}},
     {"segment_groups": ({1},)}, {"since": CORPUS["sealed"].captured_at}],
)  # fmt: skip
def test_it_is_in_no_facet_of_a_stranger(index: Reader, filters: dict[str, Any]) -> None:
    result = index.search(request(audience=STRANGER, facets=FACETS, **filters))
    week = dict(result.facets["week"])
    assert CORPUS["sealed"].week not in week
    assert dict(result.facets["kind"]).get("opportunity", 0) <= 1
    assert dict(result.facets["competitor_id"]).get(ACME, 0) <= 3


def test_it_is_in_no_two_way_count_of_a_stranger(index: Reader) -> None:
    pairs = index.cross(request(audience=STRANGER))
    assert {week for week, _ in pairs}.isdisjoint({CORPUS["sealed"].week})


def test_a_reader_without_any_key_finds_nothing(index: Reader) -> None:
    assert found(index, audience=frozenset()) == []
    assert index.count(request(audience=frozenset())) == 0


def test_a_reader_with_keys_of_notes_alone_finds_only_these(index: Reader) -> None:
    result = index.search(request(audience=frozenset({"t:12"})))
    assert [NAMES[hit.id] for hit in result.hits] == ["sealed"]
