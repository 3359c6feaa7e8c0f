"""The map of territories: what is drawn, and by what it can be coloured."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from insights.models import Audience
from insights.services import territories
from insights.services.territory_map import (
    HEIGHT,
    STEPS,
    WIDTH,
    Drawing,
    drawing,
    step_of,
    steps,
    volumes,
)
from tests.drafts import posted
from tests.fixtures.app import Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, NEVADA, NOW, SOUTHEAST, TODAY

ZONE = ZoneInfo("UTC")
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]]}


def give_shape(stage: Stage, characters: Characters, slug: str, shape: object) -> None:
    with stage.database.writing() as session:
        territories.change(
            session,
            characters.admin,
            now=NOW,
            slug=slug,
            shape=shape,  # type: ignore[typeddict-item]
        )


@pytest.fixture
def shapes(stage: Stage, characters: Characters) -> None:
    """Georgia and Nevada on the map of the states."""
    give_shape(stage, characters, "georgia", {"state": "GA"})
    give_shape(stage, characters, "nevada", {"state": "NV"})


def look(stage: Stage, characters: Characters) -> Drawing:
    with stage.database.reading() as session:
        return drawing(session, characters.owner)


@pytest.mark.usefixtures("shapes")
class TestTheDrawing:
    def test_has_what_has_a_shape(self, stage: Stage, characters: Characters) -> None:
        found = look(stage, characters)
        assert set(found.outlines) == {GEORGIA, NEVADA}
        assert found.outlines[NEVADA].x < found.outlines[GEORGIA].x
        assert (found.width, found.undrawn) == (WIDTH, 0)
        assert 0 < found.height <= HEIGHT

    def test_follows_a_new_shape(self, stage: Stage, characters: Characters) -> None:
        before = look(stage, characters)
        give_shape(stage, characters, "florida", {"state": "FL"})
        assert set(look(stage, characters).outlines) - set(before.outlines) == {FLORIDA}

    def test_draws_a_region_beneath_what_lies_in_it(
        self, stage: Stage, characters: Characters
    ) -> None:
        give_shape(stage, characters, "southeast", SQUARE)
        found = look(stage, characters)
        assert next(iter(found.outlines)) == SOUTHEAST

    def test_leaves_archived_territories_out(self, stage: Stage, characters: Characters) -> None:
        with stage.database.writing() as session:
            territories.archive(session, characters.admin, now=NOW, today=TODAY, slug="nevada")
        assert set(look(stage, characters).outlines) == {GEORGIA}

    def test_is_made_once_for_one_version_of_the_catalogue(
        self, stage: Stage, characters: Characters, count_queries: Counter
    ) -> None:
        look(stage, characters)
        with count_queries(stage.database) as statements:
            look(stage, characters)
        assert len(statements) == 1

    def test_is_that_of_the_transaction_that_changes_it(
        self, session: Session, characters: Characters
    ) -> None:
        for slug in ("georgia", "nevada"):
            territories.change(session, characters.admin, now=NOW, slug=slug, shape={"state": "TX"})
            assert drawing(session, characters.admin).outlines


def test_without_shapes_there_is_no_map(stage: Stage, characters: Characters) -> None:
    assert look(stage, characters).outlines == {}


class TestVolume:
    @pytest.fixture(autouse=True)
    def notes(self, stage: Stage, characters: Characters) -> None:
        """Notes of this week, of five and of thirteen weeks ago; one of them sealed."""
        with stage.database.writing() as session:
            for weeks_ago in (0, 0, 5, 13):
                moment = NOW - timedelta(weeks=weeks_ago)
                posted(session, characters.owner, now=moment, territory="georgia")
            posted(session, characters.owner, territory="georgia", audience=Audience.SEALED)
        stage.catch_up()

    @pytest.mark.parametrize(("weeks", "count", "before"), [(4, 2, 1), (12, 3, 1)])
    def test_is_compared_with_as_many_weeks_before(
        self, stage: Stage, characters: Characters, weeks: int, count: int, before: int
    ) -> None:
        with stage.database.reading() as session:
            reader = stage.runtime.reader
            found = volumes(session, characters.stranger, reader, weeks=weeks, zone=ZONE, now=NOW)
        for place in (GEORGIA, SOUTHEAST):
            assert (found[place].count, found[place].before) == (count, before)

    def test_counts_what_the_reader_may_see(self, stage: Stage, characters: Characters) -> None:
        with stage.database.reading() as session:
            reader = stage.runtime.reader
            found = volumes(session, characters.owner, reader, weeks=4, zone=ZONE, now=NOW)
        assert found[GEORGIA].count == 3


class TestSteps:
    def test_have_about_as_many_territories_each(self) -> None:
        counts = [0, 0, *range(1, 101)]
        begins = steps(counts)
        assert begins == [1, 26, 51, 76]
        found = [step_of(count, begins) for count in counts]
        assert [found.count(step) for step in range(STEPS + 1)] == [2, 25, 25, 25, 25]

    @pytest.mark.parametrize(
        ("counts", "begins"), [([], []), ([0, 0], []), ([7], [7]), ([2, 2, 2, 9], [2, 9])]
    )
    def test_are_fewer_for_few_different_counts(self, counts: list[int], begins: list[int]) -> None:
        assert steps(counts) == begins
        assert all(step_of(count, begins) > 0 for count in counts if count)
