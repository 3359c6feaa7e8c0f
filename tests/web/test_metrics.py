"""The figures for monitors: closed by default, opened by a token of their own."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from insights.models import Replica as ReplicaRow
from insights.services.access import Actor
from tests.drafts import posted
from tests.fixtures.app import Browser, Stage
from tests.fixtures.databases import on_each_database
from tests.fixtures.world import Characters
from tests.trend_rows import run_of
from tests.web.pages import text_of

pytestmark = on_each_database

TOKEN = "only for the monitors of the tests"
LINE = re.compile(r'[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+]+')


@pytest.fixture
def monitored(stage: Stage) -> Stage:
    """The installation with the setting made."""
    runtime = stage.runtime
    settings = replace(runtime.settings, metrics_token=TOKEN)
    stage.app.extensions["insights"] = replace(runtime, settings=settings)
    return stage


def ask(browser: Browser, token: str = TOKEN) -> TestResponse:
    return browser.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def figures(browser: Browser) -> dict[str, float]:
    """Each line's name (with its labels) and value."""
    lines = ask(browser).get_data(as_text=True).splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


class TestWhoMayRead:
    def test_nobody_while_there_is_no_token(
        self, stage: Stage, client_of: Callable[[Actor], Browser], characters: Characters
    ) -> None:
        admin = client_of(characters.admin)
        assert admin.get("/metrics").status_code == 404
        assert ask(admin, "").status_code == 404

    @pytest.mark.parametrize("sent", ["", "wrong", TOKEN + "s", TOKEN[:-1], "ü"])
    def test_nobody_with_another_token(self, monitored: Stage, nobody: Browser, sent: str) -> None:
        assert ask(nobody, sent).status_code == 401

    def test_not_an_admin_who_is_signed_in(
        self, monitored: Stage, client_of: Callable[[Actor], Browser], characters: Characters
    ) -> None:
        assert client_of(characters.admin).get("/metrics").status_code == 401

    def test_whoever_has_the_token(self, monitored: Stage, nobody: Browser) -> None:
        assert ask(nobody).status_code == 200


class TestTheFormat:
    def test_is_that_of_prometheus(self, monitored: Stage, nobody: Browser) -> None:
        answer = ask(nobody)
        assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
        lines = answer.get_data(as_text=True).removesuffix("\n").splitlines()
        for line in lines:
            assert line.startswith(("# HELP ", "# TYPE ")) or LINE.fullmatch(line), line

    def test_describes_each_figure_once(self, monitored: Stage, nobody: Browser) -> None:
        text = ask(nobody).get_data(as_text=True)
        described = re.findall(r"^# TYPE (\S+) gauge$", text, re.MULTILINE)
        used = re.findall(r"^(insights_\w+)", text, re.MULTILINE)
        assert sorted(described) == sorted(set(used))


class TestTheFigures:
    def test_name_what_is_running(self, monitored: Stage, nobody: Browser) -> None:
        [build] = [name for name in figures(nobody) if name.startswith("insights_build_info")]
        dialect = monitored.database.engine.dialect.name
        assert f'database="{dialect}"' in build
        assert 'engine="tantivy"' in build

    def test_of_an_index_that_is_up_to_date(
        self, monitored: Stage, nobody: Browser, characters: Characters
    ) -> None:
        monitored.post(characters.owner, "Acme")
        told = figures(nobody)
        assert told["insights_search_usable"] == 1
        assert told["insights_search_lag_rows"] == told["insights_search_lag_seconds"] == 0
        assert told["insights_search_cursor"] == told["insights_journal_last_id"] > 0
        assert told["insights_search_notes"] == 1
        assert told["insights_search_size_bytes"] > 1_000
        assert told["insights_search_disk_free_bytes"] > 0
        assert told["insights_search_rebuilding"] == told["insights_search_trouble"] == 0

    def test_of_an_index_that_is_behind(
        self, monitored: Stage, nobody: Browser, characters: Characters
    ) -> None:
        with monitored.database.writing() as session:
            for minutes in (5, 3):
                moment = monitored.clock.now - timedelta(minutes=minutes)
                posted(session, characters.owner, now=moment)
        told = figures(nobody)
        assert told["insights_search_lag_rows"] == 2
        assert told["insights_search_lag_seconds"] == 300

    def test_of_an_index_that_is_lost(self, monitored: Stage, nobody: Browser) -> None:
        (monitored.runtime.replica.directory / "CURRENT").unlink()
        told = figures(nobody)
        assert told["insights_search_usable"] == 0
        assert "insights_search_lag_rows" not in told
        assert "insights_search_size_bytes" not in told

    def test_of_an_index_that_is_being_filled(self, monitored: Stage, nobody: Browser) -> None:
        with monitored.runtime.replica.rebuild():
            assert figures(nobody)["insights_search_rebuilding"] == 1

    def test_of_a_worker_that_reported(self, monitored: Stage, nobody: Browser) -> None:
        seen_at = monitored.clock.now - timedelta(seconds=40)
        row = ReplicaRow(name='the "big" one', engine="tantivy", cursor=0, seen_at=seen_at)
        with monitored.database.writing() as session:
            session.add(row)
        told = figures(nobody)
        assert told[r'insights_worker_silent_seconds{worker="the \"big\" one"}'] == 40

    def test_of_trends_once_they_were_computed(self, monitored: Stage, nobody: Browser) -> None:
        assert "insights_trends_age_seconds" not in figures(nobody)
        with monitored.database.writing() as session:
            run_of(session)
        told = figures(nobody)
        assert told["insights_trends_seconds"] == 1.5
        assert told["insights_trends_age_seconds"] == 3 * 3600


def test_a_broken_index_is_answered_in_words_until_it_is_mended(
    stage: Stage, client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    stage.post(characters.owner, "Acme raised its prices")
    _spoil_all(stage.runtime.replica.directory)
    stage.runtime.reader.close()
    browser = client_of(characters.owner)
    assert browser.get("/api/v1/search?q=acme").status_code == 503
    page = browser.get("/search?q=acme")
    assert page.status_code == 200
    assert "The search index is being built" in text_of(page)
    assert "raised its prices" not in text_of(page)
    stage.follower.mistrust()
    stage.follower.close()
    stage.catch_up()
    assert "raised its prices" in text_of(browser.get("/search?q=acme"))


def _spoil_all(directory: Path) -> None:
    for path in directory.glob("generation-*/*.store"):
        made = path.with_name("made")
        made.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        made.replace(path)
