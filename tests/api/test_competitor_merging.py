"""Merging competitors through the API."""

from collections.abc import Callable

import pytest

from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters

Start = Callable[..., Program]
MERGE = "/competitors/ionfield/merge"


@pytest.fixture
def analyst(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.analyst)


def test_answers_the_one_that_stays(analyst: Program) -> None:
    answer = analyst.post(MERGE, {"into": "acme-telecom"})
    assert (answer.status_code, answer.get_json()) == (
        200,
        {
            "slug": "acme-telecom",
            "name": "Acme Telecom",
            "aliases": ["Acme", "Ion Field", "Ionfield"],
            "archived": False,
        },
    )
    assert analyst.get("/products/ion-cloud").get_json()["competitor"] == "acme-telecom"


def test_the_old_address_leads_to_the_one_that_stays(analyst: Program) -> None:
    analyst.post(MERGE, {"into": "acme-telecom"})
    answer = analyst.get("/competitors/ionfield")
    assert (answer.status_code, answer.location) == (308, "/api/v1/competitors/acme-telecom")
    assert answer.data == b""
    listed = analyst.items("/competitors?archived=true")
    assert [one["slug"] for one in listed] == ["acme-telecom"]


def test_notes_are_listed_and_posted_by_the_old_words(
    stage: Stage, analyst: Program, characters: Characters
) -> None:
    stage.post(characters.owner, "Ionfield halves its price", territory="georgia")
    analyst.post(MERGE, {"into": "acme-telecom"})
    body = {"text": "Heard again", "territory": "georgia", "competitors": ["ionfield"]}
    body["id"] = "01890a5d-ac96-774b-bcce-b302099a8057"
    assert analyst.post("/notes", body).status_code == 201
    for word in ("ionfield", "acme-telecom"):
        notes = analyst.items(f"/notes?competitor={word}")
        named = [one["competitors"] for one in notes]
        assert named == [[{"slug": "acme-telecom", "name": "Acme Telecom"}]] * 2


def test_it_cannot_be_done_twice_and_nothing_else_to_what_was_merged(analyst: Program) -> None:
    analyst.post(MERGE, {"into": "acme-telecom"})
    for answer in (
        analyst.post(MERGE, {"into": "acme-telecom"}),
        analyst.post("/competitors/ionfield/restore"),
        analyst.post("/competitors/ionfield/archive"),
        analyst.patch("/competitors/ionfield", {"name": "Ion"}),
    ):
        assert answer.status_code == 409
        assert "was merged into Acme Telecom" in answer.get_json()["detail"]


@pytest.mark.parametrize("body", [{}, {"into": ""}, {"into": "nobody"}, {"into": "ionfield"}])
def test_what_cannot_be_merged_is_said_at_the_field(analyst: Program, body: object) -> None:
    answer = analyst.post(MERGE, body)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["into"]
    assert analyst.post("/competitors/nobody/merge", {"into": "ionfield"}).status_code == 404


def test_a_rep_does_not_merge(program_of: Start, characters: Characters) -> None:
    assert program_of(characters.owner).post(MERGE, {"into": "acme-telecom"}).status_code == 403
