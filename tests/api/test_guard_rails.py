"""Guard-rails through the API: a 422 names the field, and who cannot ask is told nothing."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from insights.models import GuardAction, GuardTopic
from insights.services import guard_words
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW

PHONE = "Call Ann at 404-555-0137"


@pytest.fixture
def owner(program_of: Callable[..., Program], characters: Characters) -> Program:
    return program_of(characters.owner)


def note(text: str = PHONE, **fields: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "text": text, **fields}


def test_a_warning_is_refused_under_acknowledged_until_it_is_confirmed(owner: Program) -> None:
    body = note(acknowledged=[])
    answer = owner.post("/notes", body)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["acknowledged"]
    assert owner.post("/notes", {**body, "acknowledged": ["phone"]}).status_code == 201


def test_a_program_that_says_nothing_is_let_through(owner: Program) -> None:
    assert owner.post("/notes", note()).status_code == 201


def test_a_blocked_word_is_refused_under_text(
    owner: Program, stage: Stage, characters: Characters
) -> None:
    with stage.database.writing() as session:
        topic, action = GuardTopic.RESTRICTED, GuardAction.BLOCK
        guard_words.add(
            session, characters.admin, now=NOW, topic=topic, word="heron", action=action
        )
    answer = owner.post("/notes", note("About Heron", acknowledged=["word:heron"]))
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["text"]
    assert owner.post("/notes", note("About Heron")).status_code == 422


def test_a_change_is_asked_about_what_is_new(owner: Program) -> None:
    body = note("They pay by the truck")
    tag = owner.post("/notes", body).headers["ETag"]
    path, headers = f"/notes/{body['id']}", {"If-Match": tag}
    answer = owner.patch(path, {"text": PHONE, "acknowledged": []}, headers=headers)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["acknowledged"]
    confirmed = {"text": PHONE, "acknowledged": ["phone"]}
    tag = owner.patch(path, confirmed, headers=headers).headers["ETag"]
    again = {"text": f"{PHONE}!", "acknowledged": []}
    assert owner.patch(path, again, headers={"If-Match": tag}).status_code == 200


@pytest.mark.parametrize("wrong", [None, "phone", [1], ["x"] * 51, ["x" * 201]])
def test_what_is_no_list_of_findings_is_refused(owner: Program, wrong: Any) -> None:
    answer = owner.post("/notes", note(acknowledged=wrong))
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["acknowledged"]


def test_a_tag_that_the_text_names_can_be_dismissed(owner: Program) -> None:
    text = "Ionfield and Acme were there"
    answer = owner.post("/notes", note(text, dismissed=["competitors:ionfield"]))
    assert [one["slug"] for one in answer.get_json()["competitors"]] == ["acme-telecom"]
    assert owner.post("/notes", note(dismissed=["x"] * 91)).status_code == 422
