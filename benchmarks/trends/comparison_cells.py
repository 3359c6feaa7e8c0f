"""What the scan looks at, as plain weekly series for other methods."""

from dataclasses import dataclass, field

import numpy as np

from benchmarks.trends.methods.series import Series
from insights.trends.exposure import WEEK, Exposure
from insights.trends.ledger import Ledger
from insights.trends.moment import Moment, phase_of
from insights.trends.parameters import Parameters
from insights.trends.scan import alive, ranked
from insights.trends.stream import Floats, Ints, Sort, Stream
from insights.trends.windows import Window, window


@dataclass(frozen=True)
class Given:
    """The cells of one sort that have enough reporters at a moment, and their history.

    `history` and `exposure` are cells x weeks, the oldest first, the last week the one that ends at
    the moment; `windows` holds, by length, what the cells count now and how many people spoke.
    """

    ledger: Ledger
    moment: Moment
    scope: Ints
    subject: Ints
    history: Floats
    exposure: Floats
    windows: dict[int, Window]

    def series(self, weeks: int, members: Ints) -> Series:
        """The history of some cells in blocks of so many weeks, up to the one that is now."""
        past = _blocks(self.history[members, :-weeks], weeks)
        exposure = _blocks(self.exposure[members, :-weeks], weeks)
        seen = self.exposure[members, -weeks:].sum(axis=1)
        return Series(past, exposure, self.windows[weeks].count[members], seen, weeks)


@dataclass
class Surroundings:
    """The cells of a stream at any moment: the product's voices, windows and rule of reporters."""

    stream: Stream
    parameters: Parameters
    _ledgers: dict[tuple[Sort, int], Ledger] = field(default_factory=dict)
    _weeks: dict[tuple[Sort, int, int], tuple[Ints, Floats]] = field(default_factory=dict)

    def at(self, asof: int) -> list[Given]:
        """The cells of each sort whose history is long enough."""
        given = []
        for sort in Sort:
            ledger = self._ledger(sort, phase_of(asof))
            now = asof // WEEK
            history = now - max(ledger.first_week, ledger.first_mention)
            if history >= self.parameters.least_history:
                given.append(self._given(ledger, Moment(self.parameters, now, history)))
        return given

    def _ledger(self, sort: Sort, phase: int) -> Ledger:
        key = sort, phase
        if key not in self._ledgers:
            self._ledgers[key] = Ledger(Exposure(self.stream, phase), sort)
        return self._ledgers[key]

    def _given(self, ledger: Ledger, moment: Moment) -> Given:
        subjects = alive(ledger, moment)
        rank = ranked(subjects, len(self.stream.subjects))
        shape = self.stream.scopes.count, len(subjects)
        tables = {
            weeks: window(ledger.rows(moment.now - weeks, moment.now).of(rank), shape, weeks)
            for weeks in moment.windows
        }
        widest = tables[max(moment.windows)]
        scope, place = np.nonzero(widest.reporters >= self.parameters.least_reporters)
        windows = {
            weeks: Window(weeks, one.count[scope, place], one.reporters[scope, place])
            for weeks, one in tables.items()
        }
        subject = subjects[place]
        weeks = range(moment.now - moment.history, moment.now)
        cells = scope * len(self.stream.subjects) + subject
        history = np.column_stack([self._counted(ledger, week, cells) for week in weeks])
        exposure = np.column_stack([ledger.exposure(week, week + 1) for week in weeks])
        return Given(ledger, moment, scope, subject, history, exposure[scope], windows)

    def _counted(self, ledger: Ledger, week: int, cells: Ints) -> Floats:
        """What these cells (ascending numbers) count in a week."""
        key = ledger.sort, ledger.phase, week
        if key not in self._weeks:
            rows = ledger.rows(week, week + 1)
            numbers = rows.scope.astype(np.int64) * len(self.stream.subjects) + rows.subject
            used, index = np.unique(numbers, return_inverse=True)
            counted = np.bincount(index, rows.weight.astype(float), len(used))
            self._weeks[key] = used, counted.astype(np.float64)
        used, counts = self._weeks[key]
        if not len(used):
            return np.zeros(len(cells))
        place = np.minimum(np.searchsorted(used, cells), len(used) - 1)
        return np.where(used[place] == cells, counts[place], 0.0)


def _blocks(weekly: Floats, weeks: int) -> Floats:
    """Sums of so many weeks (columns), counted back from the last; a rest at the front is left."""
    whole = weekly.shape[1] // weeks
    table: Floats = weekly[:, weekly.shape[1] - whole * weeks :]
    value: Floats = table.reshape(len(table), whole, weeks).sum(axis=2)
    return value
