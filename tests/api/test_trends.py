"""Trends through the API: what emerged by a day, with arithmetic and notes, and reactions to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from insights.models import Audience, Kind, TrendReach
from insights.schemas.trends import TrendOut
from insights.services import competitors, notes
from insights.services.access import Actor
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import (
    ACME,
    FIBRE_ONE,
    FLORIDA,
    HEALTHCARE,
    NEVADA,
    NOW,
    SOUTHEAST,
    TODAY,
)
from tests.trend_rows import run_of, showing

Start = Callable[..., Program]
LAST_WEEK = TODAY - timedelta(weeks=1)


@pytest.fixture
def show(stage: Stage) -> Callable[..., int]:
    """Shows a trend; its id. By default Ionfield surges in Georgia today."""

    def write(**given: Any) -> int:
        with stage.database.writing() as session:
            return showing(session, **given)

    return write


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.owner)


def names(program: Program, path: str) -> list[str]:
    return [one["subject"]["name"] for one in program.items(path)]


class TestATrend:
    def test_goes_out_as_its_shape_says(
        self, stage: Stage, owner: Program, characters: Characters, show: Callable[..., int]
    ) -> None:
        note = stage.post(characters.owner, "Ionfield again")
        trend = show(segment_id=HEALTHCARE, evidence=[note], opened_on=LAST_WEEK)
        body = owner.get(f"/trends/{trend}").get_json()
        schema = TrendOut()
        assert set(body) == set(schema.fields)
        assert schema.validate(body) == {}
        assert set(body["arithmetic"]) == set(schema.fields["arithmetic"].schema.fields)  # type: ignore[attr-defined]
        assert body["subject"] == {"sort": "competitor", "name": "Ionfield", "slug": "ionfield"}
        assert body["territory"] == {"slug": "georgia", "name": "Georgia", "code": "GA"}
        assert body["segment"]["slug"] == "healthcare"
        assert body["sentence"].startswith("Ionfield is coming up with Healthcare customers in")
        assert (body["day"], body["opened_on"]) == ("2026-03-18", "2026-03-11")
        assert (body["weeks"], body["count"], body["expected"]) == (4, 9.0, 0.7)
        assert (body["reporters"], body["accounts"]) == (7, 5)
        assert (body["evidence"], body["evidence_count"]) == ([str(note)], 1)
        assert (body["followed"], body["muted"], body["useful"]) == (False, False, None)
        lengths = {len(body["series"][name]) for name in ("counts", "expected", "upper")}
        assert lengths == {26}

    @pytest.mark.parametrize(
        ("about", "subject"),
        [
            ({"product_id": FIBRE_ONE}, ("product", "Fibre One", "fibre-one")),
            ({"kind": Kind.CHALLENGE}, ("kind", "Challenge", "challenge")),
            ({"phrase": "load theft"}, ("phrase", "load theft", None)),
        ],
    )
    def test_is_about_one_of_four_sorts(
        self,
        owner: Program,
        show: Callable[..., int],
        about: dict[str, Any],
        subject: tuple[str, ...],
    ) -> None:
        body = owner.get(f"/trends/{show(**about)}").get_json()
        assert tuple(body["subject"].values()) == subject

    def test_is_told_as_of_a_past_day(self, owner: Program, show: Callable[..., int]) -> None:
        trend = show(day=LAST_WEEK)
        assert owner.get(f"/trends/{trend}?on={LAST_WEEK}").status_code == 200
        before = LAST_WEEK - timedelta(days=1)
        assert owner.get(f"/trends/{trend}?on={before}").status_code == 404

    def test_that_nobody_knows_is_not_found(self, owner: Program) -> None:
        assert owner.get("/trends/999").status_code == 404
        assert owner.get("/trends/9999999999").status_code == 404
        assert owner.get("/trends/x").status_code == 404


class TestLists:
    def test_are_of_the_company_or_of_a_part(
        self, owner: Program, show: Callable[..., int]
    ) -> None:
        show(score=3.0)
        show(phrase="load theft", territory_id=SOUTHEAST, score=2.5)
        show(competitor_id=ACME, territory_id=NEVADA, segment_id=HEALTHCARE, score=2.0)
        show(product_id=FIBRE_ONE, territory_id=None, score=1.5)
        everything = ["Ionfield", "load theft", "Acme Telecom", "Fibre One"]
        assert names(owner, "/trends") == everything
        assert names(owner, "/territories/southeast/trends") == ["Ionfield", "load theft"]
        assert names(owner, "/territories/georgia/trends") == ["Ionfield"]
        assert names(owner, "/territories/florida/trends") == []
        assert names(owner, "/competitors/acme-telecom/trends") == ["Acme Telecom"]
        assert names(owner, "/segments/healthcare/trends") == ["Acme Telecom"]
        assert names(owner, "/products/fibre-one/trends") == ["Fibre One"]

    def test_hold_what_is_shown_unless_asked_for_less_or_more(
        self, owner: Program, show: Callable[..., int]
    ) -> None:
        for score in (0.5, 1.5, 2.5):
            show(phrase=f"of {score}", score=score)
        assert names(owner, "/trends") == ["of 2.5", "of 1.5"]
        assert names(owner, "/trends?least=0") == ["of 2.5", "of 1.5", "of 0.5"]
        assert names(owner, "/trends?least=2") == ["of 2.5"]
        assert names(owner, "/trends?least=0&limit=1") == ["of 2.5"]

    def test_say_of_which_day_they_are(
        self, stage: Stage, owner: Program, show: Callable[..., int]
    ) -> None:
        assert owner.get("/trends").get_json() == {
            "day": None,
            "as_of": None,
            "history": 0,
            "items": [],
        }
        show(day=LAST_WEEK)
        with stage.database.writing() as session:
            run_of(session, day=TODAY)
        now = owner.get("/trends").get_json()
        assert (now["day"], now["history"], now["items"]) == ("2026-03-18", 60, [])
        then = owner.get("/trends?on=2026-03-14").get_json()
        assert (then["day"], then["as_of"]) == ("2026-03-11", "2026-03-11T09:00:00.000Z")
        assert [one["subject"]["name"] for one in then["items"]] == ["Ionfield"]
        assert owner.get("/trends?on=2026-03-01").get_json()["day"] is None

    def test_are_not_sent_again_to_whoever_has_them(
        self, owner: Program, show: Callable[..., int]
    ) -> None:
        show()
        first = owner.get("/trends")
        assert first.headers["Cache-Control"] == "private, no-cache"
        headers = {"If-None-Match": first.headers["ETag"]}
        assert owner.get("/trends", headers=headers).status_code == 304
        show(phrase="load theft")
        assert owner.get("/trends", headers=headers).status_code == 200

    @pytest.mark.parametrize(
        "query", ["least=-1", "least=x", "limit=0", "limit=101", "on=today", "muted=maybe", "q=x"]
    )
    def test_refuse_what_they_do_not_know(self, owner: Program, query: str) -> None:
        answer = owner.get(f"/trends?{query}")
        assert answer.status_code == 422
        assert list(answer.get_json()["errors"]) == [query.partition("=")[0]]

    def test_of_what_does_not_exist_are_not_found(self, owner: Program) -> None:
        for noun in ("territories", "competitors", "segments", "products"):
            assert owner.get(f"/{noun}/atlantis/trends").status_code == 404

    def test_of_a_merged_competitor_have_its_new_address(
        self, stage: Stage, owner: Program, characters: Characters, show: Callable[..., int]
    ) -> None:
        show(competitor_id=ACME)
        with stage.database.writing() as session:
            competitors.merge(
                session, characters.admin, now=NOW, slug="acme-telecom", into="ionfield"
            )
        moved = owner.get("/competitors/acme-telecom/trends")
        assert moved.status_code == 308
        assert moved.headers["Location"].endswith("/competitors/ionfield/trends")
        assert names(owner, "/competitors/ionfield/trends") == ["Ionfield"]


class TestEvidence:
    def test_comes_a_page_at_a_time(
        self, stage: Stage, owner: Program, characters: Characters, show: Callable[..., int]
    ) -> None:
        ids = [stage.post(characters.owner, f"Ionfield {number}") for number in range(5)]
        trend = show(evidence=ids)
        first = owner.get(f"/trends/{trend}/evidence?limit=3")
        body = first.get_json()
        assert [one["id"] for one in body["items"]] == [str(one) for one in ids[:3]]
        assert 'rel="next"' in first.headers["Link"]
        second = owner.get(f"/trends/{trend}/evidence?limit=3&cursor={body['next']}").get_json()
        assert [one["id"] for one in second["items"]] == [str(one) for one in ids[3:]]
        assert second["next"] is None

    def test_is_of_the_notes_that_the_reader_may_see(
        self,
        stage: Stage,
        program_of: Start,
        characters: Characters,
        show: Callable[..., int],
    ) -> None:
        seen = stage.post(characters.owner, "Ionfield here")
        withdrawn = stage.post(characters.owner, "Ionfield there")
        sealed = stage.post(characters.owner, "Ionfield, quietly", audience=Audience.SEALED)
        with stage.database.writing() as session:
            gone = {"reason": "Wrong", "within": timedelta(hours=1), "now": NOW}
            notes.withdraw(session, characters.owner, withdrawn, **gone)
        trend = show(evidence=[sealed, withdrawn, seen])

        def told(actor: Actor) -> list[str]:
            program = program_of(actor)
            listed = program.items(f"/trends/{trend}/evidence")
            body = program.get(f"/trends/{trend}").get_json()
            assert body["evidence"] == [one["id"] for one in listed]
            assert body["evidence_count"] == len(listed)
            assert program.items("/trends")[0]["evidence"] == body["evidence"]
            found: list[str] = body["evidence"]
            return found

        assert told(characters.stranger) == [str(seen)]
        for actor in (characters.owner, characters.manager, characters.analyst):
            assert told(actor) == [str(sealed), str(seen)]

    def test_refuses_a_foreign_cursor(self, owner: Program, show: Callable[..., int]) -> None:
        answer = owner.get(f"/trends/{show()}/evidence?cursor=x")
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["cursor"])


class TestSealedTrends:
    """Those computed from sealed notes too."""

    def test_are_for_those_who_see_every_note(
        self, program_of: Start, characters: Characters, show: Callable[..., int]
    ) -> None:
        show(competitor_id=ACME)
        sealed = show(reach=TrendReach.ALL)
        for actor in (characters.analyst, characters.admin):
            assert names(program_of(actor), "/trends") == ["Ionfield"]
            assert program_of(actor).get(f"/trends/{sealed}").status_code == 200
        for actor in (characters.owner, characters.stranger, characters.manager):
            program = program_of(actor)
            assert names(program, "/trends") == ["Acme Telecom"]
            for path in (f"/trends/{sealed}", f"/trends/{sealed}/evidence"):
                assert program.get(path).status_code == 404
            for deed in ("follow", "mute", "verdict"):
                path = f"/trends/{sealed}/{deed}"
                body = {"follow": None, "mute": {"reason": "Known"}, "verdict": {"useful": True}}
                assert program.send_json("PUT", path, body[deed]).status_code == 404
                assert program.send("DELETE", path).status_code == 404


class TestReactions:
    def test_follow_and_forget(self, owner: Program, show: Callable[..., int]) -> None:
        path = f"/trends/{show()}"
        for _ in range(2):
            assert owner.send("PUT", f"{path}/follow").status_code == 204
            assert owner.get(path).get_json()["followed"] is True
        for _ in range(2):
            assert owner.send("DELETE", f"{path}/follow").status_code == 204
            assert owner.get(path).get_json()["followed"] is False

    def test_a_muted_trend_leaves_the_list_of_whoever_muted_it(
        self,
        owner: Program,
        program_of: Start,
        characters: Characters,
        show: Callable[..., int],
    ) -> None:
        path = f"/trends/{show()}"
        for _ in range(2):
            answer = owner.send_json("PUT", f"{path}/mute", {"reason": "Our campaign"})
            assert answer.status_code == 204
        assert owner.items("/trends") == []
        assert [one["muted"] for one in owner.items("/trends?muted=true")] == [True]
        assert names(program_of(characters.member), "/trends") == ["Ionfield"]
        for _ in range(2):
            assert owner.send("DELETE", f"{path}/mute").status_code == 204
        assert names(owner, "/trends") == ["Ionfield"]

    def test_muting_for_everyone_is_for_those_who_may(
        self,
        owner: Program,
        program_of: Start,
        characters: Characters,
        show: Callable[..., int],
    ) -> None:
        path, body = f"/trends/{show()}/mute", {"reason": "A fair", "for_everyone": True}
        for actor in (characters.owner, characters.stranger):
            assert program_of(actor).send_json("PUT", path, body).status_code == 403
        for actor in (characters.manager, characters.analyst, characters.admin):
            assert program_of(actor).send_json("PUT", path, body).status_code == 204
            assert owner.items("/trends") == []
            assert program_of(actor).send("DELETE", path).status_code == 204
            assert names(owner, "/trends") == ["Ionfield"]

    def test_a_manager_mutes_for_everyone_in_the_own_part_of_the_tree(
        self, program_of: Start, characters: Characters, show: Callable[..., int]
    ) -> None:
        manager, body = program_of(characters.manager), {"reason": "A fair", "for_everyone": True}
        for place, status in ((FLORIDA, 204), (NEVADA, 403), (None, 403)):
            path = f"/trends/{show(territory_id=place)}/mute"
            assert manager.send_json("PUT", path, body).status_code == status

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "reason"),
            ({"reason": " "}, "reason"),
            ({"reason": "x" * 301}, "reason"),
            ({"reason": "Known", "for_everyone": "yes"}, "for_everyone"),
            ({"reason": "Known", "until": "2026"}, "until"),
        ],
    )
    def test_a_mute_needs_a_reason(
        self, owner: Program, show: Callable[..., int], body: dict[str, Any], field: str
    ) -> None:
        answer = owner.send_json("PUT", f"/trends/{show()}/mute", body)
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])

    def test_a_verdict_is_kept_changed_and_taken_back(
        self, owner: Program, show: Callable[..., int]
    ) -> None:
        path = f"/trends/{show()}"
        for useful in (True, True, False):
            answer = owner.send_json("PUT", f"{path}/verdict", {"useful": useful})
            assert answer.status_code == 204
            assert owner.get(path).get_json()["useful"] is useful
        assert owner.send("DELETE", f"{path}/verdict").status_code == 204
        assert owner.get(path).get_json()["useful"] is None
        assert owner.send_json("PUT", f"{path}/verdict", {}).status_code == 422

    def test_need_a_token_that_may_write(
        self, program_of: Start, characters: Characters, show: Callable[..., int]
    ) -> None:
        reading = program_of(characters.owner, "read")
        path = f"/trends/{show()}"
        assert reading.get(path).status_code == 200
        assert reading.send("PUT", f"{path}/follow").status_code == 403
        assert reading.send("DELETE", f"{path}/mute").status_code == 403
        writing = program_of(characters.owner, "write")
        assert writing.get("/trends").status_code == 403


def test_a_list_costs_the_same_however_long_it_is(
    stage: Stage,
    owner: Program,
    characters: Characters,
    show: Callable[..., int],
    count_queries: Any,
) -> None:
    note = stage.post(characters.owner, "Ionfield")

    def asked() -> int:
        with count_queries(stage.database) as statements:
            assert owner.get("/territories/georgia/trends").status_code == 200
        return len(statements)

    show(evidence=[note])
    asked()
    before = asked()
    for number in range(4):
        show(phrase=f"words {number}", evidence=[note, UUID(int=number)])
    assert asked() == before
