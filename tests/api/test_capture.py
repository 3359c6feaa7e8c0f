"""What a phone asks for: who is signed in, and the capture kit."""

from collections.abc import Callable
from typing import Any

import pytest

from insights.schemas.capture import CaptureKitOut, CaptureSessionOut
from insights.services import competitors, handovers
from insights.services.handover_checks import NewHandover
from tests.api.conftest import Program
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MEMBER, MERCY, NOW, OWNER

KIT, SESSION = "/api/v1/capture/kit", "/api/v1/capture/session"

Opened = Callable[..., Browser]


@pytest.fixture
def owner(client_of: Opened, characters: Characters) -> Browser:
    """A browser in which the owner is signed in."""
    return client_of(characters.owner)


@pytest.fixture
def kit(owner: Browser) -> dict[str, Any]:
    """The owner's kit."""
    content: dict[str, Any] = owner.get(KIT).get_json()
    return content


@pytest.mark.parametrize("address", [KIT, SESSION])
def test_nobody_is_told_in_json_to_sign_in(nobody: Browser, address: str) -> None:
    answer = nobody.get(address)
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


@pytest.mark.parametrize("address", [KIT, SESSION])
def test_a_device_of_somebody_else_is_told_to_sign_in(owner: Browser, address: str) -> None:
    assert owner.get(address, headers={"Insights-Person": f"{OWNER + 1}"}).status_code == 401
    assert owner.get(address, headers={"Insights-Person": f"{OWNER}"}).status_code == 200


def test_a_session_gives_the_token_that_changes_need(owner: Browser) -> None:
    answer = owner.get(SESSION)
    body = answer.get_json()
    assert body["person"] == {"id": OWNER, "name": "Olivia Owner"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert CaptureSessionOut().validate(body) == {}
    note = {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "text": "Ionfield was here"}
    assert owner.post("/api/v1/notes", json=note).status_code == 400
    headers = {"X-CSRFToken": body["csrf_token"]}
    assert owner.post("/api/v1/notes", json=note, headers=headers).status_code == 201


def test_a_program_needs_no_such_token(
    program_of: Callable[..., Program], characters: Characters
) -> None:
    body = program_of(characters.owner, "read").get("/capture/session").get_json()
    assert body == {"person": {"id": OWNER, "name": "Olivia Owner"}, "csrf_token": None}


def test_the_kit_is_as_its_shape_says(kit: dict[str, Any]) -> None:
    schema = CaptureKitOut()
    assert list(kit) == list(schema.fields)
    assert schema.validate(kit) == {}
    for name in ("territories", "dimensions", "competitors", "products", "accounts"):
        assert set(kit[name][0]) == set(schema.fields[name].inner.schema.fields)  # type: ignore[attr-defined]


def test_the_kit_of_a_rep(kit: dict[str, Any]) -> None:
    assert kit["person"] == {"id": OWNER, "name": "Olivia Owner"}
    assert kit["held"] == ["georgia"]
    georgia = next(one for one in kit["territories"] if one["slug"] == "georgia")
    assert georgia["path"] == ["Southeast", "Georgia"]
    assert [one["slug"] for one in kit["territories"] if one["held"]] == ["georgia"]
    mercy = {"id": MERCY, "name": "Mercy Hospital", "territory": "georgia"}
    assert kit["accounts"] == [{**mercy, "segments": ["healthcare"]}]
    assert kit["reading"] == ["/", "/territories/georgia", "/reading"]
    assert ["product", "fibre-one", "F1"] in kit["dictionary"]
    assert {one["slug"]: one["maker"] for one in kit["products"]} == {
        "fibre-one": None,
        "ion-cloud": "ionfield",
    }
    assert [one["slug"] for one in kit["dimensions"][0]["segments"]] == ["healthcare", "trucking"]
    assert kit["limits"] == {"text": 20_000, "photos": 10, "photo_bytes": 15 * 1024 * 1024}


def test_the_brief_of_what_somebody_took_over_is_kept_on_their_devices(
    stage: Stage, client_of: Opened, characters: Characters
) -> None:
    member = client_of(characters.member)
    before = member.get(KIT).headers["ETag"]
    with stage.database.writing() as session:
        [made] = handovers.prepare(
            session, characters.manager, [NewHandover(GEORGIA, MEMBER)], from_id=OWNER,
            on=NOW.date(), now=NOW, today=NOW.date(),
        )  # fmt: skip
        handovers.carry_out(session, characters.manager, made.id, now=NOW, today=NOW.date())
    answer = member.get(KIT, headers={"If-None-Match": before})
    assert f"/handovers/{made.id}" in answer.get_json()["reading"]


def test_equal_counts_of_tell_tales_are_decided_in_their_order(kit: dict[str, Any]) -> None:
    assert list(kit["tell_tales"]) == ["challenge", "opportunity", "competitor", "preference"]


def test_everyone_has_a_kit(client_of: Opened, characters: Characters) -> None:
    for actor in characters.everyone:
        body = client_of(actor).get(KIT).get_json()
        assert body["person"]["id"] == actor.id
        assert len(body["held"]) == len(actor.held)


def test_a_device_that_has_it_is_not_sent_it_again(
    stage: Stage, owner: Browser, client_of: Opened, characters: Characters
) -> None:
    first = owner.get(KIT)
    assert first.headers["Cache-Control"] == "private, no-cache"
    headers = {"If-None-Match": first.headers["ETag"]}
    again = owner.get(KIT, headers=headers)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client_of(characters.member).get(KIT, headers=headers).status_code == 200
    with stage.database.writing() as session:
        competitors.archive(session, characters.admin, now=NOW, slug="ionfield")
    changed = owner.get(KIT, headers=headers)
    assert changed.status_code == 200
    assert "ionfield" not in [one["slug"] for one in changed.get_json()["competitors"]]


def test_asking_again_costs_no_more_than_the_accounts(
    stage: Stage, owner: Browser, count_queries: Counter
) -> None:
    headers = {"If-None-Match": owner.get(KIT).headers["ETag"]}
    with count_queries(stage.database) as statements:
        owner.get(KIT, headers=headers)
    about_kit = [one for one in statements if "account" in one]
    assert len(about_kit) == 2
    assert not any("territories.shape" in one for one in statements)
