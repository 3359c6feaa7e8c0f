"""The demo organisation itself: what it sells, where, against whom, and who works there."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any

from insights.demo.accounts import Account, make_accounts
from insights.demo.staff import Assignment, Person, make_staff
from insights.demo.tables import read_table


@dataclass(frozen=True, slots=True)
class Territory:
    """A node of the tree; `state` is the US state's code, empty for the company and regions."""

    key: str
    name: str
    parent: str | None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Competitor:
    """A competitor and the names by which the field calls it."""

    key: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A product, ours when it has no competitor."""

    key: str
    name: str
    aliases: tuple[str, ...]
    competitor: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A value of one of the two dimensions, `industry` and `size`."""

    key: str
    name: str
    dimension: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everything but the notes. Keys are unique within their kind; parents come first."""

    name: str
    territories: tuple[Territory, ...]
    segments: tuple[Segment, ...]
    competitors: tuple[Competitor, ...]
    products: tuple[Product, ...]
    accounts: tuple[Account, ...]
    people: tuple[Person, ...]
    assignments: tuple[Assignment, ...]


@lru_cache(maxsize=4)
def organisation(seed: int, today: date) -> Organisation:
    """The organisation of that seed as it stands on the day `today`.

    The seed decides names of accounts and who sits where; dates of assignments count back from
    `today`.
    """
    random = Random(f"organisation {seed}")
    catalogue = read_table("catalogue")
    states = read_table("states")
    people, assignments = make_staff(random, today, states)
    return Organisation(
        name=catalogue["company"],
        territories=_territories(catalogue, states),
        segments=_segments(catalogue),
        competitors=tuple(
            Competitor(one["key"], one["name"], tuple(one["aliases"]))
            for one in catalogue["competitors"]
        ),
        products=_products(catalogue),
        accounts=make_accounts(random, catalogue, states),
        people=people,
        assignments=assignments,
    )


def _territories(catalogue: Any, states: Any) -> tuple[Territory, ...]:
    company = Territory("company", catalogue["company"], None)
    regions = [Territory(key, name, "company") for key, name in catalogue["regions"].items()]
    leaves = [Territory(code, name, region, code) for code, name, region, *_ in states]
    return (company, *regions, *leaves)


def _segments(catalogue: Any) -> tuple[Segment, ...]:
    industries = catalogue["industries"].items()
    return (
        *(Segment(key, entry["name"], "industry") for key, entry in industries),
        *(Segment(key, name, "size") for key, name in catalogue["sizes"].items()),
    )


def _products(catalogue: Any) -> tuple[Product, ...]:
    ours = [
        Product(one["key"], one["name"], tuple(one["aliases"]), None)
        for one in catalogue["products"]
    ]
    theirs = [
        Product(f"{one['key']}-product", one["product"][0], tuple(one["product"][1]), one["key"])
        for one in catalogue["competitors"]
    ]
    return (*ours, *theirs)
