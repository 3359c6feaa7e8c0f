"""The inbox and triage through the API."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from insights.services import triage
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import ANALYST, NOW

Start = Callable[..., Program]
# What differs between databases is tried in tests/services.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def note_ids(stage: Stage, characters: Characters) -> list[UUID]:
    """Notes in the inbox: of the owner in Georgia and of the stranger in Nevada."""
    authors = (characters.owner, characters.stranger)
    ids = [stage.post(one, "Ionfield was here") for one in authors]
    with stage.database.writing() as session:
        for one in ids:
            triage.open_notes(session, [one], now=NOW)
    return ids


@pytest.fixture
def analyst(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.analyst)


def put(program: Program, note_id: UUID, state: str, **given: Any) -> Any:
    return program.send_json("PUT", f"/notes/{note_id}/triage", {"state": state, **given})


def listed(program: Program, query: str = "") -> list[str]:
    return [one["note"]["id"] for one in program.items(f"/inbox{query}")]


def test_the_inbox_is_listed_filtered_and_paged(
    analyst: Program, program_of: Start, characters: Characters, note_ids: list[UUID]
) -> None:
    owners, strangers = map(str, note_ids)
    first = analyst.get("/inbox?limit=1").get_json()
    second = analyst.get(f"/inbox?limit=1&cursor={first['next']}").get_json()
    assert {one["items"][0]["note"]["id"] for one in (first, second)} == {owners, strangers}
    assert second["next"] is None
    assert first["items"][0]["triage"] == {
        "note_id": first["items"][0]["note"]["id"],
        "state": "new",
        "person": None,
        "opened_at": "2026-03-18T12:00:00.000Z",
        "changed_at": "2026-03-18T12:00:00.000Z",
        "version": 1,
    }
    assert first["items"][0]["sent_to"] == []
    assert listed(analyst, "?territory=nevada&competitor=ionfield&kind=competitor") == [strangers]
    assert listed(analyst, "?state=done") == listed(analyst, "?mine=true") == []
    assert listed(program_of(characters.manager)) == [owners]
    assert program_of(characters.owner).get("/inbox").status_code == 403
    unknown = analyst.get("/inbox?territory=atlantis")
    assert unknown.status_code == 422
    assert "is not known" in unknown.get_json()["errors"]["territory"][0]


def test_a_decision_is_told_and_a_late_one_refused(
    analyst: Program, program_of: Start, characters: Characters, note_ids: list[UUID]
) -> None:
    said = put(analyst, note_ids[0], "taken", version=1).get_json()
    assert (said["state"], said["version"]) == ("taken", 2)
    assert said["person"] == {"id": ANALYST, "name": "Anna Analyst"}
    assert listed(analyst, "?state=taken&mine=true") == [str(note_ids[0])]
    late = put(program_of(characters.manager), note_ids[0], "taken")
    assert late.status_code == 409
    assert late.get_json()["detail"] == "Anna Analyst took it already, just now."
    assert put(program_of(characters.owner), note_ids[0], "done").status_code == 403
    assert put(analyst, uuid4(), "done").status_code == 404
    assert put(analyst, note_ids[0], "lost").status_code == 422


def test_several_are_decided_at_once_and_each_is_told(
    program_of: Start, characters: Characters, note_ids: list[UUID]
) -> None:
    manager = program_of(characters.manager)
    answer = manager.post(
        "/inbox/decisions", {"state": "done", "notes": [str(one) for one in note_ids]}
    )
    done, refused = answer.get_json()["items"]
    assert (done["triage"]["state"], done["problem"]) == ("done", "")
    assert refused["triage"] is None
    assert "Analysts, managers of the note's territory" in refused["problem"]
    none = manager.post("/inbox/decisions", {"state": "done", "notes": []})
    assert none.get_json()["errors"]["notes"] == ["Name 1 to 100 notes."]
