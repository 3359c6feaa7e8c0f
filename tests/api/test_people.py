"""People through the API: for admins with a token for it."""

from collections.abc import Callable

import pytest

from tests.api.conftest import Program
from tests.fixtures.world import Characters
from tests.organisation import ADMIN, LEAVER, MEMBER, OWNER

NEWCOMER = {"name": "Nora New", "email": "Nora@Example.com", "role": "rep"}


@pytest.fixture
def admin(program_of: Callable[..., Program], characters: Characters) -> Program:
    return program_of(characters.admin)


def test_nobody_but_admins_sees_e_mail_addresses(
    program_of: Callable[..., Program], characters: Characters
) -> None:
    for actor in characters.everyone:
        status = program_of(actor).get("/people").status_code
        assert status == (200 if actor.id == ADMIN else 403)


def test_a_person_is_added_changed_and_deactivated(admin: Program) -> None:
    added = admin.post("/people", {**NEWCOMER, "password": "a long enough one"})
    assert added.status_code == 201
    person = added.get_json()
    assert (person["email"], person["has_password"]) == ("nora@example.com", True)
    assert "password" not in person
    path = f"/people/{person['id']}"
    assert admin.patch(path, {"role": "analyst"}).get_json()["role"] == "analyst"
    assert admin.post(f"{path}/deactivate", {}).get_json()["active"] is False
    assert admin.post(f"{path}/activate").get_json()["active"] is True
    assert admin.get(path).get_json()["deactivated_at"] is None


def test_an_e_mail_address_belongs_to_one_person(admin: Program) -> None:
    answer = admin.post("/people", {**NEWCOMER, "email": "MEMBER@example.com"})
    assert answer.status_code == 422
    assert "Max Member" in answer.get_json()["errors"]["email"][0]


def test_the_last_admin_stays(admin: Program) -> None:
    assert admin.post(f"/people/{ADMIN}/deactivate", {}).status_code == 422
    assert admin.patch(f"/people/{ADMIN}", {"role": "rep"}).status_code == 422


def test_somebody_who_holds_territories_needs_successors(admin: Program) -> None:
    path = f"/people/{MEMBER}/deactivate"
    refused = admin.post(path, {})
    assert refused.status_code == 422
    assert "holds Florida" in refused.get_json()["errors"]["successors"][0]
    given = {"successors": [{"territory": "florida", "person": OWNER}]}
    assert admin.post(path, given).get_json()["active"] is False
    [handover] = admin.items("/handovers")
    assert (handover["state"], handover["to"]["id"]) == ("done", OWNER)


def test_somebody_who_has_left_is_pseudonymised(admin: Program) -> None:
    path = f"/people/{LEAVER}/pseudonymise"
    assert admin.post(path, {"name": "Leo"}).status_code == 422
    person = admin.post(path, {"name": "Leo Leaver"}).get_json()
    assert person["name"] == f"Former colleague {LEAVER}"
    assert person["pseudonymised_at"] is not None
    assert admin.post(f"/people/{MEMBER}/pseudonymise", {"name": "Max Member"}).status_code == 409


def test_all_that_is_wrong_with_a_person_is_said_at_once(admin: Program) -> None:
    answer = admin.post("/people", {"name": " ", "email": "x", "role": "rep", "password": "1"})
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {"name", "email", "password"}


def test_people_are_searched_and_paged(admin: Program) -> None:
    assert [one["id"] for one in admin.items("/people?q=MAX")] == [MEMBER]
    assert len(admin.items("/people?role=rep&active=true")) == 3
    assert [one["name"] for one in admin.items("/people?active=false")] == ["Leo Leaver"]
    first = admin.get("/people?limit=4").get_json()
    rest = admin.get(f"/people?limit=4&cursor={first['next']}").get_json()
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 7
    assert rest["next"] is None
