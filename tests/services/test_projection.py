"""From degrees to paper."""

import numpy as np
import pytest

from insights.services.outlines import outline
from insights.services.projection import projected
from insights.trends.stream import Floats


def state(code: str) -> list[Floats]:
    return [np.array(ring) for ring in outline({"state": code}) or ()]


def box(west: float, south: float, east: float, north: float) -> list[Floats]:
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return [np.array(corners, dtype=float)]


def extent(shape: list[Floats]) -> tuple[Floats, Floats]:
    everything = np.vstack(shape)
    return everything.min(axis=0), everything.max(axis=0)


def area(ring: Floats) -> float:
    (x1, y1), (x2, y2) = ring[:-1].T, ring[1:].T
    return abs(float((x1 * y2 - x2 * y1).sum())) / 2


class TestTheUnitedStates:
    def test_areas_are_those_on_the_globe(self) -> None:
        radius_in_km = 6371.0
        [colorado] = projected([state("CO")], united_states=True)
        assert area(colorado[0]) * radius_in_km**2 == pytest.approx(269_600, rel=0.01)

    def test_a_point_lies_where_the_published_example_has_it(self) -> None:
        # Snyder 1987, p. 291: 35° N 75° W, parallels 29.5° and 45.5°, from 23° N 96° W.
        ring = np.array([[-75.0, 35.0], [-96.0, 23.0]])
        [[(east, west)]] = projected([[ring]], united_states=True)
        assert east - west == pytest.approx([0.2952720, 0.2416774], abs=1e-6)

    def test_alaska_and_hawaii_stand_below_the_southwest(self) -> None:
        codes = ("AK", "HI", "AZ", "TX")
        alaska, hawaii, arizona, texas = projected(
            [state(one) for one in codes], united_states=True
        )
        assert extent(alaska)[1][0] < extent(hawaii)[0][0]
        for inset in (alaska, hawaii):
            assert extent(inset)[1][1] < extent(arizona)[0][1]
            assert extent(inset)[0][1] > extent(texas)[0][1] - 0.1

    def test_alaska_is_smaller_than_it_is(self) -> None:
        alaska, texas = projected([state("AK"), state("TX")], united_states=True)
        assert sum(map(area, alaska)) < sum(map(area, texas))


class TestElsewhere:
    def test_a_square_degree_is_as_wide_as_it_is_on_its_parallel(self) -> None:
        [[square]] = projected([box(9, 59.5, 10, 60.5)], united_states=False)
        width, height = np.ptp(square, axis=0)
        assert width / height == pytest.approx(0.5)

    def test_north_is_up_and_east_is_right(self) -> None:
        south_west, north_east = projected([box(0, 0, 1, 1), box(5, 5, 6, 6)], united_states=False)
        assert (extent(north_east)[0] > extent(south_west)[1]).all()

    def test_islands_on_both_sides_of_the_date_line_are_neighbours(self) -> None:
        [whole] = projected(
            [[*box(177, -18, 180, -16), *box(-180, -18, -179, -16)]], united_states=False
        )
        low, high = extent(whole)
        assert high[0] - low[0] < np.radians(5)

    def test_something_outside_makes_it_no_map_of_the_states(self) -> None:
        texas, germany = projected([state("TX"), box(6, 47, 15, 55)], united_states=True)
        assert extent(germany)[0][0] > extent(texas)[1][0]


def test_no_shapes_make_no_map() -> None:
    assert projected([], united_states=True) == []
