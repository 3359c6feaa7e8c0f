"""Merging products and undoing merges through the API, and names that are proposed."""

from collections.abc import Callable

import pytest

from insights.models import Kind
from insights.services import name_proposals
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW

Start = Callable[..., Program]


@pytest.fixture
def analyst(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.analyst)


def test_a_competitor_is_parted_again(
    stage: Stage, analyst: Program, characters: Characters
) -> None:
    stage.post(characters.owner, "Ionfield halves its price", territory="georgia")
    before = analyst.get("/competitors/ionfield").get_json()
    analyst.post("/competitors/ionfield/merge", {"into": "acme-telecom"})
    stage.post(characters.owner, "Ionfield again", territory="georgia")
    (merged,) = analyst.items("/competitors/acme-telecom/merges")
    assert merged == {
        "name": "Ionfield",
        "slug": "ionfield",
        "at": "2026-03-18T12:00:00.000Z",
        "by": "Anna Analyst",
        "open": True,
        "undone_at": None,
        "undone_by": None,
    }
    assert analyst.post("/competitors/ionfield/part").get_json() == before
    assert len(analyst.items("/notes?competitor=ionfield")) == 1
    assert len(analyst.items("/notes?competitor=acme-telecom")) == 1
    (undone,) = analyst.items("/competitors/acme-telecom/merges")
    assert (undone["open"], undone["undone_by"]) == (False, "Anna Analyst")
    assert analyst.post("/competitors/ionfield/part").status_code == 409
    assert analyst.post("/competitors/umbrella/part").status_code == 404


def test_a_product_is_merged_and_parted(analyst: Program) -> None:
    before = analyst.get("/products/ion-cloud").get_json()
    answer = analyst.post("/products/ion-cloud/merge", {"into": "fibre-one"})
    assert answer.get_json() == {
        "slug": "fibre-one",
        "name": "Fibre One",
        "aliases": ["F1", "Ion Cloud"],
        "competitor": None,
        "archived": False,
    }
    moved = analyst.get("/products/ion-cloud")
    assert (moved.status_code, moved.location) == (308, "/api/v1/products/fibre-one")
    assert [one["slug"] for one in analyst.items("/products?archived=true")] == ["fibre-one"]
    assert analyst.post("/products/ion-cloud/archive").status_code == 409
    assert [one["name"] for one in analyst.items("/products/fibre-one/merges")] == ["Ion Cloud"]
    assert analyst.post("/products/ion-cloud/part").get_json() == before
    refused = analyst.post("/products/ion-cloud/merge", {"into": "nothing"})
    assert list(refused.get_json()["errors"]) == ["into"]


def test_a_rep_does_none_of_it(program_of: Start, characters: Characters, analyst: Program) -> None:
    owner = program_of(characters.owner)
    analyst.post("/competitors/ionfield/merge", {"into": "acme-telecom"})
    for answer in (
        owner.post("/competitors/ionfield/part"),
        owner.post("/products/ion-cloud/merge", {"into": "fibre-one"}),
        owner.post("/products/ion-cloud/part"),
        owner.post("/proposed-competitors/dismiss", {"name": "Zetta"}),
        owner.post("/proposed-competitors/alias", {"name": "Zetta", "competitor": "ionfield"}),
    ):
        assert answer.status_code == 403


def test_proposed_names_become_aliases_or_are_dismissed(
    stage: Stage, analyst: Program, characters: Characters
) -> None:
    for author in (characters.owner, characters.member, characters.stranger) * 2:
        stage.post(author, "we lost to Zetta Wave and to Orbis", kind=Kind.COMPETITOR)
    with stage.database.writing() as session:
        name_proposals.keep(session, name_proposals.find_names(session, now=NOW))
    listed = analyst.items("/proposed-competitors")
    assert listed[0] == {
        "name": "Orbis",
        "notes": 6,
        "people": 3,
        "last_at": "2026-03-18T12:00:00.000Z",
    }
    alias = {"name": "Zetta Wave", "competitor": "ionfield"}
    adopted = analyst.post("/proposed-competitors/alias", alias)
    assert adopted.get_json()["aliases"] == ["Ion Field", "Zetta Wave"]
    dismissed = analyst.post("/proposed-competitors/dismiss", {"name": "Orbis"})
    assert dismissed.status_code == 204
    assert analyst.items("/proposed-competitors") == []
    assert analyst.post("/proposed-competitors/dismiss", {"name": "None"}).status_code == 404
