"""Measures: of a part, those below it and the company; counted is what the reader may see."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from insights.errors import Forbidden
from insights.models import Audience, Note, Territory
from insights.services import business_figures, catalogue, measure_tables, measure_words, sightings
from insights.services.access import Actor
from insights.services.business_figures import MonthFigures
from insights.services.measure_months import Heard, Month, months_of
from insights.services.measures import Measures, Part, measures, places_of
from tests.fixtures.app import Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, NEVADA, NOW, SOUTHEAST

UTC_ZONE = ZoneInfo("UTC")
Look = Callable[..., Measures]


@pytest.fixture
def look(stage: Stage) -> Look:
    """The measures of a territory (or of the company) as somebody sees them."""

    def looking(actor: Actor, territory_id: int | None = None, weeks: int = 4) -> Measures:
        with stage.database.reading() as session:
            known = catalogue.current(session)
            return measures(
                session,
                actor,
                stage.runtime.reader,
                place=known.territories[territory_id] if territory_id else None,
                weeks=weeks,
                zone=UTC_ZONE,
                now=NOW,
            )

    return looking


def post(stage: Stage, actor: Actor, text: str, weeks: float = 1, **given: object) -> None:
    """A note of so many weeks ago."""
    stage.clock.now = NOW - timedelta(weeks=weeks)
    stage.post(actor, text, **given)
    stage.clock.now = NOW


def notes_below(found: Measures) -> dict[str, int]:
    return {part.place.name: part.now.notes for part in found.below if part.place}


class TestWhoSees:
    def test_measures_are_for_those_who_see_all_and_managers_of_the_place(
        self, characters: Characters, look: Look
    ) -> None:
        seeing: dict[int | None, set[str]] = {None: set(), SOUTHEAST: set(), NEVADA: set()}
        for territory_id, names in seeing.items():
            for name, actor in vars(characters).items():
                try:
                    look(actor, territory_id)
                    names.add(name)
                except Forbidden:
                    continue
        assert seeing == {
            None: {"analyst", "admin"},
            SOUTHEAST: {"analyst", "admin", "manager"},
            NEVADA: {"analyst", "admin"},
        }

    def test_a_sealed_note_is_in_no_figure_of_a_stranger(
        self, stage: Stage, characters: Characters, look: Look
    ) -> None:
        # A manager of the part may see its sealed notes; one who holds nothing there may not.
        post(stage, characters.owner, "Hush", audience=Audience.SEALED)
        assert look(characters.manager, GEORGIA).whole.now.notes == 1
        with stage.database.reading() as session:
            known = catalogue.current(session)
        stranger = Actor(
            characters.stranger.id, "", "", characters.manager.role, (), known.subtree(SOUTHEAST)
        )
        assert look(stranger, SOUTHEAST).whole.now.notes == 1
        outside = Actor(99, "", "", characters.manager.role, (), frozenset({FLORIDA}))
        assert look(outside, FLORIDA).whole.now.notes == 0

    def test_places_to_choose_are_those_of_ones_part(
        self, stage: Stage, characters: Characters
    ) -> None:
        with stage.database.reading() as session:
            known = catalogue.current(session)
        names = {
            name: [one.name for one in places_of(known, actor)]
            for name, actor in vars(characters).items()
        }
        everything = ["Southeast", "Florida", "Georgia", "West", "Nevada"]
        assert names["analyst"] == names["admin"] == everything
        assert names["manager"] == everything[:3]
        assert names["owner"] == names["member"] == names["stranger"] == []


class TestCounting:
    def test_is_of_full_weeks_and_of_as_many_before(
        self, stage: Stage, characters: Characters, look: Look
    ) -> None:
        for weeks in (0, 1, 1, 4, 5, 8, 9):
            post(stage, characters.owner, "Ionfield", weeks)
        whole = look(characters.analyst).whole
        assert (whole.now.notes, whole.before.notes) == (3, 2)

    def test_adds_up_what_lies_below(
        self, stage: Stage, characters: Characters, look: Look
    ) -> None:
        post(stage, characters.owner, "Ionfield")
        post(stage, characters.member, "Acme")
        post(stage, characters.member, "Acme again")
        post(stage, characters.stranger, "Acme in Nevada")
        company = look(characters.analyst)
        assert notes_below(company) == {"Southeast": 3, "West": 1}
        assert (company.whole.now.notes, company.company) == (4, None)
        region = look(characters.analyst, SOUTHEAST)
        assert notes_below(region) == {"Florida": 2, "Georgia": 1}
        assert region.whole.now.notes == 3
        assert region.company is not None
        assert region.company.now.notes == 4
        assert look(characters.manager, SOUTHEAST).company is None

    def test_tells_how_many_wrote_and_hold(
        self, stage: Stage, characters: Characters, look: Look
    ) -> None:
        post(stage, characters.owner, "Ionfield")
        post(stage, characters.analyst, "From Georgia", territory="georgia")
        post(stage, characters.analyst, "From Florida", territory="florida")
        region = look(characters.analyst, SOUTHEAST)
        assert (region.whole.now.writers, region.whole.now.holders) == (2, 3)
        below = {part.place.name: part.now for part in region.below if part.place}
        assert (below["Georgia"].writers, below["Georgia"].holders) == (2, 1)

    def test_covers_the_weeks_with_notes_of_the_lowest_territories(
        self, stage: Stage, characters: Characters, look: Look
    ) -> None:
        for weeks in (1, 1, 2):
            post(stage, characters.owner, "Ionfield", weeks)
        post(stage, characters.manager, "Of the region itself", territory="southeast")
        found = look(characters.analyst, SOUTHEAST).whole
        assert (found.fields, found.now.covered, found.now.cells) == (2, 2, 8)
        with stage.database.writing() as session:
            session.execute(
                update(Territory).where(Territory.id == FLORIDA).values(archived_at=NOW)
            )
            catalogue.changed(session)
        assert look(characters.analyst, SOUTHEAST).whole.now.cells == 4

    def test_tells_how_often_others_saw_it_too(
        self, stage: Stage, characters: Characters, look: Look
    ) -> None:
        post(stage, characters.owner, "Ionfield")
        post(stage, characters.owner, "Acme")
        with stage.database.writing() as session:
            for actor in (characters.member, characters.stranger):
                sightings.add(session, actor, first_note(stage), now=NOW)
        stage.catch_up()
        now = look(characters.analyst, GEORGIA).whole.now
        assert (now.notes, now.seen, now.sightings) == (2, 1, 2)
        assert (now.response.answered, now.response.notes) == (1, 2)

    def test_takes_a_fixed_number_of_queries(
        self, stage: Stage, characters: Characters, look: Look, count_queries: Counter
    ) -> None:
        look(characters.analyst)
        with count_queries(stage.database) as few:
            look(characters.analyst)
        for actor in (characters.owner, characters.member, characters.stranger):
            post(stage, actor, "Ionfield")
        with count_queries(stage.database) as many:
            look(characters.analyst)
        assert len(many) <= len(few)


def first_note(stage: Stage) -> UUID:
    """The id of a note that is there."""
    with stage.database.reading() as session:
        return session.scalars(select(Note.id).limit(1)).one()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_has_a_row_for_each_part_and_period(
    stage: Stage, characters: Characters, look: Look
) -> None:
    with stage.database.writing() as session:
        session.execute(update(Territory).where(Territory.id == GEORGIA).values(name="=1+1"))
        catalogue.changed(session)
    post(stage, characters.owner, "Ionfield")
    rows = rows_of(measure_tables.parts_csv(look(characters.analyst, SOUTHEAST)))
    assert [(row["territory"], row["period"], row["notes"]) for row in rows] == [
        ("Southeast", "now", "1"),
        ("Southeast", "before", "0"),
        ("Florida", "now", "0"),
        ("Florida", "before", "0"),
        ("'=1+1", "now", "1"),
        ("'=1+1", "before", "0"),
        ("Whole company", "now", "1"),
        ("Whole company", "before", "0"),
    ]
    assert rows[0]["response_median_hours"] == ""


class TestWords:
    def test_say_times_at_a_glance(self) -> None:
        said = {
            timedelta(minutes=40): "40 min",
            timedelta(hours=3.5): "3.5 h",
            timedelta(hours=5.17): "5.2 h",
            timedelta(hours=30): "30 h",
            timedelta(days=12.4): "12.4 days",
            None: "–",
        }
        assert {time: measure_words.duration(time) for time in said} == said

    def test_say_each_figure_with_what_it_is_compared_with(
        self, stage: Stage, characters: Characters, look: Look
    ) -> None:
        post(stage, characters.owner, "Ionfield", 1)
        for weeks in (5, 6):
            post(stage, characters.owner, "Ionfield", weeks)
        part: Part = look(characters.analyst, GEORGIA).whole
        said = {one.label: (one.value, one.comparison) for one in measure_words.stats_of(part, 4)}
        assert said["Notes"] == ("1", "2 in the 4 weeks before")
        assert said["Weeks covered"] == ("25%", "1 of 4; 25 points below before")
        assert said["First response, half within"][0] == "not so many yet"
        assert said["Used, of notes with an outcome"] == ("–", "nothing to compare with")


class TestMonths:
    def test_stand_beside_what_was_heard(self, stage: Stage, characters: Characters) -> None:
        post(stage, characters.owner, "Ionfield called", 4)
        post(stage, characters.owner, "Nobody called", 4)
        with stage.database.writing() as session:
            for year, rate in ((2025, 0.31), (2026, 0.28)):
                business_figures.put(
                    session,
                    characters.admin,
                    territory_id=GEORGIA,
                    month=NOW.date().replace(year=year, month=2, day=1),
                    values={"win_rate": rate, "quota": Decimal(200), "revenue": Decimal(100)},
                    now=NOW,
                )
        months = read_months(stage, characters.manager, GEORGIA)
        assert len(months) == 12
        last = months[-1]
        assert (last.figures.win_rate, last.year_before.win_rate) == (0.28, 0.31)
        assert (last.heard.notes, last.heard.pressure) == (2, 0.5)
        assert measure_words.heard_sentence("Georgia", months) == (
            "Georgia in February 2026: win rate 28%, 3 points below the year before; "
            "Ionfield is named in 50% of notes"
        )
        assert measure_words.revenue_sentence("Georgia", months) == (
            "Georgia in February 2026: revenue 50% of quota, level with the year before"
        )
        region = read_months(stage, characters.manager, SOUTHEAST)[-1].figures
        assert (region.quota, region.attainment, region.win_rate) == (Decimal(200), 0.5, None)
        for actor in (characters.owner, characters.stranger):
            with pytest.raises(Forbidden):
                read_months(stage, actor, GEORGIA)

    def test_count_no_note_that_the_reader_may_not_see(
        self, stage: Stage, characters: Characters
    ) -> None:
        post(stage, characters.owner, "Ionfield, quietly", 4, audience=Audience.SEALED)
        assert read_months(stage, characters.manager, GEORGIA)[-1].heard.naming == 1
        outside = Actor(99, "", "", characters.manager.role, (), frozenset({FLORIDA}))
        assert read_months(stage, outside, FLORIDA)[-1].heard == Heard(0, 0, None, 0, 0)

    def test_are_written_as_plain_numbers(self) -> None:
        month = NOW.date().replace(day=1)
        figures = MonthFigures(month, Decimal("10.50"), None, None, 0.31)
        one = Month(figures, MonthFigures(month), Heard(4, 2, None, 0, 1))
        (row,) = rows_of(measure_tables.months_csv([one]))
        assert (row["month"], row["quota"], row["revenue"], row["win_rate"]) == (
            "2026-03", "10.50", "", "0.31",
        )  # fmt: skip
        assert (row["notes"], row["notes_naming_competitors"]) == ("4", "2")


def read_months(stage: Stage, actor: Actor, territory_id: int) -> list[Month]:
    with stage.database.reading() as session:
        place = catalogue.current(session).territories[territory_id]
        return months_of(session, actor, stage.runtime.reader, place=place, zone=UTC_ZONE, now=NOW)
