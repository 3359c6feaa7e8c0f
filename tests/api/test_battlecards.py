"""Battlecards through the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from insights.models import Audience, BattlecardCheck
from insights.services import battlecard_asking
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER, TODAY
from tests.services.battlecard_lines import added

Start = Callable[..., Program]
CARD = "/competitors/ionfield/battlecard"


@pytest.fixture
def analyst(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.analyst)


def post(program: Program, text: str = "Four people", **given: Any) -> dict[str, Any]:
    """A line that the program has just written."""
    answer = program.post(f"{CARD}/lines", {"section": "facts", "text": text, **given})
    assert answer.status_code == 201, answer.data
    body: dict[str, Any] = answer.get_json()
    return body


def texts(program: Program) -> list[str]:
    """The lines of the card in order."""
    sections = program.get(CARD).get_json()["sections"]
    return [line["text"] for section in sections for line in section["lines"]]


def test_a_line_is_written_cited_and_read(
    stage: Stage, analyst: Program, characters: Characters
) -> None:
    note_id = str(stage.post(characters.owner, "Ionfield has four people"))
    line = post(analyst, notes=[note_id])
    assert line["notes"] == [
        {
            "note_id": note_id,
            "text": "Ionfield has four people",
            "author_name": "Olivia Owner",
            "territory": {"slug": "georgia", "name": "Georgia", "code": "GA"},
            "noted_at": "2026-03-18T12:00:00.000Z",
            "sealed": False,
            "sightings": 0,
            "last_seen_at": "2026-03-18T12:00:00.000Z",
        }
    ]
    assert line["freshness"] == {
        "at": "2026-03-18T12:00:00.000Z",
        "territory": {"slug": "georgia", "name": "Georgia", "code": "GA"},
        "by": "note",
        "days": 0,
        "shelf_days": 120,
        "stale": False,
        "words": "last seen today in Georgia",
    }
    assert (line["version"], line["archived"], line["doubt"]) == (1, False, None)
    assert analyst.get(f"/battlecard-lines/{line['id']}").get_json() == line
    card = analyst.get(CARD).get_json()
    assert (card["competitor"]["slug"], card["stale"]) == ("ionfield", 0)
    assert card["sections"][0] == {"section": "facts", "title": "Facts", "lines": [line]}


def test_a_line_is_changed_in_the_version_that_was_read(analyst: Program) -> None:
    line = post(analyst)
    address = f"/battlecard-lines/{line['id']}"
    changed = analyst.patch(address, {"version": 1, "text": "Five people", "shelf_days": 9})
    assert (changed.get_json()["text"], changed.get_json()["version"]) == ("Five people", 2)
    refused = analyst.patch(address, {"version": 1, "text": "Six"})
    assert refused.status_code == 409
    assert "You changed this line just now" in refused.get_json()["detail"]
    assert "version" in analyst.patch(address, {"text": "Six"}).get_json()["errors"]
    history = analyst.get(f"{address}/history").get_json()
    assert history["withheld"] is False
    (change,) = history["items"]
    assert (change["by"], change["version"]) == ("Anna Analyst", 2)
    assert change["fields"][0] == {
        "field": "text",
        "before": "Four people",
        "after": "Five people",
    }


def test_lines_are_moved_archived_restored_and_cited(
    stage: Stage, analyst: Program, characters: Characters
) -> None:
    first, second = post(analyst, "First"), post(analyst, "Second")
    address = f"/battlecard-lines/{second['id']}"
    assert analyst.post(f"{address}/move", {"up": True}).status_code == 204
    assert texts(analyst) == ["Second", "First"]
    assert analyst.post(f"{address}/archive").get_json()["archived"] is True
    assert texts(analyst) == ["First"]
    listed = analyst.get(f"{CARD}/archived?limit=1").get_json()
    assert ([one["id"] for one in listed["items"]], listed["next"]) == ([second["id"]], None)
    assert analyst.post(f"{address}/restore").get_json()["archived"] is False
    note_id = stage.post(characters.owner, "Ionfield")
    cite = f"/battlecard-lines/{first['id']}/notes/{note_id}"
    assert len(analyst.send("PUT", cite).get_json()["notes"]) == 1
    assert analyst.send("DELETE", cite).get_json()["notes"] == []


def test_archived_lines_come_in_pages(analyst: Program) -> None:
    ids = [post(analyst, f"Line {number}")["id"] for number in range(3)]
    for one in ids:
        analyst.post(f"/battlecard-lines/{one}/archive")
    first = analyst.get(f"{CARD}/archived?limit=2").get_json()
    rest = analyst.get(f"{CARD}/archived?limit=2&cursor={first['next']}").get_json()
    assert [one["id"] for one in (*first["items"], *rest["items"])] == ids[::-1]
    assert rest["next"] is None


def test_a_rep_reads_and_does_not_write(
    program_of: Start, characters: Characters, analyst: Program
) -> None:
    address = f"/battlecard-lines/{post(analyst)['id']}"
    owner = program_of(characters.owner)
    assert owner.get(address).status_code == 200
    for answer in (
        owner.post(f"{CARD}/lines", {"section": "facts", "text": "x"}),
        owner.patch(address, {"version": 1, "text": "x"}),
        owner.post(f"{address}/archive"),
        owner.post(f"{address}/restore"),
        owner.post(f"{address}/move", {"up": True}),
        owner.get("/shelf-lives"),
        owner.patch("/shelf-lives/price", {"days": 9}),
        owner.get("/proposed-competitors"),
    ):
        assert answer.status_code == 403


def test_what_is_sealed_does_not_exist(
    stage: Stage, program_of: Start, characters: Characters, analyst: Program
) -> None:
    sealed = stage.post(characters.stranger, "Ionfield", audience=Audience.SEALED)
    address = f"/battlecard-lines/{post(analyst, 'Secret', notes=[str(sealed)])['id']}"
    for name, actor in vars(characters).items():
        program = program_of(actor)
        sees = name in {"stranger", "analyst", "admin"}
        assert texts(program) == (["Secret"] if sees else [])
        for path in (address, f"{address}/history"):
            assert program.get(path).status_code == (200 if sees else 404)
        if not sees:
            assert program.patch(address, {"version": 1, "text": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"section": "facts"}, "text"),
        ({"section": "facts", "text": " "}, "text"),
        ({"section": "wine", "text": "x"}, "section"),
        ({"section": "facts", "text": "x", "type": "wine"}, "type"),
        ({"section": "facts", "text": "x", "shelf_days": 0}, "shelf_days"),
        ({"section": "facts", "text": "x", "notes": ["x"]}, "notes"),
        ({"section": "facts", "text": "x", "reply": "y"}, "reply"),
    ],
)
def test_what_cannot_be_written_names_its_field(
    analyst: Program, body: dict[str, Any], field: str
) -> None:
    answer = analyst.post(f"{CARD}/lines", body)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_checks_are_listed_for_and_answered_by_whom_they_were_asked_of(
    stage: Stage, program_of: Start, characters: Characters
) -> None:
    stage.post(characters.owner, "Ionfield")
    with stage.database.writing() as session:
        added(session, characters.analyst, now=NOW - timedelta(days=200))
        battlecard_asking.ask_stale(session, today=TODAY, now=NOW)
        check = session.scalars(select(BattlecardCheck)).one()
        number = check.id
    address = f"/battlecard-checks/{number}/answer"
    for actor in characters.everyone:
        program = program_of(actor)
        if actor.id != OWNER:
            assert program.items("/battlecard-checks") == []
            assert program.post(address, {"verdict": "still-true"}).status_code == 404
    owner = program_of(characters.owner)
    (listed,) = owner.items("/battlecard-checks")
    assert (listed["id"], listed["verdict"], listed["territory"]["slug"]) == (
        number,
        None,
        "georgia",
    )
    answered = owner.post(address, {"verdict": "still-true"}).get_json()
    assert (answered["verdict"], answered["answered_at"]) == (
        "still-true",
        "2026-03-18T12:00:00.000Z",
    )
    assert owner.items("/battlecard-checks") == []
    assert owner.post(address, {"verdict": "no-longer"}).status_code == 409
    assert list(owner.post(address, {"verdict": "x"}).get_json()["errors"]) == ["verdict"]


def test_shelf_lives_are_read_and_changed(analyst: Program) -> None:
    listed = {one["type"]: one["days"] for one in analyst.items("/shelf-lives")}
    assert listed == {"price": 30, "people": 180, "product": 90, "other": 120}
    changed = analyst.patch("/shelf-lives/price", {"days": 14})
    assert changed.get_json() == {"type": "price", "days": 14}
    assert analyst.patch("/shelf-lives/wine", {"days": 14}).status_code == 404
    assert analyst.patch("/shelf-lives/price", {"days": 0}).status_code == 422
