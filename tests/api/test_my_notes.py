"""What became of my notes through the API."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from insights.schemas.my_notes import MyNoteOut
from insights.services import sightings
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW

Start = Callable[..., Program]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    """A program of the owner."""
    return program_of(characters.owner)


@pytest.fixture
def seen(stage: Stage, characters: Characters) -> str:
    """The id of a note of the owner that the member has seen too, an hour later."""
    stage.post(characters.owner, "Nobody noticed", captured_at=NOW - timedelta(days=1))
    note_id = stage.post(characters.owner, "Acme was here")
    stage.clock.now = LATER
    with stage.database.writing() as session:
        sightings.add(session, characters.member, note_id, now=LATER)
    return str(note_id)


def test_tells_what_others_did_as_it_is_documented(owner: Program, seen: str) -> None:
    first, second = owner.items("/me/notes")
    assert first.keys() == MyNoteOut().fields.keys()
    assert (first["id"], first["state"], first["news"]) == (seen, "Seen by 1 other", True)
    assert first["events"] == [
        {
            "kind": "sighting",
            "at": "2026-03-18T13:00:00.000Z",
            "person": "Max Member",
            "territory": "Florida",
            "detail": "",
            "words": "Max Member saw the same in Florida",
            "new": True,
        }
    ]
    assert second["state"] == "Nothing yet: colleagues find it by searching."


def test_is_of_whoever_asks(program_of: Start, characters: Characters, seen: str) -> None:
    for one in characters.everyone[1:]:
        assert program_of(one).items("/me/notes") == []


def test_comes_page_by_page(owner: Program, seen: str) -> None:
    first = owner.get("/me/notes?limit=1").get_json()
    rest = owner.get(f"/me/notes?limit=1&cursor={first['next']}").get_json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [1, 1, None]
    assert first["items"] != rest["items"]


def test_news_alone_until_it_is_read(owner: Program, seen: str) -> None:
    assert [one["id"] for one in owner.items("/me/notes?news=true")] == [seen]
    assert owner.post("/me/notes/read", {"until": NOW.isoformat()}).status_code == 204
    assert len(owner.items("/me/notes?news=true")) == 1
    assert owner.post("/me/notes/read", {}).status_code == 204
    assert owner.items("/me/notes?news=true") == []
    assert not owner.items("/me/notes")[0]["events"][0]["new"]


def test_reading_needs_a_token_that_writes(program_of: Start, characters: Characters) -> None:
    reader = program_of(characters.owner, "read")
    assert reader.get("/me/notes").status_code == 200
    assert reader.post("/me/notes/read", {}).status_code == 403


@pytest.mark.parametrize("query", ["news=perhaps", "cursor=x", "limit=0", "until=now"])
def test_refuses_a_question_that_makes_no_sense(owner: Program, query: str) -> None:
    assert owner.get(f"/me/notes?{query}").status_code == 422
