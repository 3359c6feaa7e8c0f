"""`insights import salesforce`: files in, figures out."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from insights.db import Database
from insights.models import Account
from tests.cli.conftest import Insights

ACCOUNTS = "Id,Name,BillingState\n0015e00000GhIjKAAV,Peach Clinic,GA\n,Nameless,\n"


@pytest.fixture
def file(tmp_path: Path) -> str:
    """An export of accounts, one of which has no id."""
    path = tmp_path / "Account.csv"
    path.write_text(ACCOUNTS, "utf-8")
    return str(path)


def has_clinic(database: Database) -> bool:
    with database.reading() as session:
        found = select(Account.id).where(Account.external_id == "0015e00000GhIjKAAV")
        return session.scalar(found) is not None


def test_a_trial_keeps_nothing(insights: Insights, database: Database, file: str) -> None:
    answer = insights("import", "salesforce", "--accounts", file, "--dry-run")
    assert answer.exit_code == 3
    assert "This is a trial: nothing was kept." in answer.output
    assert "Account.csv: 2 rows, 1 added, 0 changed, 0 unchanged, 1 refused." in answer.output
    assert not has_clinic(database)


def test_files_are_taken_and_counted_for_machines(
    insights: Insights, database: Database, file: str
) -> None:
    options = ("--as", "admin@example.com", "--json")
    answer = insights("import", "salesforce", "--accounts", file, *options)
    assert answer.exit_code == 3, answer.output
    (told,) = json.loads(answer.output)["files"]
    assert (told["kind"], told["added"], told["refused"]) == ("accounts", 1, 1)
    assert "This id is empty" in Path(told["report"]).read_text("utf-8-sig")
    assert has_clinic(database)


def test_what_cannot_be_used_ends_with_2(insights: Insights, file: str) -> None:
    assert insights("import", "salesforce").exit_code == 2
    answer = insights("import", "salesforce", "--users", file)
    assert answer.exit_code == 2
    assert "no column for: Email" in answer.output
    by_rep = insights("import", "salesforce", "--accounts", file, "--as", "owner@example.com")
    assert by_rep.exit_code == 2


def test_its_help_names_the_columns(insights: Insights) -> None:
    answer = insights("import", "salesforce", "--help")
    assert answer.exit_code == 0
    assert "UserTerritory2Association" in answer.output
    assert "insights import salesforce" in insights("import", "--help").output
