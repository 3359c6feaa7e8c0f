"""Every number that the method depends on, with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """The settings of the scan; times are in weeks of seven days unless the name says otherwise."""

    # Windows in which a surge is looked for: from a sudden one to one that builds up slowly.
    windows: tuple[int, ...] = (1, 2, 4, 8)
    # The last weeks before the windows end teach the baseline nothing, or a slow rise would hide
    # itself. A young stream cannot spare as many: `guard_of`.
    guard: int = 8
    shortest_guard: int = 2
    guard_share: int = 5
    # A year of baseline, so that every season is in it once.
    baseline: int = 52
    # Below this there is nothing to compare with.
    least_history: int = 10
    # Fewer people than this are a rumour, and one of them may be loud.
    least_reporters: int = 3
    # Notes that they must have written: one note that many have seen too is a note of which people
    # know already, and whatever else it names would surge with it.
    least_notes: int = 3
    # Added to both sides of a ratio of counts, so that a few notes of the rest make no factor.
    ratio_weight: float = 5.0
    # Variance of the rate of a cell beyond what its prior says: base rates drift.
    drift: float = 0.02
    # The same where it is estimated from the baseline: at least this much.
    least_drift: float = 0.002
    # Words come in bursts (Church and Gale 1995, "Poisson mixtures"): the variance of a phrase's
    # count is at least this much of its mean. Taken as Poisson, rare phrases that three people
    # happen to use were most of the false alarms: on three simulated companies .78 of the stories
    # were found at 0.1 false alarms a week, with it .82; on 50 weeks of real notes 22 trends opened
    # a week, with it 10, with as many of the known events among them.
    least_phrase_bursts: float = 1.35
    # The smallest of several windows is taken, which must be paid for; they overlap, so that four
    # of them cost less than four times one.
    windows_cost: float = 2.5
    # Scores are -log10 of the expected number of false alarms for the whole company.
    watched: float = 0.0
    shown: float = 1.0
    strong: float = 2.0
    # Two candidates that share this much of the smaller one's evidence tell one story.
    same_story: float = 0.6
    # The place named is the smallest one that carries this much of the story.
    carries: float = 0.7
    # A subject shown within this time does not open again.
    quiet: int = 6
    # A trend is new for this time after it opened.
    new: int = 2
    # Word shingles alike to this degree within this many days are one text sent twice.
    duplicate: float = 0.75
    duplicate_days: int = 60
    # A phrase takes part once this many people have used it.
    least_phrase_authors: int = 3
    longest_phrase: int = 3
    # Priors are fitted again after this time; more often while the stream is young.
    refit: int = 13
    young_refit: int = 4

    def guard_of(self, history: int) -> int:
        """The guard for a stream of so many weeks."""
        return min(self.guard, max(self.shortest_guard, history // self.guard_share))
