"""What is wrong gets a message that names the field and says what to do; nothing answers 500."""

from collections.abc import Callable
from typing import Any
from unicodedata import normalize
from uuid import UUID, uuid4

import pytest

from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters

ID = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
def owner(program_of: Callable[..., Program], characters: Characters) -> Program:
    return program_of(characters.owner)


def refused(program: Program, body: object) -> dict[str, list[str]]:
    """The messages by field of a note that is refused with 422."""
    answer = program.post("/notes", body)
    assert answer.status_code == 422, answer.data
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert (problem["status"], problem["title"]) == (422, "Unprocessable Entity")
    errors: dict[str, list[str]] = problem["errors"]
    assert all(text in problem["detail"] for texts in errors.values() for text in texts)
    return errors


def test_all_fields_to_mend_are_named_at_once(owner: Program) -> None:
    body = {"id": "1", "text": "", "kind": "rumour", "segments": "Healthcare", "colour": "red"}
    assert refused(owner, body) == {
        "id": ["Give a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057."],
        "kind": ["Choose one of: competitor, preference, challenge, opportunity."],
        "segments": ["Give a list, in square brackets."],
        "colour": ["There is no such field here. Remove it, or correct its name."],
    }


BAD_FIELDS: list[tuple[str, Any, str]] = [
    ("text", "", "is empty"),
    ("text", " \u200b\u2060\n", "is empty"),
    ("text", "x" * 100_000, "Shorten"),
    ("text", "half\x00", "U+0000 at place 5"),
    ("text", 7, "Give a text"),
    ("text", None, "cannot be empty"),
    ("territory", "Atlantis", "“Atlantis” is not a territory"),
    ("territory", "x" * 300, "Shorten"),
    ("competitors", ["Nobody"], "“Nobody” is not known"),
    ("products", [1], "Item 1: Give a text"),
    ("segments", ["x"] * 31, "at most 30"),
    ("account", 0, "whole number"),
    ("account", 10**30, "whole number"),
    ("account", True, "whole number"),
    ("account", "1", "whole number"),
    ("account", 999, "no such account"),
    ("captured_at", "2026-03-18T12:00:00", "end it with Z"),
    ("captured_at", "2026-02-30T12:00:00Z", "no such time"),
    ("captured_at", 1_700_000_000, "Give a time"),
    ("latitude", 91, "from -90 to 90"),
    ("longitude", 10**400, "from -180 to 180"),
    ("latitude", 1.5, "together"),
    ("external_id", "x" * 201, "Shorten"),
    ("audience", "me", "Choose one of"),
]


def test_one_bad_field_is_named_with_what_to_do(owner: Program) -> None:
    for field, value, words in BAD_FIELDS:
        errors = refused(owner, {"id": ID, "text": "Fine", **{field: value}})
        assert list(errors) == [field]
        assert words in errors[field][0]


HOSTILE_JSON = [
    ('"latitude": NaN, "longitude": 1', "latitude"),
    ('"latitude": 1, "longitude": -Infinity', "longitude"),
    ('"latitude": 1e999, "longitude": 1', "latitude"),
    ('"external_id": "\\ud83d"', "external_id"),
    ('"\\udc00": 1', "\ufffd"),
]


def test_numbers_and_characters_that_only_lenient_json_has_are_named(owner: Program) -> None:
    for raw, field in HOSTILE_JSON:
        body = f'{{"id": "{ID}", "text": "Fine", {raw}}}'
        answer = owner.send("POST", "/notes", data=body, content_type="application/json")
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_json_of_the_wrong_type_is_refused(owner: Program) -> None:
    for body in ([], "text", 1, True, None, [{"id": ID, "text": "x"}]):
        assert refused(owner, body) == {"": ["Send an object with named fields."]}


UNREADABLE = [
    (b"{", "line 1, column 2"),
    (b"\xff\xfe{}", "not UTF-8"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"account": ' + b"9" * 5_000 + b"}", "thousands of digits"),
]


def test_a_body_that_is_no_json_is_400(owner: Program) -> None:
    for body, words in UNREADABLE:
        answer = owner.send("POST", "/notes", data=body, content_type="application/json")
        assert answer.status_code == 400
        assert words in answer.get_json()["detail"]


def test_a_body_of_another_kind_is_415(owner: Program) -> None:
    answer = owner.send("POST", "/notes", data={"text": "a form"})
    assert answer.status_code == 415
    assert "application/json" in answer.get_json()["detail"]


def test_no_body_at_all_is_422(owner: Program) -> None:
    assert owner.send("POST", "/notes").status_code == 422


def test_a_body_that_is_too_large_is_413(owner: Program) -> None:
    answer = owner.post("/notes", {"id": ID, "text": "x" * 3_000_000})
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


def test_an_archived_territory_takes_no_notes(
    stage: Stage, owner: Program, program_of: Callable[..., Program], characters: Characters
) -> None:
    program_of(characters.admin).post("/territories/georgia/archive")
    [message] = refused(owner, {"id": ID, "text": "Fine", "territory": "GA"})["territory"]
    assert "“Georgia” is archived" in message


HONEST = [
    "שלום עולם",
    "🚚🔥 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "a\u0301" * 50,
    "tab\there",
    "<script>alert(1)</script>",
    "'; DROP TABLE notes",
]


def test_unusual_but_honest_text_is_stored(owner: Program) -> None:
    for text in HONEST:
        answer = owner.post("/notes", {"id": str(uuid4()), "text": text})
        assert (answer.status_code, answer.get_json()["text"]) == (201, normalize("NFC", text))


BAD_FILTERS = [
    ("/notes?limit=0", "limit"),
    ("/notes?limit=101", "limit"),
    ("/notes?limit=ten", "limit"),
    ("/notes?cursor=x", "cursor"),
    ("/notes?cursor=f" + "_" * 31, "cursor"),
    ("/notes?territory=atlantis", "territory"),
    ("/notes?teritory=georgia", "teritory"),
    ("/notes?author=somebody", "author"),
    ("/notes?since=yesterday", "since"),
    ("/notes?since=2026-03-18T12:00:00+01:00", "since"),
    ("/notes?kind=Rumour", "kind"),
    ("/accounts?cursor=AAAAAAAAAAk", "cursor"),
    ("/accounts?territory=atlantis", "territory"),
    ("/search?sort=best", "sort"),
    ("/search?since=2026-13-01", "since"),
    ("/search?author=me", "author"),
    ("/search?competitor=nobody", "competitor"),
    ("/search?cursor=_____________w", "cursor"),
    ("/segments?dimension=3", "dimension"),
    ("/territories?archived=maybe", "archived"),
]


def test_bad_filters_are_named(owner: Program) -> None:
    for path, field in BAD_FILTERS:
        answer = owner.get(path)
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


NOWHERE = [
    "/notes/1",
    f"/notes/{UUID(int=7)}",
    "/accounts/0",
    "/accounts/9999999999",
    "/accounts/" + "9" * 5_000,
    "/territories/%00",
    "/territories/%ED%A0%80",
    "/segments/" + "x" * 500,
    "/competitors/nobody",
    "/nowhere",
]


def test_what_does_not_exist_is_404(owner: Program) -> None:
    for path in NOWHERE:
        answer = owner.get(path)
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_method_that_an_address_lacks_is_405_with_those_it_has(owner: Program) -> None:
    answer = owner.send("DELETE", "/notes")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
