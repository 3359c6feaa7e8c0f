"""Share of voice: parts of all mentions, which add up."""

import pytest

from insights.models import Audience
from insights.services import competitors
from insights.services.catalogue import Item
from insights.services.shares import (
    MOST_VOICES,
    Shares,
    competitor_shares,
    product_shares,
)
from insights.services.volumes import Series, View
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import FIBRE_ONE, GEORGIA, IONFIELD, NOW
from tests.services.weekly_notes import last_weeks, post_weekly

SIX = ("Aria", "Boreal", "Citrine", "Dune", "Ember", "Fennel")


def names(shares: Shares) -> list[str]:
    return [one.item.name for one in shares.leading if one.item]


def seen_by(stage: Stage, characters: Characters, who: str, view: View, weeks: int = 5) -> Shares:
    with stage.database.reading() as session:
        return competitor_shares(
            session,
            getattr(characters, who),
            stage.runtime.reader,
            view,
            weeks=last_weeks(weeks),
        )


class TestOfCompetitors:
    @pytest.fixture(autouse=True)
    def notes(self, stage: Stage, characters: Characters) -> None:
        post_weekly(stage, characters.owner, "Ionfield and Acme", 1, 0, 0, 0, 1)
        post_weekly(stage, characters.owner, "Acme alone", 0, 0, 0, 0, 2)
        post_weekly(stage, characters.owner, "Ionfield far away", 0, 0, 0, 0, 3, territory="nevada")

    def test_are_parts_of_all_mentions(self, stage: Stage, characters: Characters) -> None:
        found = seen_by(stage, characters, "owner", View(frozenset({GEORGIA})))
        assert [(one.item and one.item.name, one.total) for one in found.leading] == [
            ("Acme Telecom", 4),
            ("Ionfield", 2),
        ]
        assert (found.total, found.rest.total) == (6, 0)

    def test_over_time_are_those_of_four_weeks(self, stage: Stage, characters: Characters) -> None:
        found = seen_by(stage, characters, "owner", View(frozenset({GEORGIA})))
        assert [found.over_time(one) for one in found.leading] == [[0.5, 0.75], [0.5, 0.25]]

    def test_on_the_page_of_one_are_of_everybodys_mentions(
        self, stage: Stage, characters: Characters
    ) -> None:
        found = seen_by(stage, characters, "owner", View(competitor_id=IONFIELD))
        assert (names(found), found.total) == (["Ionfield", "Acme Telecom"], 9)

    def test_count_a_sealed_mention_for_those_who_may_see_it(
        self, stage: Stage, characters: Characters
    ) -> None:
        post_weekly(stage, characters.owner, "Acme pays", 4, audience=Audience.SEALED)
        view = View(frozenset({GEORGIA}))
        assert seen_by(stage, characters, "owner", view).total == 10
        assert seen_by(stage, characters, "stranger", view).total == 6


class TestOfMany:
    @pytest.fixture(autouse=True)
    def notes(self, stage: Stage, characters: Characters) -> None:
        with stage.database.writing() as session:
            for name in SIX:
                competitors.create(session, characters.admin, name=name, now=NOW)
        for number, name in enumerate(SIX):
            post_weekly(stage, characters.owner, f"{name} was here", 10 - number)

    def test_the_five_that_lead_are_named(self, stage: Stage, characters: Characters) -> None:
        found = seen_by(stage, characters, "owner", View())
        assert names(found) == list(SIX[:MOST_VOICES])
        assert (found.rest.total, found.total) == (5, 45)

    def test_what_the_page_is_about_is_among_them(
        self, stage: Stage, characters: Characters
    ) -> None:
        with stage.database.reading() as session:
            last = competitors.get(session, characters.owner, slug="fennel")
        found = seen_by(stage, characters, "owner", View(competitor_id=last.id))
        assert names(found) == [*SIX[:4], "Fennel"]
        assert found.rest.total == 6


def test_of_products_are_counted_alike(stage: Stage, characters: Characters) -> None:
    post_weekly(stage, characters.owner, "Fibre One or Ion Cloud", 2)
    post_weekly(stage, characters.owner, "Ion Cloud", 1)
    with stage.database.reading() as session:
        found = product_shares(
            session,
            characters.owner,
            stage.runtime.reader,
            View(product_id=FIBRE_ONE),
            weeks=last_weeks(1),
        )
    assert (names(found), found.total) == (["Ion Cloud", "Fibre One"], 5)


def test_nobody_has_a_share_of_no_mention() -> None:
    silent = Series(Item(1, "Acme", "acme"), (0, 0, 0, 0))
    shares = Shares([silent], Series(None, (0, 0, 0, 0)), Series(None, (0, 0, 0, 0)))
    assert shares.over_time(silent) == [None]
