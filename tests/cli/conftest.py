"""The command line, run as somebody types it, in a folder of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from insights.cli import main
from insights.db import Database

Insights = Callable[..., Result]


@pytest.fixture
def insights(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Insights:
    """Runs a command on the test organisation."""
    return _runner(database, tmp_path, monkeypatch)


@pytest.fixture
def fresh_insights(
    empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Insights:
    """The same on a database where nobody is anybody yet."""
    return _runner(empty_database, tmp_path, monkeypatch)


def _runner(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Insights:
    address = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("INSIGHTS_DATABASE_URL", address)
    monkeypatch.setenv("INSIGHTS_DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("INSIGHTS_SECRET_KEY", "for tests only, never elsewhere")
    monkeypatch.setenv("INSIGHTS_TIMEZONE", "America/New_York")
    monkeypatch.chdir(folder)

    def run(*words: str, **options: str) -> Result:
        return CliRunner().invoke(main, words, **options)

    return run
