"""Trends in the administration: the job and its runs, the button, and what people said."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from insights.models import Job, TrendReach
from insights.services import jobs, trend_reactions
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, TODAY
from tests.trend_rows import run_of, showing
from tests.web.pages import html_of, text_of

PAGE = "/admin/trends"


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


@pytest.fixture
def shown(stage: Stage) -> int:
    """One strong trend of today."""
    with stage.database.writing() as session:
        return showing(session)


def report(installation: Stage, **told: Any) -> None:
    """The worker says how its job stands."""
    with installation.database.writing() as session:
        session.add(Job(name=jobs.TRENDS_JOB, **told))


def wish(stage: Stage) -> Any:
    with stage.database.reading() as session:
        row = session.get(Job, jobs.TRENDS_JOB)
        return row and row.wanted_at


class TestTheJob:
    def test_before_anything_was_computed(self, admin: Browser) -> None:
        page = text_of(admin.get(PAGE))
        assert "Nothing computed yet." in page
        assert "No run yet." in page

    def test_when_all_is_well(self, admin: Browser, shown: int) -> None:
        page = text_of(admin.get(PAGE))
        assert "Up to date. Computed 3 h ago in 1.5 seconds from 4,000 notes" in page
        assert "18 Mar 2026 3 h ago 1.5 4,000 1 60 1 0" in page

    def test_when_no_run_was_made_for_days(self, stage: Stage, admin: Browser) -> None:
        with stage.database.writing() as session:
            run_of(session, day=TODAY - timedelta(days=3))
        page = text_of(admin.get(PAGE))
        assert "The last run is of 15 Mar 2026." in page
        assert "Up to date" not in page

    def test_while_it_is_done(self, stage: Stage, admin: Browser) -> None:
        until = NOW + timedelta(minutes=4)
        told = {"stage": "Packing weeks", "done": 30, "total": 120, "started_at": NOW}
        report(stage, holder="north:7", leased_until=until, **told)
        answer = admin.get(PAGE)
        assert "Being computed by north:7. Packing weeks: 30 of 120" in text_of(answer)
        assert '<progress class="job-progress" max="120" value="30"' in html_of(answer)
        assert "Compute now" not in text_of(answer)

    def test_that_was_left_by_a_worker_that_died(self, stage: Stage, admin: Browser) -> None:
        begun, until = NOW - timedelta(hours=1), NOW - timedelta(minutes=55)
        report(stage, holder="north:7", leased_until=until, started_at=begun)
        page = text_of(admin.get(PAGE))
        assert "The last run was not finished. north:7 began it 1 h ago" in page
        assert "Compute now" in page

    def test_that_failed(self, stage: Stage, admin: Browser, shown: int) -> None:
        report(stage, finished_at=NOW - timedelta(minutes=5), trouble="No room on the disk.")
        page = text_of(admin.get(PAGE))
        assert "The last run failed 5 min ago . No room on the disk." in page
        assert "Up to date" not in page


class TestComputeNow:
    def test_is_a_wish_that_a_worker_reads(self, stage: Stage, admin: Browser) -> None:
        assert wish(stage) is None
        answer = admin.submit(f"{PAGE}/compute", PAGE)
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
        assert wish(stage) == NOW
        page = text_of(admin.get(PAGE))
        assert "Asked for just now ." in page
        assert "Compute now" not in page

    @pytest.mark.parametrize("character", ["owner", "analyst", "manager"])
    def test_is_for_admins(
        self,
        stage: Stage,
        client_of: Callable[[Actor], Browser],
        characters: Characters,
        character: str,
    ) -> None:
        browser = client_of(getattr(characters, character))
        assert browser.get(PAGE).status_code == 403
        assert browser.submit(f"{PAGE}/compute", "/").status_code == 403
        assert wish(stage) is None


class TestRuns:
    def test_with_sealed_notes_stand_beside_those_without(
        self, stage: Stage, admin: Browser, shown: int
    ) -> None:
        with stage.database.writing() as session:
            showing(session, reach=TrendReach.ALL, score=0.5)
        page = text_of(admin.get(PAGE))
        assert "18 Mar 2026 with sealed notes 3 h ago 1.5 4,000 1 60 0 1" in page

    def test_show_their_trends_by_score(self, stage: Stage, admin: Browser, shown: int) -> None:
        with stage.database.writing() as session:
            showing(session, phrase="load theft", score=0.2)
            showing(session, phrase="price list", score=7.0)
        page = text_of(admin.get(PAGE))
        for row in (
            "0 to 1 (only watched) 1",
            "1 to 2 (shown) 0",
            "2 to 3 (shown, strong) 1",
            "3 to 5 (shown, strong) 0",
            "5 or more (shown, strong) 1",
        ):
            assert row in page


class TestWhatPeopleSaid:
    def test_is_asked_for_when_nobody_said_anything(self, admin: Browser) -> None:
        page = text_of(admin.get(PAGE))
        assert "Nobody has said yet whether a trend was useful." in page
        assert "Nobody has muted a trend." in page

    def test_is_counted_by_month_and_subject(
        self, stage: Stage, admin: Browser, characters: Characters, shown: int
    ) -> None:
        with stage.database.writing() as session:
            phrase = showing(session, phrase="load theft")
            for actor in (characters.owner, characters.member, characters.analyst):
                trend_reactions.judge(session, actor, shown, useful=True, now=NOW)
            before = NOW - timedelta(days=30)
            trend_reactions.judge(session, characters.owner, phrase, useful=False, now=before)
        page = text_of(admin.get(PAGE))
        assert "3 of 4 verdicts in twelve months say useful: 75 %." in page
        assert "Mar 2026 3 0 100 % Feb 2026 0 1 0 % Jan 2026 0 0 – no verdict" in page
        assert "Competitors 3 0 100 % Products 0 0" in page
        assert "Phrases 0 1 0 %" in page

    def test_names_what_was_muted_and_why(
        self, stage: Stage, admin: Browser, characters: Characters, shown: int
    ) -> None:
        reason = "Our own campaign <b>"
        with stage.database.writing() as session:
            trend_reactions.mute(session, characters.owner, shown, reason=reason, now=NOW)
        answer = admin.get(PAGE)
        assert f"Ionfield Georgia {reason} Olivia Owner just now" in text_of(answer)
        assert "&lt;b&gt;" in html_of(answer)
        assert f'href="/trends/{shown}"' in html_of(answer)


def test_the_page_asks_the_database_a_fixed_number_of_times(
    stage: Stage, admin: Browser, characters: Characters, count_queries: Any
) -> None:
    def asked() -> int:
        with count_queries(stage.database) as statements:
            assert admin.get(PAGE).status_code == 200
        return len(statements)

    admin.get(PAGE)
    before = asked()
    with stage.database.writing() as session:
        for number in range(5):
            trend = showing(session, phrase=f"words {number}", day=TODAY - timedelta(days=number))
            trend_reactions.mute(session, characters.owner, trend, reason="Known", now=NOW)
            trend_reactions.judge(session, characters.owner, trend, useful=True, now=NOW)
    assert asked() == before
