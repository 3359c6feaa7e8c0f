"""Territories, assignments and segments through the API."""

from collections.abc import Callable

import pytest

from tests.api.conftest import Program
from tests.fixtures.world import Characters
from tests.organisation import MEMBER, OWNER

Start = Callable[..., Program]


@pytest.fixture
def admin(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.admin)


def test_the_tree_is_listed_from_the_top_down(program_of: Start, characters: Characters) -> None:
    found = program_of(characters.owner).items("/territories")
    assert [(one["slug"], one["parent"]) for one in found] == [
        ("southeast", None),
        ("florida", "southeast"),
        ("georgia", "southeast"),
        ("west", None),
        ("nevada", "west"),
    ]


def test_a_territory_is_added_changed_moved_and_archived(admin: Program) -> None:
    body = {"name": "Alabama", "code": "al", "parent": "west", "shape": {"state": "AL"}}
    added = admin.post("/territories", body)
    assert added.status_code == 201
    assert added.get_json() == {
        "slug": "alabama",
        "name": "Alabama",
        "code": "AL",
        "parent": "west",
        "archived": False,
    }
    assert admin.patch("/territories/alabama", {"name": "Bama"}).get_json()["name"] == "Bama"
    moved = admin.post("/territories/alabama/move", {"parent": "southeast"})
    assert moved.get_json()["parent"] == "southeast"
    assert admin.post("/territories/alabama/archive").get_json()["archived"] is True
    assert "alabama" not in {one["slug"] for one in admin.items("/territories")}
    assert "alabama" in {one["slug"] for one in admin.items("/territories?archived=true")}
    assert admin.post("/territories/alabama/restore").get_json()["archived"] is False


def test_a_territory_cannot_lie_below_itself(admin: Program) -> None:
    answer = admin.post("/territories/southeast/move", {"parent": "georgia"})
    assert answer.status_code == 422
    assert "below itself" in answer.get_json()["errors"]["parent"][0]


def test_a_territory_with_others_below_it_is_not_archived(admin: Program) -> None:
    answer = admin.post("/territories/west/archive")
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [""])


def test_only_admins_keep_the_tree(program_of: Start, characters: Characters) -> None:
    manager = program_of(characters.manager)
    assert manager.post("/territories", {"name": "Ohio"}).status_code == 403
    assert manager.get("/territories/georgia").status_code == 200


def test_a_manager_hands_a_territory_over(program_of: Start, characters: Characters) -> None:
    manager = program_of(characters.manager)
    path = "/territories/georgia/assignments"
    [current, *_] = manager.items(path)
    assert current["person"]["id"] == OWNER
    end = manager.post(f"/assignments/{current['id']}/end", {"until": "2026-03-20"})
    assert end.get_json()["until"] == "2026-03-20"
    begun = manager.post(path, {"person": MEMBER, "since": "2026-03-20"})
    assert begun.status_code == 201
    assert begun.get_json()["territory"] == {"slug": "georgia", "name": "Georgia"}
    assert [one["person"]["name"] for one in manager.items(path)][:2] == [
        "Max Member",
        "Olivia Owner",
    ]


def test_nobody_hands_over_what_they_do_not_manage(
    program_of: Start, characters: Characters
) -> None:
    body = {"person": MEMBER, "since": "2026-03-20"}
    for actor in (characters.owner, characters.manager):
        answer = program_of(actor).post("/territories/nevada/assignments", body)
        assert answer.status_code == 403


def test_segments_are_values_of_two_named_dimensions(admin: Program) -> None:
    added = admin.post("/segments", {"name": "Retail", "dimension": 1})
    assert added.get_json() == {
        "slug": "retail",
        "name": "Retail",
        "dimension": 1,
        "archived": False,
    }
    assert admin.patch("/segments/retail", {"name": "Shops"}).get_json()["name"] == "Shops"
    assert admin.post("/segments/retail/archive").get_json()["archived"] is True
    first = {one["slug"] for one in admin.items("/segments?dimension=1")}
    assert first == {"healthcare", "trucking"}
    assert admin.post("/segments/retail/restore").get_json()["archived"] is False
    assert admin.patch("/dimensions/2", {"name": "Size"}).get_json() == {
        "dimension": 2,
        "name": "Size",
    }
    assert admin.items("/dimensions")[1]["name"] == "Size"
    assert admin.patch("/dimensions/3", {"name": "Third"}).status_code == 422
