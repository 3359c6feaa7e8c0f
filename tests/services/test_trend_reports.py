"""What admins are told of trends: the job, its runs, their scores, verdicts and mutes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.errors import Forbidden
from insights.models import Job, TrendReach, TrendSort
from insights.services import jobs, trend_reactions, trend_reports
from insights.services.access import OPERATOR, Actor
from insights.services.trend_reports import JobState, Judged
from tests.fixtures.world import Characters
from tests.organisation import HEALTHCARE, NOW, TODAY
from tests.trend_rows import run_of, showing

MINUTE = timedelta(minutes=1)


@pytest.fixture
def admin(characters: Characters) -> Actor:
    return characters.admin


class TestTheJob:
    @pytest.mark.parametrize(
        ("told", "state"),
        [
            ({}, JobState.IDLE),
            ({"finished_at": NOW - MINUTE, "trouble": "No room"}, JobState.IDLE),
            ({"wanted_at": NOW - MINUTE}, JobState.WANTED),
            ({"holder": "north", "leased_until": NOW + MINUTE}, JobState.RUNNING),
            (
                {"holder": "north", "leased_until": NOW + MINUTE, "wanted_at": NOW},
                JobState.RUNNING,
            ),
            ({"holder": "north", "leased_until": NOW - MINUTE}, JobState.LEFT),
        ],
    )
    def test_is_told_as_it_stands(
        self, session: Session, admin: Actor, told: dict[str, Any], state: JobState
    ) -> None:
        session.add(Job(name=jobs.TRENDS_JOB, stage="Packing", done=3, total=4, **told))
        session.flush()
        job = trend_reports.job(session, admin, now=NOW)
        assert (job.state, job.stage, job.done, job.total) == (state, "Packing", 3, 4)
        assert job.trouble == told.get("trouble", "")

    def test_is_idle_before_it_was_ever_done(self, session: Session, admin: Actor) -> None:
        job = trend_reports.job(session, admin, now=NOW)
        assert (job.state, job.finished_at) == (JobState.IDLE, None)

    def test_is_asked_for_as_the_worker_reads_it(self, session: Session, admin: Actor) -> None:
        for _ in range(2):
            trend_reports.compute_now(session, admin, now=NOW)
        assert trend_reports.job(session, admin, now=NOW).state is JobState.WANTED
        assert jobs.claim(session, jobs.TRENDS_JOB, holder="north", now=NOW + MINUTE)
        session.expire_all()
        job = trend_reports.job(session, admin, now=NOW + MINUTE)
        assert (job.state, job.wanted_at) == (JobState.RUNNING, None)


class TestRuns:
    def test_are_told_newest_first_with_what_they_showed(
        self, session: Session, admin: Actor
    ) -> None:
        yesterday = TODAY - timedelta(days=1)
        run_of(session, day=yesterday, history=8)
        showing(session)
        showing(session, phrase="load theft", score=0.4)
        showing(session, reach=TrendReach.ALL)
        found = trend_reports.runs(session, admin)
        assert [(one.day, one.reach.value, one.shown, one.watched) for one in found] == [
            (TODAY, "all", 1, 0),
            (TODAY, "everyone", 1, 1),
            (yesterday, "everyone", 0, 0),
        ]
        assert (found[2].history, found[2].observations, found[2].seconds) == (8, 4_000, 1.5)

    def test_are_not_listed_for_ever(self, session: Session, admin: Actor) -> None:
        for days in range(trend_reports.MOST_RUNS + 2):
            run_of(session, day=TODAY - timedelta(days=days))
        assert len(trend_reports.runs(session, admin)) == trend_reports.MOST_RUNS


def test_scores_are_counted_in_bands(session: Session, admin: Actor) -> None:
    assert [band.count for band in trend_reports.scores(session, admin)] == [0, 0, 0, 0, 0]
    for number, score in enumerate((0.0, 0.99, 1.0, 2.0, 2.5, 4.9, 5.0, 40.0)):
        showing(session, phrase=f"words {number}", score=score)
    showing(session, phrase="of yesterday", day=TODAY - timedelta(days=1), score=9.0)
    showing(session, reach=TrendReach.ALL, score=9.0)
    bands = trend_reports.scores(session, admin)
    assert [(band.low, band.high, band.count) for band in bands] == [
        (0, 1, 2),
        (1, 2, 1),
        (2, 3, 2),
        (3, 5, 1),
        (5, None, 2),
    ]


class TestFeedback:
    def test_has_every_month_of_the_last_year(self, session: Session, admin: Actor) -> None:
        feedback = trend_reports.feedback(session, admin, today=TODAY)
        first, *_, last = feedback.months
        assert (first, last) == (date(2025, 4, 1), date(2026, 3, 1))
        assert len(feedback.months) == 12
        assert (feedback.total, feedback.total.precision) == (Judged(), None)

    def test_counts_verdicts_of_both_reaches(
        self, session: Session, admin: Actor, characters: Characters
    ) -> None:
        trend, phrase = showing(session), showing(session, phrase="load theft")
        sealed = showing(session, reach=TrendReach.ALL)
        month_ago, years_ago = NOW - timedelta(days=30), NOW - timedelta(days=800)
        for actor, about, useful, at in (
            (characters.owner, trend, True, NOW),
            (characters.member, trend, False, NOW),
            (characters.analyst, sealed, True, month_ago),
            (characters.owner, phrase, True, years_ago),
            (characters.member, phrase, False, month_ago),
        ):
            trend_reactions.judge(session, actor, about, useful=useful, now=at)
        feedback = trend_reports.feedback(session, admin, today=TODAY)
        assert feedback.months[date(2026, 3, 1)] == Judged(1, 1)
        assert feedback.months[date(2026, 2, 1)] == Judged(1, 1)
        assert feedback.sorts[TrendSort.COMPETITOR] == Judged(2, 1)
        assert feedback.sorts[TrendSort.PHRASE] == Judged(0, 1)
        assert feedback.sorts[TrendSort.KIND] == Judged()
        assert (feedback.total.count, feedback.total.precision) == (4, 0.5)


class TestMutes:
    def test_are_named_with_their_reasons(
        self, session: Session, admin: Actor, characters: Characters
    ) -> None:
        trend = showing(session, segment_id=HEALTHCARE)
        phrase = showing(session, phrase="load theft", territory_id=None)
        trend_reactions.mute(session, characters.owner, trend, reason="Known", now=NOW - MINUTE)
        everyone = {"reason": "A fair", "for_everyone": True}
        trend_reactions.mute(session, characters.analyst, phrase, now=NOW, **everyone)  # type: ignore[arg-type]
        found = trend_reports.mutes(session, admin)
        assert [(one.name, one.place, one.person_name, one.reason) for one in found] == [
            ("load theft", "The company", "Anna Analyst", "A fair"),
            ("Ionfield", "Georgia, Healthcare", "Olivia Owner", "Known"),
        ]
        assert [one.for_everyone for one in found] == [True, False]


def reports(session: Session, actor: Actor) -> list[Callable[[], object]]:
    return [
        lambda: trend_reports.job(session, actor, now=NOW),
        lambda: trend_reports.compute_now(session, actor, now=NOW),
        lambda: trend_reports.runs(session, actor),
        lambda: trend_reports.scores(session, actor),
        lambda: trend_reports.feedback(session, actor, today=TODAY),
        lambda: trend_reports.mutes(session, actor),
    ]


def test_reports_are_for_admins(session: Session, characters: Characters) -> None:
    for actor in characters.everyone:
        for report in reports(session, actor):
            if actor is characters.admin:
                report()
                continue
            with pytest.raises(Forbidden):
                report()
    for report in reports(session, OPERATOR):
        report()
