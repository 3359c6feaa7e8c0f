"""The scan of all subjects of one sort: how improbable what each cell counts is."""

from dataclasses import dataclass

import numpy as np

from insights.trends.dispersion import BLOCK_WEEKS, Scatter, fit_scatter
from insights.trends.factors import at_least_one, of_the_rest
from insights.trends.ledger import Ledger
from insights.trends.moment import SEASON, Moment
from insights.trends.rates import Priors, Rates, baseline_rates, fit_priors, level_of
from insights.trends.stream import Floats, Ints, Sort
from insights.trends.tails import tail
from insights.trends.windows import Window, window


@dataclass(frozen=True)
class Learned:
    """What the past of many cells says: priors of rates, scatter by level, and how many cells."""

    priors: Priors
    scatter: dict[int, Scatter]
    family: int


@dataclass(frozen=True)
class Cells:
    """The cells (scope and subject) that count anything now, with their best windows."""

    scope: Ints
    subject: Ints
    score: Floats
    weeks: Ints
    count: Floats
    expected: Floats
    reporters: Ints


def alive(ledger: Ledger, moment: Moment) -> Ints:
    """The subjects that enough people speak of now to be a trend anywhere."""
    speakers = ledger.speakers(*moment.widest)
    return np.flatnonzero(speakers >= moment.parameters.least_reporters)


def learn(ledger: Ledger, moment: Moment) -> Learned:
    """Priors and scatter from the baseline as of this moment."""
    subjects = alive(ledger, moment)
    rank = ranked(subjects, len(ledger.stream.subjects))
    base = ledger.totals(*moment.baseline, rank, len(subjects))
    exposure = ledger.exposure(*moment.baseline)
    known = _known(ledger, moment)
    company = ledger.company_totals(*moment.baseline)[known]
    priors = fit_priors(ledger.stream.scopes, base, exposure, company)
    family = ledger.cells(moment.baseline[0], moment.now, known)
    return Learned(priors, _scatter(ledger, moment, rank, len(subjects)), family)


def _known(ledger: Ledger, moment: Moment) -> Ints:
    """The subjects whose rates teach the company's prior."""
    parameters = moment.parameters
    least = parameters.least_phrase_authors if ledger.sort is Sort.PHRASE else 1
    return np.flatnonzero(ledger.speakers(moment.now - moment.history, moment.now) >= least)


def ranked(subjects: Ints, count: int) -> Ints:
    """The place of each of `count` subjects among the chosen ones; -1 for the others."""
    rank = np.full(count, -1)
    rank[subjects] = np.arange(len(subjects))
    return rank


def _scatter(ledger: Ledger, moment: Moment, rank: Ints, subjects: int) -> dict[int, Scatter]:
    first, last = moment.baseline
    levels = level_of(ledger.stream.scopes)
    if ledger.sort is Sort.PHRASE:
        plain = Scatter(1.0, moment.parameters.drift)
        return dict.fromkeys(np.unique(levels).tolist(), plain)
    plain = Scatter(1.0, moment.parameters.least_drift)
    starts = range(last - BLOCK_WEEKS, first - 1, -BLOCK_WEEKS)
    blocks = [ledger.totals(at, at + BLOCK_WEEKS, rank, subjects) for at in starts]
    seen = [ledger.exposure(at, at + BLOCK_WEEKS) for at in starts]
    if not blocks:
        return dict.fromkeys(np.unique(levels).tolist(), plain)
    counts, exposures = np.stack(blocks, -1), np.stack(seen, -1)
    return {
        int(level): fit_scatter(
            counts[levels == level].reshape(-1, len(blocks)),
            np.repeat(exposures[levels == level], subjects, axis=0),
            plain,
        )
        for level in np.unique(levels)
    }


def scan(ledger: Ledger, moment: Moment, learned: Learned) -> Cells:
    """All cells that count anything, each with the window in which it is least probable."""
    subjects = alive(ledger, moment)
    rank = ranked(subjects, len(ledger.stream.subjects))
    base = ledger.totals(*moment.baseline, rank, len(subjects))
    seen = ledger.exposure(*moment.baseline)
    rates = baseline_rates(ledger.stream.scopes, learned.priors, base, seen)
    best = _best_windows(ledger, moment, learned, rates, rank)
    return _scored(moment, best, subjects, learned.family)


def _best_windows(
    ledger: Ledger, moment: Moment, learned: Learned, rates: Rates, rank: Ints
) -> "_Best":
    shape = rates.average.shape
    least = moment.parameters.least_reporters
    widest = window(ledger.rows(*moment.widest).of(rank), shape, max(moment.windows))
    best = _Best.of(np.nonzero(widest.reporters >= least), int((widest.count > 0).sum()))
    at = best.scope, best.subject
    scatter = _by_scope(ledger, learned.scatter)
    for weeks in moment.windows:
        seen = window(ledger.rows(moment.now - weeks, moment.now).of(rank), shape, weeks)
        exposure = _effective_exposure(ledger, moment, seen, rates.average, rank)[at]
        chance = _chance(seen.count[at], exposure, rates, at, scatter)
        found = Window(weeks, seen.count[at], seen.reporters[at])
        chance = np.where(found.reporters < least, np.inf, chance)
        best.take(chance, found, rates.average[at] * exposure)
    return best


def _effective_exposure(
    ledger: Ledger, moment: Moment, seen: Window, average: Floats, rank: Ints
) -> Floats:
    """Exposure times what else raises counts now: the rest of the company, or the season."""
    exposure = ledger.exposure(moment.now - seen.weeks, moment.now)[:, None]
    rest = of_the_rest(seen.count, average * exposure, moment.parameters.ratio_weight)
    season = _season(ledger, moment, seen.weeks, rank)
    effective: Floats = exposure * np.maximum(rest, season)
    return effective


def _chance(
    count: Floats,
    exposure: Floats,
    rates: Rates,
    at: tuple[Ints, Ints],
    scatter: tuple[Floats, Floats],
) -> Floats:
    """The probability of so many or more in each cell, over both parts of its rate."""
    phi, drift = (values[at[0], None] for values in scatter)
    means = rates.mean[at] * exposure[:, None]
    parts = tail(count[:, None], means, rates.spread[at] + drift, phi)
    share = rates.share[at]
    chance: Floats = share * parts[:, 0] + (1 - share) * parts[:, 1]
    return chance


def _by_scope(ledger: Ledger, scatter: dict[int, Scatter]) -> tuple[Floats, Floats]:
    levels = level_of(ledger.stream.scopes)
    return (
        np.array([scatter[int(level)].phi for level in levels]),
        np.array([scatter[int(level)].drift for level in levels]),
    )


def _season(ledger: Ledger, moment: Moment, weeks: int, rank: Ints) -> Floats:
    """How much more than usual each subject was said at the company a year ago; at least 1.

    A week more on both sides, because feasts and fairs move; usual is what was said in the baseline
    then and now.
    """
    if moment.history < SEASON + weeks + 1:
        return np.ones(int((rank >= 0).sum()))
    then = moment.now - SEASON - weeks - 1, moment.now - SEASON + 1
    first, last = moment.baseline
    usual = first - SEASON, last

    def company(period: tuple[int, int]) -> Floats:
        return ledger.company_totals(*period)[rank >= 0]

    count, seen = company(then), ledger.exposure(*then)[0]
    base, base_seen = company(usual), ledger.exposure(*usual)[0]
    expected = (base + 0.5) / max(base_seen, 1.0) * seen
    return at_least_one(count, expected, moment.parameters.ratio_weight)


@dataclass
class _Best:
    """The least probable window of each cell so far, of `tried` cells that count anything now."""

    scope: Ints
    subject: Ints
    chance: Floats
    weeks: Ints
    count: Floats
    expected: Floats
    reporters: Ints
    tried: int

    @classmethod
    def of(cls, cells: tuple[Ints, ...], tried: int) -> "_Best":
        size = len(cells[0])
        nothing, none = np.zeros(size), np.zeros(size, np.int64)
        return cls(cells[0], cells[1], np.full(size, np.inf), none, nothing, nothing, none, tried)

    def take(self, chance: Floats, seen: Window, expected: Floats) -> None:
        """Keeps this window where it is less probable."""
        better = chance < self.chance
        self.chance = np.where(better, chance, self.chance)
        self.weeks = np.where(better, seen.weeks, self.weeks)
        self.count = np.where(better, seen.count, self.count)
        self.expected = np.where(better, expected, self.expected)
        self.reporters = np.where(better, seen.reporters, self.reporters)


def _scored(moment: Moment, best: _Best, subjects: Ints, family: int) -> Cells:
    """-log10 of how many cells of the sort are expected to look so by chance."""
    tried = max(family, best.tried) * moment.parameters.windows_cost
    score = -np.log10(np.maximum(best.chance * tried, 1e-300))
    return Cells(
        best.scope, subjects[best.subject], score,
        best.weeks, best.count, best.expected, best.reporters,
    )  # fmt: skip
