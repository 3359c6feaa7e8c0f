"""From a stream of observations to the trends of a moment."""

from dataclasses import dataclass, field

import numpy as np

from insights.trends import stories
from insights.trends.ledger import WEEK, Ledger
from insights.trends.moment import Moment, phase_of
from insights.trends.parameters import Parameters
from insights.trends.scan import Cells, Learned, learn, scan
from insights.trends.stories import Candidate
from insights.trends.stream import Sort, Stream


@dataclass
class Detector:
    """Finds the trends of a stream at any moment, looking only at what was said before it.

    What is kept from one moment to the next (weekly counts, fitted priors) is the same whichever
    moments are asked for, in whichever order.
    """

    stream: Stream
    parameters: Parameters = field(default_factory=Parameters)
    _ledgers: dict[tuple[Sort, int], Ledger] = field(default_factory=dict)
    _learned: dict[tuple[Sort, int, Moment], Learned] = field(default_factory=dict)

    def at(self, asof: int) -> list[Candidate]:
        """The stories as of a moment (seconds), strongest first; none in a short history."""
        return stories.stories(self.parameters, self.candidates(asof))

    def candidates(self, asof: int) -> list[Candidate]:
        """All cells that may be told as of a moment, many of them of the same story."""
        whole = self.moment(asof)
        found: list[Candidate] = []
        for sort in Sort:
            ledger = self._ledger(sort, phase_of(asof))
            # A sort that people began to name last month has no past to compare with.
            history = min(whole.history, whole.now - ledger.first_mention)
            if history >= self.parameters.least_history:
                moment = Moment(self.parameters, whole.now, history)
                cells = scan(ledger, moment, self._learn(ledger, moment))
                found += self._told(ledger, moment, cells)
        return found

    def moment(self, asof: int) -> Moment:
        """What there is to look at as of a time (seconds)."""
        past = self.stream.when[self.stream.when < asof]
        history = (asof - 1 - int(past.min())) // WEEK + 1 if len(past) else 0
        return Moment(self.parameters, asof // WEEK, history)

    def _ledger(self, sort: Sort, phase: int) -> Ledger:
        key = sort, phase
        if key not in self._ledgers:
            self._ledgers[key] = Ledger(self.stream, sort, phase)
        return self._ledgers[key]

    def _learn(self, ledger: Ledger, moment: Moment) -> Learned:
        key = ledger.sort, ledger.phase, moment.fitted
        if key not in self._learned:
            self._learned[key] = learn(ledger, moment.fitted)
        return self._learned[key]

    def _told(self, ledger: Ledger, moment: Moment, cells: Cells) -> list[Candidate]:
        """The cells that score enough for the watch list, with their evidence."""
        size = ledger.exposure(*moment.baseline)
        return [
            Candidate(
                subject=int(cells.subject[hit]),
                scope=int(cells.scope[hit]),
                score=round(float(cells.score[hit]), 6),
                weeks=int(cells.weeks[hit]),
                count=float(cells.count[hit]),
                expected=float(cells.expected[hit]),
                reporters=int(cells.reporters[hit]),
                size=float(size[cells.scope[hit]]),
                notes=self._evidence(ledger, moment, cells, int(hit)),
            )
            for hit in np.flatnonzero(cells.score >= self.parameters.watched)
        ]

    def _evidence(self, ledger: Ledger, moment: Moment, cells: Cells, hit: int) -> frozenset[int]:
        """The notes of a cell in its best window."""
        observations = self.stream.observations_of(int(cells.subject[hit]))
        week = ledger.week_of[observations]
        recent = (week >= moment.now - cells.weeks[hit]) & (week < moment.now)
        inside = self.stream.within(observations[recent], int(cells.scope[hit]))
        return frozenset(self.stream.note[inside].tolist())
