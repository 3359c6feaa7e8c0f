"""The scan of all subjects of one sort: how improbable what each cell counts is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from insights.trends.dispersion import BLOCK_WEEKS, Scatter, fit_scatter
from insights.trends.factors import of_the_rest, of_the_season
from insights.trends.ledger import Ledger, Rows, joined
from insights.trends.moment import SEASON, Moment
from insights.trends.rates import Priors, Rates, baseline_rates, fit_priors, level_of
from insights.trends.stream import NOWHERE, Flags, Floats, Ints, SmallInts, Sort
from insights.trends.tails import tail
from insights.trends.windows import Window, window

# So many subjects, spread evenly, teach how far rates lie apart; more would only take longer.
_LEARNED_FROM = 2_000
# What is counted in notes that people have seen too; those of other sorts are of the writer alone.
_SEEN_TOO = (Sort.COMPETITOR, Sort.PRODUCT)
# Scopes times subjects in one table.
MOST_CELLS = 1_000_000


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
    return np.flatnonzero(ledger.named_by(*moment.widest, moment.parameters.least_reporters))


def learn(ledger: Ledger, moment: Moment) -> Learned:
    """Priors and scatter from the baseline as of this moment."""
    subjects = alive(ledger, moment)
    subjects = subjects[:: len(subjects) // _LEARNED_FROM + 1]
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
    return np.flatnonzero(ledger.named_by(moment.now - moment.history, moment.now, least))


def ranked(subjects: Ints, count: int) -> Ints:
    """The place of each of `count` subjects among the chosen ones; -1 for the others."""
    rank = np.full(count, -1)
    rank[subjects] = np.arange(len(subjects))
    return rank


def _scatter(ledger: Ledger, moment: Moment, rank: Ints, subjects: int) -> dict[int, Scatter]:
    levels = level_of(ledger.stream.scopes)
    groups = np.unique(levels).tolist()
    if ledger.sort is Sort.PHRASE:
        return dict.fromkeys(groups, _scatter_of_phrases(ledger, moment, rank))
    # Most cells are too rare to show in their own counts that notes come with who has seen them,
    # so that is the least by which they scatter.
    plain = Scatter(ledger.bursts(*moment.baseline), moment.parameters.least_drift)
    blocks = _blocks(moment)
    if not blocks:
        return dict.fromkeys(groups, plain)
    counts = np.stack([ledger.totals(*block, rank, subjects) for block in blocks], -1)
    exposures = np.stack([ledger.exposure(*block) for block in blocks], -1)
    found = {
        int(level): fit_scatter(
            counts[levels == level].reshape(-1, len(blocks)),
            np.repeat(exposures[levels == level], subjects, axis=0),
            plain,
        )
        for level in groups
    }
    if plain.phi == 1:
        return found
    return {level: replace(one, phi=max(one.phi, plain.phi)) for level, one in found.items()}


def _scatter_of_phrases(ledger: Ledger, moment: Moment, rank: Ints) -> Scatter:
    """The scatter of phrases, from the company's counts.

    Notes that come in bursts add as much to the variance of the company's count as to that of a
    territory, where most phrases are too rare to tell.
    """
    parameters = moment.parameters
    plain = Scatter(parameters.least_phrase_bursts, parameters.drift)
    blocks = _blocks(moment)
    if not blocks:
        return plain
    counts = np.stack([ledger.company_totals(*block)[rank >= 0] for block in blocks], -1)
    exposures = np.array([ledger.exposure(*block)[0] for block in blocks])
    found = fit_scatter(counts, np.broadcast_to(exposures, counts.shape), plain)
    return Scatter(max(found.phi, plain.phi), found.drift)


def _blocks(moment: Moment) -> list[tuple[int, int]]:
    """The baseline in blocks, the latest first."""
    first, last = moment.baseline
    ends = range(last, first + BLOCK_WEEKS - 1, -BLOCK_WEEKS)
    return [(end - BLOCK_WEEKS, end) for end in ends]


def scan(ledger: Ledger, moment: Moment, learned: Learned) -> Cells:
    """All cells that count anything, each with the window in which it is least probable.

    Subjects do not touch one another, so they are looked at some thousands at a time: tables of all
    of them would not fit into memory.
    """
    subjects = alive(ledger, moment)
    size = max(MOST_CELLS // ledger.stream.scopes.count, 1)
    parts = [subjects[at : at + size] for at in range(0, max(len(subjects), 1), size)]
    best = [_best_of(ledger.only(part), moment, learned, part) for part in parts]
    return _scored(moment, _Best.joined(best), learned.family)


def _best_of(ledger: Ledger, moment: Moment, learned: Learned, subjects: Ints) -> "_Best":
    """The best windows of these subjects' cells."""
    shape = ledger.stream.scopes.count, len(subjects)
    rank = ranked(subjects, len(ledger.stream.subjects))
    weekly = [ledger.rows(week, week + 1).of(rank) for week in range(*moment.widest)]
    widest = window(joined(weekly), shape, max(moment.windows))
    # Few cells are of enough people to be told, and only they have to be looked at any further.
    cells = np.nonzero(widest.reporters >= moment.parameters.least_reporters)
    best = _Best.of(cells, int((widest.count > 0).sum()))
    numbers = np.full(shape, NOWHERE, np.int32)
    numbers[cells] = np.arange(len(cells[0]))
    present = _Present(ledger, moment, rank, numbers, weekly)
    base = ledger.totals(*moment.baseline, rank, len(subjects))
    seen = ledger.exposure(*moment.baseline)
    rates = baseline_rates(ledger.stream.scopes, learned.priors, base, seen, numbers >= 0)
    _take_best(best, present, rates, learned)
    best.subject = subjects[best.subject]
    return best


def _take_best(best: "_Best", present: "_Present", rates: Rates, learned: Learned) -> None:
    """Finds for each of the cells the window in which it is least probable."""
    ledger, moment, cells = present.ledger, present.moment, (best.scope, best.subject)
    own = rates.of(cells)
    average = own.average
    # The cells of the company come first, one for each subject.
    top = cells[1]
    scatter = scatter_by_scope(ledger, learned.scatter)
    for weeks in moment.windows:
        found = present.counted(weeks)
        seen = ledger.exposure(moment.now - weeks, moment.now)
        usual = average * seen[cells[0]]
        whole = found.count[top], average[top] * seen[0]
        rest = of_the_rest(found.count, usual, whole, moment.parameters.ratio_weight)
        season = season_factor(ledger, moment, weeks, present.rank)[cells[1]]
        exposure = seen[cells[0]] * np.maximum(rest, season)
        expected = average * exposure
        # What is no more than expected is never told, and most cells are.
        more = np.flatnonzero(present.rest_on_enough(found) & (found.count > expected))
        chance = np.full(len(expected), np.inf)
        phi, drift = (values[cells[0][more]] for values in scatter)
        chance[more] = _chance(found.count[more], exposure[more], own.of((more,)), phi, drift)
        best.take(chance, found, expected)


class _Present:
    """What cells count in the windows that end now.

    `numbers` (scopes x ranked subjects) tells the cells, NOWHERE stands for no cell; that of the
    company is there for each subject. `weekly` are the rows of the widest window.
    """

    def __init__(
        self,
        ledger: Ledger,
        moment: Moment,
        rank: Ints,
        numbers: SmallInts,
        weekly: Sequence[Rows],
    ) -> None:
        self.ledger, self.moment, self.rank = ledger, moment, rank
        self._cells = int(numbers.max(initial=NOWHERE)) + 1
        self._weekly = [rows.among(numbers) for rows in weekly]
        self._sources: list[Rows] | None = None
        if ledger.sort in _SEEN_TOO:
            weeks = range(*moment.widest)
            by_note = (ledger.sources(week, week + 1).of(rank) for week in weeks)
            self._sources = [rows.among(numbers) for rows in by_note]

    def counted(self, weeks: int) -> Window:
        """The last so many weeks of each cell."""
        return self._window(self._weekly, weeks)

    def rest_on_enough(self, found: Window) -> Flags:
        """Which cells are of enough people, and of enough notes however many have seen them."""
        parameters = self.moment.parameters
        enough: Flags = found.reporters >= parameters.least_reporters
        if self._sources is not None:
            notes = self._window(self._sources, found.weeks).reporters
            enough &= notes >= parameters.least_notes
        return enough

    def _window(self, weekly: list[Rows], weeks: int) -> Window:
        table = window(joined(weekly[-weeks:]), (1, self._cells), weeks)
        return Window(weeks, table.count[0], table.reporters[0])


def _chance(count: Floats, exposure: Floats, rates: Rates, phi: Floats, drift: Floats) -> Floats:
    """The probability of so many or more in each cell, over both parts of its rate."""
    means = rates.mean * exposure[:, None]
    parts = tail(count[:, None], means, rates.spread + drift[:, None], phi[:, None])
    chance: Floats = rates.share * parts[:, 0] + (1 - rates.share) * parts[:, 1]
    return chance


def scatter_by_scope(ledger: Ledger, scatter: dict[int, Scatter]) -> tuple[Floats, Floats]:
    """Phi and drift of each scope."""
    levels = level_of(ledger.stream.scopes)
    return (
        np.array([scatter[int(level)].phi for level in levels]),
        np.array([scatter[int(level)].drift for level in levels]),
    )


def season_factor(ledger: Ledger, moment: Moment, weeks: int, rank: Ints) -> Floats:
    """How much more than usual each subject was said at the company a year ago; at least 1.

    Usual is what was said in the baseline then and now.
    """
    if moment.history < SEASON + weeks + 1:
        return np.ones(int((rank >= 0).sum()))
    then, usual = moment.season(weeks), moment.usual

    def company(period: tuple[int, int]) -> Floats:
        return ledger.company_totals(*period)[rank >= 0]

    count, seen = company(then), ledger.exposure(*then)[0]
    base, base_seen = company(usual), ledger.exposure(*usual)[0]
    expected = (base + 0.5) / max(base_seen, 1.0) * seen
    return of_the_season(count, expected, moment.parameters.ratio_weight)


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

    @classmethod
    def joined(cls, parts: Sequence["_Best"]) -> "_Best":
        """The cells of several parts of the subjects."""
        names = ("scope", "subject", "chance", "weeks", "count", "expected", "reporters")
        columns: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in parts]) for name in names
        }
        return cls(**columns, tried=sum(part.tried for part in parts))

    def take(self, chance: Floats, seen: Window, expected: Floats) -> None:
        """Keeps this window where it is less probable."""
        better = chance < self.chance
        self.chance = np.where(better, chance, self.chance)
        self.weeks = np.where(better, seen.weeks, self.weeks)
        self.count = np.where(better, seen.count, self.count)
        self.expected = np.where(better, expected, self.expected)
        self.reporters = np.where(better, seen.reporters, self.reporters)


def _scored(moment: Moment, best: _Best, family: int) -> Cells:
    """-log10 of how many cells of the sort are expected to look so by chance."""
    tried = max(family, best.tried) * moment.parameters.windows_cost
    score = -np.log10(np.maximum(best.chance * tried, 1e-300))
    return Cells(
        best.scope, best.subject, score,
        best.weeks, best.count, best.expected, best.reporters,
    )  # fmt: skip
