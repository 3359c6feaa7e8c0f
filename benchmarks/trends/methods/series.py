"""What every method is given, and what it gives."""

from dataclasses import dataclass
from typing import Protocol

from insights.trends.stream import Floats


@dataclass(frozen=True)
class Series:
    """Counts of many cells (rows) in blocks of some weeks: those of the past, and the one now.

    `past` and `exposure` (what was counted of how much) are cells x blocks, the oldest first;
    `count` and `seen` are the same of the block that ends now.
    """

    past: Floats
    exposure: Floats
    count: Floats
    seen: Floats
    weeks: int = 1


class Method(Protocol):
    """Says how surprising the count of each cell is."""

    @property
    def name(self) -> str:
        """What it is called in a report."""

    @property
    def windows(self) -> tuple[int, ...]:
        """Lengths of the blocks in weeks that it is tried with; the highest score holds."""

    def scores(self, series: Series) -> Floats:
        """One score a cell, higher where more surprising; -inf where the past is too short."""
