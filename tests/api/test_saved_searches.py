"""Saved searches through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Program
from tests.fixtures.world import Characters
from tests.organisation import OWNER

Start = Callable[..., Program]
QUERY = "ionfield pricing territory:georgia since:90d"


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.owner)


@pytest.fixture
def member(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.member)


def saved(program: Program, name: str = "Prices", **given: Any) -> dict[str, Any]:
    answer = program.post("/searches", {"name": name, "query": QUERY, **given})
    assert answer.status_code == 201, answer.data
    body: dict[str, Any] = answer.get_json()
    return body


def address(search: dict[str, Any]) -> str:
    return f"/searches/{search['id']}"


def names(program: Program, path: str = "/searches") -> list[str]:
    return [one["name"] for one in program.items(path)]


def test_a_search_is_saved_changed_and_removed(owner: Program) -> None:
    search = saved(owner)
    assert search == {
        "id": search["id"],
        "name": "Prices",
        "query": QUERY,
        "sort": "relevance",
        "shared": False,
        "owner": {"id": OWNER, "name": "Olivia Owner"},
        "mine": True,
        "created_at": "2026-03-18T12:00:00.000Z",
        "updated_at": "2026-03-18T12:00:00.000Z",
    }
    assert owner.get(address(search)).get_json() == search
    changed = owner.patch(address(search), {"sort": "newest", "shared": True})
    assert changed.get_json() == {**search, "sort": "newest", "shared": True}
    removed = owner.send("DELETE", address(search))
    assert (removed.status_code, removed.data) == (204, b"")
    assert owner.get(address(search)).status_code == 404
    assert owner.send("DELETE", address(search)).status_code == 404


def test_a_private_search_does_not_exist_for_anybody_else(
    program_of: Start, characters: Characters, owner: Program
) -> None:
    path = address(saved(owner))
    for one in characters.everyone:
        if one.id == OWNER:
            continue
        program = program_of(one)
        assert program.get(path).status_code == 404
        assert program.patch(path, {"name": "Mine"}).status_code == 404
        assert program.send("DELETE", path).status_code == 404
        assert names(program) == []


def test_a_shared_search_is_seen_by_all_and_changed_by_its_owner_and_admins(
    program_of: Start, characters: Characters, owner: Program
) -> None:
    path = address(saved(owner, shared=True))
    for one in characters.everyone:
        program = program_of(one)
        assert program.get(path).get_json()["mine"] is (one.id == OWNER)
        changed = program.patch(path, {"name": f"By {one.name}"})
        assert changed.status_code == (200 if one.id in (OWNER, characters.admin.id) else 403)
    assert program_of(characters.manager).send("DELETE", path).status_code == 403
    assert program_of(characters.admin).send("DELETE", path).status_code == 204


def test_changing_needs_the_scope_write(program_of: Start, characters: Characters) -> None:
    reader = program_of(characters.owner, "read")
    body = {"name": "Prices", "query": QUERY}
    assert reader.post("/searches", body).status_code == 403
    assert reader.get("/searches").status_code == 200
    path = address(saved(program_of(characters.owner)))
    assert reader.patch(path, {"shared": True}).status_code == 403
    assert reader.send("DELETE", path).status_code == 403


def test_the_list_comes_in_pages_the_last_saved_first(owner: Program, member: Program) -> None:
    saved(member, "Hidden")
    saved(member, "Member's", shared=True)
    for number in range(3):
        saved(owner, f"Mine {number}")
    first = owner.get("/searches?limit=3").get_json()
    assert [one["name"] for one in first["items"]] == ["Mine 2", "Mine 1", "Mine 0"]
    last = owner.get(f"/searches?limit=3&cursor={first['next']}").get_json()
    assert [one["name"] for one in last["items"]] == ["Member's"]
    assert last["next"] is None
    assert names(owner, "/searches?mine=true") == ["Mine 2", "Mine 1", "Mine 0"]
    assert names(owner, "/searches?mine=false") == ["Member's"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": QUERY}, "name"),
        ({"name": "  ", "query": QUERY}, "name"),
        ({"name": "x" * 81, "query": QUERY}, "name"),
        ({"name": "Other", "query": "\u200b"}, "query"),
        ({"name": "Other", "query": "x" * 1_001}, "query"),
        ({"name": "Other", "query": QUERY, "sort": "oldest"}, "sort"),
        ({"name": "Other", "query": QUERY, "shared": "yes"}, "shared"),
        ({"name": "Other", "query": QUERY, "owner": 2}, "owner"),
        ({"name": "PRICES", "query": QUERY}, "name"),
    ],
)
def test_what_cannot_be_saved_names_its_field(
    owner: Program, body: dict[str, Any], field: str
) -> None:
    saved(owner, "Prices")
    answer = owner.post("/searches", body)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])
    assert names(owner) == ["Prices"]


def test_a_foreign_cursor_is_refused(owner: Program) -> None:
    answer = owner.get("/searches?cursor=zzz")
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["cursor"])
