"""Counting voices: how many different people spoke of a subject in a scope, week by week.

One person counts once a week however much they write. Kinds are counted in notes, because on a
holiday half of the people write as many kinds. Exposure is counted in notes everywhere: as long as
a subject is rare among the notes of one person and week, the people who name it are as many as the
notes times its rate, so that growth, holidays and a surge in volume cancel.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from insights.trends.stream import Floats, Ints, SmallInts, Sort, Stream

WEEK = 7 * 86_400


@dataclass(frozen=True)
class Rows:
    """Who spoke of what: each voice once in a scope, subject and week, with how much it counts."""

    scope: SmallInts
    subject: SmallInts
    voice: SmallInts
    weight: SmallInts

    def of(self, rank: Ints) -> "Rows":
        """The rows of the subjects that have a rank, numbered by it."""
        subject = rank[self.subject].astype(np.int32)
        kept = subject >= 0
        return Rows(self.scope[kept], subject[kept], self.voice[kept], self.weight[kept])

    def totals(self, scopes: int, subjects: int) -> Floats:
        """What is counted in each scope (a row) of each subject (a column)."""
        cell = self.scope.astype(np.int64) * subjects + self.subject
        counted = np.bincount(cell, self.weight.astype(float), scopes * subjects)
        return counted.astype(np.float64).reshape(scopes, subjects)

    def at_company(self) -> "Rows":
        """The rows of the company as a whole."""
        top = self.scope == 0
        return Rows(self.scope[top], self.subject[top], self.voice[top], self.weight[top])


def joined(parts: list[Rows]) -> Rows:
    """The rows of several weeks, one after the other."""
    if not parts:
        return Rows(*[np.zeros(0, np.int32)] * 4)
    return Rows(
        np.concatenate([part.scope for part in parts]),
        np.concatenate([part.subject for part in parts]),
        np.concatenate([part.voice for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )


@dataclass
class Ledger:
    """The weekly counts of the subjects of one sort, for weeks that end at `phase` past the week.

    A week is counted when it is first asked for and kept: weeks of the past do not change. Weeks
    are numbered from the epoch; week w holds the notes of [phase + w weeks, phase + w + 1 weeks).
    """

    stream: Stream
    sort: Sort
    phase: int
    _weeks: dict[int, Rows] = field(default_factory=dict)

    def rows(self, first: int, last: int) -> Rows:
        """The rows of weeks [first, last)."""
        return joined(list(self._each(first, last)))

    def exposure(self, first: int, last: int) -> Floats:
        """How many notes each scope has in weeks [first, last)."""
        columns = np.clip([first - self.first_week, last - self.first_week], 0, None)
        whole = self._running
        begin, end = np.minimum(columns, whole.shape[1] - 1)
        value: Floats = whole[:, end] - whole[:, begin]
        return value

    def totals(self, first: int, last: int, rank: Ints, subjects: int) -> Floats:
        """Counts of scopes x ranked subjects in weeks [first, last)."""
        table = np.zeros((self.stream.scopes.count, subjects))
        for rows in self._each(first, last):
            table += rows.of(rank).totals(*table.shape)
        return table

    def company_totals(self, first: int, last: int) -> Floats:
        """What the company counts of every subject in weeks [first, last)."""
        total = np.zeros(len(self.stream.subjects))
        for rows in self._each(first, last):
            top = rows.at_company()
            total += np.bincount(top.subject, top.weight, len(total))
        return total

    def speakers(self, first: int, last: int) -> Ints:
        """How many different people spoke of every subject in weeks [first, last)."""
        top = self.rows(first, last).at_company()
        voices = int(self.stream.voice.max(initial=0)) + 1
        pairs = np.unique(top.subject.astype(np.int64) * voices + top.voice)
        return np.bincount(pairs // voices, minlength=len(self.stream.subjects))

    def cells(self, first: int, last: int, subjects: Ints) -> int:
        """How many cells of these subjects count anything in weeks [first, last)."""
        rank = np.full(len(self.stream.subjects), -1)
        rank[subjects] = np.arange(len(subjects))
        used = np.zeros((self.stream.scopes.count, len(subjects)), np.bool_)
        for rows in self._each(first, last):
            own = rows.of(rank)
            used[own.scope, own.subject] = True
        return int(used.sum())

    @cached_property
    def week_of(self) -> Ints:
        """The week of each observation."""
        return (self.stream.when - self.phase) // WEEK

    @cached_property
    def first_week(self) -> int:
        """The week of the first observation; 0 when there is none."""
        return int(self.week_of.min()) if len(self.week_of) else 0

    @cached_property
    def first_mention(self) -> int:
        """The week in which a subject of this sort was first named; the last week when none was."""
        weeks = self._mentions[1]
        return int(weeks[0]) if len(weeks) else int(self.week_of.max(initial=0))

    def _each(self, first: int, last: int) -> Iterator[Rows]:
        for week in range(max(first, self.first_week), last):
            yield self._week(week)

    @cached_property
    def _running(self) -> Floats:
        """Notes of each scope (a row) before each week (a column)."""
        observation, scope = self.stream.located
        weeks = int(self.week_of.max(initial=0)) - self.first_week + 1
        place = scope * weeks + self.week_of[observation] - self.first_week
        table = np.bincount(place, minlength=self.stream.scopes.count * weeks)
        whole = np.zeros((self.stream.scopes.count, weeks + 1))
        whole[:, 1:] = np.cumsum(table.reshape(-1, weeks), axis=1)
        return whole

    @cached_property
    def _mentions(self) -> tuple[Ints, Ints]:
        """Mentions of this sort in order of their weeks, and those weeks."""
        chosen = self.stream.mentions_of(self.sort)
        weeks = self.week_of[self.stream.mentions[0][chosen]]
        order = np.argsort(weeks, kind="stable")
        return chosen[order], weeks[order]

    def _week(self, week: int) -> Rows:
        if week not in self._weeks:
            mentions, weeks = self._mentions
            begin, end = np.searchsorted(weeks, [week, week + 1])
            self._weeks[week] = self._counted(mentions[begin:end])
        return self._weeks[week]

    def _counted(self, mentions: Ints) -> Rows:
        """Mentions times the scopes of their observations, each voice once."""
        stream = self.stream
        mention, scope = stream.spread(mentions)
        observation, subject = (part[mentions][mention] for part in stream.mentions)
        voices = int(stream.voice.max(initial=0)) + 1
        cells = (scope * len(stream.subjects) + subject) * voices + stream.voice[observation]
        keys, counts = np.unique(cells, return_counts=True)
        cell, voice = np.divmod(keys, voices)
        own_scope, own_subject = np.divmod(cell, max(len(stream.subjects), 1))
        weight = counts if self.sort is Sort.KIND else np.ones_like(counts)
        columns = (own_scope, own_subject, voice, weight)
        return Rows(*(column.astype(np.int32) for column in columns))
