"""How much is said at all: notes by scope and week, against which what is said of a subject counts.

Exposure is counted in notes everywhere, and the same for all sorts of subjects.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from insights.trends.stream import Floats, Ints, Stream

WEEK = 7 * 86_400


@dataclass
class Exposure:
    """The notes of a stream, for weeks that begin at `phase`.

    Weeks are numbered from the epoch; week w holds the notes of [phase + w weeks, phase + w + 1
    weeks) in seconds.
    """

    stream: Stream
    phase: int

    def between(self, first: int, last: int) -> Floats:
        """How many notes each scope has in weeks [first, last)."""
        columns = np.clip([first - self.first_week, last - self.first_week], 0, None)
        whole = self._running
        begin, end = np.minimum(columns, whole.shape[1] - 1)
        value: Floats = whole[:, end] - whole[:, begin]
        return value

    @cached_property
    def week_of(self) -> Ints:
        """The week of each observation."""
        return (self.stream.when - self.phase) // WEEK

    @cached_property
    def first_week(self) -> int:
        """The week of the first observation; 0 when there is none."""
        return int(self.week_of.min()) if len(self.week_of) else 0

    @property
    def last_week(self) -> int:
        """The week of the last observation; 0 when there is none."""
        return int(self.week_of.max(initial=0))

    @cached_property
    def _running(self) -> Floats:
        """Notes of each scope (a row) before each week (a column)."""
        stream = self.stream
        weeks = self.last_week - self.first_week + 1
        number, scope = stream.lowest(np.arange(len(stream.when)))
        place = scope * weeks + self.week_of[number] - self.first_week
        table = np.bincount(place, minlength=stream.scopes.count * weeks).reshape(-1, weeks)
        whole = np.zeros((stream.scopes.count, weeks + 1))
        whole[:, 1:] = np.cumsum(stream.scopes.add_up(table.astype(np.float64)), axis=1)
        return whole
