"""Filters: any value of one, all of several."""

from datetime import timedelta
from typing import Any

import pytest

from insights.search.engine import Reader
from tests.search.corpus import (
    ACME,
    ANN,
    BOB,
    CORPUS,
    FLORIDA,
    GLOBEX,
    LARGE,
    NOVEMBER,
    SMALL,
    TEXAS,
    TRUCKING,
    found,
    request,
)


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"territory_ids": {TEXAS}}, {"signal", "heard"}),
        ({"territory_ids": {TEXAS, FLORIDA}}, {"signal", "heard", "theft"}),
        ({"kinds": {"preference", "opportunity"}}, {"cafe", "strong", "sealed"}),
        ({"competitor_ids": {GLOBEX}}, {"price", "both"}),
        ({"competitor_ids": {ACME}, "territory_ids": {TEXAS}}, {"heard"}),
        ({"product_ids": {31}}, {"heard"}),
        ({"account_ids": {71}}, {"account"}),
        ({"author_ids": {BOB}}, {"theft", "stolen"}),
        ({"author_ids": {ANN, BOB}, "impact": {"high"}}, {"theft"}),
        ({"known": {"heard"}}, {"heard"}),
        ({"segment_groups": ({TRUCKING},)}, {"theft", "stolen"}),
        ({"segment_groups": ({TRUCKING}, {SMALL})}, {"stolen"}),
        ({"segment_groups": ({TRUCKING}, {SMALL, LARGE})}, {"theft", "stolen"}),
        ({"territory_ids": {0, 999}}, set()),
        ({"kinds": {""}}, set()),
        ({"until": NOVEMBER - timedelta(days=365_000)}, set()),
        ({"until": NOVEMBER + timedelta(days=1)}, set(CORPUS)),
        ({"territory_ids": {2**70, -(2**70)}}, set()),
        ({"since": NOVEMBER - timedelta(weeks=4), "until": NOVEMBER - timedelta(weeks=2)},
         {"cafe", "sealed"}),
        ({"since": NOVEMBER + timedelta(days=1)}, set()),
        ({"since": NOVEMBER - timedelta(days=365_000)}, set(CORPUS)),
    ],
)  # fmt: skip
def test_a_filter_lets_through_what_it_names(
    index: Reader, filters: dict[str, Any], names: set[str]
) -> None:
    assert set(found(index, **filters)) == names
    assert index.count(request(**filters)) == len(names)


def test_a_filter_limits_a_query(index: Reader) -> None:
    assert found(index, "acme", territory_ids={TEXAS}) == ["heard"]


def test_filters_do_not_change_the_order(index: Reader) -> None:
    everywhere = found(index, "acme -zebrawood")
    assert found(index, "acme", known={"first-hand", "heard"}, until=NOVEMBER) == [
        name for name in found(index, "acme") if name in everywhere or name == "sealed"
    ]


def test_since_is_included_and_until_is_not(index: Reader) -> None:
    captured = CORPUS["cafe"].captured_at
    assert found(index, since=captured, until=captured + timedelta(milliseconds=1)) == ["cafe"]
    assert found(index, since=captured - timedelta(milliseconds=1), until=captured) == []
