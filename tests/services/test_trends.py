"""Trends as each reader finds them: of which part of the company, as of which day."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import NotFound
from insights.models import Audience, Competitor, Kind, TrendReach
from insights.services import notes, trend_evidence, trend_reactions, trends
from insights.services.access import Actor
from insights.services.trends import Emerging, TrendView
from insights.trends.life import Stage
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    ACME,
    FIBRE_ONE,
    FLORIDA,
    GEORGIA,
    HEALTHCARE,
    ION_CLOUD,
    IONFIELD,
    NEVADA,
    NOW,
    SOUTHEAST,
    TODAY,
    WEST,
)
from tests.trend_rows import ARITHMETIC, kind_showing, run_of, show, showing, trend_of

YESTERDAY = TODAY - timedelta(days=1)
Names = tuple[list[str], list[str], list[str], list[str]]


def ids_of(views: tuple[TrendView, ...]) -> list[int]:
    return [one.id for one in views]


@pytest.fixture
def owner(characters: Characters) -> Actor:
    """A rep, who sees what is open to everyone and what is sealed in Georgia."""
    return characters.owner


def emerging(session: Session, actor: Actor, **chosen: int) -> Emerging:
    return trends.emerging(session, actor, on=TODAY, **chosen)


class TestATrend:
    def test_is_told_as_the_run_showed_it(self, session: Session, owner: Actor) -> None:
        showing(session, segment_id=HEALTHCARE, opened_on=YESTERDAY)
        (one,) = emerging(session, owner).trends
        assert (one.name, one.competitor and one.competitor.id) == ("Ionfield", IONFIELD)
        assert one.territory is not None
        assert one.segment is not None
        assert (one.territory.name, one.segment.name) == ("Georgia", "Healthcare")
        assert (one.count, one.expected, one.weeks) == (9, 0.7, 4)
        assert (one.reporters, one.accounts, one.evidence_count) == (7, 5, 0)
        assert (one.opened_on, one.shown_on, one.day) == (YESTERDAY, TODAY, TODAY)
        assert (one.stage, one.score, one.peak, one.strong) == (Stage.NEW, 2.5, 2.5, True)
        assert one.arithmetic["baseline"] == ARITHMETIC["baseline"]

    def test_brings_its_weeks(self, session: Session, owner: Actor) -> None:
        showing(session)
        (one,) = emerging(session, owner).trends
        assert one.series.first.isoformat() == "2025-09-22"
        assert one.series.counts[-4:] == (1, 2, 2, 4)
        assert len(one.series.counts) == len(one.series.expected) == len(one.series.upper) == 26
        assert one.series.partial

    def test_is_about_a_competitor_a_product_a_kind_or_a_phrase(
        self, session: Session, owner: Actor
    ) -> None:
        showing(session, competitor_id=ACME, score=9)
        showing(session, product_id=ION_CLOUD, score=8)
        kind_showing(session, Kind.CHALLENGE, score=7)
        showing(session, phrase="load theft", score=6)
        found = emerging(session, owner).trends
        assert [one.name for one in found] == [
            "Acme Telecom",
            "Ion Cloud",
            "Challenge",
            "load theft",
        ]
        assert [one.sort for one in found] == ["competitor", "product", "kind", "phrase"]

    def test_of_a_merged_competitor_is_one_of_what_it_is_now(
        self, session: Session, owner: Actor
    ) -> None:
        trend_id = showing(session, competitor_id=ACME)
        merged = session.get_one(Competitor, ACME)
        merged.merged_into_id, merged.archived_at = IONFIELD, NOW
        session.flush()
        session.info["catalogue changed"] = True
        found = emerging(session, owner, competitor_id=IONFIELD).trends
        assert [(one.id, one.name) for one in found] == [(trend_id, "Ionfield")]

    def test_is_where_the_run_of_the_day_saw_it(self, session: Session, owner: Actor) -> None:
        trend = trend_of(session, opened_on=YESTERDAY)
        show(session, trend, day=YESTERDAY, territory_id=SOUTHEAST, segment_id=HEALTHCARE)
        show(session, trend, day=TODAY)
        found = {
            day: trends.emerging(session, owner, on=day, territory_id=GEORGIA)
            for day in (YESTERDAY, TODAY)
        }
        assert ids_of(found[YESTERDAY].above) == ids_of(found[TODAY].trends) == [trend.id]
        assert (found[YESTERDAY].trends, found[TODAY].above) == ((), ())
        among = emerging(session, owner, segment_id=HEALTHCARE)
        assert among.trends == ()
        assert GEORGIA in trends.by_territory(session, owner, on=TODAY)
        assert GEORGIA not in trends.by_territory(session, owner, on=YESTERDAY)


class TestTheLists:
    def test_are_the_strongest_first_and_what_is_only_watched_apart(
        self, session: Session, owner: Actor
    ) -> None:
        weak, strong, watched = (showing(session, score=one) for one in (1.0, 3.0, 0.9))
        found = emerging(session, owner)
        assert ids_of(found.trends) == [strong, weak]
        assert ids_of(found.watched) == [watched]
        assert [one.strong for one in found.trends] == [True, False]

    def test_end_at_the_limit(self, session: Session, owner: Actor) -> None:
        for score in (1, 2, 3, 0.1, 0.2):
            showing(session, score=score)
        found = trends.emerging(session, owner, on=TODAY, limit=2)
        assert [one.score for one in found.trends] == [3, 2]
        assert [one.score for one in found.watched] == [0.2, 0.1]

    def test_are_empty_before_the_first_run(self, session: Session, owner: Actor) -> None:
        assert emerging(session, owner) == Emerging(None, None, 0)
        assert trends.by_territory(session, owner, on=TODAY) == {}

    def test_say_how_much_history_there_was(self, session: Session, owner: Actor) -> None:
        run = run_of(session, history=4)
        found = emerging(session, owner)
        assert (found.day, found.as_of, found.history) == (TODAY, run.as_of, 4)
        assert (found.trends, found.watched) == ((), ())


class TestAPartOfTheCompany:
    @pytest.fixture(autouse=True)
    def shown(self, session: Session) -> dict[str, int]:
        """A trend at each place, the one further up the stronger; all watched ones are phrases."""
        places = {"company": None, "southeast": SOUTHEAST, "georgia": GEORGIA, "nevada": NEVADA}
        shown = {
            name: showing(session, territory_id=place, score=5 - number)
            for number, (name, place) in enumerate(places.items())
        }
        for name, place in places.items():
            shown[f"{name} watched"] = showing(session, territory_id=place, phrase=name, score=0.5)
        return shown

    @pytest.mark.parametrize(
        ("territory_id", "own_and_above"),
        [
            (GEORGIA, (["georgia"], ["company", "southeast"])),
            (SOUTHEAST, (["southeast", "georgia"], ["company"])),
            (FLORIDA, ([], ["company", "southeast"])),
            (WEST, (["nevada"], ["company"])),
        ],
    )
    def test_a_territory_has_its_own_and_those_below_and_knows_those_above(
        self,
        session: Session,
        owner: Actor,
        shown: dict[str, int],
        territory_id: int,
        own_and_above: tuple[list[str], list[str]],
    ) -> None:
        own, above = own_and_above
        found = emerging(session, owner, territory_id=territory_id)
        assert ids_of(found.trends) == [shown[one] for one in own]
        assert ids_of(found.above) == [shown[one] for one in above]
        assert ids_of(found.watched) == [shown[f"{one} watched"] for one in own]

    def test_the_company_has_all(
        self, session: Session, owner: Actor, shown: dict[str, int]
    ) -> None:
        found = emerging(session, owner)
        names = ("company", "southeast", "georgia", "nevada")
        assert ids_of(found.trends) == [shown[one] for one in names]
        assert found.above == ()

    def test_a_competitor_has_its_own_and_its_products(
        self, session: Session, owner: Actor, shown: dict[str, int]
    ) -> None:
        product = showing(session, product_id=ION_CLOUD, score=9)
        ours = showing(session, product_id=FIBRE_ONE)
        found = ids_of(emerging(session, owner, competitor_id=IONFIELD).trends)
        assert found[0] == product
        assert len(found) == 5
        assert ids_of(emerging(session, owner, competitor_id=ACME).trends) == []
        assert ids_of(emerging(session, owner, product_id=FIBRE_ONE).trends) == [ours]

    def test_a_segment_has_those_of_its_customers(self, session: Session, owner: Actor) -> None:
        trend_id = showing(session, segment_id=HEALTHCARE)
        mostly = showing(session, phrase="nurse phone", told={"mostly_id": HEALTHCARE})
        found = ids_of(emerging(session, owner, segment_id=HEALTHCARE).trends)
        assert set(found) == {trend_id, mostly}

    def test_the_map_has_the_strongest_of_each_territory(
        self, session: Session, owner: Actor, shown: dict[str, int]
    ) -> None:
        found = trends.by_territory(session, owner, on=TODAY)
        assert {place: one.id for place, one in found.items()} == {
            SOUTHEAST: shown["southeast"],
            GEORGIA: shown["georgia"],
            WEST: shown["nevada"],
            NEVADA: shown["nevada"],
        }

    def test_the_map_leaves_out_what_is_muted(
        self, session: Session, owner: Actor, shown: dict[str, int]
    ) -> None:
        trend_reactions.mute(session, owner, shown["nevada"], reason="Known", now=NOW)
        assert NEVADA not in trends.by_territory(session, owner, on=TODAY)


class TestADayInThePast:
    def test_has_what_was_shown_then(self, session: Session, owner: Actor) -> None:
        old = showing(session, day=YESTERDAY)
        new = showing(session, day=TODAY)
        assert ids_of(emerging(session, owner).trends) == [new]
        past = trends.emerging(session, owner, on=YESTERDAY)
        assert (past.day, ids_of(past.trends)) == (YESTERDAY, [old])

    def test_without_a_run_has_that_of_the_day_before(self, session: Session, owner: Actor) -> None:
        showing(session, day=YESTERDAY)
        assert emerging(session, owner).day == YESTERDAY
        assert trends.emerging(session, owner, on=YESTERDAY - timedelta(days=1)).day is None

    def test_knows_nothing_of_what_came_later(self, session: Session, owner: Actor) -> None:
        first = TODAY - timedelta(weeks=8)
        trend = trend_of(session, opened_on=first)
        show(session, trend, day=first, score=2)
        show(session, trend, day=first + timedelta(weeks=2), score=0.5)
        show(session, trend, day=TODAY, score=6)
        (then,) = trends.emerging(session, owner, on=first + timedelta(weeks=3)).watched
        assert (then.stage, then.shown_on, then.peak) == (Stage.FADING, first, 2)
        assert trends.get(session, owner, trend.id, on=first).peak == 2
        (by_now,) = emerging(session, owner).trends
        assert (by_now.stage, by_now.shown_on, by_now.peak) == (Stage.ACTIVE, TODAY, 6)


class TestOneTrend:
    @pytest.mark.parametrize(
        ("weeks", "stage"),
        [(0, Stage.NEW), (1, Stage.FADING), (6, Stage.FADING), (7, Stage.OVER)],
    )
    def test_goes_through_its_stages_when_it_is_shown_no_more(
        self, session: Session, owner: Actor, weeks: int, stage: Stage
    ) -> None:
        trend_id = showing(session)
        later = TODAY + timedelta(weeks=weeks)
        run_of(session, day=later)
        one = trends.get(session, owner, trend_id, on=later)
        assert (one.stage, one.day) == (stage, TODAY)

    def test_has_a_life_of_days(self, session: Session, owner: Actor) -> None:
        trend = trend_of(session, opened_on=YESTERDAY)
        show(session, trend, day=TODAY, score=2.5)
        show(session, trend, day=YESTERDAY, score=1.5)
        days = trends.life(session, owner, trend.id)
        assert [(one.day, one.score) for one in days] == [(YESTERDAY, 1.5), (TODAY, 2.5)]

    @pytest.mark.parametrize("trend_id", [0, -1, 99, 2**40])
    def test_that_is_none_is_not_found(self, session: Session, owner: Actor, trend_id: int) -> None:
        with pytest.raises(NotFound):
            trends.get(session, owner, trend_id, on=TODAY)

    def test_is_not_found_before_it_was_seen(self, session: Session, owner: Actor) -> None:
        trend_id = showing(session)
        with pytest.raises(NotFound, match="later one"):
            trends.get(session, owner, trend_id, on=YESTERDAY)


class TestReach:
    def test_who_sees_every_note_reads_the_run_that_counted_the_sealed_ones(
        self, session: Session, characters: Characters
    ) -> None:
        open_one = showing(session)
        sealed = showing(session, reach=TrendReach.ALL)
        seen = {name: ids_of(emerging(session, one).trends) for name, one in named(characters)}
        wide = {name for name, ids in seen.items() if ids == [sealed]}
        assert wide == {"analyst", "admin"}
        assert all(ids == [open_one] for name, ids in seen.items() if name not in wide)

    def test_a_trend_of_sealed_notes_does_not_exist_for_others(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = showing(session, reach=TrendReach.ALL)
        readers: tuple[Callable[[Actor], object], ...] = (
            lambda one: trends.get(session, one, sealed, on=TODAY),
            lambda one: trends.life(session, one, sealed),
            lambda one: trend_reactions.follow(session, one, sealed, now=NOW),
            lambda one: trend_reactions.list_mutes(session, one, sealed),
        )
        for read in readers:
            assert {name for name, one in named(characters) if finds(read, one)} == {
                "analyst",
                "admin",
            }

    def test_without_sealed_notes_there_is_one_run_for_all(
        self, session: Session, characters: Characters
    ) -> None:
        showing(session, reach=TrendReach.ALL, day=YESTERDAY)
        open_one = showing(session)
        assert ids_of(emerging(session, characters.analyst).trends) == [open_one]


class TestEvidence:
    @pytest.fixture
    def trend(self, session: Session, characters: Characters, owner: Actor) -> TrendView:
        """Proved by a sealed note, the newest, and three that are open."""
        sealed = posted(session, owner, "sealed", audience=Audience.SEALED)
        opened = [posted(session, owner, f"open {number}") for number in range(3)]
        trend_id = showing(session, evidence=[sealed, *opened, uuid4()])
        return trends.get(session, characters.owner, trend_id, on=TODAY)

    def test_is_what_the_reader_may_see(
        self, session: Session, characters: Characters, trend: TrendView
    ) -> None:
        seen = {
            name: len(trend_evidence.visible(session, one, [trend])[trend.id])
            for name, one in named(characters)
        }
        assert {name for name, count in seen.items() if count == 4} == {
            "owner",
            "manager",
            "analyst",
            "admin",
        }
        assert set(seen.values()) == {3, 4}

    def test_leaves_no_gap_where_a_note_is_hidden(
        self, session: Session, characters: Characters, trend: TrendView
    ) -> None:
        lines = trend_evidence.newest(session, characters.stranger, [trend], each=2)
        assert [one.text for one in lines[trend.id]] == ["open 0", "open 1"]
        assert [one.author_name for one in lines[trend.id]] == ["Olivia Owner"] * 2

    def test_forgets_a_withdrawn_note(
        self, session: Session, characters: Characters, owner: Actor, trend: TrendView
    ) -> None:
        withdrawn = trend.evidence[1]
        notes.withdraw(session, owner, withdrawn, reason="", within=timedelta(hours=24), now=NOW)
        assert withdrawn not in trend_evidence.visible(session, owner, [trend])[trend.id]

    def test_of_nothing_asks_nothing(
        self, session: Session, database: Database, owner: Actor, count_queries: Counter
    ) -> None:
        with count_queries(database) as statements:
            assert trend_evidence.newest(session, owner, [], each=2) == {}
            assert trend_evidence.visible(session, owner, []) == {}
        assert statements == []


def test_queries_do_not_grow_with_the_trends(
    database: Database, characters: Characters, count_queries: Counter
) -> None:
    sent = []
    for number in range(9):
        with database.writing() as session:
            showing(session, score=1 + number)
        with database.reading() as session:
            trends.emerging(session, characters.owner, on=TODAY)
            with count_queries(database) as statements:
                found = trends.emerging(session, characters.owner, on=TODAY, territory_id=GEORGIA)
                trend_evidence.newest(session, characters.owner, found.trends, each=2)
        sent.append(len(statements))
    assert set(sent) == {2}


def named(characters: Characters) -> list[tuple[str, Actor]]:
    return list(vars(characters).items())


def finds(read: Callable[[Actor], object], actor: Actor) -> bool:
    try:
        read(actor)
    except NotFound:
        return False
    return True
