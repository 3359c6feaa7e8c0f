"""What is known of weeks whose mentions are not at hand: sums over whole periods.

They change with the week and not with the day, so that they are worth keeping (summing.py makes
them).
"""

from dataclasses import dataclass

import numpy as np

from insights.trends.packing import Parts, pack, starts_of
from insights.trends.pieces import gathered
from insights.trends.stream import Floats, Ints, SmallInts

Period = tuple[int, int]


@dataclass(frozen=True)
class Past:
    """Sums of subjects over periods (weeks from the first to before the last).

    `scope` and `count` are what the first period, the baseline, counts; those of subject i stand
    from starts[i] to starts[i + 1]. `company` are the counts of the company: a row for each period,
    a column for each subject.
    """

    periods: tuple[Period, ...]
    starts: SmallInts
    scope: SmallInts
    count: SmallInts
    company: SmallInts

    @property
    def baseline(self) -> Period:
        """The period of which the counts of all scopes are known."""
        return self.periods[0]

    def only(self, subjects: Ints) -> "Past":
        """Those of some of the subjects, in this order."""
        lengths = np.diff(self.starts)[subjects]
        cells = gathered(self.starts[:-1][subjects], lengths)
        return Past(
            self.periods,
            starts_of(lengths),
            self.scope[cells],
            self.count[cells],
            self.company[:, subjects],
        )

    def followed_by(self, other: "Past") -> "Past":
        """These subjects, and after them those of another one of the same periods."""
        return Past(
            self.periods,
            np.concatenate([self.starts, self.starts[-1] + other.starts[1:]]),
            np.concatenate([self.scope, other.scope]),
            np.concatenate([self.count, other.count]),
            np.concatenate([self.company, other.company], axis=1),
        )

    def preceded_by(self, others: int) -> "Past":
        """These subjects after so many others of which nothing was counted."""
        company = np.pad(self.company, ((0, 0), (others, 0)))
        starts = np.concatenate([np.zeros(others, np.int32), self.starts])
        return Past(self.periods, starts, self.scope, self.count, company)

    def totals(self, rank: Ints, subjects: int, scopes: int) -> Floats:
        """What the baseline counts in scopes (rows) of ranked subjects (columns)."""
        chosen = np.flatnonzero(rank >= 0)
        lengths = np.diff(self.starts)[chosen]
        cells = gathered(self.starts[:-1][chosen], lengths)
        table = np.zeros((scopes, subjects))
        table[self.scope[cells], np.repeat(rank[chosen], lengths)] = self.count[cells]
        return table

    def company_totals(self, period: Period) -> Floats:
        """What the company counts of each subject in one of the periods."""
        counts: Floats = self.company[self.periods.index(period)].astype(np.float64)
        return counts


def pack_past(past: Past) -> bytes:
    """The sums as bytes."""
    lengths = np.diff(past.starts).astype(np.int32)
    return pack(np.array(past.periods, np.int32), lengths, past.scope, past.count, past.company)


def unpack_past(parts: Parts) -> Past:
    """The inverse of `pack_past`, from what is left of something packed."""
    periods, lengths, scope, count, company = (parts.next(np.int32) for _ in range(5))
    return Past(
        tuple((int(first), int(last)) for first, last in periods.reshape(-1, 2)),
        starts_of(lengths),
        scope,
        count,
        company.reshape(-1, len(lengths)),
    )
