"""Promises, and what is known of an account, through the API."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from insights.models import Audience
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import MERCY, OWNER

Start = Callable[..., Program]


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.owner)


def made(program: Program, **given: Any) -> dict[str, Any]:
    body = {"id": str(uuid4()), "text": "A price list", "account": MERCY, **given}
    answer = program.post("/promises", body)
    assert answer.status_code == 201, answer.data
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_promise_is_made_once_changed_and_settled(owner: Program) -> None:
    promise = made(owner, due="2026-03-01")
    assert promise == {
        "id": promise["id"],
        "text": "A price list",
        "due": "2026-03-01",
        "overdue": True,
        "territory": {"slug": "georgia", "name": "Georgia", "code": "GA"},
        "account": {"id": MERCY, "name": "Mercy Hospital"},
        "note_id": None,
        "maker": {"id": OWNER, "name": "Olivia Owner"},
        "made_at": "2026-03-18T12:00:00.000Z",
        "settled_at": None,
        "kept": None,
    }
    address = f"/promises/{promise['id']}"
    again = owner.post("/promises", {"id": promise["id"], "text": "x", "account": MERCY})
    assert (again.status_code, again.get_json()) == (200, promise)
    changed = owner.patch(address, {"due": None}).get_json()
    assert (changed["due"], changed["overdue"]) == (None, False)
    settled = owner.post(f"{address}/settle", {"kept": True}).get_json()
    assert (settled["kept"], settled["settled_at"]) == (True, "2026-03-18T12:00:00.000Z")
    assert owner.post(f"{address}/settle", {"kept": False}).status_code == 409
    assert owner.items("/promises") == []
    assert owner.items("/promises?settled=true") == [settled]
    assert owner.post(f"{address}/reopen").get_json()["kept"] is None


def test_others_do_not_know_of_it(
    owner: Program, program_of: Start, characters: Characters
) -> None:
    promise = made(owner)
    for actor in (characters.stranger, characters.member):
        program = program_of(actor)
        assert program.items("/promises") == []
        for path in (f"/promises/{promise['id']}", f"/promises/{uuid4()}"):
            assert program.get(path).status_code == 404
        body = {"id": str(uuid4()), "text": "x", "territory": "georgia"}
        assert program.post("/promises", body).status_code == 403


def test_lists_are_narrowed_and_come_in_pages(owner: Program) -> None:
    ids = {made(owner, text=f"{number}")["id"] for number in range(3)}
    first = owner.get("/promises?limit=2&territory=southeast").get_json()
    rest = owner.get(f"/promises?limit=2&cursor={first['next']}").get_json()
    assert {one["id"] for one in first["items"] + rest["items"]} == ids
    assert rest["next"] is None
    assert owner.items("/promises?territory=nevada") == []
    assert owner.items("/promises?account=2") == []
    assert owner.get("/promises?territory=atlantis").status_code == 422


def test_the_brief_of_an_account_holds_what_its_reader_may_see(
    stage: Stage, owner: Program, program_of: Start, characters: Characters
) -> None:
    made(owner)
    stage.post(characters.owner, "Ionfield, quietly", account_id=MERCY, audience=Audience.SEALED)
    brief = owner.get(f"/accounts/{MERCY}/brief").get_json()
    assert brief["account"]["name"] == "Mercy Hospital"
    assert brief["holders"] == [{"id": OWNER, "name": "Olivia Owner"}]
    assert (brief["notes"], len(brief["promises"])) == (1, 1)
    assert [one["competitor"]["slug"] for one in brief["competitors"]] == ["ionfield"]
    hidden = program_of(characters.stranger).get(f"/accounts/{MERCY}/brief").get_json()
    assert (hidden["notes"], hidden["promises"], hidden["competitors"]) == (0, [], [])
    assert owner.get("/accounts/999/brief").status_code == 404
