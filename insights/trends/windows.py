"""What each cell counts in a window: the loudest voice held down, and how many people spoke."""

from dataclasses import dataclass

import numpy as np

from insights.trends.ledger import Rows
from insights.trends.stream import Floats, Ints, SmallInts


@dataclass(frozen=True)
class Window:
    """Of the last `weeks`, per scope (a row) and subject: the count, and how many people spoke."""

    weeks: int
    count: Floats
    reporters: Ints


def window(rows: Rows, shape: tuple[int, int], weeks: int) -> Window:
    """The counts of these rows; the loudest voice counts no more than the second loudest.

    A cell with one voice keeps what it said: it is told by its reporters.
    """
    scopes, subjects = shape
    cells = scopes * subjects
    cell = rows.scope.astype(np.int64) * subjects + rows.subject
    if not len(cell):
        return Window(weeks, np.zeros(shape), np.zeros(shape, np.int64))
    voices = int(rows.voice.max()) + 1
    pairs, said = _said(cell * voices + rows.voice, rows.weight)
    own = pairs // voices
    count = np.bincount(own, said, cells) - _excess(own, said, cells)
    reporters = np.bincount(own, minlength=cells)
    return Window(weeks, count.reshape(shape), reporters.reshape(shape))


def _said(key: Ints, weight: SmallInts) -> tuple[Ints, Floats]:
    """Each key once, in order, and how much it weighs in all."""
    if (weight == 1).all():
        pairs, counts = np.unique(key, return_counts=True)
        return pairs, counts.astype(np.float64)
    pairs, index = np.unique(key, return_inverse=True)
    return pairs, np.bincount(index, weight).astype(np.float64)


def _excess(cell: Ints, said: Floats, cells: int) -> Floats:
    """By how much the loudest voice of each cell exceeds the second; 0 where it is alone."""
    # Where everybody spoke once nobody is louder than the others.
    loud = np.zeros(cells, np.bool_)
    loud[cell[said > 1]] = True
    cell, said = cell[loud[cell]], said[loud[cell]]
    order = np.lexsort((-said, cell))
    cell, said = cell[order], said[order]
    first = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])[: len(cell)]
    several = first[np.r_[cell[1:] == cell[:-1], False][first]]
    excess = np.zeros(cells)
    excess[cell[several]] = said[several] - said[several + 1]
    return excess
