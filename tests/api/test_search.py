"""Search through the API: notes, excerpts in pieces, counts, pages."""

from collections.abc import Callable

import pytest

from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters


@pytest.fixture
def owner(program_of: Callable[..., Program], stage: Stage, characters: Characters) -> Program:
    stage.post(characters.owner, "Ionfield offers <b>fibre</b> for less", territory="georgia")
    stage.post(characters.member, "Fibre One is praised", territory="florida")
    stage.post(characters.stranger, "Load theft again", territory="nevada")
    stage.post(characters.stranger, "Fibre, sealed", territory="nevada", audience="sealed")
    return program_of(characters.owner)


def test_what_is_found_comes_with_its_excerpt_in_pieces(owner: Program) -> None:
    page = owner.get("/search?q=fibre+less").get_json()
    assert page["total"] == 1
    [result] = page["items"]
    assert result["note"]["territory"]["slug"] == "georgia"
    assert "".join(piece["text"] for piece in result["excerpt"]) == result["note"]["text"]
    assert {piece["text"] for piece in result["excerpt"] if piece["match"]} == {"fibre", "less"}


def test_counts_come_when_asked_for_and_only_of_what_one_may_see(owner: Program) -> None:
    assert owner.get("/search?q=fibre").get_json()["facets"] == {}
    page = owner.get("/search?q=fibre&facets=true").get_json()
    assert page["total"] == 2
    counts = {one["value"]: one["count"] for one in page["facets"]["territory"]}
    assert counts == {"southeast": 2, "georgia": 1, "florida": 1}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_filters_narrow_and_repeat(owner: Program) -> None:
    for query, total in (
        ("territory=georgia&territory=NV", 2),
        ("territory=southeast&kind=competitor", 1),
        ("author=2&author=3", 2),
        ("competitor=ionfield", 1),
        ("since=2026-03-18&until=2026-03-18", 3),
        ("until=2026-03-17", 0),
        ("account=99", 0),
        ("known=heard&impact=high", 0),
    ):
        assert owner.get(f"/search?{query}").get_json()["total"] == total, query


def test_pages_of_results_are_linked(owner: Program) -> None:
    first = owner.get("/search?limit=2&sort=newest&territory=southeast&territory=west")
    assert "territory=southeast&territory=west" in first.headers["Link"]
    address = first.headers["Link"].split(">")[0].removeprefix("<")
    second = owner.client.get(address, headers=owner.headers).get_json()
    ids = {one["note"]["id"] for one in first.get_json()["items"] + second["items"]}
    assert len(ids) == 3
    assert second["next"] is None


def test_what_was_left_out_of_the_words_is_said(owner: Program) -> None:
    page = owner.get("/search?q=%22fibre").get_json()
    assert "not closed" in page["notices"][0]
