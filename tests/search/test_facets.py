"""Counts beside a search say how many notes each choice would bring."""

import pytest

from insights.search.engine import Reader
from insights.search.request import Value
from tests.search.corpus import (
    ACME,
    CORPUS,
    FLORIDA,
    GEORGIA,
    GLOBEX,
    HEALTHCARE,
    INDUSTRIES,
    LARGE,
    NOVEMBER,
    SIZES,
    SMALL,
    TEXAS,
    TRUCKING,
    WEEK,
    request,
)


def facet(reader: Reader, name: str, typed: str = "", **values: object) -> dict[Value, int]:
    return dict(reader.search(request(typed, facets=(name,), **values)).facets[name])


def test_a_facet_counts_the_notes_found(index: Reader) -> None:
    assert facet(index, "competitor_id", "bid AND price") == {}
    assert facet(index, "competitor_id", "globex") == {GLOBEX: 2, ACME: 1}


def test_the_most_frequent_value_comes_first(index: Reader) -> None:
    result = index.search(request(facets=("territory_id",)))
    assert result.facets["territory_id"] == [(GEORGIA, 9), (TEXAS, 2), (FLORIDA, 1)]


@pytest.mark.parametrize(
    "name", ["kind", "territory_id", "author_id", "month", "week", "known", "impact", "source"]
)
def test_values_that_each_note_has_add_up_to_the_total(index: Reader, name: str) -> None:
    assert sum(facet(index, name).values()) == len(CORPUS)


def test_a_facet_is_counted_without_its_own_filter(index: Reader) -> None:
    result = index.search(request(kinds={"challenge"}, facets=("kind", "territory_id"), limit=0))
    assert dict(result.facets["kind"])["competitor"] == 6
    assert dict(result.facets["territory_id"]) == {FLORIDA: 1, GEORGIA: 1, TEXAS: 1}
    assert result.total == 3


def test_a_facet_is_counted_with_all_other_filters(index: Reader) -> None:
    counts = facet(index, "kind", kinds={"challenge"}, territory_ids={TEXAS})
    assert counts == {"challenge": 1, "competitor": 1}


def test_the_histogram_keeps_the_months_outside_the_period(index: Reader) -> None:
    assert facet(index, "month", since=NOVEMBER) == facet(index, "month")
    assert facet(index, "kind", since=NOVEMBER) == {}


def test_one_dimension_follows_what_is_chosen_in_the_other(index: Reader) -> None:
    counts = facet(
        index, "segment_id", segment_groups=({TRUCKING},), dimensions=(INDUSTRIES, SIZES)
    )
    assert counts == {HEALTHCARE: 9, TRUCKING: 2, SMALL: 1, LARGE: 1}


def test_without_dimensions_segments_are_counted_without_any_segment_filter(
    index: Reader,
) -> None:
    assert facet(index, "segment_id", segment_groups=({TRUCKING},)) == facet(index, "segment_id")


def test_a_value_given_twice_counts_once(index: Reader) -> None:
    assert facet(index, "segment_id")[LARGE] == 1


def test_a_two_way_count_has_a_number_for_each_pair(index: Reader) -> None:
    pairs = index.cross(request("acme"))
    assert pairs[WEEK, "competitor"] == 2
    assert pairs[WEEK - 21, "opportunity"] == 1
    assert (WEEK, "challenge") not in pairs
    assert sum(pairs.values()) == 5


def test_a_two_way_count_obeys_the_filters(index: Reader) -> None:
    pairs = index.cross(request(kinds={"challenge"}), "territory_id", "segment_id")
    assert pairs == {
        (FLORIDA, TRUCKING): 1, (FLORIDA, LARGE): 1, (GEORGIA, TRUCKING): 1, (GEORGIA, SMALL): 1,
        (TEXAS, HEALTHCARE): 1, (TEXAS, SMALL): 1,
    }  # fmt: skip


def test_a_count_is_the_total_of_the_search(index: Reader) -> None:
    assert index.count(request("acme")) == index.search(request("acme")).total == 5
