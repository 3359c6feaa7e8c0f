"""What the scan looks at: who said what, where and when, as arrays."""

from dataclasses import dataclass
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
        rank = np.full(len(self.tree.parents) + 1, NOWHERE)
        rank[self.paired] = np.arange(len(self.paired))
        found = rank[places]
        scopes = len(self.tree.parents) + found * self.segments + segments
        return np.where((found == NOWHERE) | (places == NOWHERE), NOWHERE, scopes)


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

    @cached_property
    def scopes(self) -> Scopes:
        """Where a trend of this stream can be."""
        return Scopes(self.tree, self.segments)

    def mentions_of(self, sort: Sort) -> Ints:
        """The numbers of the mentions of subjects of this sort."""
        of_sort = np.array([subject.sort is sort for subject in self.subjects], np.bool_)
        return np.flatnonzero(of_sort[self.mentions[1]])

    def spread(self, mentions: Ints) -> tuple[Ints, Ints]:
        """Mentions times the scopes of their observations.

        Gives pairs: the mention's place in `mentions`, and a scope.
        """
        scopes, starts = self.located[1], self._starts
        observation = self.mentions[0][mentions]
        begin, length = starts[observation], starts[observation + 1] - starts[observation]
        place = np.repeat(np.arange(len(mentions)), length)
        offset = np.arange(len(place)) - np.repeat(np.cumsum(length) - length, length)
        return place, scopes[np.repeat(begin, length) + offset]

    def observations_of(self, subject: int) -> Ints:
        """The observations that mention a subject."""
        observation, subjects = self._by_subject
        begin, end = np.searchsorted(subjects, [subject, subject + 1])
        return observation[begin:end]

    def within(self, observations: Ints, scope: int) -> Ints:
        """Those of the observations that belong to a scope."""
        place, segment = self.scopes.places[scope], self.scopes.segment[scope]
        inside: Flags = (self.tree.lineages[self.place[observations]] == place).any(axis=1)
        if segment != NOWHERE:
            tagged = self.tagged[0][self.tagged[1] == segment]
            inside &= np.isin(observations, tagged)
        found: Ints = observations[inside]
        return found

    @cached_property
    def _by_subject(self) -> tuple[Ints, Ints]:
        observation, subject = self.mentions
        order = np.argsort(subject, kind="stable")
        return observation[order], subject[order]

    @cached_property
    def _starts(self) -> Ints:
        """Where in `located` each observation begins, with the end at last."""
        return np.searchsorted(self.located[0], np.arange(len(self.when) + 1))

    @cached_property
    def located(self) -> tuple[Ints, Ints]:
        """Pairs of an observation and a scope that it belongs to, in order of observations."""
        lineages = self.tree.lineages[self.place]
        whole = np.repeat(np.arange(len(self.when)), lineages.shape[1]), lineages.ravel()
        observation, segment = self.tagged
        above = self.tree.lineages[self.place[observation]]
        repeated = np.repeat(observation, above.shape[1])
        paired = self.scopes.pair(above.ravel(), np.repeat(segment, above.shape[1]))
        observations = np.concatenate([whole[0], repeated])
        scopes = np.concatenate([whole[1], paired])
        kept = scopes != NOWHERE
        pairs = np.unique(observations[kept] * self.scopes.count + scopes[kept])
        return pairs // self.scopes.count, pairs % self.scopes.count
