"""The OpenAPI document and its page: they name every operation, and answers are as they say."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from insights.app import create_app
from insights.schemas.notes import NoteOut, note_out
from insights.services import note_cards, photos
from tests.api.conftest import Program
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW
from tests.pictures import photo

# The document is the same on both databases.
on_one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
Document = dict[str, Any]


@pytest.fixture
def document(nobody: Browser) -> Document:
    """The document as everybody can read it."""
    content: Document = nobody.get("/api/v1/openapi.json").get_json()
    return content


@on_one_database
def test_the_document_names_every_operation(stage: Stage, document: Document) -> None:
    served = {
        (re.sub("<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in stage.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    named = {
        (path, method)
        for path, methods in document["paths"].items()
        for method in methods.keys() - {"parameters"}
    }
    assert document["openapi"] == "3.1.0"
    assert named == served
    assert len(named) > 50


@on_one_database
def test_every_operation_names_its_refusals_as_problems(document: Document) -> None:
    problem = "#/components/schemas/Problem"
    for response in document["components"]["responses"].values():
        media = response["content"]["application/problem+json"]
        assert media["schema"] == {"$ref": problem}
    for methods in document["paths"].values():
        for method in methods.keys() - {"parameters"}:
            responses = methods[method]["responses"]
            assert {"401", "403", "429"} <= set(responses)
            assert "default" not in responses


@on_one_database
def test_the_document_is_not_sent_again_to_whoever_has_it(nobody: Browser) -> None:
    first = nobody.get("/api/v1/openapi.json")
    headers = {"If-None-Match": first.headers["ETag"]}
    assert nobody.get("/api/v1/openapi.json", headers=headers).status_code == 304


@on_one_database
def test_a_note_goes_out_as_its_shape_says(stage: Stage, characters: Characters) -> None:
    text = "Ionfield undercuts Fibre One"
    posted = stage.post(characters.owner, text, account_id=MERCY, external_id="crm-1")
    with stage.database.writing() as session:
        file, storage = BytesIO(photo()), stage.runtime.storage
        photos.add_whole(session, characters.owner, posted, file, storage=storage, now=NOW)
        body = note_out(note_cards.card(session, characters.owner, posted))
    schema = NoteOut()
    assert list(body) == list(schema.fields)
    assert schema.validate(body) == {}
    for name in ("author", "territory", "account"):
        assert set(body[name]) == set(schema.fields[name].schema.fields)  # type: ignore[attr-defined]
    for name in ("segments", "competitors", "products", "photos"):
        assert set(body[name][0]) == set(schema.fields[name].inner.schema.fields)  # type: ignore[attr-defined]


@on_one_database
def test_the_page_explains_every_operation_and_shape(nobody: Browser, document: Document) -> None:
    answer = nobody.get("/api/docs")
    assert answer.status_code == 200
    for methods in document["paths"].values():
        for method in methods.keys() - {"parameters"}:
            assert f'id="{methods[method]["operationId"]}"' in answer.text
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in answer.text
    links = set(re.findall(r'href="#(shape-\w+)"', answer.text))
    assert links <= set(re.findall(r'id="(shape-\w+)"', answer.text))


@on_one_database
def test_calls_beyond_the_limit_are_told_to_wait(
    stage: Stage, characters: Characters, secret_of: Callable[..., str]
) -> None:
    settings = replace(stage.runtime.settings, api_limit="3 per minute")
    hurried = replace(stage, app=create_app(settings, clock=stage.clock))
    owner, stranger = (
        Program(hurried, secret_of(one)) for one in (characters.owner, characters.stranger)
    )
    statuses = [owner.get(path).status_code for path in ("/me", "/notes", "/notes", "/me")]
    assert statuses == [200, 200, 200, 429]
    refused = owner.get("/me")
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.content_type == "application/problem+json"
    assert stranger.get("/me").status_code == 200
    hurried.runtime.reader.close()
    hurried.database.dispose()
