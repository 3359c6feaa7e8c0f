"""The first page of the administration: counts, and how search and worker are."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from insights.models import Replica
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def report(stage: Stage, *, minutes_ago: int, cursor: int = 0) -> None:
    seen_at = NOW - timedelta(minutes=minutes_ago)
    with stage.database.writing() as session:
        session.add(Replica(name="web-1", engine="tantivy", cursor=cursor, seen_at=seen_at))


def test_it_counts_and_links_every_part(admin: Browser) -> None:
    page = admin.get("/admin").text
    for noun in ("people", "territories", "segments", "competitors", "products", "accounts"):
        assert f'href="/admin/{noun}"' in page
    assert '<span class="number">6</span>' in page


def test_search_that_is_up_to_date_says_so(
    admin: Browser, stage: Stage, characters: Characters
) -> None:
    stage.post(characters.owner, "They want fibre")
    report(stage, minutes_ago=0, cursor=1)
    page = admin.get("/admin").text
    assert "Search is up to date." in page
    assert "1 notes can be found" not in page
    assert "No worker" not in page


def test_a_worker_that_is_silent_is_noticed(admin: Browser, stage: Stage) -> None:
    assert "No worker has reported yet." in admin.get("/admin").text
    report(stage, minutes_ago=5)
    page = admin.get("/admin").text
    assert "No worker runs." in page
    assert "5 min ago" in page


def test_an_index_that_cannot_be_used_is_noticed(admin: Browser, stage: Stage) -> None:
    for path in stage.runtime.settings.search_dir.rglob("*"):
        if path.is_file():
            path.unlink()
    page = admin.get("/admin").text
    assert "Search does not work on this machine." in page
    assert "notes are safe" in page


def test_who_keeps_no_machines_is_not_told_about_them(
    client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    for actor in (characters.analyst, characters.manager):
        page = client_of(actor).get("/admin").text
        assert "Search and worker" not in page
        assert "Competitors" in page
