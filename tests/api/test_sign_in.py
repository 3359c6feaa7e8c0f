"""Who gets in: a token with the right scope, or a sign-in with the form token."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from insights.services import people, tokens
from insights.services.access import Actor
from tests.api.conftest import Program
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, TODAY

Start = Callable[..., Program]


def test_nobody_gets_in(nobody: Browser) -> None:
    answer = nobody.get("/api/v1/notes")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.content_type == "application/problem+json"
    assert nobody.post("/api/v1/notes", json={}).status_code == 401


def test_what_does_not_exist_is_said_without_sign_in(nobody: Browser) -> None:
    assert nobody.post("/api/v1/nowhere", json={}).status_code == 404
    assert nobody.put("/api/v1/notes", json={}).status_code == 405


def test_a_token_tells_who_it_is(program_of: Start, characters: Characters) -> None:
    assert program_of(characters.owner, "read").get("/me").get_json() == {
        "id": 1,
        "name": "Olivia Owner",
        "email": "owner@example.com",
        "role": "rep",
        "territories": [{"slug": "georgia", "name": "Georgia", "code": "GA"}],
        "scopes": ["read"],
    }


def test_a_header_that_is_no_token_is_401(nobody: Browser) -> None:
    for header in ("Bearer x", "Bearer ", "Bearer fi_\x80", "Basic eDp5", "fi_x"):
        answer = nobody.get("/api/v1/me", headers={"Authorization": header})
        assert answer.status_code == 401


def test_an_expired_token_is_401(stage: Stage, program_of: Start, characters: Characters) -> None:
    program = program_of(characters.owner)
    stage.clock.now = NOW + timedelta(days=31)
    assert program.get("/me").status_code == 401


def test_a_revoked_token_is_401(stage: Stage, program_of: Start, characters: Characters) -> None:
    program = program_of(characters.owner)
    with stage.database.writing() as session:
        [token] = tokens.list_own(session, characters.owner)
        tokens.revoke(session, characters.owner, now=NOW, token_id=token.id)
    assert program.get("/me").status_code == 401


def test_the_token_of_a_leaver_is_401(
    stage: Stage, program_of: Start, characters: Characters
) -> None:
    program = program_of(characters.member)
    with stage.database.writing() as session:
        people.deactivate(
            session,
            characters.admin,
            now=NOW,
            today=TODAY,
            person_id=characters.member.id,
            caretaker_id=characters.manager.id,
        )
    assert program.get("/me").status_code == 401


def test_a_bad_token_is_401_even_beside_a_sign_in(
    client_of: Callable[..., Browser], characters: Characters
) -> None:
    browser = client_of(characters.owner)
    assert browser.get("/api/v1/me").status_code == 200
    answer = browser.get("/api/v1/me", headers={"Authorization": "Bearer fi_wrong"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [("read", {"GET /notes"}), ("write", {"POST /notes"}), ("admin", {"GET /people"})],
)
def test_a_scope_opens_its_own_operations_only(
    program_of: Start, characters: Characters, scope: str, allowed: set[str]
) -> None:
    program = program_of(characters.admin, scope)
    body = {"id": str(uuid4()), "text": "Scopes", "territory": "georgia"}
    statuses = {
        "GET /notes": program.get("/notes").status_code,
        "POST /notes": program.post("/notes", body).status_code,
        "GET /people": program.get("/people").status_code,
    }
    assert {name for name, status in statuses.items() if status < 400} == allowed
    assert {status for name, status in statuses.items() if name not in allowed} == {403}


def test_a_missing_scope_is_named(program_of: Start, characters: Characters) -> None:
    answer = program_of(characters.owner, "write").get("/notes")
    assert "“read”" in answer.get_json()["detail"]


def test_a_missing_scope_comes_before_a_bad_body(program_of: Start, characters: Characters) -> None:
    assert program_of(characters.owner, "read").post("/notes", {}).status_code == 403


def test_a_sign_in_needs_the_form_token_to_change_something(
    client_of: Callable[..., Browser], characters: Characters
) -> None:
    browser = client_of(characters.owner)
    body = {"id": str(uuid4()), "text": "From a page"}
    refused = browser.post("/api/v1/notes", json=body)
    assert refused.status_code == 400
    assert "X-CSRFToken" in refused.get_json()["detail"]
    found = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/").text)
    assert found
    answer = browser.post("/api/v1/notes", json=body, headers={"X-CSRFToken": found.group(1)})
    assert answer.status_code == 201


def test_what_one_person_wrote_is_not_sent_under_the_name_of_another(
    client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    browser = client_of(characters.owner)
    own, other = ({"Insights-Person": str(one.id)} for one in (characters.owner, characters.member))
    assert browser.get("/api/v1/me", headers=own).status_code == 200
    assert browser.get("/api/v1/me", headers=other).status_code == 401
