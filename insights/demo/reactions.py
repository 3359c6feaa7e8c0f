"""What colleagues do with a note of the demo: say "seen it too", and comment."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from insights.demo.staff import Person

Sighting = tuple[str, datetime]
Comment = tuple[str, datetime, str]
_SIGHTED, _STORY_SIGHTED = 0.13, 0.5
_COMMENTED, _STORY_COMMENTED = 0.1, 0.3
# Whoever reacts does so within five days, most within one.
_LATEST_MINUTES = 5 * 24 * 60


class Reactions:
    """Draws reactions of people who are there, none later than `until`."""

    def __init__(self, until: datetime, random: Callable[[], float]) -> None:
        self._until = until
        self._random = random

    def sightings(
        self, author: Person, readers: Sequence[Person], at: datetime, *, in_story: bool
    ) -> tuple[Sighting, ...]:
        """Up to three people other than the author, in order of time, each once."""
        if self._random() >= (_STORY_SIGHTED if in_story else _SIGHTED):
            return ()
        return tuple((person.key, seen_at) for person, seen_at in self._people(author, readers, at))

    def comments(
        self,
        author: Person,
        readers: Sequence[Person],
        at: datetime,
        write: Callable[[], str],
        *,
        in_story: bool,
    ) -> tuple[Comment, ...]:
        """Up to three comments in order of time."""
        if self._random() >= (_STORY_COMMENTED if in_story else _COMMENTED):
            return ()
        people = self._people(author, readers, at)
        return tuple((person.key, said_at, write()) for person, said_at in people)

    def _people(
        self, author: Person, readers: Sequence[Person], at: datetime
    ) -> list[tuple[Person, datetime]]:
        random = self._random
        found: dict[str, tuple[Person, datetime]] = {}
        for _ in range(1 + int(random() * random() * 3)):
            person = readers[int(random() * len(readers))]
            delay = int(15 + _LATEST_MINUTES * random() ** 3)
            moment = at + timedelta(minutes=delay, seconds=int(random() * 60))
            is_there = person.left is None or moment.date() < person.left
            if person is not author and is_there and moment <= self._until:
                found[person.key] = (person, moment)
        return sorted(found.values(), key=lambda one: one[1])
