"""Series and silence through the API: notes week by week, counted for whoever asks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from insights.models import Audience, Kind
from insights.schemas.series import SeriesOut
from insights.schemas.silence import SilenceMapOut
from insights.services.access import Actor
from tests.api.conftest import Program
from tests.drafts import posted
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER

Start = Callable[..., Program]
NOTHING = [0, 0, 0, 0]


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.owner)


@pytest.fixture
def post(stage: Stage) -> Callable[..., None]:
    """Posts a note of so many weeks ago."""

    def write(author: Actor, text: str, *, weeks_ago: int = 0, **fields: Any) -> None:
        with stage.database.writing() as session:
            posted(session, author, text, now=NOW - timedelta(weeks=weeks_ago), **fields)
        stage.catch_up()

    return write


@pytest.fixture
def notes(post: Callable[..., None], characters: Characters) -> None:
    """Ionfield in Georgia two weeks ago and now, Acme in Florida now, one of them sealed."""
    segments = ("healthcare", "enterprise")
    post(characters.owner, "Ionfield came", weeks_ago=2, kind=Kind.COMPETITOR, segments=segments)
    post(characters.owner, "Ionfield, Fibre One", kind=Kind.CHALLENGE, audience=Audience.SEALED)
    post(characters.member, "Acme is cheaper", kind=Kind.COMPETITOR, segments=("trucking",))


def counts(program: Program, path: str) -> dict[str, list[int]]:
    """The weeks of each row that has a note, by name."""
    return {one["name"]: one["counts"] for one in program.items(path) if any(one["counts"])}


class TestSeries:
    @pytest.mark.usefixtures("notes")
    def test_count_kinds_week_by_week(self, owner: Program) -> None:
        answer = owner.get("/series?weeks=4")
        body = answer.get_json()
        assert SeriesOut().validate(body) == {}
        assert body["mondays"] == ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16"]
        assert (body["what"], body["over"]) == ("kinds", False)
        assert [(one["slug"], one["counts"]) for one in body["items"]] == [
            ("competitor", [0, 1, 0, 1]),
            ("preference", NOTHING),
            ("challenge", [0, 0, 0, 1]),
            ("opportunity", NOTHING),
        ]

    @pytest.mark.usefixtures("notes")
    def test_are_of_a_part_of_the_company(self, owner: Program) -> None:
        ionfield = {"Competitor": [0, 1, 0, 0], "Challenge": [0, 0, 0, 1]}
        for path in ("/territories/georgia", "/competitors/ionfield"):
            assert counts(owner, f"{path}/series?weeks=4") == ionfield
        both = {"Competitor": [0, 1, 0, 1], "Challenge": [0, 0, 0, 1]}
        assert counts(owner, "/territories/southeast/series?weeks=4") == both
        trucking = {"Competitor": [0, 0, 0, 1]}
        assert counts(owner, "/segments/trucking/series?weeks=4") == trucking
        fibre_one = {"Challenge": [0, 0, 0, 1]}
        assert counts(owner, "/products/fibre-one/series?weeks=4") == fibre_one

    @pytest.mark.usefixtures("notes")
    def test_tell_competitors_products_and_segments_apart(self, owner: Program) -> None:
        def by(what: str) -> dict[str, list[int]]:
            return counts(owner, f"/territories/southeast/series?weeks=4&what={what}")

        assert by("competitors") == {"Ionfield": [0, 1, 0, 1], "Acme Telecom": [0, 0, 0, 1]}
        assert by("products") == {"Fibre One": [0, 0, 0, 1]}
        assert by("segments") == {
            "Healthcare": [0, 1, 0, 0],
            "Trucking": [0, 0, 0, 1],
            "Enterprise": [0, 1, 0, 0],
        }
        [healthcare, *_, enterprise] = owner.items("/series?what=segments")
        assert (healthcare["slug"], healthcare["dimension"]) == ("healthcare", 1)
        assert (enterprise["slug"], enterprise["dimension"]) == ("enterprise", 2)

    def test_put_those_behind_the_leading_five_together(
        self, stage: Stage, owner: Program, program_of: Start, characters: Characters
    ) -> None:
        admin = program_of(characters.admin)
        for letter in "abcdef":
            assert admin.post("/competitors", {"name": f"Rival {letter}"}).status_code == 201
            stage.post(characters.owner, f"Rival {letter} was here")
        rows = owner.items("/series?weeks=1&what=competitors")
        assert [(one["slug"], one["counts"]) for one in rows][4:] == [("rival-e", [1]), (None, [1])]
        assert rows[-1]["name"] == "All others"

    @pytest.mark.usefixtures("notes")
    def test_count_only_what_the_reader_may_see(
        self, program_of: Start, characters: Characters
    ) -> None:
        for character, challenges in (("stranger", 0), ("member", 0), ("manager", 1)):
            program = program_of(getattr(characters, character))
            found = counts(program, "/series?weeks=1")
            assert found.get("Challenge", [0]) == [challenges]

    @pytest.mark.usefixtures("notes")
    def test_end_with_the_week_of_a_day(self, owner: Program) -> None:
        body = owner.get("/series?weeks=1&on=2026-03-06").get_json()
        assert (body["mondays"], body["over"]) == (["2026-03-02"], True)
        assert body["items"][0]["counts"] == [1]
        ahead = owner.get("/series?weeks=1&on=2027-01-01").get_json()
        assert ahead["mondays"] == ["2026-03-16"]

    @pytest.mark.parametrize("query", ["what=all", "weeks=0", "weeks=105", "on=x", "to=x"])
    def test_refuse_what_they_do_not_know(self, owner: Program, query: str) -> None:
        answer = owner.get(f"/territories/georgia/series?{query}")
        assert answer.status_code == 422
        assert list(answer.get_json()["errors"]) == [query.partition("=")[0]]

    def test_of_what_does_not_exist_are_not_found(self, owner: Program) -> None:
        for noun in ("territories", "competitors", "segments", "products"):
            assert owner.get(f"/{noun}/atlantis/series").status_code == 404

    def test_are_not_sent_again_to_whoever_has_them(self, owner: Program) -> None:
        headers = {"If-None-Match": owner.get("/series").headers["ETag"]}
        assert owner.get("/series", headers=headers).status_code == 304

    def test_wait_for_the_index(self, stage: Stage, owner: Program) -> None:
        (stage.runtime.replica.directory / "CURRENT").unlink()
        stage.runtime.reader.close()
        answer = owner.get("/series")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0


class TestSilence:
    @pytest.fixture
    def silent(self, post: Callable[..., None], characters: Characters) -> None:
        """Georgia spoke twice a week until six weeks ago; Florida goes on."""
        for week in range(40):
            for number in range(2):
                post(characters.member, f"Week {week}, {number}", weeks_ago=week)
                if week > 5:
                    post(characters.owner, f"Week {week}, {number}", weeks_ago=week)

    @pytest.mark.usefixtures("silent")
    def test_lists_the_most_silent_first(self, owner: Program) -> None:
        body = owner.get("/silence").get_json()
        assert SilenceMapOut().validate(body) == {}
        georgia, *others = body["items"]
        assert (georgia["territory"]["slug"], georgia["state"]) == ("georgia", "silent")
        assert (georgia["count"], georgia["empty_weeks"]) == (0, 5)
        assert georgia["usual"] == pytest.approx(2, abs=0.2)
        assert georgia["holders"] == [{"id": OWNER, "name": "Olivia Owner"}]
        assert [week["count"] for week in georgia["by_week"]] == [2] * 20 + [0] * 6
        assert georgia["by_week"][-1]["level"] == 3
        states = {one["territory"]["slug"]: one["state"] for one in others}
        assert states == {"florida": "usual", "nevada": "unheard"}
        assert len(body["mondays"]) == 26
        assert body["states"]["silent"] == 1

    @pytest.mark.usefixtures("silent")
    def test_is_of_a_part_of_the_tree_page_by_page(self, owner: Program) -> None:
        def slugs(path: str) -> list[str]:
            return [one["territory"]["slug"] for one in owner.items(path)]

        assert slugs("/silence?within=southeast") == ["georgia", "florida"]
        assert set(slugs("/silence?regions=true")) == {"southeast", "west"}
        first = owner.get("/silence?within=southeast&limit=1")
        assert 'rel="next"' in first.headers["Link"]
        following = first.get_json()["next"]
        assert slugs(f"/silence?within=southeast&limit=1&cursor={following}") == ["florida"]
        unknown = owner.get("/silence?within=atlantis")
        assert (unknown.status_code, list(unknown.get_json()["errors"])) == (422, ["within"])
