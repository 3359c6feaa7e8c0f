"""Handovers, must-knows and readings through the API; with the characters of the tests."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from insights.clock import iso
from insights.models import Audience
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import IONFIELD, MEMBER, MERCY, NOW, OWNER, STRANGER, TODAY

Start = Callable[..., Program]
GIVEN: dict[str, Any] = {
    "leaver": OWNER,
    "territories": [{"territory": "georgia", "to": MEMBER}],
    "on": TODAY.isoformat(),
}


@pytest.fixture
def manager(program_of: Start, characters: Characters) -> Program:
    """The manager's program."""
    return program_of(characters.manager)


@pytest.fixture
def number(manager: Program) -> int:
    """Of a prepared handover of Georgia, from the owner to the member."""
    [made] = manager.post("/handovers", GIVEN).get_json()["items"]
    identity: int = made["id"]
    return identity


class TestHandovers:
    def test_are_prepared_changed_and_carried_out(self, manager: Program, number: int) -> None:
        path = f"/handovers/{number}"
        assert manager.get(path).get_json() == {
            "id": number,
            "territory": {"slug": "georgia", "name": "Georgia"},
            "leaver": {"id": OWNER, "name": "Olivia Owner"},
            "to": {"id": MEMBER, "name": "Max Member"},
            "on": "2026-03-18",
            "interim": False,
            "state": "prepared",
            "created_at": "2026-03-18T12:00:00.000Z",
            "interviewed_at": None,
            "done_at": None,
        }
        changed = manager.patch(path, {"to": STRANGER, "interim": True}).get_json()
        assert (changed["to"]["name"], changed["interim"]) == ("Stella Stranger", True)
        assert manager.post(f"{path}/carry-out").get_json()["state"] == "done"
        assert manager.post(f"{path}/carry-out").status_code == 409
        assert manager.post(f"{path}/cancel").status_code == 409

    def test_are_prepared_by_managers_and_admins(
        self, program_of: Start, characters: Characters
    ) -> None:
        for name in ("owner", "member", "stranger", "analyst"):
            program = program_of(getattr(characters, name))
            assert program.post("/handovers", GIVEN).status_code == 403, name

    def test_are_listed_for_those_who_take_part(
        self, program_of: Start, characters: Characters, number: int
    ) -> None:
        seeing = {
            name
            for name, actor in vars(characters).items()
            if program_of(actor).items("/handovers?state=prepared")
        }
        assert seeing == {"owner", "member", "manager", "admin"}
        assert program_of(characters.stranger).get(f"/handovers/{number}").status_code == 404

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({"territories": []}, 422),
            ({"territories": [{"territory": "atlantis", "to": MEMBER}]}, 404),
            ({"on": "2020-01-01"}, 422),
            ({"leaver": STRANGER}, 422),
            ({"leaver": None}, 422),
        ],
    )
    def test_that_cannot_be_are_refused(
        self, manager: Program, given: dict[str, Any], status: int
    ) -> None:
        assert manager.post("/handovers", {**GIVEN, **given}).status_code == status

    def test_end_the_interview_once(
        self, program_of: Start, characters: Characters, number: int
    ) -> None:
        path = f"/handovers/{number}/told"
        assert program_of(characters.member).post(path).status_code == 403
        told = program_of(characters.owner).post(path).get_json()
        assert told["interviewed_at"] == "2026-03-18T12:00:00.000Z"


class TestMustKnows:
    def test_are_put_changed_and_retired(self, program_of: Start, characters: Characters) -> None:
        owner, identity = program_of(characters.owner), uuid4()
        path = f"/territories/georgia/must-knows/{identity}"
        body = {"text": "Ann decides", "prompt": "deciders", "account": MERCY}
        for _ in range(2):
            made = owner.send_json("PUT", path, body).get_json()
        assert made == {
            "id": str(identity),
            "text": "Ann decides",
            "prompt": "deciders",
            "note": None,
            "account": {"id": MERCY, "name": "Mercy Hospital"},
            "author": {"id": OWNER, "name": "Olivia Owner"},
            "at": "2026-03-18T12:00:00.000Z",
            "edited_at": None,
        }
        changed = owner.patch(f"/must-knows/{identity}", {"text": "Bob decides"})
        assert changed.get_json()["text"] == "Bob decides"
        outdated = {"text": "Cy decides", "last_change": "2026-03-18T11:00:00Z"}
        assert owner.patch(f"/must-knows/{identity}", outdated).status_code == 409
        assert owner.send("DELETE", f"/must-knows/{identity}").status_code == 204
        assert owner.items("/territories/georgia/must-knows") == []

    def test_are_for_those_who_hold_manage_or_see_all(
        self, program_of: Start, characters: Characters
    ) -> None:
        path = "/territories/georgia/must-knows"
        for name, actor in vars(characters).items():
            answer = program_of(actor).send_json("PUT", f"{path}/{uuid4()}", {"text": name})
            expected = 200 if name in ("owner", "manager", "admin") else 403
            assert answer.status_code == expected, name
        assert program_of(characters.stranger).items(path) == []
        assert len(program_of(characters.analyst).items(path)) == 3


class TestBriefs:
    def test_come_in_sections_with_what_is_new(
        self, program_of: Start, characters: Characters, stage: Stage
    ) -> None:
        note_id = stage.post(characters.owner, "Ionfield is cheap")
        program = program_of(characters.stranger)
        brief = program.get("/territories/georgia/brief?since=2026-03-17T00:00:00Z").get_json()
        assert brief["territory"] == {"slug": "georgia", "name": "Georgia"}
        sections = {one["name"]: one["lines"] for one in brief["sections"]}
        [line] = sections["competitors"]
        assert line["key"] == f"competitor:{IONFIELD}"
        assert line["leads"] == {"to": "competitor", "key": "ionfield"}
        assert (line["quote"]["note"], line["new"]) == (str(note_id), True)

    def test_keep_sealed_notes_from_strangers(
        self, program_of: Start, characters: Characters, stage: Stage
    ) -> None:
        stage.post(characters.owner, "Ionfield buys them", audience=Audience.SEALED)
        path = "/territories/georgia/brief"
        assert "Ionfield" not in program_of(characters.stranger).get(path).text
        assert "Ionfield buys them" in program_of(characters.owner).get(path).text

    def test_are_read_line_by_line(
        self, program_of: Start, characters: Characters, stage: Stage, number: int
    ) -> None:
        stage.post(characters.owner, "Ionfield is cheap")
        member, path = program_of(characters.member), f"/handovers/{number}"
        body = {"lines": [f"competitor:{IONFIELD}"]}
        assert member.post(f"{path}/reads", body).get_json() == {"marked": 1}
        assert member.post(f"{path}/reads", body).get_json() == {"marked": 0}
        assert member.post(f"{path}/reads", {"lines": ["?"]}).status_code == 422
        manager = program_of(characters.manager)
        progress = manager.get(f"{path}/progress").get_json()
        assert {"name": "competitors", "read": 1, "total": 1} in progress["sections"]
        assert progress["last_read_at"] == iso(NOW)
        assert program_of(characters.analyst).get(f"{path}/progress").status_code == 404
