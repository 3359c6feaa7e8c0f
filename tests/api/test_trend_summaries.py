"""Weekly summaries through the API."""

from collections.abc import Callable

import pytest

from insights.models import Audience
from insights.schemas.trend_summaries import TrendSummaryOut
from insights.services import sightings
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.trend_rows import showing

Start = Callable[..., Program]
PATH = "/territories/southeast/weeks/2026-03-16"


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.owner)


def test_a_week_goes_out_as_its_shape_says(
    stage: Stage, owner: Program, characters: Characters
) -> None:
    note = stage.post(characters.owner, "Ionfield again")
    with stage.database.writing() as session:
        sightings.add(session, characters.member, note, now=NOW)
        trend = showing(session, evidence=[note])
    body = owner.get(PATH).get_json()
    assert set(body) == set(TrendSummaryOut().fields)
    assert TrendSummaryOut().validate(body) == {}
    assert (body["monday"], body["over"], body["empty"]) == ("2026-03-16", False, False)
    assert body["title"] == "Southeast, 16 to 22 March 2026"
    assert body["text"].startswith(body["title"])
    assert body["lead"] in body["text"]
    assert body["volume"] == {"week": 1, "before": 0, "usual": 0}
    assert [(one["id"], one["evidence"]) for one in body["opened"]] == [(trend, [str(note)])]
    assert [one["id"] for one in body["sighted"]] == [str(note)]
    assert (body["going_on"], body["ended"], body["silent"]) == ([], [], [])


def test_a_week_counts_only_what_the_reader_may_see(
    stage: Stage, program_of: Start, characters: Characters
) -> None:
    stage.post(characters.owner, "Between us", audience=Audience.SEALED)
    for actor in (characters.owner, characters.manager, characters.analyst):
        assert program_of(actor).get(PATH).get_json()["volume"]["week"] == 1
    for actor in (characters.member, characters.stranger):
        assert program_of(actor).get(PATH).get_json()["empty"] is True


def test_a_week_is_not_sent_again_to_whoever_has_it(owner: Program) -> None:
    headers = {"If-None-Match": owner.get(PATH).headers["ETag"]}
    assert owner.get(PATH, headers=headers).status_code == 304


@pytest.mark.parametrize("week", ["2026-03-17", "2026-03-23", "x", "2026-02-30"])
def test_what_is_no_week_is_not_found(owner: Program, week: str) -> None:
    answer = owner.get(f"/territories/southeast/weeks/{week}")
    assert answer.status_code == 404
    assert "Monday" in answer.get_json()["detail"]
    assert owner.get("/territories/atlantis/weeks/2026-03-16").status_code == 404
