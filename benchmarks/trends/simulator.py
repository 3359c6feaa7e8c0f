"""A company's notes with planted stories and decoys, for measuring the detector.

Everything is drawn from one seed. Stories are what must be found; decoys are what looks like a
story to a plain count and must not be shown.
"""

import numpy as np

from benchmarks.trends.files import COMPANY, Row
from benchmarks.trends.world import Plan, Story, World

WEEK = 7 * 86_400
START = 1_672_617_600  # Monday 2 January 2023, UTC
KINDS = ("competitor", "preference", "challenge", "opportunity")
KIND_SHARES = (0.3, 0.25, 0.3, 0.15)
SYLLABLES = """
ba ce di fo gu ka le mi no pu ra se ti vo wu xa ye zi bro cla dre fli gro pla ste tri
"""


class Simulator:
    """Draws one world."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.random = np.random.default_rng(plan.seed)
        self.rows: list[Row] = []
        self.regions = [f"region-{one}" for one in range(plan.regions)]
        self.territories = [f"territory-{one:02}" for one in range(plan.territories)]
        self.parents = dict.fromkeys(self.regions, COMPANY)
        for number, one in enumerate(self.territories):
            self.parents[one] = self.regions[number % plan.regions]
        self.segments = [f"segment-{one}" for one in range(6)]
        self.segment_shares = self.random.dirichlet(np.full(6, 4.0))
        self.competitors = [f"rival-{one}" for one in range(25)]
        self.competitor_shares = self.random.dirichlet(np.full(25, 1.2))
        self.words = self._vocabulary(1600)
        self.word_shares = self._zipf(1600, 1.05)
        self.topics = [
            tuple(self.random.choice(self.words[:900], 2, replace=False)) for _ in range(300)
        ]
        self.topic_shares = self._zipf(300, 0.9)
        self.reporters = {
            one: [f"{one}/{number}" for number in range(int(self.random.integers(4, 11)))]
            for one in self.territories
        }
        self.local = {one: self._local_tastes() for one in self.territories}

    def world(self) -> World:
        """The whole of it."""
        plan = self.plan
        sizes = self.random.gamma(4, 1, plan.territories)
        sizes /= sizes.sum()
        opened = np.zeros(plan.territories, int)
        if plan.decoys:
            for number in self.random.choice(plan.territories, 3, replace=False):
                opened[number] = int(self.random.integers(40, 90))
        growth = 1 + 0.4 * np.arange(plan.weeks) / plan.weeks
        holiday = np.where((np.arange(plan.weeks) % 52) >= 50, 0.45, 1.0)
        weekly = growth * holiday
        weekly *= plan.notes / weekly.sum()
        self.surge = (
            int(self.random.integers(plan.territories)),
            int(self.random.integers(65, 100)),
        )
        self.drifts = self._drifts()
        for week in range(plan.weeks):
            for number, territory in enumerate(self.territories):
                if week < opened[number]:
                    continue
                mean = weekly[week] * sizes[number]
                if plan.decoys and number == self.surge[0] and 0 <= week - self.surge[1] < 4:
                    mean *= 3
                for _ in range(self.random.poisson(mean)):
                    self._ordinary(week, territory)
        stories = [self._story(number) for number in range(plan.stories)]
        decoys = self._decoys() if plan.decoys else {}
        return World(self.rows, self.parents, stories, decoys)

    # ── Ordinary notes ──────────────────────────────────────────────────────
    def _ordinary(self, week: int, territory: str) -> None:
        segment = self._pick(self.segments, self.segment_shares)
        tastes = self.local[territory]
        shares = self.competitor_shares * tastes["competitor"] * self.drifts["competitor"][week]
        names = [self._pick(self.competitors, shares)] if self.random.random() < 0.45 else []
        kind = self._pick(KINDS, np.array(KIND_SHARES) * tastes["kind"] * self.drifts["kind"][week])
        self._add(week, territory, segment, kind, names, self._text(week, tastes["topic"]))

    def _text(self, week: int, taste: np.ndarray, extra: tuple[str, ...] = ()) -> str:
        shares = self.topic_shares * taste * self._yearly(week)
        count = 1 + int(self.random.random() < 0.4)
        clauses = [" ".join(self.topics[self._index(shares)]) for _ in range(count)]
        clauses += [self._chatter(int(self.random.integers(2, 5)))]
        clauses += [" ".join(extra)] if extra else []
        self.random.shuffle(clauses)
        return ". ".join(clauses) + "."

    def _chatter(self, words: int) -> str:
        return " ".join(self._pick(self.words, self.word_shares) for _ in range(words))

    def _yearly(self, week: int) -> np.ndarray:
        factor = np.ones(len(self.topics))
        if self.plan.decoys:
            for topic in range(40, 52):
                peak = (topic * 7) % 52
                if (week - peak) % 52 < 5:
                    factor[topic] = 6.0
        return factor

    def _add(  # noqa: PLR0917
        self, week: int, territory: str, segment: str, kind: str, names: list[str],
        text: str, author: str | None = None,
    ) -> str:  # fmt: skip
        weekday = self._index(np.array([5, 5, 5, 5, 4, 0.6, 0.4]))
        day = START + week * WEEK + weekday * 86_400
        when = day + int(self.random.integers(8 * 3600, 19 * 3600))
        identity = f"n{len(self.rows)}"
        who = author or str(self.random.choice(self.reporters[territory]))
        self.rows.append(Row(identity, when, who, territory, segment, kind, tuple(names), text))
        return identity

    # ── Stories ─────────────────────────────────────────────────────────────
    def _story(self, number: int) -> Story:
        plan = self.plan
        sort = ("competitor", "segment", "regional", "new", "phrase", "known", "kind")[number % 7]
        length = int(self.random.integers(4, 9))
        first = int(self.random.integers(plan.first_story, plan.weeks - length))
        size = int(self.random.integers(7, 41))
        territory = str(self.random.choice(self.territories))
        region = self.parents[territory]
        node, segment, dim = territory, "", "competitor"
        places = [territory]
        names, extra, kind = [], (), ""
        if sort == "competitor":
            names = [str(self.random.choice(self.competitors))]
        elif sort == "segment":
            names = [str(self.random.choice(self.competitors))]
            segment = str(self.random.choice(self.segments))
        elif sort == "regional":
            names, node = [str(self.random.choice(self.competitors))], region
            places = [one for one in self.territories if self.parents[one] == region]
            size = max(size, 16)
        elif sort == "new":
            names = [f"newcomer-{number}"]
        elif sort == "phrase":
            extra, dim = tuple(self.random.choice(self.words[:300], 2, replace=False)), "phrase"
        elif sort == "known":
            extra, dim = self.topics[int(self.random.integers(60, 300))], "phrase"
        else:
            kind, dim = str(self.random.choice(KINDS)), "kind"
            size = max(size, 25)
        key = names[0] if names else " ".join(extra) if extra else kind
        ramp = np.linspace(1, 3, length)
        weeks = self.random.choice(np.arange(first, first + length), size, p=ramp / ramp.sum())
        notes = []
        for week in sorted(weeks):
            place = str(self.random.choice(places))
            notes.append(
                self._add(
                    int(week), place,
                    segment or self._pick(self.segments, self.segment_shares),
                    kind or self._pick(KINDS, np.array(KIND_SHARES)), names,
                    self._text(int(week), self.local[place]["topic"], extra),
                )
            )  # fmt: skip
        return Story(dim, key, node, segment, first, first + length - 1, tuple(notes), sort)

    # ── Decoys ──────────────────────────────────────────────────────────────
    def _decoys(self) -> dict[str, list[str]]:
        return {
            "loud": [note for _ in range(6) for note in self._loud()],
            "copies": [note for _ in range(6) for note in self._copies()],
        }

    def _loud(self) -> list[str]:
        """One person who writes of one competitor again and again."""
        territory = str(self.random.choice(self.territories))
        author = str(self.random.choice(self.reporters[territory]))
        names = [str(self.random.choice(self.competitors))]
        start = int(self.random.integers(60, 104))
        made = []
        for _ in range(25):
            week = start + int(self.random.integers(0, 6))
            text = self._text(week, self.local[territory]["topic"])
            made.append(
                self._add(week, territory, self.segments[0], "competitor", names, text, author)
            )
        return made

    def _copies(self) -> list[str]:
        """One text that many people send, some of them with another last word."""
        territory = str(self.random.choice(self.territories))
        names = [str(self.random.choice(self.competitors))]
        start = int(self.random.integers(60, 108))
        text = self._chatter(18)
        made = []
        for _ in range(15):
            words = text.split()
            if self.random.random() < 0.5:
                words[-1] = self._pick(self.words, self.word_shares)
            week, said = start + int(self.random.integers(0, 2)), " ".join(words)
            made.append(self._add(week, territory, self.segments[1], "challenge", names, said))
        return made

    def _drifts(self) -> dict[str, np.ndarray]:
        scale = 0.03 if self.plan.drift else 0.0

        def walk(count: int) -> np.ndarray:
            return np.exp(np.cumsum(self.random.normal(0, scale, (self.plan.weeks, count)), axis=0))

        return {"competitor": walk(len(self.competitors)), "kind": walk(len(KINDS)) ** 0.3}

    # ── Drawing ─────────────────────────────────────────────────────────────
    def _local_tastes(self) -> dict[str, np.ndarray]:
        return {
            "competitor": self.random.gamma(2.5, 0.4, len(self.competitors)),
            "kind": self.random.gamma(30, 1 / 30, len(KINDS)),
            "topic": self.random.gamma(3, 1 / 3, len(self.topics)),
        }

    def _index(self, shares: np.ndarray) -> int:
        total = np.cumsum(shares)
        return int(np.searchsorted(total, self.random.random() * total[-1], side="right"))

    def _pick(self, values: list[str] | tuple[str, ...], shares: np.ndarray) -> str:
        return values[min(self._index(shares), len(values) - 1)]

    def _vocabulary(self, count: int) -> list[str]:
        made: dict[str, None] = {}
        while len(made) < count:
            length = int(self.random.integers(2, 5))
            made["".join(self.random.choice(SYLLABLES.split(), length))] = None
        return list(made)

    @staticmethod
    def _zipf(count: int, power: float) -> np.ndarray:
        shares = 1 / (np.arange(count) + 8.0) ** power
        return shares / shares.sum()
