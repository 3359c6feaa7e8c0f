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


def test_fields_of_the_text_are_filters_and_the_whole_search_comes_back_as_one_text(
    owner: Program,
) -> None:
    page = owner.get("/search?q=fibre+kind:preference+-theft&territory=FL").get_json()
    assert page["understood"] == "fibre -theft territory:florida kind:preference"
    again = owner.get("/search", query_string={"q": page["understood"]}).get_json()
    assert again["understood"] == page["understood"]
    assert again["total"] == page["total"]


def test_a_search_is_exact(owner: Program) -> None:
    page = owner.get("/search?q=fibre+theft").get_json()
    assert (page["total"], page["relaxed"]) == (0, False)


def test_each_result_tells_its_score_and_what_added_to_it(owner: Program) -> None:
    [result] = owner.get("/search?q=less").get_json()["items"]
    assert result["boosts"] == [
        {"kind": "fresh", "factor": 1.35},
        {"kind": "first-hand", "factor": 1.1},
    ]
    assert result["score"] > 0
    [result] = owner.get("/search?q=less&sort=newest").get_json()["items"]
    assert (result["score"], result["boosts"]) == (0, [])


def test_suggestions_go_on_from_what_was_typed(owner: Program) -> None:
    items = owner.items("/search/suggestions?q=cheap+ion&limit=1")
    assert items == [
        {
            "kind": "competitor",
            "label": "Ionfield",
            "text": "cheap competitor:ionfield",
            "hint": "Competitor",
        }
    ]
    assert owner.items("/search/suggestions") == []


def test_suggestions_hold_no_word_of_a_sealed_note(
    owner: Program, program_of: Callable[..., Program], characters: Characters
) -> None:
    assert owner.items("/search/suggestions?q=seal") == []
    found = program_of(characters.analyst).items("/search/suggestions?q=seal")
    assert [one["label"] for one in found] == ["sealed"]
