"""Reassignments and rules through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Program
from tests.fixtures.world import Characters
from tests.organisation import MEMBER, OWNER, TODAY

Start = Callable[..., Program]
WANTED: dict[str, Any] = {
    "since": TODAY.isoformat(),
    "territories": {"holder": OWNER, "to": MEMBER},
    "accounts": {"region": "georgia", "to": "FL"},
}


@pytest.fixture
def admin(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.admin)


def test_a_reassignment_is_looked_at_made_and_undone(admin: Program) -> None:
    seen = admin.post("/reassignments/preview", WANTED).get_json()
    assert (seen["territories"], seen["accounts"], seen["warnings"]) == (1, 1, [])
    assert seen["holder_rows"] == [
        {
            "territory": {"slug": "georgia", "name": "Georgia", "code": "GA"},
            "former": ["Olivia Owner"],
            "next": "Max Member",
        }
    ]
    body = {**WANTED, "fingerprint": seen["fingerprint"]}
    made = admin.post("/reassignments", body)
    assert made.status_code == 201, made.data
    one = made.get_json()
    assert admin.get(f"/reassignments/{one['id']}").get_json() == one
    assert admin.items("/reassignments") == [one]
    assert admin.post("/reassignments", body).status_code == 409
    undone = admin.post(f"/reassignments/{one['id']}/undo").get_json()
    assert (undone["may_undo"], undone["undone_at"]) == (False, "2026-03-18T12:00:00.000Z")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"since": "2026-03-18"},
        {**WANTED, "territories": {"holder": OWNER}},
        {**WANTED, "territories": {"to": 10**12}},
        {**WANTED, "territories": None},
        {**WANTED, "territories": {"table": [{"territory": "georgia"}]}},
        {**WANTED, "accounts": {"region": "atlantis", "to": "FL"}},
        {**WANTED, "accounts": {"segment": "\u0000", "to": "FL"}},
    ],
)
def test_what_is_incomplete_is_refused(admin: Program, body: dict[str, Any]) -> None:
    assert admin.post("/reassignments/preview", body).status_code == 422


def test_others_than_managers_are_refused(program_of: Start, characters: Characters) -> None:
    allowed = {
        name for name, actor in vars(characters).items()
        if program_of(actor).post("/reassignments/preview", WANTED).status_code == 200
    }  # fmt: skip
    listed = {
        name for name, actor in vars(characters).items()
        if program_of(actor).get("/reassignments").status_code == 200
    }  # fmt: skip
    assert (allowed, listed) == ({"manager", "admin"}, {"manager", "admin"})


def test_rules_are_added_listed_and_removed(admin: Program) -> None:
    added = admin.post("/territory-rules", {"territory": "florida", "state": "ga"})
    assert added.status_code == 201, added.data
    rule = added.get_json()
    assert rule["terms"] == [{"attribute": "state", "value": "GA", "words": "state GA"}]
    assert admin.items("/territory-rules?territory=southeast") == [rule]
    assert admin.items("/territory-rules?territory=west") == []
    assert admin.send("DELETE", f"/territory-rules/{rule['id']}").status_code == 204
    assert admin.send("DELETE", f"/territory-rules/{rule['id']}").status_code == 404


def test_the_report_counts_what_the_rules_leave_open(admin: Program) -> None:
    account = admin.items("/accounts?q=mercy")[0]
    admin.patch(f"/accounts/{account['id']}", {"state": "GA", "team_type": "field"})
    admin.post("/territory-rules", {"territory": "florida", "state": "GA"})
    idle = admin.post("/territory-rules", {"territory": "florida", "state": "XX"}).get_json()
    report = admin.get("/territory-rules/report").get_json()
    assert (report["accounts"], report["gap"], report["overlap"], report["misplaced"]) == (
        2, 1, 0, 1,
    )  # fmt: skip
    assert report["idle_rules"] == [{"rule": idle, "reason": "No account has this."}]
    (found,) = admin.items("/territory-rules/accounts?finding=misplaced")
    assert (found["name"], found["present"]["slug"]) == ("Mercy Hospital", "georgia")
    assert admin.get("/territory-rules/accounts?finding=none").status_code == 422
