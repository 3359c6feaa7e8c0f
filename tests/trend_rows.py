"""Runs and what they showed, written as the worker would write them, for tests of reading.

`showing` adds a trend to the run of a day, which it makes if there is none; what is not said of the
trend is that of a surge of Ionfield in Georgia: nine voices in four weeks where 0.7 were expected.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Kind, Trend, TrendReach, TrendRun, TrendShowing, TrendSort
from tests.organisation import GEORGIA, IONFIELD, TODAY

WEEKS = 26
SUNDAY = 6
SHOWN = 1.0
ARITHMETIC: dict[str, Any] = {
    "baseline": {"first": "2025-01-06", "weeks": 52, "count": 4.0, "notes": 2_300},
    "guard": 8,
    "own_rate": 0.17,
    "parent_rate": 0.21,
    "rate": 0.19,
    "notes": 320,
    "usual": 0.6,
    "rest": 1.17,
    "season": 1.0,
    "expected": 0.7,
    "variance": 0.4,
    "phi": 1.1,
    "p": 2e-6,
    "looks": 1_900,
    "chance": 0.003,
    "score": 2.5,
}


def run_of(
    session: Session,
    *,
    day: date = TODAY,
    reach: TrendReach = TrendReach.EVERYONE,
    history: int = 60,
) -> TrendRun:
    """The run of that day and reach; a new one shows nothing yet."""
    known = session.scalar(select(TrendRun).where(TrendRun.day == day, TrendRun.reach == reach))
    if known is not None:
        return known
    moment = datetime.combine(day, time(9), UTC)
    run = TrendRun(
        day=day,
        reach=reach,
        as_of=moment,
        finished_at=moment,
        seconds=1.5,
        observations=4_000,
        packed=1,
        history=history,
    )
    session.add(run)
    session.flush()
    return run


def trend_of(
    session: Session,
    *,
    opened_on: date,
    reach: TrendReach = TrendReach.EVERYONE,
    territory_id: int | None = GEORGIA,
    segment_id: int | None = None,
    **subject: Any,
) -> Trend:
    """A story that opened on that day; `subject` is one of competitor_id, product_id, kind and
    phrase, Ionfield if it is none."""
    about = subject or {"competitor_id": IONFIELD}
    sort = TrendSort(next(iter(about)).removesuffix("_id"))
    trend = Trend(
        reach=reach,
        sort=sort,
        territory_id=territory_id,
        segment_id=segment_id,
        opened_on=opened_on,
        shown_on=opened_on,
        peak=0.0,
        **about,
    )
    session.add(trend)
    session.flush()
    return trend


def show(
    session: Session,
    trend: Trend,
    *,
    day: date = TODAY,
    score: float = 2.5,
    evidence: Sequence[UUID] = (),
    **told: Any,
) -> int:
    """The trend as the run of the day shows it; the trend's id."""
    run = run_of(session, day=day, reach=trend.reach)
    values = {
        "territory_id": trend.territory_id,
        "segment_id": trend.segment_id,
        "weeks": 4,
        "count": 9.0,
        "expected": 0.7,
        "reporters": 7,
        "accounts": 5,
        "arithmetic": {**ARITHMETIC, "score": score},
        **told,
    }
    showing = TrendShowing(
        run_id=run.id,
        trend_id=trend.id,
        score=score,
        series=series(day),
        evidence=[str(one) for one in evidence],
        evidence_count=len(evidence),
        **values,
    )
    session.add(showing)
    if score >= SHOWN:
        trend.shown_on = max(trend.shown_on, day)
        trend.peak = max(trend.peak, score)
    session.flush()
    return trend.id


def showing(
    session: Session,
    *,
    day: date = TODAY,
    opened_on: date | None = None,
    score: float = 2.5,
    evidence: Sequence[UUID] = (),
    told: dict[str, Any] | None = None,
    **about: Any,
) -> int:
    """A new trend (see `trend_of` for `about`) shown on one day; its id."""
    trend = trend_of(session, opened_on=opened_on or day, **about)
    return show(session, trend, day=day, score=score, evidence=evidence, **(told or {}))


def kind_showing(session: Session, kind: Kind = Kind.CHALLENGE, **given: Any) -> int:
    """The same of a kind of notes."""
    return showing(session, kind=kind, **given)


def series(day: date) -> dict[str, Any]:
    """Half a year of weeks up to the day: quiet at first, then a surge of nine in four weeks."""
    monday = day - timedelta(days=day.weekday())
    quiet = [0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    counts = [*quiet, *quiet, 1, 2, 2, 4]
    return {
        "first": (monday - timedelta(weeks=WEEKS - 1)).isoformat(),
        "counts": counts,
        "expected": [0.17] * WEEKS,
        "upper": [1.0] * WEEKS,
        "partial": day.weekday() != SUNDAY,
    }
