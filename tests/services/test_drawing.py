"""Outlines as paths: small, closed, and without gaps between neighbours."""

import math
import re

import numpy as np

from insights.services.drawing import Sheet, drawn
from insights.trends.stream import Floats


def box(west: float, south: float, east: float, north: float) -> Floats:
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return np.array(corners, dtype=float)


def sheet(*shapes: list[Floats], width: int = 100, height: int = 100) -> Sheet:
    return drawn(shapes, width=width, height=height, margin=0)


def corners(path: str) -> list[list[tuple[int, int]]]:
    """The points of each ring of a path."""
    rings = []
    for ring in re.findall(r"M([^z]*)z", path):
        start, _, steps = ring.partition("l")
        points = [tuple(map(int, start.split()))]
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        rings.append(points)
    return rings


def test_north_is_at_the_top() -> None:
    south, north = sheet([box(0, 0, 1, 1)], [box(0, 1, 1, 2)]).outlines
    assert corners(north.path)[0] == [(0, 50), (50, 50), (50, 0), (0, 0)]
    assert south.y > north.y


def test_the_paper_is_as_large_as_what_is_drawn() -> None:
    wide = drawn([[box(0, 0, 4, 1)]], width=100, height=100, margin=10)
    assert (wide.width, wide.height) == (100, 40)
    tall = drawn([[box(0, 0, 1, 4)]], width=100, height=100, margin=10)
    assert (tall.width, tall.height) == (40, 100)


def test_a_border_that_two_share_is_drawn_the_same_for_both() -> None:
    border = [[1 + math.sin(step) / 9, step / 7] for step in range(8)]
    west = np.array([[0, 0], *border, [0, 1], [0, 0]])
    east = np.array([[2, 0], *border, [2, 1], [2, 0]])
    [left], [right] = (corners(one.path) for one in sheet([west], [east]).outlines)
    assert len(set(left) & set(right)) >= 7


def test_what_lies_on_a_straight_line_is_left_out() -> None:
    line = [[step / 500, 0.0] for step in range(501)]
    ring = np.array([*line, [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    assert corners(sheet([ring]).outlines[0].path) == [[(0, 100), (100, 100), (100, 0), (0, 0)]]


def test_a_line_that_turns_back_keeps_its_end() -> None:
    ring = np.array([[0, 0], [10, 0], [5, 0], [5, 10], [0, 0]], dtype=float)
    assert (100, 100) in corners(sheet([ring]).outlines[0].path)[0]


def test_fine_outlines_become_small() -> None:
    turns = np.linspace(0, 2 * np.pi, 20_001)
    [outline] = sheet([np.column_stack([np.cos(turns), np.sin(turns)])]).outlines
    assert len(outline.path) < 1_000


def test_parts_that_are_too_small_are_left_out_but_have_a_place() -> None:
    [_, speck] = sheet([box(0, 0, 10, 10)], [box(5, 5, 5.001, 5.001)]).outlines
    assert (speck.path, speck.x, speck.y) == ("", 50, 50)


def test_words_stand_in_the_largest_part() -> None:
    [outline] = sheet([box(0, 0, 1, 1), box(6, 0, 10, 10)]).outlines
    assert (outline.x, outline.y) == (80, 50)
    assert outline.area == 40 * 100


def test_nothing_is_an_empty_sheet() -> None:
    assert sheet() == Sheet(100, 0, [])
