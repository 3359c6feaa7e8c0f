"""Dated real events as a yardstick: which of them the shown trends tell, when and how strongly."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.trends.files import COMPANY, Source, opened, seconds
from insights.text import fold
from insights.trends.duplicates import DAY
from insights.trends.life import Life, Showing, lives
from insights.trends.parameters import Parameters
from insights.trends.phrases import singular
from insights.trends.stories import Candidate
from insights.trends.stream import NOWHERE, Sort

ANYWHERE = ""
# So long after its window an event may still be told without being a false alarm.
_ECHO = 28 * DAY


@dataclass(frozen=True)
class Event:
    """Something that happened: its trend should be on in [first, last) (seconds).

    `node` is the smallest place at which it may be told, those above it are right too; ANYWHERE if
    every place is. `keys` are folded, and those of phrases without the endings of plurals.
    """

    name: str
    first: int
    last: int
    node: str
    dim: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Sighting:
    """A trend at a moment (seconds), and its rank among those at the same place."""

    asof: int
    trend: Candidate
    rank: int


@dataclass(frozen=True)
class Finding:
    """What became of an event: its strongest sighting in the window and the first moment."""

    event: Event
    found: str
    first: int | None
    best: Sighting | None


@dataclass(frozen=True)
class Opening:
    """A trend from its opening to its last showing, at its strongest."""

    opened: int
    last: int
    strongest: Sighting


def read_events(path: Path) -> list[Event]:
    """The lines of events.csv: name, from, to (its last day), node, dim, keys joined by `;`."""
    with opened(path) as file:
        return [
            Event(
                line["name"], seconds(line["from"]), seconds(line["to"]) + DAY, line["node"],
                line["dim"], tuple(_key(line["dim"], one) for one in line["keys"].split(";")),
            )
            for line in csv.DictReader(file)
        ]  # fmt: skip


def _key(dim: str, text: str) -> str:
    words = fold(text).split()
    return " ".join(map(singular, words) if dim == Sort.PHRASE else words)


def ranked(source: Source, asof: int, told: Iterable[Candidate]) -> list[Sighting]:
    """The trends of a moment, given strongest first, with their ranks."""
    at: Counter[int] = Counter()
    sightings = []
    for trend in told:
        place = int(source.stream.scopes.places[trend.scope])
        at[place] += 1
        sightings.append(Sighting(asof, trend, at[place]))
    return sightings


@dataclass(frozen=True)
class Yardstick:
    """Judges what was seen from `begin` on every `step` seconds, the first `top` of each place."""

    source: Source
    parameters: Parameters
    begin: int
    step: int
    top: int

    def finding(self, event: Event, sightings: Sequence[Sighting]) -> Finding:
        """Whether an event was shown, only watched, shown later, or not at all, or came too early.

        The first moment after the window still belongs to it, because it alone sees all of it.
        """
        hits = [one for one in sightings if one.rank <= self.top and self.tells(event, one.trend)]
        inside = [one for one in hits if event.first < one.asof < event.last + self.step]
        shown = [one for one in inside if one.trend.score >= self.parameters.shown]
        later = [
            one
            for one in hits
            if event.first < one.asof < event.last + _ECHO
            and one.trend.score >= self.parameters.shown
        ]
        for found, chosen in (("shown", shown), ("later", later), ("watched", inside)):
            if chosen:
                best = max(chosen, key=lambda one: one.trend.score)
                return Finding(event, found, min(one.asof for one in chosen), best)
        early = event.last + self.step <= self.begin
        return Finding(event, "too early" if early else "no", None, None)

    def tells(self, event: Event, trend: Candidate) -> bool:
        """Whether a trend is about an event, whenever it is on.

        A phrase may say more than the key; any other subject is the key itself.
        """
        subject = self.source.stream.subjects[trend.subject]
        said = fold(subject.key)
        if subject.sort is Sort.PHRASE:
            named = any(f" {key} " in f" {said} " for key in event.keys)
        else:
            named = said in event.keys
        return named and subject.sort == event.dim and self._fits(event, trend)

    def _fits(self, event: Event, trend: Candidate) -> bool:
        """Whether the place of a trend is that of the event or above."""
        if event.node == ANYWHERE:
            return True
        stream = self.source.stream
        above = stream.tree.lineages[self.source.places.index(event.node)]
        return int(stream.scopes.places[trend.scope]) in above[above != NOWHERE]

    def openings(self, sightings: Iterable[Sighting]) -> list[Opening]:
        """The trends that were shown, each once, strongest first."""
        shown = [one for one in sightings if one.trend.score >= self.parameters.shown]
        showings = [
            Showing(one.asof, one.trend.subject, one.trend.scope, one.trend.score, one.trend.notes)
            for one in shown
        ]
        found = [_opening(life, shown) for life in lives(self.parameters, showings)]
        return sorted(found, key=lambda one: (-one.strongest.trend.score, one.opened))

    def outside(self, opening: Opening, events: Iterable[Event]) -> bool:
        """Whether an opening tells none of the events in their time."""
        return not any(
            self.tells(event, opening.strongest.trend)
            and opening.opened < event.last + _ECHO
            and opening.last > event.first
            for event in events
        )


def _opening(life: Life, shown: Iterable[Sighting]) -> Opening:
    strongest = next(
        one
        for one in shown
        if one.trend.subject == life.last.subject
        and life.opened <= one.asof <= life.last.asof
        and one.trend.score == life.peak
    )
    return Opening(life.opened, life.last.asof, strongest)


def place_of(source: Source, trend: Candidate) -> str:
    """The name of a trend's place, with its segment."""
    scopes = source.stream.scopes
    name = source.places[scopes.places[trend.scope]]
    segment = int(scopes.segment[trend.scope])
    whole = "company" if name == COMPANY else name
    return whole if segment == NOWHERE else f"{whole}, {source.segments[segment]}"
