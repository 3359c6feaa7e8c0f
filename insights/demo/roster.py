"""Who is there on a day: the holders of each territory and the people around them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from insights.demo.organisation import Organisation
from insights.demo.staff import Person

_HOLDER_SHARE = 0.83
_NEIGHBOUR_SHARE = 0.96


class Roster:
    """The staff of one day, from whom authors and readers of notes are drawn."""

    def __init__(self, organisation: Organisation, day: date) -> None:
        people = {person.key: person for person in organisation.people}
        region_of = {one.key: one.parent or "" for one in organisation.territories if one.state}
        self._region_of: Mapping[str, str] = region_of
        self._holders: dict[str, list[Person]] = {}
        reps: dict[str, dict[str, Person]] = {}
        self._office: dict[str, list[Person]] = {}
        analysts = [one for one in people.values() if one.role == "analyst"]
        for held in organisation.assignments:
            if held.since > day or (held.until is not None and held.until <= day):
                continue
            person, region = people[held.person], region_of.get(held.territory)
            if region is None:
                self._office[held.territory] = [person, *analysts]
            else:
                self._holders.setdefault(held.territory, []).append(person)
                reps.setdefault(region, {})[person.key] = person
        self._reps = {region: [*found.values()] for region, found in reps.items()}
        self._present = {
            region: [*found, *self._office[region]] for region, found in self._reps.items()
        }

    def author(self, territory: str, random: Callable[[], float]) -> Person:
        """Mostly a holder of the territory, sometimes a neighbour or somebody from the office."""
        region = self._region_of[territory]
        drawn = random()
        pool = self._holders.get(territory)
        if pool is None or _HOLDER_SHARE < drawn <= _NEIGHBOUR_SHARE:
            pool = self._reps[region]
        elif drawn > _NEIGHBOUR_SHARE:
            pool = self._office[region]
        return pool[int(random() * len(pool))]

    def readers(self, territory: str) -> Sequence[Person]:
        """Everybody who is likely to read a note of that territory."""
        return self._present[self._region_of[territory]]
