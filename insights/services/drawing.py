"""Outlines on paper as the paths of an SVG: small, and without gaps between neighbours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from insights.trends.stream import Floats, Ints


@dataclass(frozen=True, slots=True)
class Outline:
    """A shape as an SVG draws it: the path, a place for words inside it, and how large it is."""

    path: str
    x: float
    y: float
    width: float
    height: float
    # Of the largest part.
    area: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """Outlines in the order of their shapes, and the size of the paper."""

    width: int
    height: int
    outlines: Sequence[Outline]


def drawn(shapes: Sequence[Sequence[Floats]], *, width: int, height: int, margin: int) -> Sheet:
    """Fits what was projected onto paper of at most that size; y grows downwards.

    Points are rounded to whole units, so borders that two shapes share stay shared, and what lies
    on a straight line between its neighbours is left out.
    """
    if not shapes:
        return Sheet(width, 0, [])
    everything = np.vstack([ring for shape in shapes for ring in shape])
    low, high = everything.min(axis=0), everything.max(axis=0)
    across, up = np.maximum(high - low, 1e-9)
    scale = min((width - 2 * margin) / across, (height - 2 * margin) / up)
    origin = np.array([low[0], high[1]])
    flip = np.array([scale, -scale])
    fitted = [[(ring - origin) * flip + margin for ring in shape] for shape in shapes]
    size = (round(across * scale) + 2 * margin, round(up * scale) + 2 * margin)
    return Sheet(*size, [_outline(shape) for shape in fitted])


def _outline(shape: Sequence[Floats]) -> Outline:
    largest = max(shape, key=_area)
    everything = np.vstack(list(shape))
    width, height = np.ptp(everything, axis=0)
    x, y = _centroid(largest)
    return Outline(
        path="".join(_path(ring) for ring in shape),
        x=round(x),
        y=round(y),
        width=float(width),
        height=float(height),
        area=_area(largest),
    )


def _area(ring: Floats) -> float:
    return abs(float(_crosses(ring).sum())) / 2


def _centroid(ring: Floats) -> tuple[float, float]:
    crosses = _crosses(ring)
    total = crosses.sum()
    if abs(total) < 1e-9:
        x, y = ring.mean(axis=0)
        return float(x), float(y)
    x, y = ((ring[:-1] + ring[1:]) * crosses[:, np.newaxis]).sum(axis=0) / (3 * total)
    return float(x), float(y)


def _crosses(ring: Floats) -> Floats:
    """Twice the area of the triangle that each edge makes with the origin."""
    (x1, y1), (x2, y2) = ring[:-1].T, ring[1:].T
    value: Floats = x1 * y2 - x2 * y1
    return value


def _path(ring: Floats) -> str:
    """The ring in steps from point to point; nothing where it is smaller than a unit."""
    points = np.rint(ring).astype(np.int64)
    steps = _straightened(np.diff(points, axis=0))
    if len(steps) < 3:
        return ""
    x, y = points[0]
    return f"M{x} {y}l" + _numbers(steps[:-1].ravel().tolist()) + "z"


def _straightened(steps: Ints) -> Ints:
    """Steps in the same direction, one after the other, as one step."""
    steps = steps[steps.any(axis=1)]
    if len(steps) < 2:
        return steps
    before, after = steps[:-1], steps[1:]
    turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    turns |= (before * after).sum(axis=1) < 0
    first = np.concatenate([[0], np.flatnonzero(turns) + 1])
    return np.add.reduceat(steps, first, axis=0)


def _numbers(values: Iterable[int]) -> str:
    """Numbers as a path has them: a minus parts two of them as well as a space."""
    return " ".join(map(str, values)).replace(" -", "-")
