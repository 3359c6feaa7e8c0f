"""A place beside those above it, and where something is named more often than elsewhere."""

import pytest

from insights.models import Audience
from insights.services import catalogue, territories
from insights.services.access import Actor
from insights.services.comparisons import (
    FEWEST_NOTES,
    Rates,
    against_usual,
    rates_by_region,
    regions,
    territory_beside_others,
)
from insights.services.volumes import Series
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, NEVADA, NOW, SOUTHEAST, WEST
from tests.services.weekly_notes import last_weeks, post_weekly


class TestATerritory:
    @pytest.fixture(autouse=True)
    def notes(self, stage: Stage, characters: Characters) -> None:
        post_weekly(stage, characters.owner, "They wait", 1, 2)
        post_weekly(stage, characters.owner, "They pay", 0, 3, territory="florida")
        post_weekly(stage, characters.owner, "They ask", 4, 0, territory="nevada")

    def beside(self, stage: Stage, who: Actor, territory_id: int) -> list[tuple[str, list[int]]]:
        with stage.database.reading() as session:
            found = territory_beside_others(
                session,
                who,
                stage.runtime.reader,
                territory_id=territory_id,
                weeks=last_weeks(2),
            )
        return [(one.item.name if one.item else "company", list(one.weeks)) for one in found]

    def test_stands_beside_its_region_and_the_company(
        self, stage: Stage, characters: Characters
    ) -> None:
        assert self.beside(stage, characters.owner, GEORGIA) == [
            ("Georgia", [1, 2]),
            ("Southeast", [1, 5]),
            ("company", [5, 5]),
        ]

    def test_at_the_top_stands_beside_the_company(
        self, stage: Stage, characters: Characters
    ) -> None:
        found = self.beside(stage, characters.owner, SOUTHEAST)
        assert found == [("Southeast", [1, 5]), ("company", [5, 5])]

    def test_that_is_the_company_stands_alone(self, stage: Stage, characters: Characters) -> None:
        put_under_one_roof(stage, characters.admin)
        with stage.database.reading() as session:
            top = territories.get(session, characters.owner, slug="america").id
        assert self.beside(stage, characters.owner, top) == [("company", [5, 5])]
        assert self.beside(stage, characters.owner, SOUTHEAST)[1:] == [("company", [5, 5])]

    def test_counts_sealed_notes_for_those_who_may_see_them(
        self, stage: Stage, characters: Characters
    ) -> None:
        post_weekly(stage, characters.owner, "They cheat", 1, audience=Audience.SEALED)
        assert self.beside(stage, characters.owner, GEORGIA)[0] == ("Georgia", [1, 3])
        assert self.beside(stage, characters.stranger, GEORGIA)[0] == ("Georgia", [1, 2])


class TestWhatIsUsual:
    def test_is_the_average_of_four_weeks(self) -> None:
        assert against_usual(Series(None, (1, 1, 1, 1, 5))) == [
            pytest.approx(200 / 3),
            pytest.approx(400 / 3),
        ]

    @pytest.mark.parametrize("weeks", [(0, 0, 0, 0), (1, 2)])
    def test_is_nothing_without_notes_or_weeks(self, weeks: tuple[int, ...]) -> None:
        assert against_usual(Series(None, weeks)) == []


class TestRegions:
    def test_are_the_top_of_the_tree(self, stage: Stage) -> None:
        with stage.database.reading() as session:
            assert [one.id for one in regions(catalogue.current(session))] == [SOUTHEAST, WEST]

    def test_are_below_a_single_top(self, stage: Stage, characters: Characters) -> None:
        put_under_one_roof(stage, characters.admin)
        with stage.database.reading() as session:
            assert [one.id for one in regions(catalogue.current(session))] == [SOUTHEAST, WEST]


class TestRates:
    @pytest.fixture(autouse=True)
    def notes(self, stage: Stage, characters: Characters) -> None:
        post_weekly(stage, characters.owner, "They wait", FEWEST_NOTES, territory="florida")
        post_weekly(stage, characters.owner, "They ask", FEWEST_NOTES, territory="nevada")

    def rates(self, stage: Stage, who: Actor, named: dict[int, int]) -> Rates:
        with stage.database.reading() as session:
            return rates_by_region(session, who, stage.runtime.reader, named, weeks=last_weeks(1))

    def test_are_parts_of_each_regions_notes_the_largest_first(
        self, stage: Stage, characters: Characters
    ) -> None:
        found = self.rates(stage, characters.owner, {FLORIDA: 1, NEVADA: 4})
        assert [(one.region.name, one.count, one.notes, one.share) for one in found.regions] == [
            ("West", 4, 10, 0.4),
            ("Southeast", 1, 10, 0.1),
        ]
        assert (found.company.count, found.company.notes, found.company.share) == (5, 20, 0.25)

    def test_leave_out_a_region_with_few_notes(self, stage: Stage, characters: Characters) -> None:
        with stage.database.reading() as session:
            found = rates_by_region(
                session, characters.owner, stage.runtime.reader, {}, weeks=last_weeks(1).before
            )
        assert found.regions == []
        assert found.company.share == 0

    def test_count_sealed_notes_for_those_who_may_see_them(
        self, stage: Stage, characters: Characters
    ) -> None:
        post_weekly(stage, characters.owner, "They cheat", 1, audience=Audience.SEALED)
        assert self.rates(stage, characters.owner, {}).company.notes == 21
        assert self.rates(stage, characters.stranger, {}).company.notes == 20


def put_under_one_roof(stage: Stage, admin: Actor) -> None:
    """Gives the tree a single top, as most organisations have."""
    with stage.database.writing() as session:
        territories.create(session, admin, name="America", now=NOW)
        for slug in ("southeast", "west"):
            territories.move(session, admin, slug=slug, parent_slug="america", now=NOW)
