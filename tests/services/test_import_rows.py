"""Imports of what notes are about, and of people: they add and never change."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Assignment, Person, Role, Territory
from insights.services import accounts, assignments, catalogue, territories
from insights.services.catalogue import Catalogue
from insights.services.import_columns import Row
from insights.services.import_run import ImportResult
from insights.services.import_territories import parents_first
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, IONFIELD, MEMBER, NOW, SOUTHEAST, TODAY
from tests.services.importing import Bench, reported, table


@pytest.fixture
def bench(database: Database, characters: Characters, tmp_path: Path) -> Bench:
    """Imports by the admin."""
    return Bench(database, characters.admin, tmp_path)


@pytest.fixture
def known(bench: Bench) -> "Known":
    """The catalogue at the moment of asking."""
    return Known(bench.database)


class Known:
    """Reads the catalogue anew each time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self) -> Catalogue:
        with self._database.reading() as session:
            return catalogue.current(session)


def counts(result: ImportResult) -> tuple[int, int, int]:
    return result.added, result.unchanged, result.refused


class TestAnyNoun:
    FILES = (
        ("territories", table(["name", "code", "parent"], ["Texas", "TX", "West"])),
        ("segments", table(["name", "dimension"], ["Mining", "2"])),
        ("competitors", table(["name", "aliases"], ["Newcomer", "New Co;NC"])),
        ("products", table(["name", "aliases", "competitor"], ["Two", "F2", "Acme"])),
        ("accounts", table(["name", "id", "state"], ["Big Mine", "crm-9", "NV"])),
        ("people", table(["name", "e-mail", "role"], ["New Rep", "new@example.com", "Rep"])),
    )

    @pytest.mark.parametrize(("noun", "contents"), FILES)
    def test_a_second_time_adds_nothing(self, bench: Bench, noun: str, contents: str) -> None:
        assert counts(bench.take(contents, noun)) == (1, 0, 0)
        assert counts(bench.take(contents, noun)) == (0, 1, 0)

    @pytest.mark.parametrize(("noun", "contents"), FILES)
    def test_a_dry_run_keeps_nothing(self, bench: Bench, noun: str, contents: str) -> None:
        assert counts(bench.take(contents, noun, dry_run=True)) == (1, 0, 0)
        assert counts(bench.take(contents, noun)) == (1, 0, 0)

    @pytest.mark.parametrize(("noun", "contents"), FILES)
    def test_a_bad_row_is_reported_and_the_good_one_goes_in(
        self, bench: Bench, noun: str, contents: str
    ) -> None:
        header, row = contents.splitlines()
        bad = "x" * 200 + "," * header.count(",")
        result = bench.take(f"{header}\n{bad}\n{row}\n", noun)
        assert counts(result) == (1, 0, 1)
        assert "name" in [line[1] for line in reported(result)]


class TestTerritories:
    def test_can_name_the_lower_ones_first(self, bench: Bench, known: Known) -> None:
        rows = [["name", "code", "parent"], ["Austin", "", "tx"], ["Texas", "TX", "West"]]
        assert counts(bench.take(table(*rows), "territories", rows_at_once=1)) == (2, 0, 0)
        austin = known().find_territory("Austin")
        assert austin is not None
        assert [one.name for one in known().lineage(austin.id)] == ["West", "Texas", "Austin"]

    def test_in_a_circle_are_refused(self, bench: Bench) -> None:
        rows = [["name", "parent"], ["A1", "B1"], ["B1", "A1"], ["C1", ""]]
        assert counts(bench.take(table(*rows), "territories")) == (1, 0, 2)

    def test_get_a_missing_parent_when_that_is_wanted(self, bench: Bench, known: Known) -> None:
        rows = table(["name", "parent"], ["Lima", "Peru"], ["Cusco", "Peru"])
        assert counts(bench.take(rows, "territories")) == (0, 0, 2)
        result = bench.take(rows, "territories", create=True)
        assert (counts(result), result.created) == ((2, 0, 0), {"territories": ("Peru",)})

    def test_leave_no_parent_behind_when_they_are_refused(self, bench: Bench, known: Known) -> None:
        rows = table(["name", "code", "parent"], ["Lima", "*", "Peru"], ["Cusco", "CU", "Peru"])
        result = bench.take(rows, "territories", create=True)
        assert (counts(result), result.created) == ((1, 0, 1), {"territories": ("Peru",)})
        assert known().find_territory("Lima") is None

    def test_have_shapes(self, bench: Bench) -> None:
        bench.take(table(["name", "shape"], ["Texas", "tx"], ["Utah", "ZZ"]), "territories")
        with bench.database.reading() as session:
            rows = session.execute(select(Territory.name, Territory.shape)).all()
        shapes = {row.name: row.shape for row in rows}
        assert (shapes["Texas"], "Utah" in shapes) == ({"state": "TX"}, False)

    def test_that_exist_stay_as_they_are(self, bench: Bench, known: Known) -> None:
        rows = table(["name", "code", "parent"], ["GEORGIA", "XX", "West"])
        assert counts(bench.take(rows, "territories")) == (0, 1, 0)
        georgia = known().find_territory("Georgia")
        assert georgia is not None
        assert (georgia.code, georgia.parent_id) == ("GA", SOUTHEAST)

    def test_are_ordered_without_recursion(self) -> None:
        rows = [Row(n, {"name": f"T{n}", "parent": f"T{n + 1}"}) for n in range(5_000)]
        assert [row.number for row in parents_first(rows)] == list(reversed(range(5_000)))


class TestSegments:
    def test_belong_to_a_dimension_by_number_name_or_default(
        self, bench: Bench, known: Known
    ) -> None:
        name = known().dimensions[2]
        rows = [["A1", "1"], ["B1", name.upper()], ["C1", ""], ["D1", "3"]]
        result = bench.take(table(["segment", "dimension"], *rows), "segments")
        assert counts(result) == (3, 0, 1)
        assert reported(result)[0][1:3] == ["dimension", "3"]
        found = {one.name: one.dimension for one in known().segments.values()}
        assert (found["A1"], found["B1"], found["C1"]) == (1, 2, 1)


class TestCompetitorsAndProducts:
    def test_bring_their_aliases(self, bench: Bench, known: Known) -> None:
        bench.take(table(["name", "aliases"], ["Newcomer", "New Co; NC"]), "competitors")
        found = known().find_competitor("nc")
        assert found is not None
        assert found.aliases == ("NC", "New Co")

    def test_cannot_take_the_name_of_another(self, bench: Bench) -> None:
        result = bench.take(table(["name", "aliases"], ["Newcomer", "Acme"]), "competitors")
        assert counts(result) == (0, 0, 1)
        assert reported(result)[0][1:3] == ["aliases", "Acme"]

    def test_are_of_a_maker_or_ours(self, bench: Bench, known: Known) -> None:
        rows = [["name", "competitor"], ["One1", "Ion Field"], ["Two2", ""], ["Three3", "Nobody"]]
        result = bench.take(table(*rows), "products")
        assert counts(result) == (2, 0, 1)
        makers = {one.name: one.competitor_id for one in known().products.values()}
        assert (makers["One1"], makers["Two2"]) == (IONFIELD, None)

    def test_get_a_missing_maker_when_that_is_wanted(self, bench: Bench) -> None:
        result = bench.take(table(["name", "maker"], ["Three3", "New Co"]), "products", create=True)
        assert (counts(result), result.created) == ((1, 0, 0), {"competitors": ("New Co",)})


class TestAccounts:
    def test_get_territory_and_segments(self, bench: Bench) -> None:
        rows = table(
            ["name", "state", "industry", "size"], ["Big Mine", "NV", "Mining", "Enterprise"]
        )
        result = bench.take(rows, "accounts", create=True)
        assert (counts(result), result.created) == ((1, 0, 0), {"segments": ("Mining",)})
        (found,) = self.find(bench, "Big Mine")
        assert {one.name for one in found.segments} == {"Mining", "Enterprise"}
        assert found.territory is not None

    def test_of_one_name_are_told_apart_by_id_and_territory(self, bench: Bench) -> None:
        rows = [["name", "id", "state"], ["Mart", "1", ""], ["Mart", "2", ""], ["Mart", "1", "NV"]]
        assert counts(bench.take(table(*rows), "accounts")) == (2, 1, 0)
        rows = [["name", "state"], ["Mart", "NV"], ["Mart", "FL"], ["MART", "NV"]]
        assert counts(bench.take(table(*rows), "accounts")) == (2, 1, 0)

    def find(self, bench: Bench, words: str) -> list[accounts.AccountView]:
        with bench.database.reading() as session:
            return accounts.find(session, bench.actor, words=words)


class TestPeople:
    def people(self, bench: Bench) -> dict[str, Person]:
        with bench.database.reading() as session:
            return {one.email: one for one in session.scalars(select(Person))}

    def held(self, session: Session, bench: Bench, email: str) -> dict[str, date]:
        person = self.people(bench)[email]
        history = assignments.person_history(session, bench.actor, person_id=person.id)
        return {one.territory_name: one.since for one in history}

    def test_have_roles_and_cannot_sign_in_yet(self, bench: Bench) -> None:
        rows = [["email", "name", "role"], ["A@Example.com", "Al", "Manager"], ["b@b.de", "Bo", ""]]
        bench.take(table(*rows), "people")
        al, bo = (self.people(bench)[one] for one in ("a@example.com", "b@b.de"))
        assert (al.role, bo.role, al.password_hash) == (Role.MANAGER, Role.REP, None)

    def test_hold_territories_since_a_day(self, bench: Bench) -> None:
        header = ["email", "name", "territory", "since"]
        row = ["a@example.com", "Al", "GA; NV", "2025-02-01"]
        more = ["a@example.com", "Al", "FL", ""]
        contents = table(header, row, more)
        assert counts(bench.take(contents, "people")) == (2, 0, 0)
        assert counts(bench.take(contents, "people")) == (0, 2, 0)
        with bench.database.reading() as session:
            held = self.held(session, bench, "a@example.com")
        assert held["Georgia"] == held["Nevada"] == date(2025, 2, 1)
        assert held["Florida"] == TODAY

    def test_that_are_known_keep_name_role_and_what_they_hold(self, bench: Bench) -> None:
        rows = [["email", "name", "role", "territory"], ["member@example.com", "M", "admin", "FL"]]
        assert counts(bench.take(table(*rows), "people")) == (0, 1, 0)
        member = self.people(bench)["member@example.com"]
        assert (member.name, member.role) == ("Max Member", Role.REP)

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            (["no address", "Al", "", "", ""], "email"),
            (["a@example.com", "", "", "", ""], "name"),
            (["a@example.com", "Al", "boss", "", ""], "role"),
            (["a@example.com", "Al", "", "Atlantis", ""], "territory"),
            (["a@example.com", "Al", "", "GA", "soon"], "since"),
            (["a@example.com", "Al", "", "GA", "1066-10-14"], "since"),
        ],
    )
    def test_in_bad_rows_are_not_added(self, bench: Bench, row: list[str], column: str) -> None:
        result = bench.take(table(["email", "name", "role", "territory", "since"], row), "people")
        assert [line[1] for line in reported(result)] == [column]
        assert "a@example.com" not in self.people(bench)


def test_rows_after_a_refused_one_see_the_truth(bench: Bench) -> None:
    with bench.database.writing() as session:
        territories.archive(session, bench.actor, now=NOW, today=TODAY, slug="florida")
    rows = [["email", "name", "territory"], ["a@example.com", "Al", "FL"], ["b@b.de", "Bo", "GA"]]
    assert counts(bench.take(table(*rows), "people")) == (1, 0, 1)
    with bench.database.reading() as session:
        holders = select(Assignment.person_id).where(Assignment.territory_id == FLORIDA)
        assert session.scalars(holders).all() == [MEMBER]
