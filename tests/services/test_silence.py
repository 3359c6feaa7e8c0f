"""Silent territories: counted as a search counts, told against what is usual, and to nobody who may
not see the notes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from insights.clock import monday_of
from insights.errors import Unavailable
from insights.models import Assignment, Audience
from insights.services import catalogue
from insights.services.access import OPERATOR, Actor
from insights.services.silence import (
    HISTORY,
    WEEKS,
    Silence,
    SilenceMap,
    State,
    silence_map,
    silences,
)
from tests.drafts import posted
from tests.fixtures.app import Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, NEVADA, NOW, SOUTHEAST, WEST

ZONE = ZoneInfo("UTC")
Look = Callable[..., SilenceMap]
Post = Callable[..., None]


@pytest.fixture
def post(stage: Stage, characters: Characters) -> Post:
    """Posts notes in a territory, so many in each of the weeks that are so many weeks ago."""

    def post_notes(territory: str, weeks: range, each: int = 3, **fields: object) -> None:
        with stage.database.writing() as session:
            for ago in weeks:
                for number in range(each):
                    moment = NOW - timedelta(weeks=ago, hours=number)
                    draft = {"territory": territory, **fields}
                    posted(session, characters.owner, f"Note {number}", now=moment, **draft)
        stage.catch_up()

    return post_notes


@pytest.fixture
def look(stage: Stage, characters: Characters) -> Look:
    """The silence map as somebody sees it, the owner by default."""

    def silence_for(
        actor: Actor = characters.owner, *, within: int | None = None, **asked: object
    ) -> SilenceMap:
        with stage.database.reading() as session:
            place = None if within is None else catalogue.current(session).territories[within]
            return silence_map(
                session,
                actor,
                stage.runtime.reader,
                within=place,
                zone=ZONE,
                now=stage.clock.now,
                **{"limit": 50, **asked},  # type: ignore[arg-type]
            )

    return silence_for


@pytest.fixture
def three_weeks(post: Post) -> None:
    """Georgia with three notes a week until three weeks ago, Florida until now."""
    post("georgia", range(4, 24))
    post("florida", range(24))


def of(found: SilenceMap, territory_id: int) -> Silence:
    return next(row.silence for row in found.rows if row.silence.place.id == territory_id)


@pytest.mark.usefixtures("three_weeks")
class TestASilentTerritory:
    def test_is_told_with_its_weeks_and_what_is_usual(self, look: Look) -> None:
        found = of(look(), GEORGIA)
        assert (found.state, found.count, found.empty_weeks) == (State.SILENT, 0, 3)
        assert found.weeks == pytest.approx(3 + 2.5 / 7)
        assert found.usual == pytest.approx(3, abs=0.1)
        assert found.chance < 0.001

    def test_stands_above_all_others(self, look: Look) -> None:
        assert [row.silence.place.id for row in look().rows] == [GEORGIA, NEVADA, FLORIDA]

    def test_has_its_weeks_up_to_the_present_one(self, look: Look) -> None:
        found = look()
        monday = monday_of(NOW, ZONE)
        assert found.mondays[0] == monday - timedelta(weeks=WEEKS - 1)
        assert found.mondays[-1] == monday
        counts = [cell.count for cell in found.rows[0].cells]
        assert counts == [0, 0] + [3] * 20 + [0] * 4
        levels = [cell.level for cell in found.rows[0].cells]
        assert levels[-4:] == sorted(levels[-4:])
        assert (sum(levels[:-4]), levels[-1]) == (0, 3)

    def test_names_who_holds_it(self, look: Look) -> None:
        assert [one.person_name for one in look().rows[0].holders] == ["Olivia Owner"]

    def test_is_counted_by_state(self, look: Look) -> None:
        states = look().states
        assert (states[State.SILENT], states[State.USUAL], states[State.UNHEARD]) == (1, 1, 1)

    def test_speaks_again_with_its_next_note(self, look: Look, post: Post) -> None:
        post("georgia", range(1))
        assert of(look(), GEORGIA).state is not State.SILENT


@pytest.mark.usefixtures("three_weeks")
class TestWhichRows:
    def test_regions_are_those_with_others_below(self, look: Look) -> None:
        found = look(regions=True)
        assert {row.silence.place.id for row in found.rows} == {SOUTHEAST, WEST}

    def test_a_region_counts_everything_below_it(self, look: Look) -> None:
        row = next(one for one in look(regions=True).rows if one.silence.place.id == SOUTHEAST)
        assert [cell.count for cell in row.cells] == [0, 0] + [3 + 3] * 20 + [3] * 4

    def test_within_a_region_only_what_is_below_it(self, look: Look) -> None:
        found = look(within=SOUTHEAST)
        assert {row.silence.place.id for row in found.rows} == {GEORGIA, FLORIDA}

    def test_come_a_page_at_a_time(self, look: Look) -> None:
        whole = [row.silence for row in look().rows]
        pages = [look(offset=number, limit=1) for number in range(3)]
        assert [page.rows[0].silence for page in pages] == whole
        assert {page.total for page in pages} == {3}


class TestNotCalledSilent:
    def test_a_territory_that_nobody_holds(self, look: Look, stage: Stage, post: Post) -> None:
        post("georgia", range(4, 24))
        with stage.database.writing() as session:
            session.execute(delete(Assignment).where(Assignment.territory_id == GEORGIA))
        found = of(look(), GEORGIA)
        assert (found.state, found.empty_weeks) == (State.UNHELD, 3)

    def test_a_region_whose_territories_are_held(self, look: Look) -> None:
        assert of(look(regions=True), WEST).state is not State.UNHELD

    def test_a_new_territory(self, look: Look, post: Post) -> None:
        post("georgia", range(4, 9))
        found = of(look(), GEORGIA)
        assert (found.state, found.usual) == (State.NEW, None)

    def test_a_territory_that_was_never_heard_of(self, look: Look, post: Post) -> None:
        post("georgia", range(HISTORY, HISTORY + 3))
        found = of(look(), GEORGIA)
        assert (found.state, found.empty_weeks) == (State.UNHEARD, None)

    @pytest.mark.parametrize("hour", [0, 9])
    def test_anything_on_monday_morning(
        self, look: Look, stage: Stage, post: Post, hour: int
    ) -> None:
        post("georgia", range(1, 24), each=6)
        stage.clock.now = datetime(2026, 3, 16, hour, tzinfo=UTC)
        assert of(look(), GEORGIA).state is State.USUAL

    def test_anything_in_a_week_in_which_nobody_writes(self, look: Look, post: Post) -> None:
        for territory in ("georgia", "florida", "nevada"):
            post(territory, range(1, 24), each=4)
        assert {row.silence.state for row in look().rows} == {State.USUAL}


class TestWhoSees:
    def test_a_sealed_note_counts_for_those_who_may_see_it(
        self, look: Look, characters: Characters, post: Post
    ) -> None:
        post("georgia", range(1), each=1, audience=Audience.SEALED)
        counted = {
            name
            for name, one in vars(characters).items()
            if of(look(one), GEORGIA).empty_weeks is not None
        }
        assert counted == {"owner", "analyst", "manager", "admin"}


def test_weeks_begin_on_monday_in_the_organisations_zone(
    stage: Stage, look: Look, post: Post
) -> None:
    post("georgia", range(1), each=1)
    tokyo = ZoneInfo("Asia/Tokyo")
    stage.clock.now = datetime(2026, 3, 22, 15, 30, tzinfo=UTC)
    with stage.database.reading() as session:
        found = silence_map(
            session, OPERATOR, stage.runtime.reader, limit=9, zone=tokyo, now=stage.clock.now
        )
    assert found.mondays[-1].isoformat() == "2026-03-23"
    assert look().mondays[-1].isoformat() == "2026-03-16"


def test_of_all_territories_at_once(stage: Stage, characters: Characters, post: Post) -> None:
    post("georgia", range(4, 24))
    with stage.database.reading() as session:
        found = silences(session, characters.owner, stage.runtime.reader, zone=ZONE, now=NOW)
    assert set(found) == {SOUTHEAST, GEORGIA, FLORIDA, WEST, NEVADA}
    assert found[SOUTHEAST].state is State.SILENT


def test_it_asks_for_the_catalogue_and_the_holders_alone(
    stage: Stage, look: Look, post: Post, count_queries: Counter
) -> None:
    post("georgia", range(3))
    look()
    with count_queries(stage.database) as statements:
        look()
    assert len(statements) == 2


def test_without_an_index_it_says_so(stage: Stage, look: Look) -> None:
    (stage.runtime.settings.search_dir / "notes" / "CURRENT").unlink()
    stage.runtime.reader.close()
    stage.runtime.reader.reload()
    with pytest.raises(Unavailable):
        look()
