"""`insights import figures`: business figures from the command line."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from insights.db import Database
from insights.models import BusinessFigure
from tests.cli.conftest import Insights


@pytest.fixture
def file(tmp_path: Path) -> str:
    """One good row and a bad one."""
    rows = "territory,month,quota\nGeorgia,2026-02,5\nAtlantis,2026-02,5\n"
    (tmp_path / "figures.csv").write_text(rows, encoding="utf-8")
    return "figures.csv"


def count(database: Database) -> int | None:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(BusinessFigure))


def test_takes_the_rows_and_names_the_refused_ones(
    insights: Insights, database: Database, file: str
) -> None:
    result = insights("import", "figures", file)
    assert result.exit_code == 3, result.output
    assert "2 rows: 1 added, 0 replaced, 0 there already, 1 refused." in result.stdout
    assert "Line 3, territory: “Atlantis” is not known" in result.stderr
    assert count(database) == 1


def test_only_tried_keeps_nothing(insights: Insights, database: Database, file: str) -> None:
    result = insights("import", "figures", file, "--dry-run")
    assert "1 would be added" in result.stdout
    assert count(database) == 0


def test_prints_for_machines(insights: Insights, file: str) -> None:
    said = json.loads(insights("import", "figures", file, "--json").stdout)
    assert (said["added"], said["problems"][0]["line"]) == (1, 3)


def test_refuses_a_file_that_is_no_table(insights: Insights, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    result = insights("import", "figures", "empty.csv")
    assert (result.exit_code, "empty" in result.stderr) == (2, True)
