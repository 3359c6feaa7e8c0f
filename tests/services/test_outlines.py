"""Outlines: rough enough for a phone, true enough to tell in which territory it is."""

import math
from itertools import pairwise
from typing import Any

import pytest

from insights.services.outlines import MOST_POINTS, MOST_RINGS, Ring, outline
from insights.services.shapes import US_STATES


def circle(radius: float, points: int, *, east: float = 0) -> list[list[float]]:
    turns = [2 * math.pi * number / points for number in range(points)]
    ring = [[east + radius * math.cos(one), radius * math.sin(one)] for one in turns]
    return [*ring, ring[0]]


def area(ring: Ring) -> float:
    pairs = pairwise(ring)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def drawn(shape: dict[str, Any]) -> list[Ring]:
    rings = outline(shape)
    assert rings is not None
    return list(rings)


def test_nothing_has_no_outline() -> None:
    assert outline(None) is None


@pytest.mark.parametrize("state", sorted(US_STATES))
def test_every_state_has_a_small_outline_on_the_map(state: str) -> None:
    rings = drawn({"state": state})
    assert 1 <= len(rings) <= MOST_RINGS
    for ring in rings:
        assert 4 <= len(ring) <= MOST_POINTS
        assert ring[0] == ring[-1]
        assert all(-180 <= east <= -66 and 18 <= north <= 72 for east, north in ring)


def test_a_simple_drawing_stays_as_it_is() -> None:
    square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
    assert drawn(polygon(square)) == [square]


def test_a_fine_drawing_keeps_its_form() -> None:
    [ring] = drawn(polygon(circle(10, 20_000)))
    assert len(ring) == MOST_POINTS
    assert ring[0] == ring[-1]
    assert area(ring) == pytest.approx(math.pi * 100, rel=0.01)


def test_a_hole_is_a_ring_of_its_own() -> None:
    assert len(drawn(polygon(circle(10, 30), circle(5, 30)))) == 2


def test_of_many_parts_the_largest_are_kept() -> None:
    parts = [[circle(radius, 12, east=3 * radius)] for radius in range(1, 30)]
    rings = drawn({"type": "MultiPolygon", "coordinates": parts})
    assert len(rings) == MOST_RINGS
    assert min(area(ring) for ring in rings) > area(circle(23, 12))
