"""From a stream of observations to the trends of a moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from insights.trends import stories
from insights.trends.explanation import Explanation, explained
from insights.trends.exposure import WEEK, Exposure
from insights.trends.ledger import Ledger
from insights.trends.moment import Moment, moment_at, phase_of
from insights.trends.parameters import Parameters
from insights.trends.past import Past
from insights.trends.scan import Cells, Learned, learn, scan
from insights.trends.stories import Candidate
from insights.trends.stream import Ints, Sort, Stream

# A sort that has been named for this long is taken to be as old as the stream.
_OLD = 104


@dataclass
class Detector:
    """Finds the trends of a stream at any moment, looking only at what was said before it.

    Weeks begin at `phase` (seconds) past full weeks since the epoch; without it every moment is the
    end of a week. `began` is the week in which the company's first note was written, if the stream
    does not go back so far. What is kept from one moment to the next (weekly counts, fitted priors)
    is the same whichever moments are asked for, in whichever order. A stream that holds phrases of
    the last weeks alone has a `historian`, who knows what a moment has to know of their past.
    """

    stream: Stream
    parameters: Parameters = field(default_factory=Parameters)
    phase: int | None = None
    began: int | None = None
    learner: Callable[[Ledger, Moment], Learned] = learn
    historian: Callable[[Stream, Moment], Past] | None = None
    _exposures: dict[tuple[int, int | None], Exposure] = field(default_factory=dict)
    _ledgers: dict[tuple[Sort, int, int | None, Moment | None], Ledger] = field(
        default_factory=dict
    )
    _learned: dict[tuple[Sort, int, Moment], Learned] = field(default_factory=dict)

    def at(self, asof: int) -> list[Candidate]:
        """The stories as of a moment (seconds), strongest first; none in a short history."""
        return stories.stories(self.parameters, self.candidates(asof))

    def candidates(self, asof: int) -> list[Candidate]:
        """All cells that may be told as of a moment, many of them of the same story."""
        found: list[Candidate] = []
        for sort in Sort:
            ledger = self._ledger(sort, asof)
            moment = self._moment_of(ledger, asof)
            if moment.is_ripe:
                cells = scan(ledger, moment, self._learn(ledger, moment))
                found += self._told(ledger, moment, cells)
        return found

    def explain(self, asof: int, told: Sequence[Candidate]) -> list[Explanation]:
        """How the numbers of these candidates of a moment came about, in their order."""
        found: dict[int, Explanation] = {}
        sorts = [self.stream.subjects[one.subject].sort for one in told]
        for sort in set(sorts):
            places = [at for at, other in enumerate(sorts) if other is sort]
            ledger = self._ledger(sort, asof)
            moment = self._moment_of(ledger, asof)
            learned = self._learn(ledger, moment)
            made = explained(ledger, moment, learned, [told[at] for at in places])
            found |= zip(places, made, strict=True)
        return [found[at] for at in range(len(told))]

    def moment(self, asof: int) -> Moment:
        """What there is to look at as of a time (seconds)."""
        phase = self._phase(asof)
        began = self.began
        if began is None:
            past = self.stream.when[self.stream.when < asof]
            # Where nothing was said yet, it begins with the next week.
            began = (int(past.min(initial=asof - 1 + WEEK)) - phase) // WEEK
        return moment_at(self.parameters, asof, began=began, phase=phase)

    def _moment_of(self, ledger: Ledger, asof: int) -> Moment:
        """The same for one sort: one that people began to name last month has no past yet.

        Phrases are as old as the notes, whichever of them are looked at.
        """
        whole = self.moment(asof)
        if ledger.sort is Sort.PHRASE:
            return whole
        named = whole.now - ledger.first_mention
        history = whole.history if named > _OLD else min(whole.history, named)
        return Moment(self.parameters, whole.now, history, whole.partial)

    def _phase(self, asof: int) -> int:
        return phase_of(asof) if self.phase is None else self.phase

    def _ledger(self, sort: Sort, asof: int) -> Ledger:
        phase = self._phase(asof)
        # A week that is not over at the moment holds what was said in it so far.
        cut = asof if (asof - phase) % WEEK and (self.stream.when >= asof).any() else None
        summed = self.moment(asof) if self.historian and sort is Sort.PHRASE else None
        key = sort, phase, cut, summed
        if key not in self._ledgers:
            notes = self._exposure(phase, cut)
            past = self.historian(notes.stream, summed) if self.historian and summed else None
            self._ledgers[key] = Ledger(notes, sort, past)
        return self._ledgers[key]

    def _exposure(self, phase: int, cut: int | None) -> Exposure:
        key = phase, cut
        if key not in self._exposures:
            stream = self.stream if cut is None else self.stream.before(cut)
            self._exposures[key] = Exposure(stream, phase)
        return self._exposures[key]

    def _learn(self, ledger: Ledger, moment: Moment) -> Learned:
        key = ledger.sort, ledger.phase, moment.fitted
        if key not in self._learned:
            self._learned[key] = self.learner(ledger, moment.fitted)
        return self._learned[key]

    def _told(self, ledger: Ledger, moment: Moment, cells: Cells) -> list[Candidate]:
        """The cells that score enough for the watch list, with their evidence."""
        own = ledger.exposure(*moment.baseline)
        whole = own[ledger.stream.scopes.places]
        recent = ledger.by_subject(*moment.widest)
        return [
            Candidate(
                subject=int(cells.subject[hit]),
                scope=int(cells.scope[hit]),
                score=round(float(cells.score[hit]), 6),
                weeks=int(cells.weeks[hit]),
                count=float(cells.count[hit]),
                expected=float(cells.expected[hit]),
                reporters=int(cells.reporters[hit]),
                size=(float(whole[cells.scope[hit]]), float(own[cells.scope[hit]])),
                **_evidence(ledger, moment, cells, int(hit), recent),
            )
            for hit in np.flatnonzero(cells.score >= self.parameters.watched)
        ]


def _evidence(
    ledger: Ledger, moment: Moment, cells: Cells, hit: int, recent: tuple[Ints, Ints]
) -> dict[str, frozenset[int]]:
    """The notes of a cell in its best window and in the widest; `recent` are the mentions there."""
    observations, subjects = recent
    begin, end = np.searchsorted(subjects, [cells.subject[hit], cells.subject[hit] + 1])
    inside = ledger.stream.within(observations[begin:end], int(cells.scope[hit]))
    in_window = inside[ledger.week_of[inside] >= moment.now - cells.weeks[hit]]
    return {
        "notes": frozenset(ledger.stream.note[in_window].tolist()),
        "widest": frozenset(ledger.stream.note[inside].tolist()),
    }
