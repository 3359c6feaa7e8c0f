"""What is made of notes, said by several at the same moment: once, and nobody meets a failure."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from insights.models import (
    Assignment,
    BusinessFigure,
    Handover,
    MustKnow,
    Promise,
    Question,
    Reassignment,
    Telling,
    TerritoryRule,
    Topic,
    TopicComment,
    TopicNote,
)
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.databases import on_each_database
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MEMBER, OWNER, TODAY

pytestmark = on_each_database

Start = Callable[..., Program]
SENDERS = 4
UNTIL = (TODAY + timedelta(days=7)).isoformat()
MUST_KNOWS = "/territories/georgia/must-knows"
PROMISE = {"text": "A price list", "territory": "georgia"}
HANDED_OVER = {
    "leaver": OWNER,
    "territories": [{"territory": "georgia", "to": MEMBER}],
    "on": TODAY.isoformat(),
}


@pytest.fixture
def at_once(program_of: Start, characters: Characters) -> Callable[..., Counter[int]]:
    """Sends the same from several places at the same moment; gives the answers' status codes."""

    def send(method: str, path: str, body: object = None, who: str = "admin") -> Counter[int]:
        programs = [program_of(getattr(characters, who)) for _ in range(SENDERS)]
        barrier = Barrier(SENDERS)

        def one(program: Program) -> int:
            barrier.wait()
            return program.send_json(method, path, body).status_code

        with ThreadPoolExecutor(SENDERS) as pool:
            return Counter(pool.map(one, programs))

    return send


@pytest.fixture
def count(stage: Stage) -> Callable[..., int]:
    """How many rows of a table there are that meet the conditions."""

    def counted(model: Any, *conditions: Any) -> int:
        with stage.database.reading() as session:
            statement = select(func.count()).select_from(model).where(*conditions)
            return session.scalar(statement) or 0

    return counted


Send = Callable[..., Counter[int]]
Count = Callable[..., int]


@pytest.mark.parametrize(
    ("sent", "model"),
    [
        (("PUT", f"{MUST_KNOWS}/{uuid4()}", {"text": "Call before nine"}), MustKnow),
        (("POST", "/promises", {**PROMISE, "id": str(uuid4())}), Promise),
        (("POST", "/questions", {"text": "Who is new?", "until": UNTIL}), Question),
        (("POST", "/territory-rules", {"territory": "florida", "state": "GA"}), TerritoryRule),
        (("PUT", "/territories/georgia/figures/2026-03", {"quota": 10}), BusinessFigure),
        (("POST", "/handovers", HANDED_OVER), Handover),
    ],
)
def test_is_there_once(at_once: Send, count: Count, sent: tuple[Any, ...], model: Any) -> None:
    before = count(model)
    answers = at_once(*sent)
    assert set(answers) <= {200, 201, 409, 422}
    assert set(answers) & {200, 201}
    assert count(model) == before + 1


def test_a_remark_and_an_outcome_are_said_once(
    at_once: Send, count: Count, stage: Stage, characters: Characters, program_of: Start
) -> None:
    note_id = str(stage.post(characters.owner, "They pay by the truck"))
    topic = program_of(characters.analyst).post("/topics", {"title": "Prices"}).get_json()["id"]
    gathered = at_once("POST", f"/topics/{topic}/notes", {"notes": [note_id]})
    assert gathered == {200: SENDERS}
    assert count(TopicNote) == 1
    remark = {"id": str(uuid4()), "text": "Ask Georgia"}
    assert at_once("POST", f"/topics/{topic}/comments", remark) == {201: 1, 200: SENDERS - 1}
    assert count(TopicComment) == 1
    said = {"notes": [note_id], "outcome": "used", "text": "the price list"}
    assert at_once("POST", f"/topics/{topic}/outcomes", said) == {200: SENDERS}
    assert count(Telling) == 1


def test_a_merge_is_made_once_and_undone_once(
    at_once: Send, count: Count, stage: Stage, characters: Characters, program_of: Start
) -> None:
    analyst = program_of(characters.analyst)
    note_id = str(stage.post(characters.owner, "They pay by the truck"))
    source, into = (
        analyst.post("/topics", {"title": title, "notes": [note_id]}).get_json()["id"]
        for title in ("Prices", "Into")
    )
    merged = at_once("POST", f"/topics/{source}/merge", {"into": into})
    assert (merged[409], merged.total()) == (SENDERS - 1, SENDERS)
    assert count(TopicNote) == 1
    [made] = analyst.items(f"/topics/{into}/merges")
    undone = at_once("POST", f"/topics/merges/{made['id']}/undo")
    assert undone == {200: 1, 409: SENDERS - 1}
    assert count(TopicNote) == 2
    assert count(Topic, Topic.merged_into_id.is_not(None)) == 0


def test_a_handover_is_carried_out_once(
    at_once: Send, count: Count, characters: Characters, program_of: Start
) -> None:
    [made] = program_of(characters.manager).post("/handovers", HANDED_OVER).get_json()["items"]
    assert at_once("POST", f"/handovers/{made['id']}/carry-out") == {200: 1, 409: SENDERS - 1}
    held = (Assignment.territory_id == GEORGIA, Assignment.person_id == MEMBER)
    assert count(Assignment, *held) == 1


def test_a_reassignment_is_made_once_and_undone_once(
    at_once: Send, count: Count, characters: Characters, program_of: Start
) -> None:
    wanted = {"since": TODAY.isoformat(), "territories": {"holder": OWNER, "to": MEMBER}}
    admin = program_of(characters.admin)
    seen = admin.post("/reassignments/preview", wanted).get_json()
    body = {**wanted, "fingerprint": seen["fingerprint"]}
    assert at_once("POST", "/reassignments", body) == {201: 1, 409: SENDERS - 1}
    assert count(Reassignment) == 1
    [one] = admin.items("/reassignments")
    held = count(Assignment)
    assert at_once("POST", f"/reassignments/{one['id']}/undo") == {200: SENDERS}
    assert count(Assignment) < held
    assert admin.get(f"/reassignments/{one['id']}").get_json()["undone_at"]


def test_answers_that_come_while_a_question_is_closed_are_kept(
    at_once: Send, program_of: Start, characters: Characters
) -> None:
    analyst = program_of(characters.analyst)
    asked = analyst.post("/questions", {"text": "Who is new?", "until": UNTIL}).get_json()["id"]
    owner, barrier = program_of(characters.owner), Barrier(2)

    def close() -> int:
        barrier.wait()
        body = {"summary": "Nobody."}
        return analyst.post(f"/questions/{asked}/close", body).status_code

    def answer() -> int:
        barrier.wait()
        note = {"id": str(uuid4()), "text": "Nobody is", "question": asked}
        return owner.post("/notes", note).status_code

    with ThreadPoolExecutor(2) as pool:
        assert [one.result() for one in (pool.submit(close), pool.submit(answer))] == [200, 201]
    assert analyst.get(f"/questions/{asked}").get_json()["answers"] == 1


def test_somebody_who_is_deactivated_meanwhile_posts_or_does_not(
    program_of: Start, characters: Characters, stage: Stage
) -> None:
    admin, owner, barrier = program_of(characters.admin), program_of(characters.owner), Barrier(2)

    def leave() -> int:
        barrier.wait()
        body = {"caretaker": MEMBER}
        return admin.post(f"/people/{OWNER}/deactivate", body).status_code

    def post() -> int:
        barrier.wait()
        note = {"id": str(uuid4()), "text": "On my last day"}
        return owner.post("/notes", note).status_code

    with ThreadPoolExecutor(2) as pool:
        left, posted = (one.result() for one in (pool.submit(leave), pool.submit(post)))
    assert (left, posted in (201, 401, 403, 422)) == (200, True)
