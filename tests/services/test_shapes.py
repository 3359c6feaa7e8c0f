"""Shapes of territories: a US state or a GeoJSON area, and nothing that a map cannot draw."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.errors import Invalid
from insights.services.shapes import MOST_POSITIONS, parse_shape, require_shape
from tests.services.outcomes import refused

RING = [[0, 0], [1, 0], [1, 1], [0, 0]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


def polygon(*rings: object) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize("typed", ["TX", " tx\n", '{"state": "tx"}'])
def test_a_state_is_given_by_its_two_letters(typed: str) -> None:
    assert parse_shape(typed) == {"state": "TX"}


@pytest.mark.parametrize("typed", ["", "  ", "\u200b"])
def test_nothing_typed_is_no_shape(typed: str) -> None:
    assert parse_shape(typed) is None


@pytest.mark.parametrize(
    "shape",
    [
        POLYGON,
        polygon(RING, [[0.2, 0.1], [0.3, 0.1], [0.3, 0.2], [0.2, 0.1]]),
        {"type": "MultiPolygon", "coordinates": [[RING], [RING]]},
    ],
)
def test_an_area_is_given_in_geojson(shape: dict[str, Any]) -> None:
    assert parse_shape(json.dumps(shape)) == shape


def test_what_is_not_part_of_the_geometry_is_left_out() -> None:
    assert require_shape({**POLYGON, "note": "x" * 1000}) == POLYGON


@pytest.mark.parametrize(
    "shape",
    [
        "TX",
        None,
        {},
        {"state": "XX"},
        {"state": 7},
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": "all of it"},
        {"type": "MultiPolygon", "coordinates": []},
        polygon(),
        polygon([]),
        polygon(RING[:3]),
        polygon([[0, 0], [1, 0], [1, 1], [2, 2]]),
        polygon([[0, 0], [181, 0], [1, 1], [0, 0]]),
        polygon([[0, 0], [0, -91], [1, 1], [0, 0]]),
        polygon([[0, 0], [math.nan, 0], [1, 1], [0, 0]]),
        polygon([[0, 0], [True, 0], [1, 1], [0, 0]]),
        polygon([[0, 0], [1, 0, 5], [1, 1], [0, 0]]),
    ],
)
def test_anything_else_is_refused_with_the_field(shape: object) -> None:
    assert list(refused(lambda: require_shape(shape))) == ["shape"]


@pytest.mark.parametrize("typed", ["Texas", "{", "[" * 100_000, "9" * 5000, "\x00TX!"])
def test_text_that_is_no_shape_is_refused(typed: str) -> None:
    assert "two letters" in refused(lambda: parse_shape(typed))["shape"]


def test_an_outline_of_too_many_points_is_refused() -> None:
    ring = [[0, 0], *([[1, 0], [1, 1]] * MOST_POSITIONS), [0, 0]]
    assert "simplify" in refused(lambda: require_shape(polygon(ring)))["shape"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(
    shape=JSON
    | st.fixed_dictionaries(
        {"type": st.sampled_from(["Polygon", "MultiPolygon"]), "coordinates": JSON}
    )
)
def test_no_json_at_all_breaks_it(shape: object) -> None:
    try:
        stored = require_shape(shape)
    except Invalid:
        return
    assert json.dumps(stored, allow_nan=False)
