"""A moment to look at the stream from: which weeks are now, and which teach the baseline."""

from dataclasses import dataclass

from insights.trends.exposure import WEEK
from insights.trends.parameters import Parameters

SEASON = 52


@dataclass(frozen=True)
class Moment:
    """Seen at the end of week `now` - 1, with `history` weeks before it.

    The last of them may be `partial`: the week that the moment falls into, as far as it has gone.
    """

    parameters: Parameters
    now: int
    history: int
    partial: bool = False

    @property
    def guard(self) -> int:
        """The weeks before the moment that teach the baseline nothing."""
        return self.parameters.guard_of(self.history)

    @property
    def baseline(self) -> tuple[int, int]:
        """The first week of the baseline, and the one after its last."""
        last = self.now - self.guard
        return max(last - self.parameters.baseline, self.now - self.history), last

    @property
    def usual(self) -> tuple[int, int]:
        """The baseline with the year before it, by which a season is told."""
        first, last = self.baseline
        return first - SEASON, last

    def season(self, weeks: int) -> tuple[int, int]:
        """The weeks of a window a year ago, and one more on both sides, because feasts and fairs
        move."""
        then = self.now - SEASON
        return then - weeks - 1, then + 1

    @property
    def windows(self) -> tuple[int, ...]:
        """Lengths of the windows that are looked at: none longer than the guard."""
        return tuple(weeks for weeks in self.parameters.windows if weeks <= self.guard)

    @property
    def widest(self) -> tuple[int, int]:
        """The longest window."""
        return self.now - max(self.windows), self.now

    @property
    def is_ripe(self) -> bool:
        """Whether there is enough to compare with."""
        return self.history - self.partial >= self.parameters.least_history

    @property
    def fitted(self) -> "Moment":
        """The moment at which the priors that hold now were fitted: a function of the history.

        It ends with a whole week, so that what was learned holds for all of the week after it, and
        remembers no more weeks than a moment ever looks at.
        """
        now, history = self.now - self.partial, self.history - self.partial
        least, young = self.parameters.least_history, history <= SEASON
        step = self.parameters.young_refit if young else self.parameters.refit
        back = (history - (least if young else SEASON)) % step
        return Moment(self.parameters, now - back, min(history - back, remembered(self.parameters)))


def moment_at(parameters: Parameters, asof: int, *, began: int, phase: int) -> Moment:
    """What there is to look at as of a time (seconds) since week `began`, in weeks that begin at
    `phase`."""
    now = (asof - 1 - phase) // WEEK + 1
    return Moment(parameters, now, now - began, partial=(asof - phase) % WEEK != 0)


def remembered(parameters: Parameters) -> int:
    """How many weeks a moment looks at: the baseline, and the year before it for the season."""
    return parameters.guard + parameters.baseline + SEASON


def needed(parameters: Parameters) -> int:
    """How many weeks a moment needs, with those that its priors were fitted on."""
    return remembered(parameters) + parameters.refit


def phase_of(asof: int) -> int:
    """How far past a full week since the epoch a moment (seconds) is."""
    return asof % WEEK
