from collections.abc import Sequence

import pytest

from benchmarks.trends.files import Row
from benchmarks.trends.oracle import visible
from benchmarks.trends.simulator import START, WEEK
from benchmarks.trends.world import Story, World

_PEOPLE = ("ann", "bob", "cy")


def _row(week: int, identity: str, author: str, *names: str, segment: str = "s") -> Row:
    return Row(identity, START + week * WEEK, author, "a", segment, "", names, "text")


def _world(story: Sequence[Row], node: str, segment: str = "") -> World:
    """Twenty weeks of one note a week in territory a; the story is told in weeks 10 to 13."""
    ordinary = [_row(week, f"o{week}", "ann", "x") for week in range(20)]
    names = tuple(row.id for row in story)
    planted = Story("competitor", "x", node, segment, 10, 13, names)
    return World([*ordinary, *story], {"a": "region"}, [planted])


def _story(count: int, people: Sequence[str] = _PEOPLE, segment: str = "s") -> list[Row]:
    return [
        _row(10 + at % 4, f"n{at}", people[at % len(people)], "x", segment=segment)
        for at in range(count)
    ]


@pytest.mark.parametrize(("count", "seen"), [(6, False), (10, False), (11, True), (25, True)])
def test_a_story_is_seen_if_it_has_enough_notes(count: int, seen: bool) -> None:
    """Four are ordinary: of a Poisson of mean 4, 14 or more have the chance of 7.6e-5 and 15 or
    more of 2.0e-5; allowed are 3.3e-5.
    """
    assert visible(_world(_story(count), "a")) == [seen]
    assert visible(_world(_story(count), "region")) == [seen]


def test_a_story_of_two_people_is_not_seen() -> None:
    assert visible(_world(_story(25, _PEOPLE[:2]), "a")) == [False]


def test_a_segment_has_its_own_ordinary_notes() -> None:
    assert visible(_world(_story(8, segment="t"), "a", "t")) == [True]
    assert visible(_world(_story(8), "a")) == [False]
