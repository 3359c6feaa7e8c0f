"""Identifiers: of Slack's shape, and the same in each run."""

import itertools
from collections import defaultdict
from collections.abc import Iterator


class Ids:
    """Counts up for each kind: U000000001, U000000002, C000000001, …"""

    def __init__(self) -> None:
        self._counters: defaultdict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))

    def number(self, kind: str) -> int:
        return next(self._counters[kind])

    def new(self, prefix: str) -> str:
        return f"{prefix}{self.number(prefix):09d}"

    def ts(self, now: float) -> str:
        """The time of a message, which is also its name within the channel; never given twice."""
        return f"{int(now)}.{self.number('ts'):06d}"
