"""What the scan looks at: who said what, where and when, as arrays."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
SmallInts = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NOWHERE = -1


class Sort(StrEnum):
    """What sort of subject a trend can have."""

    COMPETITOR = "competitor"
    PRODUCT = "product"
    KIND = "kind"
    PHRASE = "phrase"


@dataclass(frozen=True)
class Tree:
    """The places, numbered; `parents[i]` is the number of the place above, NOWHERE for the company.

    A parent has a lower number than its children, and the company is number 0.
    """

    parents: Ints

    @cached_property
    def depths(self) -> Ints:
        """How far below the company each place is."""
        depths = np.zeros(len(self.parents), np.int64)
        for place, parent in enumerate(self.parents):
            if parent != NOWHERE:
                depths[place] = depths[parent] + 1
        return depths

    @cached_property
    def lineages(self) -> Ints:
        """For each place (a row) itself and all places above it, filled up with NOWHERE."""
        lineages = np.full((len(self.parents), int(self.depths.max()) + 1), NOWHERE, np.int64)
        for place in range(len(self.parents)):
            current = place
            for column in range(int(self.depths[place]) + 1):
                lineages[place, column] = current
                current = int(self.parents[current])
        return lineages

    @cached_property
    def has_children(self) -> Flags:
        """Which places have places below them."""
        flags = np.zeros(len(self.parents), np.bool_)
        flags[self.parents[self.parents != NOWHERE]] = True
        return flags


@dataclass(frozen=True)
class Scopes:
    """Where a trend can be: a place, or a place with children in one segment.

    Scope i is place i as long as i is a place; then follow the pairs, by place and segment.
    """

    tree: Tree
    segments: int

    @cached_property
    def paired(self) -> Ints:
        """The places that are looked at by segment, in order."""
        return np.flatnonzero(self.tree.has_children | (self.tree.depths == 0))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.tree.parents) + len(self.paired) * self.segments

    @cached_property
    def places(self) -> Ints:
        """The place of each scope."""
        own = np.arange(len(self.tree.parents))
        return np.concatenate([own, np.repeat(self.paired, self.segments)])

    @cached_property
    def segment(self) -> Ints:
        """The segment of each scope, NOWHERE for a place as a whole."""
        whole = np.full(len(self.tree.parents), NOWHERE)
        return np.concatenate([whole, np.tile(np.arange(self.segments), len(self.paired))])

    def pair(self, places: Ints, segments: Ints) -> Ints:
        """The scopes of places in segments; NOWHERE for places that are not looked at so."""
        found = self._pair_ranks[places]
        scopes = len(self.tree.parents) + found * self.segments + segments
        return np.where((found == NOWHERE) | (places == NOWHERE), NOWHERE, scopes)

    @cached_property
    def above(self) -> Ints:
        """The scope above each scope (the same segment in the place above); NOWHERE at the top."""
        parents = self.tree.parents[self.places]
        whole = self.segment == NOWHERE
        return np.where(whole, parents, self.pair(parents, self.segment))

    @cached_property
    def levels(self) -> tuple[Ints, ...]:
        """The scopes by the depth of their places, the deepest first."""
        depths = self.tree.depths[self.places]
        return tuple(np.flatnonzero(depths == one) for one in range(int(depths.max()), -1, -1))

    @cached_property
    def lowest_paired(self) -> Ints:
        """For each place the lowest one that is looked at by segment: itself or one above it."""
        lowest = np.arange(len(self.tree.parents))
        for place in lowest:
            if self._pair_ranks[place] == NOWHERE:
                lowest[place] = lowest[self.tree.parents[place]]
        return lowest

    def add_up(self, table: Floats) -> Floats:
        """A table of scopes (rows) in which each scope holds what is counted below it, too."""
        for level in self.levels[:-1]:
            for scope in level:
                table[self.above[scope]] += table[scope]
        return table

    @cached_property
    def _pair_ranks(self) -> Ints:
        """The rank of each place among the paired ones; NOWHERE for the others and for NOWHERE."""
        ranks = np.full(len(self.tree.parents) + 1, NOWHERE)
        ranks[self.paired] = np.arange(len(self.paired))
        return ranks


@dataclass(frozen=True)
class Subject:
    """What a trend is about."""

    sort: Sort
    key: str


@dataclass(frozen=True)
class Stream:
    """Observations: notes and sightings, in any order.

    `when` are seconds of capture; `voice` numbers who speaks (the writer of the first text, for a
    copy); `place` the owning territory. `tagged` and `mentions` are pairs of columns: observation
    and segment, observation and subject. `note` numbers the note that proves it, which for a
    sighting is the note that was seen.
    """

    tree: Tree
    subjects: tuple[Subject, ...]
    segments: int
    when: Ints
    voice: Ints
    place: Ints
    note: Ints
    tagged: tuple[Ints, Ints]
    mentions: tuple[Ints, Ints]

    def before(self, asof: int) -> "Stream":
        """What was said before a moment (seconds), under the same numbers of subjects."""
        kept = self.when < asof
        number = np.cumsum(kept) - 1

        def columns(pairs: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
            chosen = kept[pairs[0]]
            return number[pairs[0][chosen]], pairs[1][chosen]

        return replace(
            self,
            when=self.when[kept],
            voice=self.voice[kept],
            place=self.place[kept],
            note=self.note[kept],
            tagged=columns(self.tagged),
            mentions=columns(self.mentions),
        )

    @cached_property
    def scopes(self) -> Scopes:
        """Where a trend of this stream can be."""
        return Scopes(self.tree, self.segments)

    @cached_property
    def sources(self) -> Ints:
        """The note that each observation is of, numbered without gaps."""
        return np.unique(self.note, return_inverse=True)[1]

    def mentions_of(self, sort: Sort) -> Ints:
        """The numbers of the mentions of subjects of this sort."""
        of_sort = np.array([subject.sort is sort for subject in self.subjects], np.bool_)
        return np.flatnonzero(of_sort[self.mentions[1]])

    def lowest(self, observations: Ints) -> tuple[Ints, Ints]:
        """The lowest scopes of observations: their places, and segments in a place above.

        Gives pairs: an observation's place in `observations`, and a scope. All other scopes of an
        observation are above these.
        """
        places = self.place[observations]
        number, segment = self._tags_of(observations)
        scopes = self.scopes.pair(self.scopes.lowest_paired[places[number]], segment)
        whole = np.arange(len(observations))
        return np.concatenate([whole, number]), np.concatenate([places, scopes])

    def spread(self, observations: Ints) -> tuple[Ints, Ints]:
        """The same with all scopes of the observations."""
        number, scope = self.lowest(observations)
        numbers, scopes = [number], [scope]
        while len(scope):
            above = self.scopes.above[scope]
            number, scope = number[above != NOWHERE], above[above != NOWHERE]
            numbers.append(number)
            scopes.append(scope)
        return np.concatenate(numbers), np.concatenate(scopes)

    def observations_of(self, subject: int) -> Ints:
        """The observations that mention a subject."""
        observation, subjects = self._by_subject
        begin, end = np.searchsorted(subjects, [subject, subject + 1])
        return observation[begin:end]

    def within(self, observations: Ints, scope: int) -> Ints:
        """Those of the observations that belong to a scope."""
        place, segment = self.scopes.places[scope], self.scopes.segment[scope]
        below: Flags = (self.tree.lineages == place).any(axis=1)
        inside = below[self.place[observations]]
        if segment != NOWHERE:
            number, segments = self._tags_of(observations)
            tagged = np.zeros(len(observations), np.bool_)
            tagged[number[segments == segment]] = True
            inside &= tagged
        found: Ints = observations[inside]
        return found

    def segments_of(self, observations: Ints) -> Ints:
        """The segments of these observations, one after the other."""
        return self._tags_of(observations)[1]

    @cached_property
    def _by_subject(self) -> tuple[Ints, Ints]:
        observation, subject = self.mentions
        order = np.argsort(subject, kind="stable")
        return observation[order], subject[order]

    @cached_property
    def _tags(self) -> tuple[Ints, Ints]:
        """Where the segments of each observation begin, with the end at last; and the segments."""
        observation, segment = self.tagged
        order = np.argsort(observation, kind="stable")
        starts = np.searchsorted(observation[order], np.arange(len(self.when) + 1))
        return starts, segment[order]

    def _tags_of(self, observations: Ints) -> tuple[Ints, Ints]:
        """Pairs of an observation's place in `observations` and a segment of it."""
        starts, segments = self._tags
        begin, length = starts[observations], starts[observations + 1] - starts[observations]
        number = np.repeat(np.arange(len(observations)), length)
        offset = np.arange(len(number)) - np.repeat(np.cumsum(length) - length, length)
        return number, segments[np.repeat(begin, length) + offset]
