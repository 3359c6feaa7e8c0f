"""The week of a territory in brief, for each reader what they may see, and its words."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from insights.errors import NotFound, Unavailable
from insights.models import Audience, TrendReach
from insights.services import sightings, trend_reactions, trends
from insights.services import trend_summary_words as words
from insights.services.access import Actor
from insights.services.silence import Silence, State
from insights.services.trend_summaries import MOST_SIGHTED, Summary, Volume, summary
from tests.drafts import posted
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, NEVADA, NOW, SOUTHEAST, WEST
from tests.trend_rows import show, showing, trend_of

UTC_ZONE = ZoneInfo("UTC")
# The week before that of NOW, which is a Wednesday.
WEEK = date(2026, 3, 9)
SUNDAY = WEEK + timedelta(days=6)
BEFORE = WEEK - timedelta(days=1)
PRESENT = WEEK + timedelta(weeks=1)
Look = Callable[..., Summary]


@pytest.fixture
def look(stage: Stage, characters: Characters) -> Look:
    """The summary of the Southeast's week as somebody sees it, the owner by default."""

    def summary_for(
        actor: Actor = characters.owner,
        territory_id: int = SOUTHEAST,
        week: date = WEEK,
        zone: ZoneInfo = UTC_ZONE,
    ) -> Summary:
        with stage.database.reading() as session:
            reader = stage.runtime.reader
            return summary(session, actor, reader, territory_id, week=week, zone=zone, now=NOW)

    return summary_for


@pytest.fixture
def post(stage: Stage) -> Callable[..., UUID]:
    """Posts a note on a day at noon."""

    def write(author: Actor, day: date = WEEK, text: str = "They wait", **fields: Any) -> UUID:
        moment = datetime.combine(day, NOW.timetz())
        with stage.database.writing() as session:
            note = posted(session, author, text, now=moment, **fields)
        stage.catch_up()
        return note

    return write


@pytest.fixture
def see(stage: Stage) -> Callable[..., None]:
    """Some people have seen a note too."""

    def add(note: UUID, *people: Actor) -> None:
        with stage.database.writing() as session:
            for one in people:
                sightings.add(session, one, note, now=NOW)

    return add


def names(views: tuple[trends.TrendView, ...]) -> list[str]:
    return [one.name for one in views]


class TestTrends:
    def test_are_told_by_what_became_of_them_in_the_week(self, stage: Stage, look: Look) -> None:
        with stage.database.writing() as session:
            going_on = trend_of(session, opened_on=WEEK - timedelta(weeks=2), phrase="price list")
            for day in (BEFORE, SUNDAY):
                show(session, going_on, day=day)
            showing(session, day=BEFORE, phrase="load theft", territory_id=FLORIDA)
            showing(session, day=SUNDAY, opened_on=WEEK)
        found = look()
        assert names(found.opened) == ["Ionfield"]
        assert names(found.going_on) == ["price list"]
        assert names(found.ended) == ["load theft"]

    def test_that_go_on_have_not_ended_however_many_others_there_are(
        self, stage: Stage, look: Look
    ) -> None:
        with stage.database.writing() as session:
            for number in range(25):
                trend = trend_of(session, opened_on=BEFORE, phrase=f"words {number}")
                for day in (BEFORE, SUNDAY):
                    show(session, trend, day=day, score=2 + number / 100)
        found = look()
        assert (found.opened, found.ended) == ((), ())
        assert names(found.going_on) == [f"words {number}" for number in range(24, 14, -1)]

    def test_are_those_of_the_place_and_below_it(self, stage: Stage, look: Look) -> None:
        with stage.database.writing() as session:
            showing(session, day=SUNDAY, territory_id=NEVADA)
            showing(session, day=SUNDAY, territory_id=None, phrase="everywhere")
        assert look().is_empty
        assert names(look(territory_id=WEST).opened) == ["Ionfield"]

    def test_of_the_present_week_are_those_shown_until_now(self, stage: Stage, look: Look) -> None:
        with stage.database.writing() as session:
            showing(session, day=PRESENT)
        found = look(week=PRESENT)
        assert (names(found.opened), found.is_over) == (["Ionfield"], False)

    def test_that_the_reader_muted_are_left_out(
        self, stage: Stage, look: Look, characters: Characters
    ) -> None:
        with stage.database.writing() as session:
            trend = showing(session, day=SUNDAY)
            trend_reactions.mute(session, characters.owner, trend, reason="Known", now=NOW)
        assert look().opened == ()
        assert names(look(characters.member).opened) == ["Ionfield"]

    def test_computed_from_sealed_notes_are_for_those_who_see_every_note(
        self, stage: Stage, look: Look, characters: Characters
    ) -> None:
        with stage.database.writing() as session:
            showing(session, day=SUNDAY, reach=TrendReach.ALL)
        for actor in (characters.analyst, characters.admin):
            assert names(look(actor).opened) == ["Ionfield"]
        for actor in (characters.owner, characters.stranger, characters.manager):
            assert look(actor).opened == ()


class TestVolume:
    def test_is_compared_with_the_week_before_and_a_usual_one(
        self, look: Look, post: Callable[..., UUID], characters: Characters
    ) -> None:
        for week in range(1, 9):
            post(characters.member, WEEK - timedelta(weeks=week))
        post(characters.owner, BEFORE)
        for day in range(7):
            post(characters.owner, WEEK + timedelta(days=day))
        post(characters.stranger)
        assert look().volume == Volume(week=7, before=2, usual=9 / 8)
        assert look(territory_id=FLORIDA).volume == Volume(week=0, before=1, usual=1)

    def test_counts_only_what_the_reader_may_see(
        self, look: Look, post: Callable[..., UUID], characters: Characters
    ) -> None:
        post(characters.owner, audience=Audience.SEALED)
        for actor in (characters.owner, characters.manager, characters.analyst):
            assert look(actor).volume.week == 1
        for actor in (characters.member, characters.stranger):
            assert look(actor).is_empty


class TestSightedNotes:
    def test_are_the_weeks_notes_that_most_have_seen(
        self,
        look: Look,
        post: Callable[..., UUID],
        see: Callable[..., None],
        characters: Characters,
    ) -> None:
        one, two = (post(characters.owner, text=text) for text in ("One", "Two"))
        older = post(characters.owner, BEFORE)
        post(characters.owner, text="Nobody else")
        see(one, characters.member)
        see(two, characters.member, characters.stranger)
        see(older, characters.member, characters.stranger, characters.manager)
        assert [card.id for card in look().sighted] == [two, one]
        assert [card.id for card in look(territory_id=WEST).sighted] == []

    def test_are_of_a_week_that_begins_on_monday_in_the_organisations_zone(
        self, stage: Stage, look: Look, see: Callable[..., None], characters: Characters
    ) -> None:
        early_on_monday = datetime(2026, 3, 9, 2, tzinfo=UTC)
        with stage.database.writing() as session:
            note = posted(session, characters.owner, now=early_on_monday)
        see(note, characters.member)
        assert [card.id for card in look().sighted] == [note]
        new_york = ZoneInfo("America/New_York")
        assert look(zone=new_york).sighted == ()
        assert len(look(zone=new_york, week=WEEK - timedelta(weeks=1)).sighted) == 1

    def test_are_not_many(
        self,
        look: Look,
        post: Callable[..., UUID],
        see: Callable[..., None],
        characters: Characters,
    ) -> None:
        for _ in range(MOST_SIGHTED + 1):
            see(post(characters.owner), characters.member)
        assert len(look().sighted) == MOST_SIGHTED

    def test_are_only_those_that_the_reader_may_see(
        self,
        look: Look,
        post: Callable[..., UUID],
        see: Callable[..., None],
        characters: Characters,
    ) -> None:
        see(post(characters.owner, audience=Audience.SEALED), characters.analyst)
        assert len(look().sighted) == 1
        assert look(characters.member).sighted == ()


def test_territories_below_that_fell_silent_are_named(
    look: Look, stage: Stage, characters: Characters
) -> None:
    with stage.database.writing() as session:
        for week in range(1, 30):
            for author in (characters.owner, characters.owner, characters.member):
                moment = NOW - timedelta(weeks=week + (5 if author is characters.owner else 0))
                posted(session, author, f"Week {week}", now=moment)
    stage.catch_up()
    found = look()
    assert [(one.place.id, one.state) for one in found.silent] == [(GEORGIA, State.SILENT)]
    assert look(territory_id=GEORGIA).silent == ()
    long_ago = look(week=WEEK - timedelta(weeks=8))
    assert long_ago.silent == ()


class TestWhatIsNoWeek:
    @pytest.mark.parametrize("week", [SUNDAY, PRESENT + timedelta(weeks=1), date(1970, 1, 5)])
    def test_is_not_found(self, look: Look, week: date) -> None:
        with pytest.raises(NotFound):
            look(week=week)

    def test_nor_is_any_week_without_an_index(self, stage: Stage, look: Look) -> None:
        (stage.runtime.replica.directory / "CURRENT").unlink()
        stage.runtime.reader.close()
        with pytest.raises(Unavailable):
            look()


@pytest.fixture
def tell_more(
    stage: Stage, post: Callable[..., UUID], see: Callable[..., None], characters: Characters
) -> Callable[[], None]:
    """Adds a note that somebody has seen too, and a trend."""

    def add() -> None:
        note = post(characters.owner)
        see(note, characters.member)
        with stage.database.writing() as session:
            showing(session, day=SUNDAY, phrase=str(note))

    return add


def test_a_summary_costs_the_same_however_much_there_is_to_tell(
    stage: Stage, look: Look, tell_more: Callable[[], None], count_queries: Any
) -> None:
    def asked() -> int:
        with count_queries(stage.database) as statements:
            look()
        return len(statements)

    tell_more()
    look()
    before = asked()
    for _ in range(3):
        tell_more()
    assert asked() == before


class TestWords:
    def test_of_a_full_week(
        self,
        stage: Stage,
        look: Look,
        post: Callable[..., UUID],
        see: Callable[..., None],
        characters: Characters,
    ) -> None:
        with stage.database.writing() as session:
            showing(session, day=BEFORE, phrase="load theft", territory_id=FLORIDA)
            showing(session, day=SUNDAY)
        post(characters.owner, BEFORE)
        see(post(characters.owner, text="They pay by the truck"), characters.member)
        assert words.as_text(look()) == (
            "Southeast, 9 to 15 March 2026\n\n"
            "1 note, as many as the week before; usually 1 note in 8 weeks. "
            "1 new trend, 1 trend ended.\n\n"
            "Came up this week\n"
            "- Ionfield is coming up in Georgia: 9 voices in 4 weeks where 0.7 were expected; "
            "7 people, 5 accounts.\n\n"
            "No longer above what is usual\n"
            "- “load theft” in Florida\n\n"
            "Seen by most others\n"
            "- They pay by the truck (Olivia Owner, 1 seen it too)\n"
        )

    def test_of_a_week_without_anything(self, look: Look) -> None:
        assert look().is_empty
        assert words.lead(look()) == "Nothing was noted in this week, and nothing stood out."
        present = words.lead(look(week=PRESENT))
        assert present == "Nothing has been noted this week so far, and nothing stood out."

    @pytest.mark.parametrize(
        ("volume", "is_over", "sentence"),
        [
            (
                Volume(31, 27, 28.2),
                True,
                "31 notes, 4 more than the week before; usually 28 notes a week.",
            ),
            (
                Volume(0, 1, 3),
                True,
                "No notes, 1 fewer than the week before; usually 3 notes a week.",
            ),
            (Volume(1, 9, 1_200), False, "1 note so far; usually 1,200 notes a week."),
        ],
    )
    def test_of_the_volume(self, volume: Volume, *, is_over: bool, sentence: str) -> None:
        assert words.volume(volume, is_over=is_over) == sentence

    @pytest.mark.parametrize(
        ("first", "last", "span"),
        [
            (date(2026, 3, 9), date(2026, 3, 15), "9 to 15 March 2026"),
            (date(2026, 3, 30), date(2026, 4, 5), "30 March to 5 April 2026"),
            (date(2025, 12, 29), date(2026, 1, 4), "29 December 2025 to 4 January 2026"),
        ],
    )
    def test_of_the_days(self, first: date, last: date, span: str) -> None:
        assert words.days(first, last) == span

    @pytest.mark.parametrize(
        ("count", "weeks", "sentence"),
        [
            (0, 1.0, "no notes this week; usually 4 notes a week"),
            (1, 2.0, "1 note in 2 weeks; usually 4 notes a week"),
        ],
    )
    def test_of_silence(self, look: Look, count: int, weeks: float, sentence: str) -> None:
        place = look().place
        silent = Silence(place, State.QUIET, 2, 0.01, count, weeks, 4.2, 0)
        assert words.silence(silent) == sentence
