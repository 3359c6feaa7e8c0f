"""Questions through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from insights.models import Audience
from insights.services import search_misses
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import MEMBER, NOW, OWNER

Start = Callable[..., Program]
TEXT = "Does anybody offer weekend support?"
POST = {"text": TEXT, "until": "2026-03-25", "territories": ["GA", "florida"]}


@pytest.fixture
def analyst(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.analyst)


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.owner)


def asked(program: Program, **given: Any) -> dict[str, Any]:
    answer = program.post("/questions", {**POST, **given})
    assert answer.status_code == 201, answer.data
    body: dict[str, Any] = answer.get_json()
    return body


def path(question: dict[str, Any], rest: str = "") -> str:
    return f"/questions/{question['id']}{rest}"


def names(places: list[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in places]


def test_a_question_is_asked_changed_and_closed(analyst: Program) -> None:
    question = asked(analyst, kinds=["challenge"], segments=["healthcare"])
    assert names(question["territories"]) == ["Georgia", "Florida"]
    assert names(question["segments"]) == ["Healthcare"]
    assert (question["open"], question["kinds"], question["answers"]) == (True, ["challenge"], 0)
    read = analyst.get(path(question))
    assert read.get_json() == question
    headers = {"If-Match": read.headers["ETag"]}
    changed = analyst.patch(path(question), {"territories": []}, headers=headers)
    assert changed.get_json()["territories"] == []
    assert analyst.patch(path(question), {"text": "?"}, headers=headers).status_code == 412
    assert analyst.patch(path(question), {"text": "?"}).status_code == 428
    closed = analyst.post(path(question, "/close"), {"summary": "Two do."}).get_json()
    assert (closed["open"], closed["summary"]) == (False, "Two do.")
    assert closed["closed_by"] == "Anna Analyst"
    assert analyst.post(path(question, "/close"), {}).status_code == 409


def test_what_cannot_be_asked_is_said_by_field(analyst: Program) -> None:
    wrong = {"text": "", "until": "2020-01-01"}
    errors = analyst.post("/questions", wrong).get_json()["errors"]
    assert errors.keys() == {"text", "until"}
    errors = analyst.post("/questions", {**POST, "territories": ["Atlantis"]}).get_json()["errors"]
    assert errors == {"territories": ["“Atlantis” is not known."]}


def test_who_may_do_what(program_of: Start, characters: Characters, analyst: Program) -> None:
    question = asked(analyst)
    for actor in characters.everyone:
        program = program_of(actor)
        asks = actor in (characters.analyst, characters.manager, characters.admin)
        assert program.get(path(question)).status_code == 200
        answer = program.post("/questions", {**POST, "text": f"{actor.name}?"})
        assert answer.status_code == (201 if asks else 403)
        closes = actor.sees_all
        remind = program.post(path(question, "/remind"))
        assert remind.status_code == (200 if closes else 403)
        patched = program.patch(path(question), {"text": TEXT}, headers={"If-Match": "*"})
        assert patched.status_code == (200 if closes else 403)
        misses = program.get("/questions/misses")
        assert misses.status_code == (200 if actor.sees_all else 403)


def test_the_list_is_narrowed_and_comes_in_pages(analyst: Program, owner: Program) -> None:
    for number in range(3):
        asked(analyst, text=f"Number {number}?", territories=["nevada" if number else "georgia"])
    first = owner.get("/questions?limit=2").get_json()
    assert [one["text"] for one in first["items"]] == ["Number 2?", "Number 1?"]
    rest = owner.items(f"/questions?cursor={first['next']}")
    assert [one["text"] for one in rest] == ["Number 0?"]
    aimed = owner.items("/questions?open=true&aimed=true")
    assert [one["text"] for one in aimed] == ["Number 0?"]
    assert owner.items("/questions?mine=true") == []
    assert len(analyst.items("/questions?mine=true")) == 3
    assert owner.items("/questions?open=false") == []


def test_a_note_answers_and_coverage_tells_from_where(analyst: Program, owner: Program) -> None:
    question = asked(analyst)
    note = {
        "id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "text": "Acme",
        "question": question["id"],
    }
    assert owner.post("/notes", note).status_code == 201
    assert owner.post("/notes", note).status_code == 200
    assert [one["id"] for one in owner.items(path(question, "/answers"))] == [note["id"]]
    coverage = owner.get(path(question, "/coverage")).get_json()
    assert (coverage["territories"], coverage["answered"], coverage["elsewhere"]) == (2, 1, 0)
    assert [(one["territory"]["code"], one["answers"]) for one in coverage["items"]] == [
        ("FL", 0),
        ("GA", 1),
    ]
    assert coverage["items"][0]["holders"] == [{"id": MEMBER, "name": "Max Member"}]
    assert analyst.post(path(question, "/remind")).get_json() == {"told": 1}
    assert analyst.post(path(question, "/remind")).get_json() == {"told": 0}


def test_an_unknown_question_keeps_no_note_out(owner: Program) -> None:
    note = {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "text": "Acme", "question": 999}
    assert owner.post("/notes", note).status_code == 201


def test_a_note_is_linked_and_unlinked(
    stage: Stage, characters: Characters, program_of: Start, analyst: Program
) -> None:
    question = asked(analyst)
    note = stage.post(characters.owner, "Was here before")
    sealed = stage.post(characters.owner, "Secret", audience=Audience.SEALED)
    address = path(question, f"/answers/{note}")
    assert program_of(characters.member).send("PUT", address).status_code == 403
    hidden = path(question, f"/answers/{sealed}")
    assert program_of(characters.member).send("PUT", hidden).status_code == 404
    for _ in range(2):
        assert analyst.send("PUT", address).status_code == 204
    assert analyst.get(path(question)).get_json()["answers"] == 1
    for _ in range(2):
        assert analyst.send("DELETE", address).status_code == 204
    assert analyst.items(path(question, "/answers")) == []


def test_searches_in_vain_are_listed_without_who_searched(
    stage: Stage, characters: Characters, analyst: Program
) -> None:
    with stage.database.writing() as session:
        for actor in (characters.owner, characters.member):
            search_misses.record(session, actor, query="zebra", now=NOW)
    [found] = analyst.items("/questions/misses?q=ZEB&asked=false")
    assert found == {
        "query": "zebra",
        "people": 2,
        "searches": 2,
        "newest_at": "2026-03-18T12:00:00.000Z",
        "question": None,
    }


def test_reading_a_search_writes_nothing(owner: Program, analyst: Program) -> None:
    assert owner.get("/search?q=zebra").get_json()["total"] == 0
    assert analyst.items("/questions/misses") == []


class TestWhoKnows:
    def test_names_people_by_what_they_told(
        self, stage: Stage, characters: Characters, analyst: Program
    ) -> None:
        stage.post(characters.owner, "Ionfield zebra")
        [found] = analyst.items("/who-knows?competitor=ionfield&q=zebra")
        assert found == {
            "person": {"id": OWNER, "name": "Olivia Owner"},
            "active": True,
            "notes": 1,
            "corroborated": 0,
            "newest_at": "2026-03-18T12:00:00.000Z",
            "territories": [{"slug": "georgia", "name": "Georgia", "code": "GA"}],
        }
        assert analyst.items("/who-knows") == []
        assert analyst.get("/who-knows?competitor=nobody").status_code == 422

    def test_counts_what_the_reader_may_see(
        self, stage: Stage, characters: Characters, program_of: Start
    ) -> None:
        stage.post(characters.owner, "Zebra secret", audience=Audience.SEALED)
        for actor in characters.everyone:
            seen = actor not in (characters.member, characters.stranger)
            assert len(program_of(actor).items("/who-knows?q=zebra")) == int(seen)
