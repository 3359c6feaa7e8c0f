"""Notes through the API: post, list, read, change, withdraw."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import ADMIN, MEMBER, MERCY, OWNER, STRANGER

Start = Callable[..., Program]


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.owner)


def note(text: str = "They pay by the truck", **fields: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "text": text, **fields}


def test_a_posted_note_is_answered_as_it_is_stored(owner: Program) -> None:
    body = note("Ionfield undercuts us", territory="FL", segments=["Healthcare"], impact="high")
    answer = owner.post("/notes", body)
    assert answer.status_code == 201
    stored = answer.get_json()
    assert (stored["id"], stored["text"], stored["kind"]) == (
        body["id"],
        body["text"],
        "competitor",
    )
    assert stored["territory"] == {"slug": "florida", "name": "Florida", "code": "FL"}
    assert stored["segments"] == [{"slug": "healthcare", "name": "Healthcare", "dimension": 1}]
    assert stored["competitors"] == [{"slug": "ionfield", "name": "Ionfield"}]
    assert stored["author"] == {"id": OWNER, "name": "Olivia Owner"}
    assert stored["noted_at"] == "2026-03-18T12:00:00.000Z"
    assert owner.client.get(answer.headers["Location"], headers=owner.headers).get_json() == stored


def test_the_second_send_of_an_id_answers_the_same_with_200(owner: Program) -> None:
    body = note()
    first, second = owner.post("/notes", body), owner.post("/notes", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    assert first.headers["ETag"] == second.headers["ETag"]
    assert len(owner.items("/notes")) == 1


def test_an_id_of_another_persons_note_is_a_conflict(
    owner: Program, program_of: Start, characters: Characters
) -> None:
    body = note()
    owner.post("/notes", body)
    answer = program_of(characters.stranger).post("/notes", body)
    assert answer.status_code == 409
    assert "another person" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("2099-01-01T00:00:00+02:00", "2098-12-31T22:00:00.000Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_clock_that_is_wrong_by_years_is_kept_and_marked(
    owner: Program, claimed: str, kept: str
) -> None:
    stored = owner.post("/notes", note(captured_at=claimed)).get_json()
    assert stored["captured_at"] == kept
    assert stored["noted_at"] == "2026-03-18T12:00:00.000Z"
    assert stored["clock_doubtful"] is True
    assert owner.get(f"/notes/{stored['id']}").get_json() == stored


def test_an_account_brings_its_territory_and_segments(owner: Program) -> None:
    stored = owner.post("/notes", note(account=MERCY)).get_json()
    assert stored["account"] == {"id": MERCY, "name": "Mercy Hospital"}
    assert [one["slug"] for one in stored["segments"]] == ["healthcare"]


def test_a_list_is_read_to_its_end_by_its_cursors(stage: Stage, owner: Program) -> None:
    ids = {owner.post("/notes", note()).get_json()["id"] for _ in range(5)}
    seen: list[str] = []
    address = "/api/v1/notes?limit=2&author=me"
    while address:
        answer = owner.client.get(address, headers=owner.headers)
        seen += [one["id"] for one in answer.get_json()["items"]]
        link = answer.headers.get("Link")
        assert (link is None) == (answer.get_json()["next"] is None)
        address = link.split(">")[0].removeprefix("<") if link else ""
    assert len(seen) == 5
    assert set(seen) == ids


FILTERS: list[tuple[str, set[str]]] = [
    ("territory=southeast", {"georgia", "florida"}),
    ("territory=NV", {"nevada"}),
    ("kind=challenge", {"nevada"}),
    ("competitor=ion+field", {"georgia"}),
    ("product=F1", {"florida"}),
    ("segment=trucking", {"nevada"}),
    ("account=2", {"nevada"}),
    (f"author={MEMBER}", {"florida"}),
    ("author=me", {"georgia"}),
    ("since=2026-03-18T12:00:00Z", {"georgia", "florida", "nevada"}),
    ("until=2026-03-18T12:00:00Z", set()),
    ("territory=southeast&kind=challenge", set()),
]


def test_filters_narrow_the_list(stage: Stage, owner: Program, characters: Characters) -> None:
    stage.post(characters.owner, "Ion Field again", territory="georgia")
    stage.post(characters.member, "Fibre One is praised", territory="florida")
    stage.post(
        characters.stranger,
        "Load theft is a problem",
        territory="nevada",
        account_id=2,
        segments=("trucking",),
    )
    for query, found in FILTERS:
        assert {one["territory"]["slug"] for one in owner.items(f"/notes?{query}")} == found, query


def test_a_sealed_note_does_not_exist_for_a_stranger(
    owner: Program, program_of: Start, characters: Characters
) -> None:
    path = f"/notes/{owner.post('/notes', note(audience='sealed')).get_json()['id']}"
    stranger = program_of(characters.stranger)
    assert stranger.get(path).status_code == 404
    assert stranger.items("/notes") == []
    assert program_of(characters.manager).get(path).status_code == 200


def test_what_a_program_has_already_is_not_sent_again(owner: Program) -> None:
    posted = owner.post("/notes", note())
    path = f"/notes/{posted.get_json()['id']}"
    etag = posted.headers["ETag"]
    again = owner.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag


def test_a_new_comment_changes_the_etag_but_not_the_version(
    stage: Stage, owner: Program, program_of: Start, characters: Characters
) -> None:
    posted = owner.post("/notes", note())
    path = f"/notes/{posted.get_json()['id']}"
    owner.post(f"{path}/comments", {"id": str(uuid4()), "text": "When?"})
    etag = posted.headers["ETag"]
    assert owner.get(path, headers={"If-None-Match": etag}).status_code == 200
    assert owner.patch(path, {"impact": "low"}, headers={"If-Match": etag}).status_code == 200


def test_a_change_keeps_what_was_before(owner: Program) -> None:
    posted = owner.post("/notes", note("Frist", account=MERCY))
    path = f"/notes/{posted.get_json()['id']}"
    changes: dict[str, Any] = {"text": "First", "account": None, "segments": []}
    changed = owner.patch(path, changes, headers={"If-Match": posted.headers["ETag"]})
    assert changed.status_code == 200
    body = changed.get_json()
    assert (body["text"], body["account"], body["segments"]) == ("First", None, [])
    assert body["version"] == 2
    [revision] = owner.items(f"{path}/revisions")
    assert revision["editor"] == "Olivia Owner"
    assert {"field": "text", "before": "Frist", "after": "First"} in revision["changes"]


def test_a_change_names_the_version_that_was_read(owner: Program) -> None:
    posted = owner.post("/notes", note())
    path, etag = f"/notes/{posted.get_json()['id']}", posted.headers["ETag"]
    assert owner.patch(path, {"impact": "low"}).status_code == 428
    assert owner.patch(path, {"impact": "low"}, headers={"If-Match": etag}).status_code == 200
    assert owner.patch(path, {"impact": "high"}, headers={"If-Match": etag}).status_code == 412
    assert owner.patch(path, {"impact": "high"}, headers={"If-Match": '"x"'}).status_code == 412
    assert owner.get(path).get_json()["impact"] == "low"
    assert owner.patch(path, {"impact": "high"}, headers={"If-Match": "*"}).status_code == 200


def test_only_the_author_managers_and_admins_change_a_note(
    owner: Program, program_of: Start, characters: Characters
) -> None:
    path = f"/notes/{owner.post('/notes', note()).get_json()['id']}"
    allowed = {
        actor.id: program_of(actor).patch(path, {}, headers={"If-Match": "*"}).status_code
        for actor in characters.everyone
    }
    assert {person for person, status in allowed.items() if status == 200} == {1, 5, ADMIN}
    assert allowed[STRANGER] == 403


def test_a_withdrawn_note_is_hidden_and_can_be_restored(
    owner: Program, program_of: Start, characters: Characters
) -> None:
    path = f"/notes/{owner.post('/notes', note()).get_json()['id']}"
    withdrawn = owner.post(f"{path}/withdraw", {"reason": "Wrong customer"})
    assert withdrawn.get_json()["withdrawn_reason"] == "Wrong customer"
    assert owner.items("/notes") == []
    assert program_of(characters.stranger).get(path).status_code == 404
    assert owner.post(f"{path}/restore").status_code == 403
    restored = program_of(characters.manager).post(f"{path}/restore")
    assert (restored.status_code, restored.get_json()["withdrawn_at"]) == (200, None)


def test_an_author_withdraws_within_a_day_only(stage: Stage, owner: Program) -> None:
    path = f"/notes/{owner.post('/notes', note()).get_json()['id']}"
    stage.clock.now = stage.clock.now.replace(day=20)
    assert owner.post(f"{path}/withdraw", {}).status_code == 403


def test_answers_with_notes_are_kept_by_no_shared_cache(owner: Program) -> None:
    posted = owner.post("/notes", note())
    path = f"/notes/{posted.get_json()['id']}"
    assert owner.get("/notes").headers["Cache-Control"] == "no-store"
    assert owner.get(path).headers["Cache-Control"] == "private, no-cache"


def test_nobody_finds_a_note_that_does_not_exist(owner: Program) -> None:
    for address in ("", "/revisions", "/comments", "/sightings"):
        assert owner.get(f"/notes/{UUID(int=0)}{address}").status_code == 404
