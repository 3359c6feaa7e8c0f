"""Sightings and comments through the API."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters

Start = Callable[..., Program]


@pytest.fixture
def path(stage: Stage, characters: Characters) -> str:
    """The address of a note of the owner."""
    return f"/notes/{stage.post(characters.owner, 'They pay by the truck')}"


def test_a_sighting_is_said_once_and_taken_back(
    program_of: Start, characters: Characters, path: str
) -> None:
    member = program_of(characters.member)
    for _ in range(2):
        answer = member.send("PUT", f"{path}/sighting")
        assert (answer.status_code, answer.data) == (204, b"")
    [sighting] = member.items(f"{path}/sightings")
    assert sighting["person"] == {"id": 2, "name": "Max Member"}
    assert sighting["territory"]["slug"] == "florida"
    assert member.get(path).get_json()["sighted_by_me"] is True
    assert member.send("DELETE", f"{path}/sighting").status_code == 204
    assert member.items(f"{path}/sightings") == []


def test_nobody_sights_their_own_note(program_of: Start, characters: Characters, path: str) -> None:
    answer = program_of(characters.owner).send("PUT", f"{path}/sighting")
    assert answer.status_code == 403
    assert "your own note" in answer.get_json()["detail"]


def test_a_comment_that_is_sent_twice_stands_there_once(
    program_of: Start, characters: Characters, path: str
) -> None:
    member = program_of(characters.member)
    body = {"id": str(uuid4()), "text": "Since when?"}
    first, second = (member.post(f"{path}/comments", body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    assert member.items(f"{path}/comments") == [first.get_json()]


def test_the_id_of_another_persons_comment_is_a_conflict(
    program_of: Start, characters: Characters, path: str
) -> None:
    body = {"id": str(uuid4()), "text": "Since when?"}
    program_of(characters.member).post(f"{path}/comments", body)
    assert program_of(characters.owner).post(f"{path}/comments", body).status_code == 409


def test_a_comment_is_withdrawn_by_its_author_or_a_manager(
    program_of: Start, characters: Characters, path: str
) -> None:
    member = program_of(characters.member)
    body = {"id": str(uuid4()), "text": "Since when?"}
    member.post(f"{path}/comments", body)
    address = f"/comments/{body['id']}/withdraw"
    assert program_of(characters.stranger).post(address).status_code == 403
    assert program_of(characters.manager).post(address).status_code == 204
    assert member.items(f"{path}/comments") == []
    assert member.post(f"{path}/comments", body).status_code == 404


def test_a_comment_is_changed_by_its_author(
    program_of: Start, characters: Characters, path: str
) -> None:
    member = program_of(characters.member)
    body = {"id": str(uuid4()), "text": "Since when?"}
    assert member.post(f"{path}/comments", body).get_json()["edited_at"] is None
    address, change = f"/comments/{body['id']}", {"text": "Since May?"}
    assert program_of(characters.manager).patch(address, change).status_code == 403
    answer = member.patch(address, change)
    assert answer.status_code == 200
    assert answer.get_json()["edited_at"] is not None
    assert member.items(f"{path}/comments") == [answer.get_json()]
    assert member.patch(address, {"text": " "}).status_code == 422


def test_an_empty_or_endless_comment_is_refused(
    program_of: Start, characters: Characters, path: str
) -> None:
    member = program_of(characters.member)
    for text in ("  ", "x" * 5_001):
        answer = member.post(f"{path}/comments", {"id": str(uuid4()), "text": text})
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["text"])
