"""Competitors, products and accounts through the API."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from tests.api.conftest import Program
from tests.fixtures.world import Characters
from tests.organisation import MERCY

Start = Callable[..., Program]


@pytest.fixture
def analyst(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.analyst)


def test_an_analyst_keeps_competitors_and_their_aliases(analyst: Program) -> None:
    added = analyst.post("/competitors", {"name": "Zephyr", "aliases": ["Zeph", "Zephyr"]})
    assert added.status_code == 201
    assert added.get_json() == {
        "slug": "zephyr",
        "name": "Zephyr",
        "aliases": ["Zeph"],
        "archived": False,
    }
    changed = analyst.patch("/competitors/zephyr", {"aliases": []})
    assert changed.get_json()["aliases"] == []
    assert analyst.get("/competitors/zephyr").get_json() == changed.get_json()
    assert analyst.post("/competitors/zephyr/archive").get_json()["archived"] is True
    assert "zephyr" not in {one["slug"] for one in analyst.items("/competitors")}
    assert analyst.post("/competitors/zephyr/restore").get_json()["archived"] is False


def test_an_alias_that_stands_for_another_is_refused(analyst: Program) -> None:
    answer = analyst.post("/competitors", {"name": "Zephyr", "aliases": ["ION FIELD"]})
    assert answer.status_code == 422
    assert "belongs to Ionfield" in answer.get_json()["errors"]["aliases"][0]


def test_a_product_is_ours_or_a_competitors(analyst: Program) -> None:
    added = analyst.post("/products", {"name": "Ion Phone", "competitor": "ionfield"})
    assert (added.status_code, added.get_json()["competitor"]) == (201, "ionfield")
    ours = analyst.patch("/products/ion-phone", {"competitor": None})
    assert ours.get_json()["competitor"] is None
    assert analyst.get("/products/fibre-one").get_json()["aliases"] == ["F1"]
    assert analyst.post("/products/ion-phone/archive").get_json()["archived"] is True
    assert len(analyst.items("/products")) == 2
    assert analyst.post("/products/ion-phone/restore").get_json()["archived"] is False


def test_a_rep_reads_but_does_not_keep_them(program_of: Start, characters: Characters) -> None:
    rep = program_of(characters.owner)
    for path in ("/competitors", "/products", "/accounts"):
        assert rep.get(path).status_code == 200
        assert rep.post(path, {"name": "Zephyr"}).status_code == 403


@pytest.mark.parametrize(
    ("words", "names"), [("mér", ["Mercy Hospital"]), ("hospital", []), ("%", []), ("", [])]
)
def test_accounts_are_found_by_the_beginning_of_their_names(
    analyst: Program, words: str, names: list[str]
) -> None:
    found = analyst.items(f"/accounts?{urlencode({'q': words})}")
    assert [one["name"] for one in found] == names


def test_accounts_carry_their_territory_and_segments(analyst: Program) -> None:
    assert analyst.get(f"/accounts/{MERCY}").get_json() == {
        "id": MERCY,
        "name": "Mercy Hospital",
        "external_id": "crm-1",
        "territory": {"slug": "georgia", "name": "Georgia", "code": "GA"},
        "segments": [{"slug": "healthcare", "name": "Healthcare", "dimension": 1}],
        "state": None,
        "team_type": None,
        "archived": False,
    }


def test_an_account_is_added_and_changed(analyst: Program) -> None:
    body = {"name": "Grady", "external_id": "crm-9", "territory": "GA", "segments": ["enterprise"]}
    added = analyst.post("/accounts", body)
    path = f"/accounts/{added.get_json()['id']}"
    assert (added.status_code, added.get_json()["territory"]["slug"]) == (201, "georgia")
    changed = analyst.patch(path, {"territory": None, "segments": []}).get_json()
    assert (changed["territory"], changed["segments"], changed["name"]) == (None, [], "Grady")
    assert analyst.post(f"{path}/archive").get_json()["archived"] is True
    assert len(analyst.items("/accounts")) == 2
    assert len(analyst.items("/accounts?archived=true")) == 3
    assert analyst.post(f"{path}/restore").get_json()["archived"] is False


def test_an_external_id_belongs_to_one_account(analyst: Program) -> None:
    answer = analyst.post("/accounts", {"name": "Grady", "external_id": "crm-1"})
    assert answer.status_code == 422
    assert "Mercy Hospital" in answer.get_json()["errors"]["external_id"][0]


def test_accounts_are_listed_a_page_at_a_time(analyst: Program) -> None:
    first = analyst.get("/accounts?limit=1").get_json()
    second = analyst.get(f"/accounts?limit=1&cursor={first['next']}").get_json()
    assert [one["name"] for one in first["items"] + second["items"]] == [
        "Mercy Hospital",
        "Roadway Freight",
    ]
    assert second["next"] is None
    assert [one["name"] for one in analyst.items("/accounts?territory=west")] == ["Roadway Freight"]
