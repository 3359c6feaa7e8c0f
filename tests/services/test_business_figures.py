"""Business figures: brought in by admins, seen by those who see measures, never worked out."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy.orm import Session

from insights.errors import Forbidden, Invalid
from insights.services import business_figures, catalogue, import_figures
from insights.services.access import Actor
from insights.services.business_figures import FigureValues, FigureView, MonthFigures, Position
from insights.services.import_figures import FiguresImport
from insights.services.import_file import ImportSource
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, NEVADA, NOW, SOUTHEAST
from tests.services.outcomes import journalled, last_entry, refused, who_may

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def put(session: Session, actor: Actor, territory_id: int = GEORGIA, **given: Any) -> bool:
    month = given.pop("month", MARCH)
    return business_figures.put(
        session,
        actor,
        territory_id=territory_id,
        month=month,
        values=cast("FigureValues", given),
        now=NOW,
    )


def listed(session: Session, actor: Actor, **given: Any) -> list[FigureView]:
    return business_figures.list_figures(session, actor, limit=50, **given)


def of_month(session: Session, actor: Actor, territory_id: int | None) -> MonthFigures:
    known = catalogue.current(session)
    place = known.territories[territory_id] if territory_id else None
    return business_figures.monthly(session, actor, place=place, months=[MARCH])[0]


class TestBringingIn:
    def test_is_for_admins(self, session: Session, characters: Characters) -> None:
        assert who_may(session, characters, lambda one: put(session, one, quota=Decimal(1))) == {
            "admin"
        }

    def test_takes_the_place_of_what_was_there(
        self, session: Session, characters: Characters
    ) -> None:
        admin = characters.admin
        assert put(session, admin, quota=Decimal(100), win_rate=0.3)
        assert not put(session, admin, quota=Decimal(200))
        (found,) = listed(session, admin)
        assert (found.quota, found.win_rate, found.month) == (Decimal(200), None, MARCH)
        assert not put(session, admin, quota=Decimal(200))
        assert journalled(session) == ["figures.imported"] * 2
        assert last_entry(session).data == {"rows": 1, "months": ["2026-03"]}

    def test_says_all_that_has_to_be_mended(self, session: Session, characters: Characters) -> None:
        said = refused(
            lambda: put(
                session,
                characters.admin,
                77,
                month=date(2026, 3, 2),
                quota=Decimal(-1),
                win_rate=1.2,
            )
        )
        assert set(said) == {"territory", "month", "quota", "win_rate"}
        assert "" in refused(lambda: put(session, characters.admin))


class TestReading:
    def test_is_for_those_who_see_the_measures(
        self, session: Session, characters: Characters
    ) -> None:
        for territory_id in (GEORGIA, NEVADA):
            put(session, characters.admin, territory_id, quota=Decimal(1))
        seen = {}
        for name, actor in vars(characters).items():
            try:
                seen[name] = {one.place.id for one in listed(session, actor)}
            except Forbidden:
                continue
        everything = {GEORGIA, NEVADA}
        assert seen == {"analyst": everything, "admin": everything, "manager": {GEORGIA}}

    def test_goes_on_where_a_page_ended(self, session: Session, characters: Characters) -> None:
        admin = characters.admin
        for month in (MARCH, APRIL):
            for territory_id in (GEORGIA, FLORIDA):
                put(session, admin, territory_id, month=month, quota=Decimal(1))
        whole = listed(session, admin)
        assert [one.month for one in whole] == [APRIL, APRIL, MARCH, MARCH]
        for place, one in enumerate(whole):
            after = Position(one.month, one.place.id)
            assert listed(session, admin, after=after) == whole[place + 1 :]
        assert {one.month for one in listed(session, admin, since=APRIL)} == {APRIL}
        assert {one.month for one in listed(session, admin, until=MARCH)} == {MARCH}

    def test_adds_up_quota_and_revenue_and_nothing_else(
        self, session: Session, characters: Characters
    ) -> None:
        admin = characters.admin
        put(session, admin, GEORGIA, quota=Decimal(100), revenue=Decimal(50), win_rate=0.3)
        put(session, admin, FLORIDA, quota=Decimal(300), deal_size=Decimal(9))
        found = of_month(session, characters.manager, SOUTHEAST)
        assert (found.quota, found.revenue) == (Decimal(400), Decimal(50))
        assert (found.win_rate, found.deal_size) == (None, None)
        assert found.attainment == pytest.approx(0.125)
        assert of_month(session, admin, None).quota == Decimal(400)

    def test_takes_a_places_own_figure_before_the_sum(
        self, session: Session, characters: Characters
    ) -> None:
        admin = characters.admin
        put(session, admin, GEORGIA, quota=Decimal(100), revenue=Decimal(80))
        put(session, admin, SOUTHEAST, quota=Decimal(1000))
        found = of_month(session, admin, SOUTHEAST)
        assert (found.quota, found.revenue) == (Decimal(1000), Decimal(80))


def take(session: Session, actor: Actor, text: str, *, dry_run: bool = False) -> FiguresImport:
    source = ImportSource(BytesIO(text.encode()), "figures.csv")
    return import_figures.take(session, actor, source, dry_run=dry_run, now=NOW)


GOOD = "Territory,Month,Quota,Revenue,Win rate,Deal size\n"


class TestAFile:
    def test_is_read_as_people_write_it(self, session: Session, characters: Characters) -> None:
        text = (
            "region;period;target;actual;winrate;remark\n"
            "GA;2026-03;1,250,000.50;900 000;31 %;x\nflorida;2026-3-01;;-12.5;0.4;y\n"
        )
        result = take(session, characters.admin, text)
        assert (result.added, result.refused, result.ignored_columns) == (2, 0, ("remark",))
        florida, georgia = sorted(listed(session, characters.admin), key=lambda one: one.place.name)
        assert (georgia.quota, georgia.revenue) == (Decimal("1250000.50"), Decimal(900000))
        assert (georgia.win_rate, florida.win_rate) == (0.31, 0.4)
        assert (florida.quota, florida.revenue) == (None, Decimal("-12.5"))

    def test_reports_each_bad_row_and_takes_the_others(
        self, session: Session, characters: Characters
    ) -> None:
        text = GOOD + (
            "Atlantis,2026-03,1,,,\n"
            "Georgia,March,1,,,\n"
            "Georgia,2026-03,€ 5,,31,\n"
            "Georgia,2026-03,,,,\n"
            ",2026-03,1,,,\n"
            "Georgia,2026-04,7,,,\n"
        )
        result = take(session, characters.admin, text)
        assert (result.read, result.added, result.refused) == (6, 1, 5)
        assert [(one.line, one.column) for one in result.problems] == [
            (2, "Territory"), (3, "Month"), (4, "Quota"), (5, ""), (6, "Territory"),
        ]  # fmt: skip
        assert "2026-03" in result.problems[1].reason
        percent = take(session, characters.admin, GOOD + "Georgia,2026-03,,,31,\n")
        assert "31 %" in percent.problems[0].reason

    def test_only_tried_keeps_nothing(self, session: Session, characters: Characters) -> None:
        put(session, characters.admin, quota=Decimal(1))
        text = GOOD + "Georgia,2026-03,2,,,\nFlorida,2026-03,2,,,\n"
        result = take(session, characters.admin, text, dry_run=True)
        assert (result.added, result.replaced, result.dry_run) == (1, 1, True)
        assert [one.quota for one in listed(session, characters.admin)] == [Decimal(1)]
        assert journalled(session) == ["figures.imported"]

    def test_taken_twice_changes_nothing(self, session: Session, characters: Characters) -> None:
        text = GOOD + "Georgia,2026-03,2,1.5,30%,\n"
        take(session, characters.admin, text)
        again = take(session, characters.admin, text)
        assert (again.added, again.replaced, again.unchanged) == (0, 0, 1)
        assert journalled(session) == ["figures.imported"]

    def test_that_says_one_thing_twice_is_believed_the_second_time(
        self, session: Session, characters: Characters
    ) -> None:
        take(session, characters.admin, GOOD + "Georgia,2026-03,2,,,\nGA,2026-03,3,,,\n")
        assert [one.quota for one in listed(session, characters.admin)] == [Decimal(3)]

    def test_is_refused_without_the_columns_and_for_anybody_else(
        self, session: Session, characters: Characters
    ) -> None:
        assert (
            "territory" in refused(lambda: take(session, characters.admin, "a,b\n1,2\n"))["columns"]
        )
        assert "file" in refused(lambda: take(session, characters.admin, ""))
        with pytest.raises(Forbidden):
            take(session, characters.analyst, GOOD)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(cells=some.lists(some.text(max_size=12), min_size=6, max_size=6))
    def test_of_whatever_cells_is_read_without_a_failure(
        self, session: Session, characters: Characters, cells: list[str]
    ) -> None:
        try:
            result = take(session, characters.admin, GOOD + ",".join(cells) + "\n", dry_run=True)
        except Invalid:
            return
        assert result.refused <= result.read
