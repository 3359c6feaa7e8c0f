"""Outlines: the shape of a territory as a device gets it, rough enough for a phone.

A device looks for the territory that it is in, and so do maps of one territory. A few dozen points
tell as much as the thousands of a surveyed border.
"""

import heapq
import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from insights.services.shapes import Shape

Point = Sequence[float]
Ring = Sequence[Point]

MOST_RINGS = 6
MOST_POINTS = 60
# About a hundred metres.
_DECIMALS = 3


def outline(shape: Shape | None) -> Sequence[Ring] | None:
    """The rings of a stored shape, in degrees of longitude and latitude; None without a shape.

    At most 6 rings, the largest, of at most 60 points; each ends where it began. A place is inside
    when a line from it to the outside meets the rings an odd number of times (holes are rings too).
    """
    if shape is None:
        return None
    if "state" in shape:
        return _states()[shape["state"]]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    rings = [ring for polygon in polygons for ring in polygon]
    largest = sorted(rings, key=_area, reverse=True)[:MOST_RINGS]
    return [_rounded(_simplified(ring)) for ring in largest]


@cache
def _states() -> Mapping[str, Sequence[Ring]]:
    """The US states, made by `static/us_states.mjs` from the borders of the Census Bureau."""
    source = Path(__file__).with_name("us_states.json")
    states: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return states


def _area(ring: Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2


def _simplified(ring: Ring) -> list[Point]:
    """The ring without the points that change its area least. Visvalingam and Whyatt (1993)."""
    before = [at - 1 for at in range(len(ring))]
    after = [at + 1 for at in range(len(ring))]
    kept = set(range(len(ring)))

    def weight(at: int) -> float:
        return _area((ring[before[at]], ring[at], ring[after[at]], ring[before[at]]))

    # Only what lies between the two ends, which are one point.
    weights = {at: weight(at) for at in range(1, len(ring) - 1)}
    lightest = [(value, at) for at, value in weights.items()]
    heapq.heapify(lightest)
    while len(kept) > MOST_POINTS:
        value, at = heapq.heappop(lightest)
        if at not in kept or value != weights[at]:
            continue  # its neighbours have changed since, and it was weighed again
        kept.remove(at)
        before[after[at]], after[before[at]] = before[at], after[at]
        for neighbour in (before[at], after[at]):
            if neighbour in weights:
                weights[neighbour] = weight(neighbour)
                heapq.heappush(lightest, (weights[neighbour], neighbour))
    return [ring[at] for at in sorted(kept)]


def _rounded(ring: Ring) -> list[Point]:
    return [[round(degrees, _DECIMALS) for degrees in point] for point in ring]
