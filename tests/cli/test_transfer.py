"""`insights import` and `insights export`, as somebody types them."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from insights.db import Database
from insights.models import Note, Person, Role, Territory
from tests.cli.conftest import Insights

CSV = "id,text,state\n1,first,GA\n2,second,FL\n"


@pytest.fixture
def notes_csv(tmp_path: Path) -> str:
    """A file of two notes."""
    (tmp_path / "notes.csv").write_text(CSV)
    return "notes.csv"


def authors(database: Database) -> list[str]:
    with database.reading() as session:
        joined = select(Person.email).join(Note, Note.author_id == Person.id)
        return list(session.scalars(joined.order_by(Note.external_id)))


class TestImport:
    def test_says_what_it_did(self, insights: Insights, notes_csv: str) -> None:
        result = insights("import", "notes", notes_csv)
        assert result.exit_code == 0, result.output
        assert "2 rows: 2 added, 0 there already, 0 refused." in result.stdout

    def test_a_second_time_says_that_nothing_was_new(
        self, insights: Insights, notes_csv: str
    ) -> None:
        insights("import", "notes", notes_csv)
        assert "0 added, 2 there already" in insights("import", "notes", notes_csv).stdout

    def test_prints_for_machines(self, insights: Insights, notes_csv: str) -> None:
        result = insights("import", "notes", notes_csv, "--json")
        said = json.loads(result.stdout)
        assert (said["read"], said["added"], said["report"]) == (2, 2, None)

    def test_shows_its_progress_apart_from_its_answer(
        self, insights: Insights, notes_csv: str
    ) -> None:
        result = insights("import", "notes", notes_csv)
        assert "Importing notes" in result.stderr
        assert "Importing notes" not in result.stdout

    def test_with_refused_rows_ends_with_3_and_names_the_report(
        self, insights: Insights, tmp_path: Path
    ) -> None:
        (tmp_path / "bad.csv").write_text("text,state\nx,Atlantis\ny,GA\n")
        result = insights("import", "notes", "bad.csv")
        assert result.exit_code == 3
        assert "1 added, 0 there already, 1 refused" in result.stdout
        assert "bad.csv.report.csv" in result.stderr
        assert "--create" in result.stderr
        assert "Atlantis" in (tmp_path / "bad.csv.report.csv").read_text()

    def test_creates_names_when_told_to(self, insights: Insights, tmp_path: Path) -> None:
        (tmp_path / "new.csv").write_text("text,state\nx,Atlantis\n")
        result = insights("import", "notes", "new.csv", "--create")
        assert (result.exit_code, "New territories: Atlantis." in result.stdout) == (0, True)

    def test_tries_without_keeping(
        self, insights: Insights, database: Database, notes_csv: str
    ) -> None:
        result = insights("import", "notes", notes_csv, "--dry-run")
        assert "2 would be added" in result.stdout
        assert authors(database) == []

    def test_is_told_columns_dates_and_a_default(
        self, insights: Insights, database: Database, tmp_path: Path
    ) -> None:
        (tmp_path / "odd.csv").write_text("Remark;Day;text\nhello;31/12/2025;no\n")
        told = ["--map", "Remark=text", "--date-format", "%d/%m/%Y", "--territory", "Nevada"]
        result = insights("import", "notes", "odd.csv", *told)
        assert result.exit_code == 0, result.output
        assert "Ignored columns: text." in result.stderr
        assert "separated by semicolons" in result.stderr
        with database.reading() as session:
            (note,) = session.scalars(select(Note))
        assert (note.text, note.captured_at.date().isoformat()) == ("hello", "2025-12-31")

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["notes", "none.csv"], "does not exist"),
            (["rumours", "notes.csv"], "is not one of"),
            (["notes", "notes.csv", "--map", "text"], "COLUMN=FIELD"),
            (["notes", "notes.csv", "--map", "text=colour"], "There is no field “colour”"),
            (["people", "notes.csv"], "There is no column for: email, name"),
            (["notes", "notes.csv", "--as", "x@example.com"], "x@example.com"),
            (["notes", "notes.csv", "--as", "owner@example.com"], "Only an admin"),
            (["notes", "notes.csv", "--date-format", "%H"], "A form of dates names"),
        ],
    )
    def test_that_cannot_be_done_ends_with_2(
        self, insights: Insights, notes_csv: str, words: list[str], message: str
    ) -> None:
        result = insights("import", *words)
        assert result.exit_code == 2
        assert message in result.stderr

    def test_reports_where_it_is_told_to(self, insights: Insights, tmp_path: Path) -> None:
        (tmp_path / "bad.csv").write_text("text,state\nx,Atlantis\n")
        insights("import", "notes", "bad.csv", "--report", "why.csv")
        assert (tmp_path / "why.csv").exists()

    @pytest.mark.parametrize(
        ("noun", "contents"),
        [
            ("territories", "name,code\nTexas,TX\n"),
            ("people", "email,name\nnew@example.com,New\n"),
            ("segments", "name\nMining\n"),
            ("competitors", "name\nNewcomer\n"),
            ("products", "name\nTwo\n"),
            ("accounts", "name\nBig Mine\n"),
        ],
    )
    def test_takes_all_that_notes_are_about(
        self, insights: Insights, tmp_path: Path, noun: str, contents: str
    ) -> None:
        (tmp_path / "file.csv").write_text(contents)
        assert "1 rows: 1 added" in insights("import", noun, "file.csv").stdout

    def test_lists_the_columns_in_its_help(self, insights: Insights) -> None:
        assert "captured_at" in insights("import", "--help").stdout


class TestWhoImports:
    def test_is_the_first_admin(
        self, insights: Insights, database: Database, notes_csv: str
    ) -> None:
        insights("import", "notes", notes_csv)
        assert authors(database) == ["admin@example.com"] * 2

    def test_is_whom_one_names(
        self, insights: Insights, database: Database, notes_csv: str
    ) -> None:
        with database.writing() as session:
            session.get_one(Person, 1).role = Role.ADMIN
        insights("import", "notes", notes_csv, "--as", "Owner@Example.com")
        assert authors(database) == ["owner@example.com"] * 2

    def test_is_a_person_who_cannot_sign_in_where_nobody_is_admin_yet(
        self, fresh_insights: Insights, empty_database: Database, notes_csv: str
    ) -> None:
        for _ in range(2):
            assert fresh_insights("import", "notes", notes_csv, "--create").exit_code == 0
        with empty_database.reading() as session:
            (person,) = session.scalars(select(Person))
            assert session.scalar(select(func.count()).select_from(Note)) == 2
        assert (person.name, person.role, person.password_hash) == ("Import", Role.REP, None)

    def test_needs_nobody_for_territories(
        self, fresh_insights: Insights, empty_database: Database, tmp_path: Path
    ) -> None:
        (tmp_path / "places.csv").write_text("name\nTexas\n")
        assert fresh_insights("import", "territories", "places.csv").exit_code == 0
        with empty_database.reading() as session:
            assert session.scalars(select(Territory.name)).all() == ["Texas"]
            assert not session.scalars(select(Person)).all()


class TestExport:
    @pytest.fixture(autouse=True)
    def filled(self, insights: Insights, tmp_path: Path) -> None:
        """Two notes, of two months and territories."""
        rows = "id,text,state,date\n1,café,GA,2026-01-31\n2,=second,FL,2026-02-01\n"
        (tmp_path / "notes.csv").write_text(rows)
        assert insights("import", "notes", "notes.csv").exit_code == 0

    def ids(self, contents: str) -> list[str]:
        lines = io.StringIO(contents.removeprefix("\ufeff"), newline="")
        return [row["external_id"] for row in csv.DictReader(lines)]

    def test_writes_to_standard_output(self, insights: Insights) -> None:
        assert self.ids(insights("export", "notes").stdout) == ["2", "1"]

    @pytest.mark.parametrize(
        ("words", "ids"),
        [
            (["--territory", "southeast"], ["2", "1"]),
            (["--territory", "GA"], ["1"]),
            (["--since", "2026-02-01"], ["2"]),
            (["--until", "2026-02-01"], ["1"]),
            (["--as", "stranger@example.com"], ["2", "1"]),
        ],
    )
    def test_writes_what_is_asked_for(
        self, insights: Insights, words: list[str], ids: list[str]
    ) -> None:
        assert self.ids(insights("export", "notes", *words).stdout) == ids

    def test_writes_json_lines(self, insights: Insights) -> None:
        lines = insights("export", "notes", "--format", "jsonl").stdout.splitlines()
        assert [json.loads(line)["text"] for line in lines] == ["=second", "café"]

    def test_writes_a_file_that_is_imported_again(self, insights: Insights) -> None:
        assert insights("export", "notes", "out.csv").exit_code == 0
        assert (
            "0 added, 2 there already, 0 refused" in insights("import", "notes", "out.csv").stdout
        )

    def test_writes_a_packed_file(self, insights: Insights, tmp_path: Path) -> None:
        insights("export", "notes", "out.csv.gz")
        assert self.ids(gzip.decompress((tmp_path / "out.csv.gz").read_bytes()).decode()) == [
            "2",
            "1",
        ]
        assert not list(tmp_path.glob("*.part"))

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--territory", "Atlantis"], "There is no territory “Atlantis”"),
            (["--since", "soon"], "“soon” is no time"),
            (["--format", "xml"], "is not one of"),
            (["nowhere/out.csv"], "cannot be written"),
            (["--as", "x@example.com"], "x@example.com"),
        ],
    )
    def test_that_cannot_be_done_ends_with_2(
        self, insights: Insights, words: list[str], message: str
    ) -> None:
        result = insights("export", "notes", *words)
        assert result.exit_code == 2
        assert message in result.stderr
