"""The demo organisation: complete, consistent, and the same for the same seed."""

from collections import Counter
from datetime import date, timedelta

import pytest

from insights.demo.organisation import Organisation, organisation
from insights.demo.staff import Assignment
from insights.text import fold

TODAY = date(2026, 3, 18)


def holders(company: Organisation, territory: str, day: date) -> set[str]:
    return {
        one.person for one in company.assignments if one.territory == territory and on(one, day)
    }


def on(one: Assignment, day: date) -> bool:
    return one.since <= day and (one.until is None or one.until > day)


def test_the_same_seed_gives_the_same_organisation() -> None:
    organisation.cache_clear()
    first = organisation(7, TODAY)
    organisation.cache_clear()
    assert organisation(7, TODAY) == first
    assert organisation(8, TODAY) != first


def test_fifty_one_territories_lie_in_four_regions_of_one_company(company: Organisation) -> None:
    parents = Counter(one.parent for one in company.territories if one.state)
    assert sum(parents.values()) == 51
    assert set(parents) == {"northeast", "southeast", "midwest", "west"}
    regions = [one for one in company.territories if one.key in parents]
    assert {one.parent for one in regions} == {"company"}


@pytest.mark.parametrize("code", ["GA", "FL", "AL", "NC", "SC", "TN"])
def test_the_southeast_holds_its_states(company: Organisation, code: str) -> None:
    assert {one.key: one.parent for one in company.territories}[code] == "southeast"


def test_sixty_people_of_all_roles(company: Organisation) -> None:
    assert len({one.key for one in company.people}) == 60
    assert len({one.email for one in company.people}) == 60
    assert all(one.email.endswith("@example.com") for one in company.people)
    roles = Counter(one.role for one in company.people)
    assert (roles["admin"], roles["manager"], roles["analyst"]) == (1, 4, 3)


def test_the_demo_rep_holds_georgia_and_the_demo_manager_the_southeast(
    company: Organisation,
) -> None:
    keys = {one.email: one.key for one in company.people}
    assert keys["rep@example.com"] in holders(company, "GA", TODAY)
    assert holders(company, "southeast", TODAY) == {keys["manager@example.com"]}


def test_every_territory_has_a_holder_today(company: Organisation) -> None:
    assert all(holders(company, one.key, TODAY) for one in company.territories if one.parent)


def test_those_who_left_have_successors(company: Organisation) -> None:
    left = [one for one in company.people if one.left]
    assert len(left) >= 5
    for person in left:
        held = [one for one in company.assignments if one.person == person.key]
        assert held
        assert all(one.until == person.left for one in held)
        assert all(holders(company, one.territory, TODAY) - {person.key} for one in held)


def test_nobody_is_assigned_before_joining_or_for_no_time(company: Organisation) -> None:
    joined = {one.key: one.joined for one in company.people}
    assert all(one.since >= joined[one.person] for one in company.assignments)
    assert all(one.until is None or one.until > one.since for one in company.assignments)
    assert all(one.since <= TODAY + timedelta(days=0) for one in company.assignments)


def test_no_two_things_of_one_kind_share_a_name_or_alias(company: Organisation) -> None:
    for items in (company.competitors, company.products):
        names = [fold(name) for one in items for name in (one.name, *one.aliases)]
        assert len(names) == len(set(names))
    assert len(company.competitors) == 12


def test_accounts_belong_to_known_territories_and_segments(company: Organisation) -> None:
    assert len(company.accounts) >= 300
    assert len({one.key for one in company.accounts}) == len(company.accounts)
    segments = {one.key for one in company.segments}
    assert all({one.industry, one.size} <= segments for one in company.accounts)
    assert {one.territory for one in company.accounts} == {
        one.key for one in company.territories if one.state
    }
