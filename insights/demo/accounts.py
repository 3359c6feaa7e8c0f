"""Accounts of the demo: invented companies, each in one territory and two segments."""

from dataclasses import dataclass
from random import Random
from typing import Any

from insights.demo.tables import in_region, spread

ACCOUNTS = 420
# The planted stories need enough customers to happen to.
_PLANTED = {"GA": {"healthcare": 9}, "southeast": {"trucking": 2}}
SIZES = spread({"small": 55, "mid-market": 32, "enterprise": 13})


@dataclass(frozen=True, slots=True)
class Account:
    """A customer or prospect with its territory (a state's code) and its two segments."""

    key: str
    name: str
    territory: str
    industry: str
    size: str


def make_accounts(random: Random, catalogue: Any, states: Any) -> tuple[Account, ...]:
    """About ACCOUNTS accounts with different names, at least two in each territory."""
    accounts: dict[str, Account] = {}
    people = sum(state[4] for state in states)
    for code, _, region, _, population, _ in states:
        places = [*_planted(code, region)]
        industries = spread(
            {key: in_region(entry, region) for key, entry in catalogue["industries"].items()}
        )
        while len(places) < max(2, round(ACCOUNTS * population / people)):
            places.append(random.choice(industries))
        for industry in places:
            name = _new_name(random, catalogue, industry, accounts)
            key = "-".join(name.lower().replace("&", "and").replace("'", "").split())
            accounts[name] = Account(key, name, code, industry, random.choice(SIZES))
    return tuple(accounts.values())


def _planted(code: str, region: str) -> list[str]:
    wanted = [_PLANTED.get(place, {}) for place in (code, region)]
    return [industry for one in wanted for industry, count in one.items() for _ in range(count)]


def _new_name(random: Random, catalogue: Any, industry: str, taken: dict[str, Account]) -> str:
    firms = catalogue["industries"][industry]["firms"]
    while True:
        name = f"{random.choice(catalogue['account_names'])} {random.choice(firms)}"
        if name not in taken:
            return name
