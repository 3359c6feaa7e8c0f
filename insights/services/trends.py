"""Trends as they are read: what a day's run showed, for one reader.

Runs are computed beforehand (services.trend_runs); nothing is counted here. A reader who sees every
note gets the run that counted the sealed ones too, all others the one of notes open to everyone. A
page is read with a fixed number of queries however many trends there are: one for the run, one for
what it showed together with what the reader has said of it. Names come from the catalogue in
memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from insights.errors import NotFound
from insights.models import (
    Kind,
    Trend,
    TrendFollow,
    TrendMute,
    TrendReach,
    TrendRun,
    TrendShowing,
    TrendSort,
    TrendVerdict,
)
from insights.services import access, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, NamedItem, Place, SegmentItem
from insights.trends.life import Stage, stage_of
from insights.trends.parameters import Parameters

_PARAMETERS = Parameters()
# Scores from which a trend is shown, and from which it is strong; below it is only watched.
SHOWN, STRONG = _PARAMETERS.shown, _PARAMETERS.strong
LEAST_HISTORY = _PARAMETERS.least_history
DAY = 86_400
# More than a company has at a time; what is weaker is left out.
MOST_READ = 500
MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Series:
    """Weeks from a Monday on, a value each: voices, how many were expected, and what 95 of 100 such
    weeks stay under. When it is `partial` the last week was not over, and is expected to have as
    much as goes with the notes so far."""

    first: date
    counts: tuple[float, ...]
    expected: tuple[float, ...]
    upper: tuple[float, ...]
    partial: bool = False


@dataclass(frozen=True, slots=True)
class TrendView:
    """One trend as the run of a day showed it, for one reader.

    One of `competitor`, `product`, `kind` and `phrase` says what it is about; `territory` is None
    for the company as a whole; `mostly` the segment that most notes of a trend of none are about,
    if one stands out. `stage`, `shown_on` (the last day on which it scored enough to be
    shown) and `peak` are as of `day`. Counts are those of the last `weeks` weeks. `evidence` are
    the ids of the newest notes, some of which the reader may not see by now: they are read through
    `trend_evidence`. `followed`, `muted` and `verdict` are the reader's own; it is also muted when
    somebody muted it for everyone.
    """

    id: int
    sort: TrendSort
    name: str
    competitor: NamedItem | None
    product: NamedItem | None
    kind: Kind | None
    phrase: str | None
    territory: Place | None
    segment: SegmentItem | None
    mostly: SegmentItem | None
    day: date
    stage: Stage
    opened_on: date
    shown_on: date
    score: float
    peak: float
    weeks: int
    count: float
    expected: float
    reporters: int
    accounts: int
    series: Series
    arithmetic: Mapping[str, Any]
    evidence: tuple[UUID, ...]
    evidence_count: int
    followed: bool
    muted: bool
    verdict: bool | None

    @property
    def shown(self) -> bool:
        """Whether it scores enough to be more than watched."""
        return self.score >= SHOWN

    @property
    def strong(self) -> bool:
        """Whether it is told to people."""
        return self.score >= STRONG


@dataclass(frozen=True, slots=True)
class Emerging:
    """What a day's run showed of a part of the company, the strongest first.

    `day` is the day of the run, None when nothing was computed yet; `history` the weeks of notes
    that it had. `trends` are shown and `watched` may become so; `muted` are in neither. `above` are
    the shown ones of the places above a territory and of the company as a whole.
    """

    day: date | None
    as_of: datetime | None
    history: int
    trends: tuple[TrendView, ...] = ()
    watched: tuple[TrendView, ...] = ()
    muted: tuple[TrendView, ...] = ()
    above: tuple[TrendView, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownDay:
    """How a trend was shown on one day."""

    day: date
    score: float
    count: float
    expected: float


_EARLIER, _EARLIER_RUN = aliased(TrendShowing), aliased(TrendRun)


def _by_the_day(latest: ColumnElement[Any], earlier: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of a trend as of the day of the run; only a look at the past searches for it."""
    past = (
        select(earlier)
        .select_from(_EARLIER)
        .join(_EARLIER_RUN, _EARLIER_RUN.id == _EARLIER.run_id)
        .where(
            _EARLIER.trend_id == Trend.id,
            _EARLIER_RUN.day <= TrendRun.day,
            _EARLIER.score >= SHOWN,
        )
        .scalar_subquery()
    )
    return case((Trend.shown_on <= TrendRun.day, latest), else_=past)


_READER = bindparam("reader_id", type_=Integer)
# Every row has a method `count`, so the column needs another name.
_LEFT_OUT = ("id", "trend_id", "count")
# What a trend's own row says as of its last showing.
_OF_THE_DAY = ("shown_on", "peak", "territory_id", "segment_id")
# Put together once, because that takes longer than running it.
_VIEWS: Select[Any] = (
    select(
        *(one for one in Trend.__table__.columns if one.name not in _OF_THE_DAY),
        *(one for one in TrendShowing.__table__.columns if one.name not in _LEFT_OUT),
        TrendShowing.count.label("voices"),
        TrendRun.day,
        _by_the_day(Trend.__table__.c.shown_on, func.max(_EARLIER_RUN.day)).label("shown_on"),
        _by_the_day(Trend.__table__.c.peak, func.max(_EARLIER.score)).label("peak"),
        TrendFollow.person_id.is_not(None).label("followed"),
        TrendVerdict.useful.label("verdict"),
        exists()
        .where(
            TrendMute.trend_id == Trend.id,
            or_(TrendMute.person_id == _READER, TrendMute.for_everyone),
        )
        .label("muted"),
    )
    .join(TrendShowing, TrendShowing.trend_id == Trend.id)
    .join(TrendRun, TrendRun.id == TrendShowing.run_id)
    .outerjoin(
        TrendFollow, and_(TrendFollow.trend_id == Trend.id, TrendFollow.person_id == _READER)
    )
    .outerjoin(
        TrendVerdict, and_(TrendVerdict.trend_id == Trend.id, TrendVerdict.person_id == _READER)
    )
)
_STRONGEST_FIRST = (TrendShowing.score.desc(), Trend.id)


def reach_of(session: Session, actor: Actor, *, on: date) -> TrendRun | None:
    """The newest run of a day up to `on` that the actor may read; None when there is none.

    Of weeks long past only the last run is there (services.trend_pruning). Of two of the same day
    it is the one that counted more notes. One query.
    """
    newest = (
        select(TrendRun)
        .where(
            TrendRun.reach.in_(access.trend_reaches(actor)),
            TrendRun.day <= on,
            TrendRun.thinned.is_(False),
        )
        .order_by(TrendRun.day.desc(), TrendRun.reach != TrendReach.ALL)
        .limit(1)
    )
    return session.scalar(newest)


def emerging(
    session: Session,
    actor: Actor,
    *,
    on: date,
    territory_id: int | None = None,
    competitor_id: int | None = None,
    segment_id: int | None = None,
    product_id: int | None = None,
    limit: int = 20,
) -> Emerging:
    """What was emerging on the day `on` (in the organisation's time zone).

    Of a territory: there and below it, and what is shown above it. Of a competitor: itself and its
    products. Of a segment: among these customers. Of none of them: everywhere. At most `limit` of
    each list. Two queries.
    """
    run = reach_of(session, actor, on=on)
    if run is None:
        return Emerging(None, None, 0)
    known = catalogue.current(session)
    conditions = [
        *_of_competitor(known, competitor_id),
        *_among(segment_id),
        *_of_product(known, product_id),
        *_around(known, territory_id),
    ]
    found = _views_of(session, actor, run, *conditions)
    inside = [one for one in found if _lies_in(known, territory_id, one)]
    return Emerging(
        day=run.day,
        as_of=run.as_of,
        history=run.history,
        trends=tuple([one for one in inside if one.shown and not one.muted][:limit]),
        watched=tuple([one for one in inside if not one.shown and not one.muted][:limit]),
        muted=tuple([one for one in inside if one.muted][:limit]),
        above=tuple([one for one in found if one not in inside and not one.muted][:limit]),
    )


def by_territory(session: Session, actor: Actor, *, on: date) -> Mapping[int, TrendView]:
    """The strongest shown trend of each territory that has one, its own or one of a place below.

    What the actor has muted does not count. Two queries.
    """
    run = reach_of(session, actor, on=on)
    if run is None:
        return {}
    known = catalogue.current(session)
    strongest: dict[int, TrendView] = {}
    shown = (TrendShowing.score >= SHOWN, TrendShowing.territory_id.is_not(None))
    for one in _views_of(session, actor, run, *shown):
        if one.territory is not None and not one.muted:
            for place in known.lineage(one.territory.id):
                strongest.setdefault(place.id, one)
    return strongest


def get(session: Session, actor: Actor, trend_id: int, *, on: date) -> TrendView:
    """The trend as it was last shown or watched up to the day `on`, with its stage of that day.

    Raises NotFound when there is none, none by that day, or none that the actor may see.
    """
    trend = access.trend(session, actor, trend_id)
    newest = _VIEWS.where(Trend.id == trend.id, TrendRun.day <= on).order_by(TrendRun.day.desc())
    row = session.execute(newest.limit(1), {"reader_id": actor.id}).one_or_none()
    if row is None:
        raise NotFound("This trend had not been seen by that day. Choose a later one.")
    latest = select(func.max(TrendRun.day)).where(
        TrendRun.reach == trend.reach,
        TrendRun.day <= on,
        or_(TrendRun.thinned.is_(False), TrendRun.day == row.day),
    )
    return _view(catalogue.current(session), row, session.scalars(latest).one())


def life(session: Session, actor: Actor, trend_id: int) -> tuple[ShownDay, ...]:
    """How the trend scored day by day, oldest first; its last 400 days. Raises NotFound."""
    trend = access.trend(session, actor, trend_id)
    days = (
        select(TrendRun.day, TrendShowing.score, TrendShowing.count, TrendShowing.expected)
        .join(TrendRun, TrendRun.id == TrendShowing.run_id)
        .where(TrendShowing.trend_id == trend.id)
        .order_by(TrendRun.day.desc())
        .limit(MOST_DAYS)
    )
    rows = session.execute(days).all()
    return tuple(ShownDay(*row) for row in reversed(rows))


def name_of(known: Catalogue, row: Trend | Row[Any]) -> str:
    """What a trend is about, by its name of today: a competitor, a product, a kind, a phrase."""
    if row.competitor_id is not None:
        return known.competitor(row.competitor_id).name
    if row.product_id is not None:
        return known.product(row.product_id).name
    return row.kind.value.capitalize() if row.kind is not None else str(row.phrase)


def place_of(known: Catalogue, row: Trend | Row[Any]) -> str:
    """Where a trend is and among which customers, by their names of today."""
    place = "The company"
    if row.territory_id is not None:
        place = known.territories[row.territory_id].name
    return place if row.segment_id is None else f"{place}, {known.segments[row.segment_id].name}"


def _views_of(
    session: Session, actor: Actor, run: TrendRun, *conditions: ColumnElement[bool]
) -> Sequence[TrendView]:
    """What the run showed, the strongest first."""
    statement = _VIEWS.where(TrendShowing.run_id == run.id, *conditions)
    ordered = statement.order_by(*_STRONGEST_FIRST).limit(MOST_READ)
    known = catalogue.current(session)
    rows = session.execute(ordered, {"reader_id": actor.id})
    return [_view(known, row, run.day) for row in rows]


def _of_competitor(known: Catalogue, competitor_id: int | None) -> Iterator[ColumnElement[bool]]:
    """Under all ids that the competitor has had."""
    if competitor_id is None:
        return
    former = [one.id for one in known.merged.values() if one.into_id == competitor_id]
    products = [
        one for one in known.products_ever if known.product(one).competitor_id == competitor_id
    ]
    yield or_(
        Trend.competitor_id.in_([competitor_id, *former]),
        Trend.product_id.in_(products),
    )


def _of_product(known: Catalogue, product_id: int | None) -> Iterator[ColumnElement[bool]]:
    """Under all ids that the product has had."""
    if product_id is not None:
        former = [one.id for one in known.merged_products.values() if one.into_id == product_id]
        yield Trend.product_id.in_([product_id, *former])


def _among(segment_id: int | None) -> Iterator[ColumnElement[bool]]:
    """Of these customers, or mostly of them."""
    if segment_id is not None:
        yield or_(TrendShowing.segment_id == segment_id, TrendShowing.mostly_id == segment_id)


def _around(known: Catalogue, territory_id: int | None) -> Iterator[ColumnElement[bool]]:
    """In the territory or below it; above it only what is shown."""
    if territory_id is None:
        return
    above = [one.id for one in known.lineage(territory_id)[:-1]]
    yield or_(
        TrendShowing.territory_id.in_(sorted(known.subtree(territory_id))),
        and_(
            or_(TrendShowing.territory_id.is_(None), TrendShowing.territory_id.in_(above)),
            TrendShowing.score >= SHOWN,
        ),
    )


def _lies_in(known: Catalogue, territory_id: int | None, one: TrendView) -> bool:
    if territory_id is None:
        return True
    return one.territory is not None and one.territory.id in known.subtree(territory_id)


def _view(known: Catalogue, row: Row[Any], latest: date) -> TrendView:
    """The row as a view, with its stage on the day `latest`."""
    return TrendView(
        id=row.id,
        sort=row.sort,
        name=name_of(known, row),
        competitor=None if row.competitor_id is None else known.competitor(row.competitor_id),
        product=None if row.product_id is None else known.product(row.product_id),
        kind=row.kind,
        phrase=row.phrase,
        territory=None if row.territory_id is None else known.territories[row.territory_id],
        segment=None if row.segment_id is None else known.segments[row.segment_id],
        mostly=_mostly(known, row),
        day=row.day,
        stage=_stage(row, latest),
        opened_on=row.opened_on,
        shown_on=row.shown_on or row.opened_on,
        score=row.score,
        peak=row.peak or row.score,
        weeks=row.weeks,
        count=row.voices,
        expected=row.expected,
        reporters=row.reporters,
        accounts=row.accounts,
        series=_series(row.series),
        arithmetic=row.arithmetic,
        evidence=tuple(UUID(one) for one in row.evidence),
        evidence_count=row.evidence_count,
        followed=bool(row.followed),
        muted=bool(row.muted),
        verdict=row.verdict,
    )


def _mostly(known: Catalogue, row: Row[Any]) -> SegmentItem | None:
    """None for a story of a segment, which is named with it anyway."""
    named = row.mostly_id is None or row.segment_id is not None
    return None if named else known.segments[row.mostly_id]


def _stage(row: Row[Any], latest: date) -> Stage:
    opened, shown, now = (
        day.toordinal() * DAY for day in (row.opened_on, row.shown_on or row.opened_on, latest)
    )
    return stage_of(_PARAMETERS, opened=opened, shown=shown, now=now)


def _series(stored: Mapping[str, Any]) -> Series:
    counts, expected, upper = (tuple(stored[name]) for name in ("counts", "expected", "upper"))
    first = date.fromisoformat(stored["first"])
    return Series(first, counts, expected, upper, bool(stored["partial"]))
