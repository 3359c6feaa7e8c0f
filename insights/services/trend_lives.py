"""The trends behind what a run shows: which one goes on, which one opens, and their columns.

A story goes on with the trend of the same subject that was shown within the quiet time, if it is at
the same place or rests on some of the same notes; each trend goes on with one story at most. What
a trend's own row says follows from its showings alone: its place is that of its last one, because
a story that begins in a region may turn out to be a territory's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from insights.models import (
    Kind,
    Trend,
    TrendFollow,
    TrendMute,
    TrendRun,
    TrendShowing,
    TrendSort,
    TrendVerdict,
)
from insights.services.catalogue import Catalogue
from insights.trends.parameters import Parameters

About = tuple[TrendSort, int | Kind | str]
Where = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Story:
    """What a run found: about what, where (territory, segment), and the row that shows it."""

    about: About
    where: Where
    score: float
    evidence: frozenset[str]
    showing: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """A trend as it was last shown near the day."""

    id: int
    about: About
    where: Where
    day: date
    evidence: frozenset[str]


def trends_of(
    session: Session,
    run: TrendRun,
    stories: Sequence[Story],
    *,
    known: Catalogue,
    parameters: Parameters,
) -> list[int]:
    """The id of each story's trend, in their order; those that open get a row."""
    waiting = _recent(session, run, known, parameters)
    chosen = []
    for story in stories:
        trend = next((one for one in waiting if _goes_on(one, story)), None)
        if trend is not None:
            waiting.remove(trend)
        chosen.append(_opened(session, run, story) if trend is None else trend.id)
    return chosen


def forget(session: Session, run: TrendRun, going_on: Iterable[int]) -> set[int]:
    """Takes back what the run showed before it was made anew; the trends that may have changed.

    A trend that people were told of, or that somebody reacted to, stays as it was shown; one that
    opened with this run and goes on no more is gone.
    """
    chosen = TrendShowing.run_id == run.id
    lost = set(session.scalars(select(TrendShowing.trend_id).where(chosen))) - set(going_on)
    lost -= set(session.scalars(select(Trend.id).where(Trend.id.in_(lost), _is_known_to_people())))
    going = TrendShowing.trend_id.in_({*lost, *going_on})
    session.execute(delete(TrendShowing).where(chosen, going))
    never_shown = ~exists().where(TrendShowing.trend_id == Trend.id)
    session.execute(delete(Trend).where(Trend.id.in_(lost), never_shown))
    return lost


def _is_known_to_people() -> ColumnElement[bool]:
    reacted = (
        exists().where(table.trend_id == Trend.id)
        for table in (TrendFollow, TrendMute, TrendVerdict)
    )
    return or_(Trend.announced_at.is_not(None), *reacted)


def settle(session: Session, trends: Iterable[int], parameters: Parameters) -> None:
    """Sets when these trends opened, when they were last shown, their peak, and where they are.

    Shown is what reached the score for it; one that never did opened when it was first watched.
    """
    chosen = set(trends)
    places = _last_places(session, chosen)
    was_shown = case((TrendShowing.score >= parameters.shown, TrendRun.day))
    rows = session.execute(
        select(
            TrendShowing.trend_id,
            func.coalesce(func.min(was_shown), func.min(TrendRun.day)).label("opened_on"),
            func.coalesce(func.max(was_shown), func.min(TrendRun.day)).label("shown_on"),
            func.max(TrendShowing.score).label("peak"),
        )
        .join(TrendRun, TrendRun.id == TrendShowing.run_id)
        .where(TrendShowing.trend_id.in_(chosen))
        .group_by(TrendShowing.trend_id)
    ).all()
    values = [
        {
            "id": row.trend_id,
            "opened_on": row.opened_on,
            "shown_on": row.shown_on,
            "peak": row.peak,
            "territory_id": places[row.trend_id][0],
            "segment_id": places[row.trend_id][1],
        }
        for row in rows
    ]
    if values:
        session.execute(update(Trend), values)


def _last_places(session: Session, trends: set[int]) -> dict[int, Where]:
    """Where each of these trends was last shown or watched."""
    last = (
        select(TrendShowing.trend_id, func.max(TrendRun.day).label("day"))
        .join(TrendRun, TrendRun.id == TrendShowing.run_id)
        .where(TrendShowing.trend_id.in_(trends))
        .group_by(TrendShowing.trend_id)
        .subquery()
    )
    rows = session.execute(
        select(TrendShowing.trend_id, TrendShowing.territory_id, TrendShowing.segment_id)
        .join(TrendRun, TrendRun.id == TrendShowing.run_id)
        .join(last, and_(last.c.trend_id == TrendShowing.trend_id, last.c.day == TrendRun.day))
    )
    return {row.trend_id: (row.territory_id, row.segment_id) for row in rows}


def _recent(
    session: Session, run: TrendRun, known: Catalogue, parameters: Parameters
) -> list[_Known]:
    """The trends shown within the quiet time before the run's day or after it, the latest first.

    After it, because a day of the past can be computed late.
    """
    quiet = timedelta(weeks=parameters.quiet)
    latest = (
        select(TrendShowing.trend_id, func.max(TrendRun.day).label("day"))
        .join(TrendRun, TrendRun.id == TrendShowing.run_id)
        .where(TrendRun.reach == run.reach, TrendRun.day.between(run.day - quiet, run.day + quiet))
        .group_by(TrendShowing.trend_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Trend,
            TrendRun.day,
            TrendShowing.territory_id,
            TrendShowing.segment_id,
            TrendShowing.evidence,
        )
        .join(latest, latest.c.trend_id == Trend.id)
        .join(TrendRun, and_(TrendRun.day == latest.c.day, TrendRun.reach == run.reach))
        .join(
            TrendShowing,
            and_(TrendShowing.run_id == TrendRun.id, TrendShowing.trend_id == Trend.id),
        )
        .order_by(TrendRun.day.desc(), Trend.id)
    )
    return [
        _Known(
            trend.id,
            _about(trend, known),
            (territory, segment),
            day,
            frozenset(evidence),
        )
        for trend, day, territory, segment, evidence in rows
    ]


def _about(trend: Trend, known: Catalogue) -> About:
    """What a trend is about by now: one may have been merged into another."""
    if trend.competitor_id is not None:
        return trend.sort, known.competitor(trend.competitor_id).id
    if trend.product_id is not None:
        return trend.sort, known.product(trend.product_id).id
    subject = trend.kind or trend.phrase
    assert subject is not None, "a trend has one subject"
    return trend.sort, subject


def _goes_on(trend: _Known, story: Story) -> bool:
    same = trend.where == story.where or bool(trend.evidence & story.evidence)
    return trend.about == story.about and same


def _opened(session: Session, run: TrendRun, story: Story) -> int:
    sort, subject = story.about
    column = {
        TrendSort.COMPETITOR: "competitor_id",
        TrendSort.PRODUCT: "product_id",
        TrendSort.KIND: "kind",
        TrendSort.PHRASE: "phrase",
    }[sort]
    trend = Trend(
        reach=run.reach,
        sort=sort,
        territory_id=story.where[0],
        segment_id=story.where[1],
        opened_on=run.day,
        shown_on=run.day,
        peak=story.score,
        **{column: subject},
    )
    session.add(trend)
    session.flush()
    return trend.id
