"""Notes by week: every week is there, and each counts what its reader may see."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from insights.models import Audience, Kind
from insights.services.catalogue import Item
from insights.services.volumes import (
    Series,
    View,
    most_first,
    weekly_kinds,
    weekly_segments,
    weekly_tags,
    weekly_totals,
    weeks_up_to,
)
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import ACME, GEORGIA, HEALTHCARE, IONFIELD
from tests.services.weekly_notes import last_weeks, post_weekly


class TestTheWeeks:
    def test_end_with_the_present_one_as_the_organisation_sees_it(self) -> None:
        sunday_evening_in_chicago = datetime(2026, 3, 16, 2, tzinfo=UTC)
        weeks = weeks_up_to(sunday_evening_in_chicago, ZoneInfo("America/Chicago"), 3)
        assert weeks.mondays == [date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9)]
        assert weeks.end == date(2026, 3, 16)

    def test_before_are_as_many(self) -> None:
        weeks = last_weeks(4)
        assert (weeks.before.count, weeks.before.end) == (4, weeks.first)

    def test_can_do_without_the_one_that_is_not_over(self) -> None:
        weeks = last_weeks(4)
        assert weeks.without_last.mondays == weeks.mondays[:-1]


class TestASeries:
    def test_adds_four_weeks_up_to_each_from_the_fourth_on(self) -> None:
        series = Series(None, (1, 0, 2, 3, 10))
        assert (series.total, series.recent, series.windows) == (16, 15, [6, 15])

    def test_of_few_weeks_has_no_window(self) -> None:
        assert Series(None, (1, 2, 3)).windows == []


def test_the_notes_of_each_week_by_kind(stage: Stage, characters: Characters) -> None:
    post_weekly(stage, characters.owner, "They switch", 2, 0, 1, kind=Kind.COMPETITOR)
    post_weekly(stage, characters.owner, "They wait", 0, 0, 1, kind=Kind.CHALLENGE)
    view, weeks = View(frozenset({GEORGIA})), last_weeks(3)
    found = weekly_kinds(characters.owner, stage.runtime.reader, view, weeks=weeks)
    assert [week.monday for week in found] == weeks.mondays
    assert [week.by_kind["competitor"] for week in found] == [2, 0, 1]
    assert [week.by_kind["challenge"] for week in found] == [0, 0, 1]
    totals = weekly_totals(characters.owner, stage.runtime.reader, view, weeks=weeks)
    assert totals == [2, 0, 2]


def test_what_is_tagged_by_week(stage: Stage, characters: Characters) -> None:
    post_weekly(stage, characters.owner, "Ionfield and Acme", 1, 0, 2)
    post_weekly(stage, characters.owner, "Acme alone", 1, 1, 0, territory="florida")
    reader, weeks = stage.runtime.reader, last_weeks(3)
    found = weekly_tags(characters.owner, reader, View(), "competitor_id", weeks=weeks)
    assert found == {IONFIELD: (1, 0, 2), ACME: (2, 1, 2)}
    beside = View(frozenset({GEORGIA}), competitor_id=IONFIELD)
    found = weekly_tags(characters.owner, reader, beside, "competitor_id", weeks=weeks)
    assert found == {IONFIELD: (1, 0, 2), ACME: (1, 0, 2)}


def test_the_segments_of_a_dimension_by_week(stage: Stage, characters: Characters) -> None:
    both = ("healthcare", "enterprise")
    post_weekly(stage, characters.owner, "They wait", 1, 1, segments=both)
    post_weekly(stage, characters.owner, "They pay", 0, 3, segments=("trucking",))
    with stage.database.reading() as session:
        found = weekly_segments(
            session,
            characters.owner,
            stage.runtime.reader,
            View(),
            dimension=1,
            weeks=last_weeks(2),
        )
    assert [(one.item and one.item.name, one.weeks) for one in found] == [
        ("Trucking", (0, 3)),
        ("Healthcare", (1, 1)),
    ]


def test_a_sealed_note_is_counted_for_those_who_may_see_it(
    stage: Stage, characters: Characters
) -> None:
    post_weekly(
        stage,
        characters.owner,
        "Ionfield pays their fine",
        1,
        audience=Audience.SEALED,
        segments=("healthcare",),
    )
    reader, weeks = stage.runtime.reader, last_weeks(1)
    view = View(segment_id=HEALTHCARE)
    assert weekly_totals(characters.owner, reader, view, weeks=weeks) == [1]
    assert weekly_totals(characters.stranger, reader, view, weeks=weeks) == [0]
    assert weekly_tags(characters.stranger, reader, view, "competitor_id", weeks=weeks) == {}


def test_what_has_most_notes_comes_first_and_equals_by_name() -> None:
    series = [Series(Item(1, name, name), weeks) for name, weeks in (("b", (1, 1)), ("a", (2, 0)))]
    assert [one.item and one.item.name for one in most_first(series)] == ["a", "b"]
    most = Series(Item(2, "z", "z"), (0, 3))
    assert most_first([*series, most])[0] is most
