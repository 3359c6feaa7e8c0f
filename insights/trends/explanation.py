"""How the numbers of a trend came about: its arithmetic, and its weeks with what was usual.

Everything is computed again by the formulas of the scan, for the few subjects that are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from insights.trends.factors import of_the_rest
from insights.trends.ledger import Ledger
from insights.trends.moment import Moment
from insights.trends.rates import baseline_rates, inherited
from insights.trends.scan import Learned, ranked, scatter_by_scope, season_factor
from insights.trends.stories import Candidate
from insights.trends.stream import Floats, Ints, Scopes
from insights.trends.tails import tail
from insights.trends.windows import window

WEEKS = 26
# A week's count lies above this only one time in twenty.
_UPPER = 0.05
_PER = 100.0


@dataclass(frozen=True)
class Baseline:
    """What taught: from which week on, how many, what was counted there, and notes in all."""

    first: int
    weeks: int
    count: float
    notes: float


@dataclass(frozen=True)
class Arithmetic:
    """Where the expected count and the score of a trend come from. Rates are per hundred notes.

    `own_rate` is what the baseline counted, `parent_rate` that of the place above (None for the
    company), `rate` what was used: the first drawn towards the second. `notes` are those of the
    place in the window and `usual` the count that they let expect; `expected` is that times the
    larger of `rest` (how much more than usual the rest of the company said it in the same weeks)
    and `season` (the same a year ago). The count scatters by `phi` times its mean and `variance`
    times the square of it. `p` is the chance of so many or more in this place and window, `looks`
    in how many places, subjects and windows one looked, `chance` both together: how many such
    surprises are expected in the whole company.
    """

    baseline: Baseline
    guard: int
    own_rate: float
    parent_rate: float | None
    rate: float
    notes: float
    usual: float
    rest: float
    season: float
    expected: float
    variance: float
    phi: float
    p: float
    looks: float
    chance: float
    score: float


@dataclass(frozen=True)
class Series:
    """Counts by week from week `first` on, what was expected, and what 19 of 20 stay below."""

    first: int
    counts: list[float]
    expected: list[float]
    upper: list[float]


@dataclass(frozen=True)
class Explanation:
    """A trend explained."""

    arithmetic: Arithmetic
    series: Series


def explained(
    ledger: Ledger, moment: Moment, learned: Learned, told: Sequence[Candidate]
) -> list[Explanation]:
    """The explanations of candidates of one sort, in their order."""
    tables = _Tables(ledger, moment, learned, np.unique([one.subject for one in told]))
    return [tables.explanation(one) for one in told]


class _Tables:
    """What the explanations of several candidates share: tables of scopes x subjects."""

    def __init__(self, ledger: Ledger, moment: Moment, learned: Learned, subjects: Ints) -> None:
        ledger = ledger.only(subjects)
        self.ledger, self.moment = ledger, moment
        self.scopes = ledger.stream.scopes
        self.rank = ranked(subjects, len(ledger.stream.subjects))
        self.shape = (self.scopes.count, len(subjects))
        self.base = ledger.totals(*moment.baseline, self.rank, len(subjects))
        self.seen = ledger.exposure(*moment.baseline)
        self.rates = baseline_rates(self.scopes, learned.priors, self.base, self.seen)
        self.average = self.rates.average
        self.variance = self.rates.relative_variance
        self.phi, self.drift = scatter_by_scope(ledger, learned.scatter)
        self.weeks = range(max(moment.now - WEEKS, moment.now - moment.history), moment.now)
        self.counts = [ledger.totals(at, at + 1, self.rank, len(subjects)) for at in self.weeks]
        self.exposures = [ledger.exposure(at, at + 1) for at in self.weeks]
        self._factors: dict[int, tuple[Floats, Floats]] = {}

    def explanation(self, one: Candidate) -> Explanation:
        at = one.scope, int(self.rank[one.subject])
        arithmetic = self._arithmetic(one, at)
        return Explanation(arithmetic, self._series(one, at, arithmetic))

    def _arithmetic(self, one: Candidate, at: tuple[int, int]) -> Arithmetic:
        first, last = self.moment.baseline
        notes = float(self.ledger.exposure(self.moment.now - one.weeks, self.moment.now)[at[0]])
        usual = float(self.average[at]) * notes
        rest, season = self._factors_of(one.weeks)
        p = float(self._chance(at, np.array([one.count]), np.array([one.expected]))[0])
        chance = 10.0**-one.score
        above = _above(self.scopes, self.average, one.scope)
        return Arithmetic(
            baseline=Baseline(first, last - first, float(self.base[at]), float(self.seen[at[0]])),
            guard=self.moment.guard,
            own_rate=_PER * float(self.base[at]) / max(float(self.seen[at[0]]), 1.0),
            parent_rate=None if above is None else _PER * float(above[at[1]]),
            rate=_PER * float(self.average[at]),
            notes=notes,
            usual=usual,
            rest=float(rest[at]),
            season=float(season[at[1]]),
            expected=one.expected,
            variance=float(self.variance[at] + self.drift[at[0]]),
            phi=float(self.phi[at[0]]),
            p=p,
            looks=chance / max(p, 1e-300),
            chance=chance,
            score=one.score,
        )

    def _factors_of(self, weeks: int) -> tuple[Floats, Floats]:
        """By how much the rest of the company, and the season, raise counts in a window."""
        if weeks not in self._factors:
            last = self.moment.now
            seen = window(self.ledger.rows(last - weeks, last).of(self.rank), self.shape, weeks)
            exposure = self.ledger.exposure(last - weeks, last)[:, None]
            usual, weight = self.average * exposure, self.moment.parameters.ratio_weight
            rest = of_the_rest(seen.count, usual, (seen.count[0], usual[0]), weight)
            season = season_factor(self.ledger, self.moment, weeks, self.rank)
            self._factors[weeks] = rest, season
        return self._factors[weeks]

    def _series(self, one: Candidate, at: tuple[int, int], arithmetic: Arithmetic) -> Series:
        """The last weeks; those of the window are raised by what raised the window."""
        exposure = np.array([seen[at[0]] for seen in self.exposures])
        expected = self.average[at] * exposure
        raised = arithmetic.expected / max(arithmetic.usual, 1e-12)
        expected[-one.weeks :] *= raised
        return Series(
            first=self.weeks.start,
            counts=[float(table[at]) for table in self.counts],
            expected=[round(float(value), 3) for value in expected],
            upper=[float(value) for value in self._upper(at, expected)],
        )

    def _upper(self, at: tuple[int, int], expected: Floats) -> Ints:
        """The smallest count of each week that is exceeded one time in twenty at most."""
        most = int(8 * expected.max(initial=0) + 16)
        counts = np.arange(most + 1)
        beyond = self._chance(at, np.tile(counts, len(expected)), np.repeat(expected, most + 1))
        rare = beyond.reshape(len(expected), most + 1) <= _UPPER
        rare[:, -1] = True
        upper: Ints = np.argmax(rare, axis=1)
        return upper

    def _chance(self, at: tuple[int, int], count: Floats | Ints, expected: Floats) -> Floats:
        """The chance of so many or more where so many are expected, over both parts of the rate."""
        parts = expected[:, None] * (self.rates.mean[at] / max(float(self.average[at]), 1e-300))
        spread = self.rates.spread[at] + self.drift[at[0]]
        beyond = tail(count[:, None].astype(float), parts, spread[None, :], self.phi[at[0]])
        share = self.rates.share[at]
        chance: Floats = share * beyond[:, 0] + (1 - share) * beyond[:, 1]
        return chance


def _above(scopes: Scopes, average: Floats, scope: int) -> Floats | None:
    """The rates that a scope inherits, by subject; None for the company as a whole."""
    if scope == 0:
        return None
    cells = np.array([[scope]]), np.arange(average.shape[1])
    found: Floats = inherited(scopes, cells, average, np.zeros_like(average))[0][0]
    return found
