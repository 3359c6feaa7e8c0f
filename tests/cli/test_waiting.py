"""`insights import waiting`: the file of a device, from the command line."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from insights.db import Database
from insights.models import Note
from tests.cli.conftest import Insights
from tests.organisation import OWNER
from tests.waiting import note, waiting_file


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A file of the owner with one good note and a bad one."""
    (tmp_path / "waiting.json").write_bytes(waiting_file(note("Acme was here"), note("")))
    return "waiting.json"


def authors(database: Database) -> list[int]:
    """Whose notes there are."""
    with database.reading() as session:
        return list(session.scalars(select(Note.author_id)))


def test_takes_the_notes_and_names_the_refused_ones(
    insights: Insights, database: Database, file: str
) -> None:
    result = insights("import", "waiting", file)
    assert result.exit_code == 3, result.output
    assert "2 notes by Olivia Owner: 1 added, 0 there already, 1 refused." in result.stdout
    assert "Note 2" in result.stderr
    assert "the text is empty" in result.stderr
    assert authors(database) == [OWNER]


def test_ends_well_when_all_are_in(insights: Insights, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_bytes(waiting_file(note()))
    for counts in ("1 added, 0 there already", "0 added, 1 there already"):
        result = insights("import", "waiting", "good.json")
        assert (result.exit_code, counts in result.stdout) == (0, True)


def test_only_tried_keeps_nothing(insights: Insights, database: Database, file: str) -> None:
    result = insights("import", "waiting", file, "--dry-run")
    assert "1 would be added" in result.stdout
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Note)) == 0


def test_prints_for_machines(insights: Insights, file: str) -> None:
    said = json.loads(insights("import", "waiting", file, "--json").stdout)
    assert (said["author"], said["added"]) == ("Olivia Owner", 1)
    assert said["refused"][0]["place"] == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "damaged or no file of waiting notes"),
        (waiting_file(person={"id": OWNER, "name": "Somebody"}), "The file is of Somebody"),
    ],
)
def test_says_why_a_file_cannot_be_used(
    insights: Insights, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    result = insights("import", "waiting", "bad.json")
    assert result.exit_code == 2
    assert words in result.stderr


def test_takes_it_as_somebody_who_must_be_allowed_to(
    insights: Insights, database: Database, file: str
) -> None:
    assert insights("import", "waiting", file, "--as", "member@example.com").exit_code == 2
    assert authors(database) == []
    assert insights("import", "waiting", file, "--as", "owner@example.com").exit_code == 3
    assert authors(database) == [OWNER]
