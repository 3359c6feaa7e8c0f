"""Lets go of what runs of days long past showed, all but what pages can still ask for.

The last run of each week stays whole. Of the others only those showings stay from which a trend's
own row follows: its first and its last one, those that first and last reached the score to be
shown, and its peak. Such a run is thinned, and no page shows its day any more.
"""

from collections.abc import Collection
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import Select, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from insights.models import TrendRun, TrendShowing
from insights.trends.parameters import Parameters

# Days of the last quarter can all be looked at as they were.
KEPT_WHOLE = timedelta(weeks=13)
# So much is done at once; what is left over waits for the next refresh.
MOST_RUNS = 100


def prune(session: Session, *, today: date, parameters: Parameters) -> int:
    """Thins runs of days before the last 13 weeks, the oldest first; returns how many.

    At most a hundred at once, 0 when there are no more. No trend's row would be set to anything
    else afterwards, nor is any trend left without a showing.
    """
    chosen = _to_be_thinned(session, today - KEPT_WHOLE)
    if not chosen:
        return 0
    superfluous = _superfluous(chosen, parameters)
    session.execute(delete(TrendShowing).where(TrendShowing.id.in_(superfluous)))
    session.execute(update(TrendRun).where(TrendRun.id.in_(chosen)).values(thinned=True))
    return len(chosen)


def _to_be_thinned(session: Session, before: date) -> list[int]:
    """Runs of days before that one, without the last of each reach and week."""
    whole = select(TrendRun.id, TrendRun.reach, TrendRun.day).where(
        TrendRun.day < _monday(before), TrendRun.thinned.is_(False)
    )
    rows = session.execute(whole.order_by(TrendRun.reach, TrendRun.day)).all()
    weeks = groupby(rows, key=lambda row: (row.reach, _monday(row.day)))
    return [row.id for _, week in weeks for row in list(week)[:-1]][:MOST_RUNS]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _superfluous(runs: Collection[int], parameters: Parameters) -> Select[int]:
    """The showings of these runs that say nothing of their trends that others do not say."""
    touched = select(TrendShowing.trend_id).where(TrendShowing.run_id.in_(runs))
    was_shown = case((TrendShowing.score >= parameters.shown, TrendRun.day))
    kept = (
        select(
            TrendShowing.trend_id,
            func.min(TrendRun.day).label("first"),
            func.max(TrendRun.day).label("last"),
            func.coalesce(func.min(was_shown), func.min(TrendRun.day)).label("first_shown"),
            func.coalesce(func.max(was_shown), func.min(TrendRun.day)).label("last_shown"),
            func.max(TrendShowing.score).label("peak"),
        )
        .join(TrendRun, TrendRun.id == TrendShowing.run_id)
        .where(TrendShowing.trend_id.in_(touched))
        .group_by(TrendShowing.trend_id)
        .subquery()
    )
    days = (kept.c.first, kept.c.last, kept.c.first_shown, kept.c.last_shown)
    is_kept = or_(TrendRun.day.in_(days), TrendShowing.score == kept.c.peak)
    return (
        select(TrendShowing.id)
        .join(TrendRun, TrendRun.id == TrendShowing.run_id)
        .join(kept, kept.c.trend_id == TrendShowing.trend_id)
        .where(TrendShowing.run_id.in_(runs), ~is_kept)
    )
