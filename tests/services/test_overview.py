"""The figures of a page: they count what a search finds, and only what the reader may see."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.clock import monday_of
from insights.errors import Unavailable
from insights.models import Audience, Kind
from insights.services import catalogue, search
from insights.services.access import Actor
from insights.services.overview import (
    NO_NOTES,
    TREND_WEEKS,
    WEEKS,
    Overview,
    Trend,
    children_counts,
    leading_territories,
    overview,
    territory_trends,
    trends,
)
from insights.services.search_choice import SearchChoice
from insights.worker.search import SearchFollower
from tests.drafts import posted
from tests.fixtures.app import Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    ACME,
    FLORIDA,
    GEORGIA,
    HEALTHCARE,
    IONFIELD,
    NEVADA,
    NOW,
    SOUTHEAST,
    TRUCKING,
    WEST,
)

UTC_ZONE = ZoneInfo("UTC")
MONDAY = monday_of(NOW, UTC_ZONE)
Look = Callable[..., Overview]


@pytest.fixture
def look(stage: Stage, characters: Characters) -> Look:
    """The overview as somebody sees it, the owner by default."""

    def overview_for(actor: Actor = characters.owner, **view: object) -> Overview:
        with stage.database.reading() as session:
            return overview(
                session,
                actor,
                stage.runtime.reader,
                zone=UTC_ZONE,
                now=NOW,
                **view,  # type: ignore[arg-type]
            )

    return overview_for


@pytest.fixture
def post(stage: Stage, characters: Characters) -> Callable[..., None]:
    """Posts notes that many weeks ago: text, and further fields of a draft."""

    def post_note(text: str, *, weeks_ago: int = 0, **fields: object) -> None:
        with stage.database.writing() as session:
            moment = NOW - timedelta(weeks=weeks_ago)
            posted(
                session,
                characters.owner,
                text,
                now=moment,
                **{"territory": "georgia", **fields},
            )

    return post_note


@pytest.fixture
def notes(stage: Stage, post: Callable[..., None]) -> None:
    """Ionfield twice in Georgia, once with Acme; Acme in Florida; something of last year."""
    post("Ionfield was here", kind=Kind.COMPETITOR, segments=("healthcare", "enterprise"))
    post("Ionfield and Acme", kind=Kind.COMPETITOR, weeks_ago=1, segments=("healthcare",))
    post("Acme sells Fibre One", territory="florida", weeks_ago=1, segments=("trucking",))
    post("Ionfield is new", kind=Kind.OPPORTUNITY, weeks_ago=WEEKS)
    post("Nobody heard of it", weeks_ago=2 * WEEKS)
    stage.catch_up()


def ranked(rows: object) -> dict[int, int]:
    return {row.item.id: row.count for row in rows}  # type: ignore[attr-defined]


@pytest.mark.usefixtures("notes")
class TestAnOverview:
    def test_has_every_week_up_to_the_present_one(self, look: Look) -> None:
        weeks = look().weeks
        assert [week.monday for week in weeks] == [
            MONDAY - timedelta(weeks=WEEKS - 1 - number) for number in range(WEEKS)
        ]
        assert [week.total for week in weeks[-3:]] == [0, 2, 1]

    def test_counts_each_week_by_kind(self, look: Look) -> None:
        this_week = look(territory_ids=frozenset({GEORGIA})).weeks[-1]
        assert this_week.by_kind == {
            "competitor": 1,
            "preference": 0,
            "challenge": 0,
            "opportunity": 0,
        }

    def test_compares_with_as_many_weeks_before(self, look: Look) -> None:
        found = look()
        assert (found.total, found.earlier) == (3, 1)
        assert sum(found.kinds.values()) == 3

    def test_of_a_territory_counts_what_its_notes_name(self, look: Look) -> None:
        found = look(territory_ids=frozenset({GEORGIA}))
        assert ranked(found.competitors) == {IONFIELD: 2, ACME: 1}
        assert found.territories == {GEORGIA: 2}
        assert found.products == []

    def test_of_a_competitor_names_those_beside_it(self, look: Look) -> None:
        found = look(competitor_id=IONFIELD)
        assert (found.total, found.earlier) == (2, 1)
        assert ranked(found.competitors) == {ACME: 1}
        assert found.territories == {GEORGIA: 2}

    def test_of_a_segment_names_the_others_of_its_notes(self, look: Look) -> None:
        found = look(segment_id=HEALTHCARE)
        assert found.total == 2
        assert HEALTHCARE not in ranked(found.segments)
        assert TRUCKING not in ranked(found.segments)
        assert sum(ranked(found.segments).values()) == 1

    def test_of_a_product_counts_its_notes(self, look: Look) -> None:
        found = look(product_id=1)
        assert (found.total, found.territories) == (1, {FLORIDA: 1})
        assert ranked(found.competitors) == {ACME: 1}

    def test_finds_as_many_as_a_search_for_the_same(
        self, look: Look, stage: Stage, characters: Characters
    ) -> None:
        since = look().weeks[0].monday
        with stage.database.reading() as session:
            for one in look(territory_ids=frozenset({GEORGIA})).competitors:
                choice = SearchChoice(
                    territory=("georgia",), competitor=(one.item.slug,), since=since
                )
                page = search.search(
                    session, characters.owner, stage.runtime.reader, choice, zone=UTC_ZONE, now=NOW
                )
                assert page.total == one.count


class TestWhoSees:
    @pytest.fixture(autouse=True)
    def sealed(self, stage: Stage, post: Callable[..., None]) -> None:
        post("Ionfield pays their fine", audience=Audience.SEALED, segments=("healthcare",))
        stage.catch_up()

    def test_a_sealed_note_counts_for_those_who_may_see_it(
        self, look: Look, characters: Characters
    ) -> None:
        counted = {name for name, one in vars(characters).items() if look(one).total}
        assert counted == {"owner", "analyst", "manager", "admin"}

    def test_it_is_in_no_figure_of_a_stranger(self, look: Look, characters: Characters) -> None:
        for view in ({}, {"competitor_id": IONFIELD}, {"territory_ids": frozenset({GEORGIA})}):
            found = look(characters.stranger, **view)
            assert not any(week.total for week in found.weeks)
            assert not found.competitors
            assert not found.segments
            assert not found.territories

    def test_it_is_in_no_trend_of_a_stranger(self, stage: Stage, characters: Characters) -> None:
        reader = stage.runtime.reader
        assert trends(characters.stranger, reader, "segment_id", zone=UTC_ZONE, now=NOW) == {}
        assert trends(characters.owner, reader, "segment_id", zone=UTC_ZONE, now=NOW) != {}


class TestTrends:
    @pytest.mark.usefixtures("notes")
    def test_have_the_weeks_and_the_sum_of_the_weeks_before(
        self, stage: Stage, characters: Characters, post: Callable[..., None]
    ) -> None:
        post("Ionfield again", weeks_ago=TREND_WEEKS)
        stage.catch_up()
        found = trends(
            characters.owner, stage.runtime.reader, "competitor_id", zone=UTC_ZONE, now=NOW
        )
        assert found == {
            IONFIELD: Trend((0,) * 10 + (1, 1), earlier=1),
            ACME: Trend((0,) * 10 + (2, 0), earlier=0),
        }
        assert found[IONFIELD].total == 2

    @pytest.mark.usefixtures("notes")
    def test_of_territories_include_what_lies_below(
        self, stage: Stage, characters: Characters
    ) -> None:
        with stage.database.reading() as session:
            found = territory_trends(
                session, characters.owner, stage.runtime.reader, zone=UTC_ZONE, now=NOW
            )
        assert {one: trend.total for one, trend in found.items()} == {
            SOUTHEAST: 3,
            GEORGIA: 2,
            FLORIDA: 1,
        }
        assert found[SOUTHEAST].weeks[-2:] == (2, 1)

    def test_of_something_never_named_are_empty(self, stage: Stage, characters: Characters) -> None:
        found = trends(characters.owner, stage.runtime.reader, "product_id", zone=UTC_ZONE, now=NOW)
        assert found == {}
        assert (NO_NOTES.total, len(NO_NOTES.weeks)) == (0, TREND_WEEKS)


class TestTerritories:
    def test_directly_below_are_counted_with_theirs(self, stage: Stage) -> None:
        with stage.database.reading() as session:
            known = catalogue.current(session)
        counts = children_counts(known, {GEORGIA: 2, FLORIDA: 5, NEVADA: 9, 999: 1}, None)
        assert [(one.place.id, one.count) for one in counts] == [(WEST, 9), (SOUTHEAST, 7)]
        below = children_counts(known, {GEORGIA: 2}, SOUTHEAST)
        assert [(one.place.id, one.count) for one in below] == [(GEORGIA, 2), (FLORIDA, 0)]

    def test_that_lead_are_those_that_own_notes(self, stage: Stage) -> None:
        with stage.database.reading() as session:
            known = catalogue.current(session)
        leading = leading_territories(known, {GEORGIA: 2, SOUTHEAST: 1, FLORIDA: 5, 999: 1})
        assert [(one.place.id, one.count) for one in leading] == [
            (SOUTHEAST, 8),
            (FLORIDA, 5),
            (GEORGIA, 2),
        ]


def test_weeks_begin_on_monday_in_the_organisations_zone(
    stage: Stage, characters: Characters
) -> None:
    chicago = ZoneInfo("America/Chicago")
    stage.clock.now = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
    stage.post(characters.owner, "Still Sunday there", territory="georgia")
    follower = SearchFollower(stage.database, stage.runtime.replica, chicago)
    stage.follower.close()
    follower.rebuild()
    stage.runtime.reader.reload()
    with stage.database.reading() as session:
        found = overview(session, characters.owner, stage.runtime.reader, zone=chicago, now=NOW)
    assert [week.monday for week in found.weeks if week.total] == [date(2026, 3, 9)]


def test_without_an_index_it_says_so(stage: Stage, look: Look) -> None:
    (stage.runtime.settings.search_dir / "notes" / "CURRENT").unlink()
    stage.runtime.reader.close()
    stage.runtime.reader.reload()
    with pytest.raises(Unavailable):
        look()


@pytest.mark.usefixtures("notes")
def test_an_overview_asks_the_database_for_the_catalogue_alone(
    look: Look, stage: Stage, count_queries: Counter
) -> None:
    look()
    with count_queries(stage.database) as statements:
        look(competitor_id=IONFIELD)
    assert len(statements) == 1
