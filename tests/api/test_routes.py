"""Routes, destinations and deliveries through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from insights.models import Delivery, DeliveryState
from insights.services import deliveries, delivery_claims
from insights.services.deliveries import Refused
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, TODAY
from tests.services.routed import route_all

Start = Callable[..., Program]


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.owner)


@pytest.fixture
def analyst(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.analyst)


@pytest.fixture
def admin(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.admin)


def made(program: Program, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = program.post(path, body)
    assert answer.status_code in (200, 201), answer.data
    found: dict[str, Any] = answer.get_json()
    return found


def mailbox(program: Program, address: str = "pricing@example.com") -> int:
    return int(made(program, "/destinations", {"kind": "mail", "address": address})["id"])


def test_a_route_is_made_tried_changed_and_removed(analyst: Program, owner: Program) -> None:
    place = mailbox(analyst)
    assert mailbox(analyst) == place
    body = {"name": "Prices", "query": "price", "destination_id": place, "cadence": "daily"}
    route = made(analyst, "/routes", {**body, "send_at": "17:30", "quiet_from": None})
    assert route["destination"] == {
        "id": place, "kind": "mail", "label": "pricing@example.com", "trouble": "",
    }  # fmt: skip
    assert (route["send_at"], route["cadence"], route["content"]) == ("17:30", "daily", "notes")
    path = f"/routes/{route['id']}"
    assert owner.get(path).get_json() == route
    assert owner.patch(path, {"muted": True}).status_code == 403
    assert analyst.patch(path, {"muted": True}).get_json() == {**route, "muted": True}
    assert analyst.patch(path, {"send_at": "24:00"}).status_code == 422
    assert [one["id"] for one in owner.items("/routes")] == [route["id"]]
    assert analyst.send("DELETE", path).status_code == 204
    assert analyst.get(path).status_code == 404


def test_an_alert_goes_to_its_owner_and_is_nobody_elses(
    owner: Program, analyst: Program, admin: Program
) -> None:
    alert = made(owner, "/routes", {"name": "Mine", "query": "price", "personal": True})
    assert alert["destination"]["label"] == "owner@example.com"
    for other in (analyst, admin):
        assert other.get(f"/routes/{alert['id']}").status_code == 404
        assert other.post(f"/routes/{alert['id']}/test").status_code == 404
    assert (
        owner.post("/routes", {"name": "All", "query": "x", "destination_id": 1}).status_code == 403
    )


def test_a_summary_is_of_places_and_needs_no_query(analyst: Program) -> None:
    place = mailbox(analyst)
    weekly = {"content": "summary", "destination_id": place}
    assert made(analyst, "/routes", {**weekly, "name": "Week", "query": ""})["query"] == ""
    georgia = {**weekly, "name": "Georgia", "query": "territory:georgia"}
    assert made(analyst, "/routes", georgia)["content"] == "summary"
    refused = analyst.post("/routes", {**weekly, "name": "Words", "query": "price"})
    assert refused.status_code == 422
    assert "territory:georgia" in str(refused.get_json())


def test_a_preview_counts_what_would_have_come(
    stage: Stage, characters: Characters, analyst: Program
) -> None:
    stage.post(characters.owner, "They cut the price")
    stage.post(characters.owner, "They cut the price again", audience="sealed")
    tried = made(analyst, "/routes/preview", {"query": "price"})
    assert (tried["found"], tried["days"]) == (1, 30)
    assert made(analyst, "/routes/preview", {"query": "price", "personal": True})["found"] == 2
    assert analyst.post("/routes/preview", {"query": " "}).status_code == 422
    for content in ("trends", "summary"):
        assert made(analyst, "/routes/preview", {"query": "", "content": content})["sentence"]


def test_a_test_is_a_delivery_that_can_be_watched(analyst: Program, owner: Program) -> None:
    body = {"name": "Prices", "query": "price", "destination_id": mailbox(analyst)}
    path = f"/routes/{made(analyst, '/routes', body)['id']}/test"
    delivery = made(analyst, path, {})
    assert (delivery["matter"], delivery["state"], delivery["note"]) == ("test", "waiting", None)
    assert analyst.get(f"/deliveries/{delivery['id']}").get_json() == delivery
    assert owner.get(f"/deliveries/{delivery['id']}").status_code == 404
    assert owner.post(path).status_code == 403


def test_destinations_are_for_those_who_keep_routes(
    owner: Program, analyst: Program, admin: Program
) -> None:
    place = mailbox(analyst)
    assert [one["id"] for one in analyst.items("/destinations")] == [place]
    assert owner.get("/destinations").status_code == 403
    assert (
        owner.post("/destinations", {"kind": "mail", "address": "a@b.example"}).status_code == 403
    )
    for wrong in (
        {"kind": "slack-person"}, {"kind": "webhook", "address": "https://a.example"},
        {"kind": "slack-channel", "team": "T1", "address": "C1"}, {"kind": "mail", "address": "a"},
    ):  # fmt: skip
        assert analyst.post("/destinations", wrong).status_code == 422
    hook = {"address": "https://crm.example.com/in", "label": "CRM"}
    assert analyst.post("/webhooks", hook).status_code == 403
    assert made(admin, "/webhooks", hook)["secret"].startswith("whsec_")


def test_deliveries_of_a_note_are_seen_by_those_who_may_and_sent_again_by_admins(
    stage: Stage, characters: Characters, owner: Program, analyst: Program, admin: Program
) -> None:
    place = mailbox(analyst)
    made(analyst, "/routes", {"name": "Prices", "query": "price", "destination_id": place})
    made(owner, "/routes", {"name": "Mine", "query": "price", "personal": True})
    note = stage.post(characters.member, "They cut the price")
    with stage.database.writing() as session:
        route_all(session)
        while (parcel := delivery_claims.claim(session, now=NOW, today=TODAY)) is not None:
            deliveries.settle(session, parcel, Refused("too long"), now=NOW)
        own = session.scalars(select(Delivery.id).where(Delivery.destination_id != place)).one()
    seen = {
        name: [one["destination"] for one in program.items(f"/deliveries?note={note}")]
        for name, program in {"owner": owner, "analyst": analyst, "admin": admin}.items()
    }
    assert seen == {
        "owner": ["owner@example.com"],
        "analyst": ["pricing@example.com"],
        "admin": ["pricing@example.com"],
    }
    (dead,) = analyst.items(f"/deliveries?destination={place}")
    assert (dead["state"], dead["answer"], dead["attempts"]) == ("dead", "too long", 1)
    assert analyst.post(f"/deliveries/{dead['id']}/again").status_code == 403
    again = made(admin, f"/deliveries/{dead['id']}/again", {})
    assert (again["state"], again["attempts"]) == ("waiting", 0)
    assert admin.post(f"/deliveries/{dead['id']}/again").status_code == 409
    # Of what goes to a colleague an admin sees that and how, and not what.
    hidden = admin.get(f"/deliveries/{own}").get_json()
    assert (hidden["state"], hidden["note"]) == ("dead", None)
    assert analyst.get(f"/deliveries/{own}").status_code == 404
    assert admin.get("/deliveries").status_code == 422
    with stage.database.reading() as session:
        assert session.get_one(Delivery, own).state is DeliveryState.DEAD
