"""From degrees of longitude and latitude to places on paper.

Within the United States as atlases draw them: equal areas, Alaska and Hawaii beside the mainland.
Elsewhere longitudes and latitudes become x and y, true to scale in the middle of the map.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from insights.trends.stream import Floats

# What the United States with Alaska and Hawaii lie in: west, south, east, north.
_UNITED_STATES = (-180.0, 15.0, -60.0, 72.0)


@dataclass(frozen=True)
class _Cone:
    """Albers' equal-area conic projection (Snyder 1987, Map Projections, p. 100), for a sphere.

    `parallels` are true to scale; `centre` is (longitude, latitude) and lies at `place` on paper,
    in radii of the earth; `scale` makes an inset smaller.
    """

    parallels: tuple[float, float]
    centre: tuple[float, float]
    scale: float = 1.0
    place: tuple[float, float] = (0.0, 0.0)

    def project(self, ring: Floats) -> Floats:
        first, second = (math.radians(one) for one in self.parallels)
        n = (math.sin(first) + math.sin(second)) / 2
        c = math.cos(first) ** 2 + 2 * n * math.sin(first)
        longitude, latitude = np.radians(ring).T
        middle, origin = (math.radians(one) for one in self.centre)
        distance = np.sqrt(c - 2 * n * np.sin(latitude)) / n
        angle = n * (longitude - middle)
        x = distance * np.sin(angle)
        y = math.sqrt(c - 2 * n * math.sin(origin)) / n - distance * np.cos(angle)
        return np.column_stack([x, y]) * self.scale + self.place


_MAINLAND = _Cone(parallels=(29.5, 45.5), centre=(-96.0, 38.0))
_ALASKA = _Cone((55.0, 65.0), centre=(-154.0, 62.0), scale=0.35, place=(-0.33, -0.19))
_HAWAII = _Cone((8.0, 18.0), centre=(-157.5, 20.6), place=(-0.16, -0.22))


def projected(shapes: Sequence[Sequence[Floats]], *, united_states: bool) -> list[list[Floats]]:
    """The rings of shapes on paper: x to the right and y upwards, in radii of the earth.

    A ring is an array of (longitude, latitude). `united_states` asks for the atlas's way, which
    holds only when everything lies within the United States.
    """
    everything = [ring for shape in shapes for ring in shape]
    if not everything:
        return []
    if united_states and all(_is_within(ring, _UNITED_STATES) for ring in everything):
        return [[_cone_of(shape).project(ring) for ring in shape] for shape in shapes]
    return _flat(shapes)


def _is_within(ring: Floats, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    low, high = ring.min(axis=0), ring.max(axis=0)
    return bool(low[0] >= west and low[1] >= south and high[0] <= east and high[1] <= north)


def _cone_of(shape: Sequence[Floats]) -> _Cone:
    longitude, latitude = shape[0][0]
    if longitude < -129 and latitude > 50:
        return _ALASKA
    return _HAWAII if longitude < -150 and latitude < 25 else _MAINLAND


def _flat(shapes: Sequence[Sequence[Floats]]) -> list[list[Floats]]:
    """The equirectangular projection (Snyder 1987, p. 90), true to scale in the middle."""
    everything = np.vstack([ring for shape in shapes for ring in shape])
    middle = math.radians((everything[:, 1].min() + everything[:, 1].max()) / 2)
    factor = np.radians([math.cos(middle), 1.0])
    across = _needs_the_pacific(everything[:, 0])
    return [[_turned(ring, across=across) * factor for ring in shape] for shape in shapes]


def _needs_the_pacific(longitudes: Floats) -> bool:
    """Whether the map is narrower when it goes on east of 180 degrees."""
    turned = np.where(longitudes < 0, longitudes + 360, longitudes)
    return bool(np.ptp(turned) < np.ptp(longitudes))


def _turned(ring: Floats, *, across: bool) -> Floats:
    longitude = ring[:, 0]
    return np.column_stack(
        [np.where(across & (longitude < 0), longitude + 360, longitude), ring[:, 1]]
    )
