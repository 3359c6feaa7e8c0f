"""Sending again, also at the same moment: one note, one answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from werkzeug.test import TestResponse

from tests.api.conftest import Program
from tests.fixtures.databases import on_each_database
from tests.fixtures.world import Characters

pytestmark = on_each_database

Start = Callable[..., Program]
PROGRAMS = 6


def test_one_id_sent_by_many_at_once_is_one_note(program_of: Start, characters: Characters) -> None:
    body = {"id": str(uuid4()), "text": "They pay by the truck"}
    programs = [program_of(characters.owner) for _ in range(PROGRAMS)]
    start = Barrier(PROGRAMS)

    def send(program: Program) -> TestResponse:
        start.wait()
        return program.post("/notes", body)

    with ThreadPoolExecutor(PROGRAMS) as pool:
        answers = list(pool.map(send, programs))
    assert sorted(one.status_code for one in answers) == [200] * (PROGRAMS - 1) + [201]
    assert len({one.data for one in answers}) == 1
    assert len(programs[0].items("/notes")) == 1


def test_one_external_id_is_one_note(program_of: Start, characters: Characters) -> None:
    owner = program_of(characters.owner)
    bodies = [{"id": str(uuid4()), "text": "Row 7", "external_id": "crm-7"} for _ in range(2)]
    first, second = (owner.post("/notes", body) for body in bodies)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.get_json()["id"] == bodies[0]["id"]


def test_two_changes_of_one_version_do_not_overwrite_each_other(
    program_of: Start, characters: Characters
) -> None:
    owner, manager = program_of(characters.owner), program_of(characters.manager)
    posted = owner.post("/notes", {"id": str(uuid4()), "text": "They pay by the truck"})
    path, headers = f"/notes/{posted.get_json()['id']}", {"If-Match": posted.headers["ETag"]}
    start = Barrier(2)

    def change(program: Program) -> int:
        start.wait()
        return program.patch(path, {"text": f"By {id(program)}"}, headers=headers).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(change, (owner, manager)))
    assert statuses == [200, 412]
    assert owner.get(path).get_json()["version"] == 2
