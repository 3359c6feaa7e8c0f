"""Making an installation and asking whether it is well: db, demo, index, check."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Insights


class TestSchema:
    def test_upgrade_says_when_there_is_nothing_to_do(self, insights: Insights) -> None:
        assert "up to date" in insights("db", "upgrade").output

    def test_status_tells_a_machine_both_revisions(self, insights: Insights) -> None:
        told = json.loads(insights("db", "status", "--json").stdout)
        assert told["current"] == told["newest"]

    def test_down_to_nothing_and_up_again(self, fresh_insights: Insights) -> None:
        assert fresh_insights("db", "downgrade", "base", "--yes").exit_code == 0
        assert fresh_insights("db", "status").exit_code == 1
        assert fresh_insights("db", "upgrade").exit_code == 0
        assert fresh_insights("db", "status").exit_code == 0

    def test_other_commands_name_the_way_out_without_a_schema(
        self, fresh_insights: Insights
    ) -> None:
        fresh_insights("db", "downgrade", "base", "--yes")
        answer = fresh_insights("index", "rebuild")
        assert answer.exit_code == 1
        assert "insights db upgrade" in answer.output


class TestDemo:
    def test_fills_an_empty_database_and_prints_the_sign_ins(
        self, fresh_insights: Insights
    ) -> None:
        answer = fresh_insights("demo", "--notes", "30")
        assert answer.exit_code == 0, answer.output
        assert "30 notes" in answer.output
        assert "rep@example.com" in answer.output

    def test_leaves_a_database_in_use_alone(self, insights: Insights) -> None:
        assert insights("demo", "--notes", "30").exit_code == 1
        assert insights("demo", "--notes", "30", "--if-empty").exit_code == 0


class TestIndex:
    def test_is_unusable_until_it_is_built(self, insights: Insights) -> None:
        assert insights("index", "status").exit_code == 1
        assert insights("index", "rebuild").exit_code == 0
        told = json.loads(insights("index", "status", "--json").stdout)
        assert (told["usable"], told["behind"]) == (True, 0)


class TestCheck:
    def test_names_what_is_not_well(self, insights: Insights) -> None:
        answer = insights("check", "--json")
        wells = {one["what"]: one["ok"] for one in json.loads(answer.stdout)}
        well = {"settings": True, "database": True, "storage": True}
        expected = {**well, "index": False, "worker": False, "trends": True}
        assert (wells, answer.exit_code) == (expected, 1)

    def test_names_a_storage_that_takes_nothing(self, insights: Insights, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "files").write_text("in the way of the folder")
        answer = insights("check", "--json")
        (storage,) = (one for one in json.loads(answer.stdout) if one["what"] == "storage")
        assert not storage["ok"]
        assert "cannot be used" in storage["detail"]

    def test_bad_settings_are_all_named(
        self, insights: Insights, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("INSIGHTS_PORT", "many")
        monkeypatch.setenv("INSIGHTS_TIMEZONE", "Nowhere/Land")
        answer = insights("check")
        assert answer.exit_code == 2
        assert "INSIGHTS_PORT" in answer.output
        assert "INSIGHTS_TIMEZONE" in answer.output
