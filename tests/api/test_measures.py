"""Measures and business figures through the API."""

from collections.abc import Callable
from datetime import timedelta

from insights.models import Audience
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW

Start = Callable[..., Program]
GEORGIA = "/territories/georgia/figures"


def put(program: Program, path: str, body: object) -> tuple[int, dict[str, object]]:
    answer = program.send_json("PUT", path, body)
    return answer.status_code, answer.get_json()


class TestMeasures:
    def test_are_told_of_the_part_and_of_what_lies_below(
        self, stage: Stage, program_of: Start, characters: Characters
    ) -> None:
        stage.clock.now = NOW - timedelta(weeks=1)
        stage.post(characters.owner, "Ionfield", audience=Audience.SEALED)
        stage.clock.now = NOW
        found = program_of(characters.analyst).get("/measures?weeks=4").get_json()
        assert (found["since"], found["weeks"], found["company"]) == ("2026-02-16", 4, None)
        assert found["whole"]["territory"] is None
        assert (found["whole"]["now"]["notes"], found["whole"]["before"]["notes"]) == (1, 0)
        assert found["whole"]["now"]["response_median"] is None
        names = [one["territory"]["slug"] for one in found["below"]]
        assert names == ["southeast", "west"]
        mine = program_of(characters.manager).get("/measures?territory=GA").get_json()
        assert (mine["whole"]["territory"]["slug"], mine["whole"]["now"]["notes"]) == ("georgia", 1)

    def test_are_for_those_who_may_see_them(
        self, program_of: Start, characters: Characters
    ) -> None:
        for path in ("/measures", "/measures/months"):
            allowed = {
                name
                for name, actor in vars(characters).items()
                if program_of(actor).get(path).status_code == 200
            }
            assert allowed == {"analyst", "admin"}
            manager = program_of(characters.manager)
            assert manager.get(f"{path}?territory=southeast").status_code == 200
            assert manager.get(f"{path}?territory=west").status_code == 403

    def test_are_of_periods_that_are_offered(
        self, program_of: Start, characters: Characters
    ) -> None:
        analyst = program_of(characters.analyst)
        for weeks in ("5", "0", "x", "999999999999"):
            refused = analyst.get(f"/measures?weeks={weeks}")
            assert refused.status_code == 422
            assert "4, 13, 52" in refused.get_data(as_text=True)
        assert analyst.get("/measures?territory=atlantis").status_code == 422


class TestFigures:
    def test_are_put_in_place_of_former_ones(
        self, program_of: Start, characters: Characters
    ) -> None:
        admin = program_of(characters.admin)
        status, stored = put(admin, f"{GEORGIA}/2026-02", {"quota": 200, "win_rate": 0.28})
        assert (status, stored) == (
            201,
            {
                "territory": {"slug": "georgia", "name": "Georgia", "code": "GA"},
                "month": "2026-02",
                "quota": 200.0,
                "revenue": None,
                "deal_size": None,
                "win_rate": 0.28,
                "imported_at": "2026-03-18T12:00:00.000Z",
            },
        )
        status, again = put(admin, f"{GEORGIA}/2026-02", {"revenue": 12.5})
        assert (status, again["quota"], again["revenue"]) == (200, None, 12.5)
        months = program_of(characters.manager).get("/measures/months?territory=georgia")
        assert months.get_json()["items"][-1]["revenue"] == 12.5

    def test_are_refused_with_what_to_do(self, program_of: Start, characters: Characters) -> None:
        admin = program_of(characters.admin)
        assert put(admin, f"{GEORGIA}/March", {"quota": 1})[0] == 422
        assert put(admin, f"{GEORGIA}/2026-13", {"quota": 1})[0] == 422
        assert put(admin, f"{GEORGIA}/2026-02", {})[0] == 422
        for body in ({"quota": -1}, {"quota": "1"}, {"win_rate": 31}, {"quota": True}):
            assert put(admin, f"{GEORGIA}/2026-02", body)[0] == 422
        assert put(admin, "/territories/atlantis/figures/2026-02", {"quota": 1})[0] == 404
        for actor in (characters.manager, characters.analyst, characters.owner):
            assert put(program_of(actor), f"{GEORGIA}/2026-02", {"quota": 1})[0] == 403

    def test_are_listed_in_pages_for_those_who_see_measures(
        self, program_of: Start, characters: Characters
    ) -> None:
        admin = program_of(characters.admin)
        for place in ("georgia", "nevada"):
            for month in ("2026-01", "2026-02"):
                put(admin, f"/territories/{place}/figures/{month}", {"quota": 1})
        first = admin.get("/figures?limit=3").get_json()
        rest = admin.get(f"/figures?limit=3&cursor={first['next']}").get_json()
        told = [(one["month"], one["territory"]["slug"]) for one in first["items"] + rest["items"]]
        assert told == [
            ("2026-02", "georgia"), ("2026-02", "nevada"),
            ("2026-01", "georgia"), ("2026-01", "nevada"),
        ]  # fmt: skip
        assert len(admin.items("/figures?since=2026-02&territory=west")) == 1
        assert len(admin.items("/figures?until=2026-01")) == 2
        assert admin.get("/figures?since=soon").status_code == 422
        assert admin.get("/figures?cursor=AAAAAAAAAAE").status_code == 422
        mine = program_of(characters.manager).items("/figures")
        assert {one["territory"]["slug"] for one in mine} == {"georgia"}
        assert program_of(characters.owner).get("/figures").status_code == 403
