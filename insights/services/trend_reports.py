"""Trends as the administration sees them: how computing them goes, and what people said of them.

What people said is reported and tunes nothing by itself. Everything here is for admins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from insights.models import (
    Job,
    Person,
    Trend,
    TrendMute,
    TrendReach,
    TrendRun,
    TrendShowing,
    TrendSort,
)
from insights.services import access, catalogue, jobs, trend_reactions, trends
from insights.services.access import Actor

MOST_RUNS = 14
MOST_MUTES = 100
MONTHS = 12
# Lower ends of the bands in which shown trends are counted; the last band is open.
BANDS = (0.0, 1.0, 2.0, 3.0, 5.0)


class JobState(StrEnum):
    """What the worker is doing about trends."""

    IDLE = "idle"
    WANTED = "wanted"
    RUNNING = "running"
    # Whoever began it did not come to an end; another worker may begin.
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class JobView:
    """The job that computes trends; all times are aware, None for what never was."""

    state: JobState
    holder: str | None
    leased_until: datetime | None
    wanted_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    stage: str
    done: int
    total: int
    trouble: str


NEVER = JobView(JobState.IDLE, None, None, None, None, None, "", 0, 0, "")


@dataclass(frozen=True, slots=True)
class RunView:
    """One run with how many trends it showed (score of at least 1) and watched (below that)."""

    day: date
    reach: TrendReach
    finished_at: datetime
    seconds: float
    observations: int
    packed: int
    history: int
    shown: int
    watched: int


@dataclass(frozen=True, slots=True)
class Band:
    """How many trends the newest run put from `low` up to `high`; None for no upper end."""

    low: float
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Judged:
    """How many verdicts there are in each way."""

    useful: int = 0
    not_useful: int = 0

    @property
    def count(self) -> int:
        """All verdicts."""
        return self.useful + self.not_useful

    @property
    def precision(self) -> float | None:
        """Which part of them says useful; None without any."""
        return self.useful / self.count if self.count else None

    def __add__(self, other: "Judged") -> "Judged":
        return Judged(self.useful + other.useful, self.not_useful + other.not_useful)


@dataclass(frozen=True, slots=True)
class Feedback:
    """The verdicts of the last 12 months: by month (its first day, oldest first, each month there)
    and by sort of subject."""

    months: Mapping[date, Judged]
    sorts: Mapping[TrendSort, Judged]

    @property
    def total(self) -> Judged:
        """All of them."""
        return sum(self.months.values(), Judged())


@dataclass(frozen=True, slots=True)
class MuteView:
    """Who does not want to see which trend, and why."""

    trend_id: int
    name: str
    place: str
    person_id: int
    person_name: str
    reason: str
    for_everyone: bool
    at: datetime


def job(session: Session, actor: Actor, *, now: datetime) -> JobView:
    """How the job stands at `now`. Raises Forbidden unless the actor is an admin."""
    access.require_admin(actor)
    row = session.get(Job, jobs.TRENDS_JOB)
    if row is None:
        return NEVER
    return JobView(
        state=_state(row, now),
        holder=row.holder,
        leased_until=row.leased_until,
        wanted_at=row.wanted_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        stage=row.stage,
        done=row.done,
        total=row.total,
        trouble=row.trouble,
    )


def _state(row: Job, now: datetime) -> JobState:
    if row.holder is not None and row.leased_until is not None:
        return JobState.RUNNING if row.leased_until > now else JobState.LEFT
    return JobState.WANTED if row.wanted_at is not None else JobState.IDLE


def compute_now(session: Session, actor: Actor, *, now: datetime) -> None:
    """A worker computes the trends as soon as it can. Raises Forbidden unless an admin asks."""
    access.require_admin(actor)
    jobs.want(session, jobs.TRENDS_JOB, now=now)


def runs(session: Session, actor: Actor) -> list[RunView]:
    """The last 14 runs, the latest first. One query. Raises Forbidden unless an admin asks."""
    access.require_admin(actor)
    newest = select(TrendRun).order_by(TrendRun.day.desc(), TrendRun.reach).limit(MOST_RUNS)
    run = newest.subquery()
    is_shown = case((TrendShowing.score >= BANDS[1], 1), else_=0)
    statement = (
        select(
            *run.c,
            func.coalesce(func.sum(is_shown), 0).label("shown"),
            func.count(TrendShowing.id).label("showings"),
        )
        .outerjoin(TrendShowing, TrendShowing.run_id == run.c.id)
        .group_by(*run.c)
        .order_by(run.c.day.desc(), run.c.reach)
    )
    return [
        RunView(
            day=row.day,
            reach=row.reach,
            finished_at=row.finished_at,
            seconds=row.seconds,
            observations=row.observations,
            packed=row.packed,
            history=row.history,
            shown=row.shown,
            watched=row.showings - row.shown,
        )
        for row in session.execute(statement)
    ]


def scores(session: Session, actor: Actor) -> list[Band]:
    """The trends of the newest run that everyone sees, by score; all bands, the lowest first.

    One query. Raises Forbidden unless the actor is an admin.
    """
    access.require_admin(actor)
    newest = (
        select(TrendRun.id)
        .where(TrendRun.reach == TrendReach.EVERYONE)
        .order_by(TrendRun.day.desc())
        .limit(1)
        .scalar_subquery()
    )
    rising = list(enumerate(BANDS))
    band = case(*((TrendShowing.score >= low, number) for number, low in reversed(rising)))
    numbers = select(band.label("band")).where(TrendShowing.run_id == newest).subquery()
    statement = select(numbers.c.band, func.count().label("trends")).group_by(numbers.c.band)
    counts: dict[int, int] = {row.band: row.trends for row in session.execute(statement)}
    ends = (*BANDS[1:], None)
    return [
        Band(low, high, counts.get(at, 0))
        for at, (low, high) in enumerate(zip(BANDS, ends, strict=True))
    ]


def feedback(session: Session, actor: Actor, *, today: date) -> Feedback:
    """The verdicts of the last 12 months, the present one included.

    One query. Raises Forbidden unless the actor is an admin.
    """
    months = _months(today)
    by_month = dict.fromkeys(months, Judged())
    by_sort = dict.fromkeys(TrendSort, Judged())
    for one in trend_reactions.judged(session, actor, since=months[0]):
        judged = Judged(one.useful, one.judged - one.useful)
        by_month[one.month] = by_month.get(one.month, Judged()) + judged
        by_sort[one.sort] += judged
    return Feedback(by_month, by_sort)


def _months(today: date) -> list[date]:
    """The first days of the last 12 months, the oldest first."""
    last = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(last - MONTHS + 1, last + 1)]


def mutes(session: Session, actor: Actor) -> list[MuteView]:
    """The newest 100 mutes, newest first. One query. Raises Forbidden unless an admin asks."""
    access.require_admin(actor)
    known = catalogue.current(session)
    statement = (
        select(TrendMute, Trend, Person.name)
        .join(Trend, Trend.id == TrendMute.trend_id)
        .join(Person, Person.id == TrendMute.person_id)
        .order_by(TrendMute.at.desc(), TrendMute.trend_id.desc())
        .limit(MOST_MUTES)
    )
    return [
        MuteView(
            trend_id=trend.id,
            name=trends.name_of(known, trend),
            place=trends.place_of(known, trend),
            person_id=mute.person_id,
            person_name=person_name,
            reason=mute.reason,
            for_everyone=mute.for_everyone,
            at=mute.at,
        )
        for mute, trend, person_name in session.execute(statement)
    ]
