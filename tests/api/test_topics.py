"""Topics through the API: every call by every character, one topic from beginning to end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from insights.models import Audience, Gathering
from insights.services import topic_notes, topics
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import ANALYST, MANAGER, NOW
from tests.trend_rows import showing

Start = Callable[..., Program]
# What differs between databases is tried in tests/services.
WORKERS = {"manager", "analyst", "admin"}
MISSING = str(uuid4())
READS = ("", "/notes", "/comments", "/revisions", "/merges")
DEEDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("PATCH", "", {"team": "Pricing"}),
    ("POST", "/notes", {"notes": [MISSING]}),
    ("POST", "/notes/drop", {"notes": [MISSING]}),
    ("POST", "/proposals/accept", {}),
    ("POST", "/proposals/dismiss", {}),
    ("POST", "/outcomes", {"notes": [MISSING], "outcome": "used", "text": "x"}),
    ("POST", "/merge", {"into": 9_999}),
    ("POST", "/split", {"notes": [MISSING], "title": "Off"}),
)


@pytest.fixture
def note_id(stage: Stage, characters: Characters) -> UUID:
    """A note of the owner."""
    return stage.post(characters.owner, "They pay by the truck")


@pytest.fixture
def topic_id(stage: Stage, characters: Characters, note_id: UUID) -> int:
    """A topic of the analyst that gathered the note."""
    with stage.database.writing() as session:
        return topics.open_topic(
            session, characters.analyst, title="Prices", note_ids=[note_id], now=NOW
        ).id


@pytest.fixture
def sealed_id(stage: Stage, characters: Characters) -> int:
    """A sealed topic of the analyst."""
    with stage.database.writing() as session:
        return topics.open_topic(
            session, characters.analyst, title="Secret", audience=Audience.SEALED, now=NOW
        ).id


@pytest.fixture
def ids(topic_id: int, sealed_id: int) -> tuple[int, int]:
    """A topic that everyone sees, and the sealed one."""
    return topic_id, sealed_id


@pytest.fixture
def analyst(program_of: Start, characters: Characters) -> Program:
    """The analyst's."""
    return program_of(characters.analyst)


def statuses(
    program_of: Start, characters: Characters, ask: Callable[[Program], Any]
) -> dict[str, int]:
    """What each character is answered."""
    return {name: ask(program_of(actor)).status_code for name, actor in vars(characters).items()}


class TestWhoMay:
    @pytest.mark.parametrize("path", READS)
    def test_read(
        self, program_of: Start, characters: Characters, sealed_id: int, path: str
    ) -> None:
        found = statuses(program_of, characters, lambda one: one.get(f"/topics/{sealed_id}{path}"))
        assert {name for name, status in found.items() if status == 200} == {"analyst", "admin"}
        assert {status for status in found.values() if status != 200} == {404}
        assert program_of(characters.admin).get(f"/topics/9999{path}").status_code == 404

    @pytest.mark.parametrize("deed", DEEDS)
    def test_do_something(
        self,
        program_of: Start,
        characters: Characters,
        ids: tuple[int, int],
        deed: tuple[str, str, dict[str, Any]],
    ) -> None:
        method, path, body = deed
        done = {200, 201, 422}
        for number, managers in zip(ids, (done, {404}), strict=True):
            address = f"/topics/{number}{path}"
            found = statuses(
                program_of,
                characters,
                lambda one, address=address: one.send_json(method, address, body),
            )
            assert {found[name] for name in ("owner", "member", "stranger")} == {403}
            assert {found[name] for name in ("analyst", "admin")} <= done
            assert found["manager"] in managers

    def test_open_one(self, program_of: Start, characters: Characters) -> None:
        found = statuses(
            program_of, characters, lambda one: one.post("/topics", {"title": "Prices"})
        )
        assert {name for name, status in found.items() if status == 201} == WORKERS
        assert {status for status in found.values() if status != 201} == {403}

    def test_say_something(
        self, program_of: Start, characters: Characters, topic_id: int, sealed_id: int
    ) -> None:
        def say(program: Program, number: int = topic_id) -> Any:
            body = {"id": str(uuid4()), "text": "Same here"}
            return program.post(f"/topics/{number}/comments", body)

        assert set(statuses(program_of, characters, say).values()) == {201}
        found = statuses(program_of, characters, lambda one: say(one, sealed_id))
        assert {name for name, status in found.items() if status == 201} == {"analyst", "admin"}

    def test_undo_a_merge(
        self, program_of: Start, characters: Characters, analyst: Program, topic_id: int
    ) -> None:
        into = analyst.post("/topics", {"title": "Into"}).get_json()["id"]
        analyst.post(f"/topics/{topic_id}/merge", {"into": into})
        [made] = analyst.items(f"/topics/{into}/merges")
        path = f"/topics/merges/{made['id']}/undo"
        reps = (characters.owner, characters.member, characters.stranger)
        assert {program_of(one).post(path).status_code for one in reps} == {403}
        assert program_of(characters.manager).post(path).get_json()["id"] == topic_id
        assert analyst.post(path).status_code == 409
        assert analyst.post("/topics/merges/9999/undo").status_code == 404


class TestTheList:
    def test_is_filtered_and_paged_and_shows_nothing_hidden(
        self, program_of: Start, characters: Characters, ids: tuple[int, int]
    ) -> None:
        topic_id, sealed_id = ids
        analyst = program_of(characters.analyst)
        body = {"title": "Late", "due": "2026-03-01", "owner": MANAGER, "team": "Pricing"}
        late = analyst.post("/topics", body).get_json()["id"]

        def listed(program: Program, query: str = "") -> list[int]:
            return [one["id"] for one in program.items(f"/topics{query}")]

        assert listed(analyst) == [late, sealed_id, topic_id]
        owner = program_of(characters.owner)
        assert listed(owner) == [late, topic_id]
        for query, left in (
            ("?overdue=true", [late]),
            ("?team=pricing&state=open", [late]),
            ("?state=closed", []),
            (f"?owner={MANAGER}", [late]),
            ("?unowned=true&q=pri", [topic_id]),
            ("?territory=georgia", [topic_id]),
            ("?trend=7", []),
        ):
            assert listed(owner, query) == left, query
        assert listed(program_of(characters.manager), "?mine=true") == [late]
        first = owner.get("/topics?limit=1").get_json()
        second = owner.get(f"/topics?limit=1&cursor={first['next']}").get_json()
        assert [one["items"][0]["id"] for one in (first, second)] == [late, topic_id]
        assert second["next"] is None
        assert owner.get("/topics?territory=atlantis").status_code == 422
        counts = owner.get("/topics/counts").get_json()
        assert counts["states"][0] == {"state": "open", "topics": 2}
        assert counts["overdue"] == 1


class TestATopic:
    def test_is_told_with_all_that_it_says(self, analyst: Program, note_id: UUID) -> None:
        opened = analyst.post(
            "/topics",
            {"title": "Prices", "owner": MANAGER, "due": "2026-04-01", "notes": [str(note_id)]},
        )
        found = opened.get_json()
        assert opened.headers["Location"].endswith(f"/api/v1/topics/{found['id']}")
        assert found == {
            "id": found["id"],
            "title": "Prices",
            "state": "open",
            "audience": "everyone",
            "owner": {"id": MANAGER, "name": "Manuel Manager"},
            "team": "",
            "due": "2026-04-01",
            "answer": "",
            "answered_at": None,
            "trend_id": None,
            "query": None,
            "creator": {"id": ANALYST, "name": "Anna Analyst"},
            "created_at": "2026-03-18T12:00:00.000Z",
            "updated_at": "2026-03-18T12:00:00.000Z",
            "version": 1,
            "notes": 1,
            "unsettled": 1,
            "proposed": 0,
        }
        path = f"/topics/{found['id']}"
        answer = analyst.get(path)
        assert answer.get_json() == found
        same = analyst.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert same.status_code == 304

    def test_is_opened_from_a_trend(self, stage: Stage, analyst: Program, note_id: UUID) -> None:
        with stage.database.writing() as session:
            trend_id = showing(session, evidence=[note_id])
        found = analyst.post("/topics", {"trend": trend_id}).get_json()
        assert (found["title"], found["trend_id"], found["notes"]) == (
            "Ionfield is coming up in Georgia", trend_id, 1
        )  # fmt: skip
        assert analyst.post("/topics", {"trend": 9_999}).status_code == 404

    def test_says_what_to_mend(self, analyst: Program) -> None:
        for body, field in (
            ({}, "title"),
            ({"title": "x", "owner": 9_999}, "owner"),
            ({"title": "x", "due": "soon"}, "due"),
            ({"title": "x", "notes": ["1"]}, "notes"),
            ({"title": "x", "state": "open"}, "state"),
        ):
            answer = analyst.post("/topics", body)
            assert answer.status_code == 422
            assert list(answer.get_json()["errors"]) == [field]

    def test_is_changed_and_answered(
        self, program_of: Start, characters: Characters, analyst: Program, topic_id: int
    ) -> None:
        path = f"/topics/{topic_id}"
        assert analyst.patch(path, {"state": "answered"}).status_code == 422
        found = analyst.patch(path, {"state": "answered", "answer": "We **follow**", "version": 1})
        assert (found.get_json()["state"], found.get_json()["version"]) == ("answered", 2)
        late = program_of(characters.manager).patch(
            path, {"owner": None, "team": "x", "version": 1}
        )
        assert late.status_code == 409
        assert late.get_json()["detail"].startswith("Anna Analyst changed this topic")
        [change] = analyst.items(f"{path}/revisions")
        assert (change["version"], change["editor"]) == (1, "Anna Analyst")
        assert change["before"] == {"state": "open", "answer": ""}


class TestItsNotes:
    def test_are_gathered_settled_and_taken_out(
        self, stage: Stage, characters: Characters, analyst: Program, note_id: UUID
    ) -> None:
        first = str(note_id)
        opened = analyst.post("/topics", {"title": "Prices", "notes": [first]}).get_json()
        path = f"/topics/{opened['id']}"
        second = str(stage.post(characters.member, "They pay by the mile"))
        gathered = analyst.post(f"{path}/notes", {"notes": [first, second, MISSING]}).get_json()
        assert (gathered["added"], gathered["unchanged"]) == ([second], [first])
        assert [one["note_id"] for one in gathered["refused"]] == [MISSING]
        settled = analyst.post(
            f"{path}/outcomes",
            {"notes": [first, MISSING], "outcome": "already-known", "known_note": second},
        ).get_json()
        assert (settled["notes"], settled["told"]) == ([first], 1)
        assert settled["refused"][0]["note_id"] == MISSING
        [found] = analyst.items(f"{path}/notes?settled=true")
        assert (found["note"]["id"], found["outcome"], found["known_note_id"]) == (
            first, "already-known", second
        )  # fmt: skip
        assert (found["gathering"], found["added_by"], found["outcome_by"]) == (
            "gathered", "Anna Analyst", "Anna Analyst"
        )  # fmt: skip
        assert analyst.post(f"{path}/notes/drop", {"notes": [second]}).get_json() == {"notes": 1}
        assert [one["note"]["id"] for one in analyst.items(f"{path}/notes")] == [first]
        none = analyst.post(f"{path}/notes", {"notes": []})
        assert none.get_json()["errors"]["notes"] == ["Name 1 to 200 notes."]

    def test_that_are_proposed_are_accepted_or_declined(
        self, stage: Stage, characters: Characters, analyst: Program, topic_id: int
    ) -> None:
        path = f"/topics/{topic_id}"
        ids = [stage.post(characters.owner, f"By truck {number}") for number in range(3)]
        with stage.database.writing() as session:
            topic_notes.put(session, topic_id, ids, Gathering.PROPOSED, added_by=None, now=NOW)
        listed = analyst.items(f"{path}/notes?gathering=proposed")
        assert [one["added_by"] for one in listed] == [""] * 3
        one = {"notes": [str(ids[0])]}
        assert analyst.post(f"{path}/proposals/dismiss", one).get_json() == {"notes": 1}
        assert analyst.post(f"{path}/proposals/accept", {}).get_json() == {"notes": 2}
        assert analyst.get(path).get_json()["notes"] == 3

    def test_are_those_that_one_may_see(
        self, stage: Stage, program_of: Start, characters: Characters, topic_id: int
    ) -> None:
        sealed = stage.post(characters.member, "Only for us", audience=Audience.SEALED)
        path = f"/topics/{topic_id}"
        program_of(characters.analyst).post(f"{path}/notes", {"notes": [str(sealed)]})
        seen = {
            name: (program_of(one).get(path).get_json()["notes"],
                   len(program_of(one).items(f"{path}/notes")))
            for name, one in vars(characters).items()
        }  # fmt: skip
        assert seen == {
            "owner": (1, 1), "stranger": (1, 1), "member": (2, 2), "manager": (2, 2),
            "analyst": (2, 2), "admin": (2, 2),
        }  # fmt: skip


def test_the_discussion_is_written_changed_and_taken_back(
    program_of: Start, characters: Characters, topic_id: int
) -> None:
    owner, comment_id = program_of(characters.owner), str(uuid4())
    path, body = f"/topics/{topic_id}/comments", {"id": comment_id, "text": "Same here"}
    assert [owner.post(path, body).status_code for _ in range(2)] == [201, 200]
    [found] = program_of(characters.member).items(path)
    assert (found["author"]["name"], found["text"], found["origin"]) == (
        "Olivia Owner", "Same here", ""
    )  # fmt: skip
    own = f"/topics/comments/{comment_id}"
    assert program_of(characters.member).patch(own, {"text": "x"}).status_code == 403
    assert owner.patch(own, {"text": "Here too"}).get_json()["text"] == "Here too"
    assert program_of(characters.analyst).post(f"{own}/withdraw").status_code == 403
    assert owner.post(f"{own}/withdraw").status_code == 204
    assert owner.items(path) == []
    assert owner.patch(f"/topics/comments/{MISSING}", {"text": "x"}).status_code == 404


def test_topics_are_merged_split_and_parted_again(
    analyst: Program, topic_id: int, note_id: UUID
) -> None:
    into = analyst.post("/topics", {"title": "Into"}).get_json()["id"]
    assert analyst.post(f"/topics/{topic_id}/merge", {"into": topic_id}).status_code == 422
    merged = analyst.post(f"/topics/{topic_id}/merge", {"into": into}).get_json()
    assert (merged["id"], merged["notes"]) == (into, 1)
    led = analyst.get(f"/topics/{topic_id}")
    assert (led.status_code, led.headers["Location"]) == (308, f"/api/v1/topics/{into}")
    assert analyst.patch(f"/topics/{topic_id}", {"team": "x"}).status_code == 409
    off = analyst.post(f"/topics/{into}/split", {"title": "Off", "notes": [str(note_id)]})
    assert (off.status_code, off.get_json()["title"]) == (201, "Off")
    split, merge = analyst.items(f"/topics/{into}/merges")
    assert (split["kind"], split["target"]["title"], split["person"]) == (
        "topic-split", "Off", "Anna Analyst"
    )  # fmt: skip
    assert analyst.post(f"/topics/merges/{merge['id']}/undo").status_code == 409
    for made in (split, merge):
        assert analyst.post(f"/topics/merges/{made['id']}/undo").status_code == 200
    assert analyst.get(f"/topics/{topic_id}").get_json()["notes"] == 1
