"""The sixty people of the demo and which territories they held from when to when.

Six reps have left during the year; a successor took over at once or after a gap of some weeks.
The four people of the demo sign-ins are always there: a rep who holds Georgia, the manager of the
Southeast, an analyst of marketing and the admin.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from insights.demo.tables import read_table
from insights.text import slugify

LEFT_DAYS_AGO = (310, 245, 190, 140, 95, 45)
# The first holdings in the table are Georgia's, where nobody leaves: the demo rep is there.
_STEADY_HOLDINGS = 3
_LOUD_HOLDING = "OH"
# Whoever was here before the year of notes began has been here for up to four years.
_LONG_AGO = (420, 1500)


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `role` is rep, analyst, manager or admin. `left` is the first day without them."""

    key: str
    name: str
    email: str
    role: str
    joined: date
    left: date | None = None
    # Posts far more than anybody else, about one competitor above all.
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who held a territory (a state's code, for managers a region) from a day to a day; `until`
    is the first day no longer held."""

    person: str
    territory: str
    since: date
    until: date | None = None


class _Staff:
    """Collects people and assignments while names are handed out."""

    def __init__(self, random: Random, today: date, table: Any) -> None:
        self.random = random
        self.today = today
        self.people: list[Person] = []
        self.assignments: list[Assignment] = []
        self._table = table
        self._names: list[str] = list(table["names"])
        random.shuffle(self._names)

    def days_ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def long_ago(self) -> date:
        return self.days_ago(self.random.randint(*_LONG_AGO))

    def add(
        self,
        role: str,
        *,
        sign_in: str = "",
        joined: date | None = None,
        left: date | None = None,
        loud: bool = False,
    ) -> Person:
        """One more person; `sign_in` is the local part of a demo sign-in's address."""
        name = self._table[sign_in] if sign_in else self._names.pop()
        key = slugify(name)
        email = f"{sign_in or key.replace('-', '.')}@example.com"
        person = Person(key, name, email, role, joined or self.long_ago(), left, loud)
        self.people.append(person)
        return person

    def assign(self, person: Person, territories: list[str], since: date) -> None:
        self.assignments += [
            Assignment(person.key, territory, since, person.left) for territory in territories
        ]


def make_staff(
    random: Random, today: date, states: Any
) -> tuple[tuple[Person, ...], tuple[Assignment, ...]]:
    """All people with their assignments; every territory has a holder today."""
    table = read_table("people")
    staff = _Staff(random, today, table)
    staff.add("admin", sign_in="admin")
    for analyst in ("marketing", "", ""):
        staff.add("analyst", sign_in=analyst)
    for region in sorted({state[2] for state in states}):
        manager = staff.add("manager", sign_in="manager" if region == "southeast" else "")
        staff.assign(manager, [region], manager.joined)
    _add_reps(staff, [holding.split() for holding in table["holdings"]])
    return tuple(staff.people), tuple(staff.assignments)


def _add_reps(staff: _Staff, holdings: list[list[str]]) -> None:
    loud = holdings.index([_LOUD_HOLDING])
    movable = [index for index in range(_STEADY_HOLDINGS, len(holdings)) if index != loud]
    leaving = dict(
        zip(staff.random.sample(movable, len(LEFT_DAYS_AGO)), LEFT_DAYS_AGO, strict=True)
    )
    for index, territories in enumerate(holdings):
        since = None
        if index in leaving:
            leaver = staff.add("rep", left=staff.days_ago(leaving[index]))
            staff.assign(leaver, territories, leaver.joined)
            since = staff.days_ago(leaving[index] - staff.random.choice((0, 0, 7, 14, 21)))
        rep = staff.add(
            "rep", sign_in="rep" if index == 0 else "", joined=since, loud=index == loud
        )
        staff.assign(rep, territories, rep.joined)
