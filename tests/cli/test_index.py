"""`insights index`: how the replica is, for people and for machines."""

import json
from pathlib import Path
from typing import Any

import pytest

from insights.db import Database
from insights.search import trouble
from insights.search.replica import Replica
from insights.search.tantivy_engine import TantivyEngine
from tests.cli.conftest import Insights
from tests.drafts import posted
from tests.fixtures.world import Characters

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data" / "search" / "notes"


@pytest.fixture
def built(insights: Insights) -> Insights:
    """The command line after an index was built."""
    assert insights("index", "rebuild").exit_code == 0
    return insights


def status(insights: Insights, code: int = 0) -> dict[str, Any]:
    answer = insights("index", "status", "--json")
    assert answer.exit_code == code, answer.output
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


def test_status_tells_a_machine_all_there_is(built: Insights, directory: Path) -> None:
    told = status(built)
    assert told["usable"] is True
    assert (told["problem"], told["trouble"], told["rebuilding"]) == (None, None, False)
    assert (told["behind"], told["behind_seconds"], told["notes"]) == (0, 0.0, 0)
    assert told["size_bytes"] > 500
    assert told["disk_free_bytes"] > 0
    assert told["engine"] == "tantivy"
    assert (directory / told["generation"]).is_dir()
    assert told["directory"] == str(directory)


def test_status_tells_a_person_how_far_it_is(
    built: Insights, database: Database, characters: Characters
) -> None:
    assert "It has read every change." in built("index", "status").output
    with database.writing() as session:
        posted(session, characters.owner)
    assert "1 changes are still to be read" in built("index", "status").output
    assert status(built)["behind"] == 1
    assert status(built)["behind_seconds"] > 0


def test_status_fails_and_says_what_to_do_when_the_index_is_damaged(
    built: Insights, directory: Path
) -> None:
    for path in directory.glob("generation-*/*.fast"):
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 0xFF
        # As another file: one that is cut off while it is mapped ends the process.
        path.unlink()
        path.write_bytes(content)
    told = status(built, code=1)
    assert (told["usable"], told["cursor"], told["behind"]) == (False, None, None)
    answer = built("index", "status")
    assert answer.exit_code == 1
    assert "is damaged" in answer.output
    assert "insights index rebuild" in answer.output


def test_status_says_that_a_new_index_is_being_filled(built: Insights, directory: Path) -> None:
    with Replica(directory, TantivyEngine()).rebuild():
        assert status(built)["rebuilding"] is True
        assert "being filled" in built("index", "status").output
    assert status(built)["rebuilding"] is False


def test_status_and_check_pass_on_what_keeps_the_worker_from_writing(
    built: Insights, directory: Path
) -> None:
    trouble.tell(directory, "There is no room left.")
    assert status(built)["trouble"] == "There is no room left."
    assert "The worker says: There is no room left." in built("index", "status").output
    findings = {one["what"]: one for one in json.loads(built("check", "--json").stdout)}
    assert findings["index"]["ok"] is False
    assert "There is no room left." in findings["index"]["detail"]


def test_check_says_how_far_the_index_is_behind(built: Insights) -> None:
    findings = {one["what"]: one for one in json.loads(built("check", "--json").stdout)}
    assert findings["index"] == {
        "what": "index", "ok": True, "detail": "0 changes and 0 seconds behind",
    }  # fmt: skip
