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

from insights.trends.exposure import Exposure
from insights.trends.past import Past
from insights.trends.pieces import counted, distinct
from insights.trends.stream import (
    NOWHERE,
    Flags,
    Floats,
    Ints,
    SmallInts,
    Sort,
    Stream,
)


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

    def among(self, numbers: SmallInts) -> "Rows":
        """The rows of cells (scopes x subjects) that have a number, as subjects of one scope."""
        cell = numbers[self.scope, self.subject]
        kept = cell >= 0
        return Rows(np.zeros_like(cell[kept]), cell[kept], self.voice[kept], self.weight[kept])

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
    """The weekly counts of the subjects of one sort.

    Nothing of a whole table is kept: what is asked for is counted from the mentions, in order of
    their weeks, or taken from the `past` of a ledger that has none of earlier weeks.
    """

    notes: Exposure
    sort: Sort
    past: Past | None = None
    _company: dict[tuple[int, int], Floats] = field(default_factory=dict)

    @property
    def stream(self) -> Stream:
        """What was said."""
        return self.notes.stream

    @property
    def phase(self) -> int:
        """Where in seconds the weeks begin."""
        return self.notes.phase

    def only(self, subjects: Ints) -> "Ledger":
        """The same ledger as far as these subjects are concerned."""
        chosen = np.zeros(len(self.stream.subjects), np.bool_)
        chosen[subjects] = True
        observation, subject = self._mentions
        kept = chosen[subject]
        part = Ledger(self.notes, self.sort, self.past)
        vars(part).update(_mentions=(observation[kept], subject[kept]))
        return part

    def rows(self, first: int, last: int) -> Rows:
        """The rows of weeks [first, last)."""
        return joined([self._spread(*said) for said in self._each(first, last)])

    def sources(self, first: int, last: int) -> Rows:
        """The same with notes in place of voices: a note and those who have seen it are one."""
        said = self._each(first, last)
        return joined([self._spread(*one, speaker=self.stream.sources) for one in said])

    def bursts(self, first: int, last: int) -> float:
        """By how much voices scatter more because those who have seen a note come with it.

        A count of bursts of n voices each varies E[n^2] / E[n] times as much as its mean; at least
        1, which it is where nobody has seen any note of weeks [first, last) too.
        """
        begin, end = self._slice(first, last)
        observation, subject = (column[begin:end] for column in self._mentions)
        key = subject * np.int64(len(self.stream.when)) + self.stream.sources[observation]
        voices = counted(key)[1]
        return float((voices**2).sum() / voices.sum()) if len(voices) else 1.0

    def exposure(self, first: int, last: int) -> Floats:
        """How many notes each scope has in weeks [first, last)."""
        return self.notes.between(first, last)

    def totals(self, first: int, last: int, rank: Ints, subjects: int) -> Floats:
        """Counts of scopes x ranked subjects in weeks [first, last).

        Nearly all people speak of a subject once a week: they count once in the lowest scopes of
        their note, and those add up. Only of the others the scopes have to be looked at singly.
        """
        scopes = self.stream.scopes
        if self.past is not None and (first, last) == self.past.baseline:
            return self.past.totals(rank, subjects, scopes.count)
        lowest, others = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for observation, subject in self._each(first, last):
            kept = rank[subject] >= 0
            own, column = observation[kept], rank[subject[kept]]
            once = self._once(own, column)
            number, scope = self.stream.lowest(own[once])
            lowest.append(scope * subjects + column[once][number])
            others.append(self._cells(own[~once], column[~once], subjects))
        shape = scopes.count, subjects
        table = np.bincount(np.concatenate(lowest), minlength=scopes.count * subjects)
        added = scopes.add_up(table.reshape(shape).astype(np.float64))
        counted = np.bincount(np.concatenate(others), minlength=scopes.count * subjects)
        value: Floats = added + counted.reshape(shape)
        return value

    def company_totals(self, first: int, last: int) -> Floats:
        """What the company counts of every subject in weeks [first, last)."""
        if self.past is not None and (first, last) in self.past.periods:
            return self.past.company_totals((first, last))
        if (first, last) not in self._company:
            total = np.zeros(len(self.stream.subjects))
            for observation, subject in self._each(first, last):
                total += np.bincount(self._spoken(observation, subject), minlength=len(total))
            self._company[first, last] = total
        return self._company[first, last]

    def named_by(self, first: int, last: int, least: int) -> Flags:
        """Which subjects at least so many different people spoke of in weeks [first, last)."""
        begin, end = self._slice(first, last)
        observation, subject = (column[begin:end] for column in self._mentions)
        voice = self.stream.voice[observation]
        return used_by(subject, voice, len(self.stream.subjects), least)

    def by_subject(self, first: int, last: int) -> tuple[Ints, Ints]:
        """Observations and subjects of the mentions in weeks [first, last), by subject."""
        begin, end = self._slice(first, last)
        observation, subject = (column[begin:end] for column in self._mentions)
        order = np.argsort(subject)
        return observation[order], subject[order]

    def cells(self, first: int, last: int, subjects: Ints) -> int:
        """How many cells of these subjects count anything in weeks [first, last)."""
        chosen = np.zeros(len(self.stream.subjects), np.bool_)
        chosen[subjects] = True
        width = np.int64(len(chosen))
        used = [np.zeros(0, np.int64)]
        for observation, subject in self._each(first, last):
            kept = chosen[subject]
            number, scope = self.stream.lowest(observation[kept])
            used.append(distinct(scope * width + subject[kept][number]))
        return self._with_those_above(distinct(np.concatenate(used)), int(width))

    @property
    def week_of(self) -> Ints:
        """The week of each observation."""
        return self.notes.week_of

    @property
    def first_week(self) -> int:
        """The week of the first observation; 0 when there is none."""
        return self.notes.first_week

    @cached_property
    def first_mention(self) -> int:
        """The week in which a subject of this sort was first named; the last week when none was."""
        observations = self._mentions[0]
        of = self.week_of[observations[:1]] if len(observations) else self.week_of
        return int(of.max(initial=0))

    def _each(self, first: int, last: int) -> Iterator[tuple[Ints, Ints]]:
        """Week by week the observations and subjects of its mentions."""
        observation, subject = self._mentions
        for week in range(max(first, self.first_week), last):
            begin, end = self._slice(week, week + 1)
            if end > begin:
                yield observation[begin:end], subject[begin:end]

    def _slice(self, first: int, last: int) -> tuple[int, int]:
        """Where the mentions of weeks [first, last) stand."""
        columns = np.clip([first - self.first_week, last - self.first_week], 0, None)
        begin, end = self._starts[np.minimum(columns, len(self._starts) - 1)]
        return int(begin), int(end)

    @cached_property
    def _voices(self) -> int:
        return int(self.stream.voice.max(initial=0)) + 1

    @cached_property
    def _mentions(self) -> tuple[Ints, Ints]:
        """Observations and subjects of the mentions of this sort, in order of their weeks."""
        chosen = self.stream.mentions_of(self.sort)
        observation, subject = (column[chosen] for column in self.stream.mentions)
        weeks = self.week_of[observation]
        if (weeks[1:] >= weeks[:-1]).all():
            return observation, subject
        order = np.argsort(weeks, kind="stable")
        return observation[order], subject[order]

    @cached_property
    def _starts(self) -> Ints:
        """Where the mentions of each week begin, from the first week on, with the end at last."""
        weeks = self.week_of[self._mentions[0]]
        every = np.arange(self.first_week, self.notes.last_week + 2)
        return np.searchsorted(weeks, every)

    def _once(self, observation: Ints, subject: Ints) -> Flags:
        """Which mentions of a week are the only ones of their voice and subject; kinds all are."""
        if self.sort is Sort.KIND:
            return np.ones(len(observation), np.bool_)
        key = subject * np.int64(self._voices) + self.stream.voice[observation]
        order = np.argsort(key)
        key = key[order]
        same = np.r_[False, key[1:] == key[:-1], False]
        once = np.empty(len(key), np.bool_)
        once[order] = ~(same[1:] | same[:-1])
        return once

    def _cells(self, observation: Ints, subject: Ints, subjects: int) -> Ints:
        """Cells (scope times `subjects` plus subject) of mentions of a week, each voice once."""
        number, scope = self.stream.spread(observation)
        cell = scope * subjects + subject[number]
        spoken = distinct(cell * self._voices + self.stream.voice[observation][number])
        cells: Ints = spoken // self._voices
        return cells

    def _spread(self, observation: Ints, subject: Ints, speaker: Ints | None = None) -> Rows:
        """Mentions of a week times the scopes of their observations, each voice once.

        `speaker` is whose voice each observation has, if it is not its own.
        """
        number, scope = self.stream.spread(observation)
        voice = (self.stream.voice if speaker is None else speaker)[observation]
        voices = self._voices if speaker is None else len(speaker)
        width = len(self.stream.subjects)
        key = (scope * width + subject[number]) * voices + voice[number]
        keys, counts = counted(key)
        cell, own_voice = np.divmod(keys, voices)
        own_scope, own_subject = np.divmod(cell, max(width, 1))
        weight = counts if self.sort is Sort.KIND else np.ones_like(counts)
        columns = (own_scope, own_subject, own_voice, weight)
        return Rows(*(column.astype(np.int32) for column in columns))

    def _spoken(self, observation: Ints, subject: Ints) -> Ints:
        """The subjects of mentions of a week, once for each voice; of kinds once for each note."""
        if self.sort is Sort.KIND:
            return subject
        key = subject * np.int64(self._voices) + self.stream.voice[observation]
        subjects: Ints = distinct(key) // self._voices
        return subjects

    def _with_those_above(self, cells: Ints, width: int) -> int:
        """How many cells there are with all those above them (`cells` are scope times width)."""
        scopes = self.stream.scopes
        depth = scopes.tree.depths[scopes.places][cells // width]
        count, above = 0, np.zeros(0, np.int64)
        for level in range(int(scopes.tree.depths.max()), -1, -1):
            own = distinct(np.concatenate([above, cells[depth == level]]))
            count += len(own)
            above = scopes.above[own // width] * width + own % width
        return count


def used_by(subject: Ints | SmallInts, voice: Ints, count: int, least: int) -> Flags:
    """Which of `count` subjects at least so many different voices name.

    Without sorting: in each round the first voice of every subject is taken away.
    """
    for _ in range(least - 1):
        first = np.full(count, NOWHERE, np.int64)
        first[subject[::-1]] = voice[::-1]
        others = first[subject] != voice
        subject, voice = subject[others], voice[others]
    used = np.zeros(count, np.bool_)
    used[subject] = True
    return used
