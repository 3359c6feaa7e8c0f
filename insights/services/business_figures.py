"""Business figures: quota, revenue, deal size and win rate of a territory in a month.

They come from another system and are never worked out here. Quota and revenue of a place are its
own figure, otherwise the sum of what lies below it; win rate and deal size are told only where they
were brought in, because neither can be added up without knowing how many deals there were.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias, TypedDict

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid
from insights.models import BusinessFigure
from insights.services import access, access_work, catalogue, journal, lookup
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Place

LARGEST = Decimal(10) ** 13
EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 1)
_CENT = Decimal("0.01")
_Rows: TypeAlias = Mapping[tuple[int, date], BusinessFigure]
AMOUNTS = ("quota", "revenue", "deal_size")


class FigureValues(TypedDict, total=False):
    """What is known of a territory and month; None and what is left out are unknown."""

    quota: Decimal | None
    revenue: Decimal | None
    deal_size: Decimal | None
    win_rate: float | None


@dataclass(frozen=True, slots=True)
class FigureView:
    """The figures of a territory itself in the month that begins with the day `month`."""

    place: Place
    month: date
    quota: Decimal | None
    revenue: Decimal | None
    deal_size: Decimal | None
    win_rate: float | None
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A place in a month: `quota` and `revenue` with all below it, win rate and deal size its own.
    What is not known is None."""

    month: date
    quota: Decimal | None = None
    revenue: Decimal | None = None
    deal_size: Decimal | None = None
    win_rate: float | None = None

    @property
    def attainment(self) -> float | None:
        """Revenue as a share of quota; None without either."""
        if not self.quota or self.revenue is None:
            return None
        return float(self.revenue / self.quota)

    @property
    def is_known(self) -> bool:
        """Whether there is any figure."""
        return any(
            one is not None for one in (self.quota, self.revenue, self.deal_size, self.win_rate)
        )


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of the list ended."""

    month: date
    territory_id: int


def put(
    session: Session,
    actor: Actor,
    *,
    territory_id: int,
    month: date,
    values: FigureValues,
    now: datetime,
) -> bool:
    """Stores the figures of a territory and month in place of those that were there; returns
    whether there were none. The same figures again change nothing.

    Raises Forbidden for all but admins, and Invalid(territory, month, quota, revenue, deal_size,
    win_rate).
    """
    access.require_admin(actor)
    row = usable(session, territory_id, month, values)
    stored = store(session, [row], now=now)
    if stored.added or stored.replaced:
        record(session, actor, months=[month], rows=1, now=now)
    return bool(stored.added)


@dataclass(frozen=True, slots=True)
class Stored:
    """How many rows were new, took the place of others, and were there already."""

    added: int
    replaced: int
    unchanged: int


def usable(
    session: Session, territory_id: int, month: date, values: FigureValues
) -> dict[str, Any]:
    """The columns of a row; raises Invalid with every field to mend, an unknown territory too."""
    problems = FieldProblems()
    row: dict[str, Any] = {"territory_id": territory_id, "month": month}
    with problems:
        if territory_id not in catalogue.current(session).territories:
            raise Invalid({"territory": ["There is no such territory."]})
    with problems:
        if month.day != 1 or not EARLIEST <= month <= LATEST:
            raise Invalid({"month": ["Give a month such as 2026-03."]})
    amounts = {"quota": values.get("quota"), "revenue": values.get("revenue")}
    amounts["deal_size"] = values.get("deal_size")
    for name, amount in amounts.items():
        with problems:
            row[name] = _amount(name, amount)
    with problems:
        row["win_rate"] = _share(values.get("win_rate"))
    with problems:
        if all(value is None for value in values.values()):
            raise Invalid("Give at least one figure: quota, revenue, deal size or win rate.")
    problems.settle()
    return row


def store(
    session: Session, rows: Sequence[Mapping[str, Any]], *, now: datetime, keep: bool = True
) -> Stored:
    """Writes usable rows, one for each territory and month, in place of those that are there; only
    counts them when they are not to be kept. Three queries and one for the new rows."""
    if keep:
        lookup.hold_territories(session, {row["territory_id"] for row in rows})
    known = _stored(session, rows)
    added = [row for row in rows if (row["territory_id"], row["month"]) not in known]
    replaced = 0
    for row in rows:
        former = known.get((row["territory_id"], row["month"]))
        if former is None or all(getattr(former, name) == value for name, value in row.items()):
            continue
        replaced += 1
        if keep:
            for name, value in row.items():
                setattr(former, name, value)
            former.imported_at = now
    if keep:
        session.add_all(BusinessFigure(**row, imported_at=now) for row in added)
        session.flush()
    return Stored(len(added), replaced, len(rows) - len(added) - replaced)


def _stored(session: Session, rows: Sequence[Mapping[str, Any]]) -> _Rows:
    """What is there of the territories and the months from the first to the last of the rows."""
    if not rows:
        return {}
    months = [row["month"] for row in rows]
    statement = select(BusinessFigure).where(
        BusinessFigure.territory_id.in_({row["territory_id"] for row in rows}),
        BusinessFigure.month.between(min(months), max(months)),
    )
    return {(one.territory_id, one.month): one for one in session.scalars(statement)}


def record(
    session: Session, actor: Actor, *, months: Collection[date], rows: int, now: datetime
) -> None:
    """Writes into the journal for which months how many rows were brought in."""
    names = sorted({f"{one:%Y-%m}" for one in months})
    data = {"rows": rows, "months": names}
    subject = ("figures", names[0])
    journal.append(
        session, "figures.imported", subject, actor_id=actor.journal_id, now=now, data=data
    )


def list_figures(
    session: Session,
    actor: Actor,
    *,
    territory_ids: Collection[int] = (),
    since: date | None = None,
    until: date | None = None,
    limit: int,
    after: Position | None = None,
) -> list[FigureView]:
    """Up to `limit` rows that the actor may see, the newest month first: of these territories (none
    given: of all) and of the months from `since` to `until`. One query.

    Raises Forbidden for whoever sees no measures.
    """
    access_work.require_measurer(actor)
    conditions = [_visible(actor)]
    if territory_ids:
        conditions.append(BusinessFigure.territory_id.in_(sorted(territory_ids)))
    if since is not None:
        conditions.append(BusinessFigure.month >= since)
    if until is not None:
        conditions.append(BusinessFigure.month <= until)
    if after is not None:
        same = and_(
            BusinessFigure.month == after.month, BusinessFigure.territory_id > after.territory_id
        )
        conditions.append(or_(BusinessFigure.month < after.month, same))
    order = BusinessFigure.month.desc(), BusinessFigure.territory_id
    statement = select(BusinessFigure).where(*conditions).order_by(*order).limit(limit)
    known = catalogue.current(session)
    return [_view(known, row) for row in session.scalars(statement)]


def monthly(
    session: Session, actor: Actor, *, place: Place | None, months: Sequence[date]
) -> list[MonthFigures]:
    """The figures of a place (None: of the whole company) in each of these months, in their order.

    One query. Raises Forbidden for whoever may not see its measures.
    """
    access_work.require_measurer(actor, place.id if place else None)
    known = catalogue.current(session)
    within = known.subtree(place.id) if place else frozenset(known.territories)
    statement = select(BusinessFigure).where(
        BusinessFigure.territory_id.in_(sorted(within)),
        BusinessFigure.month.between(min(months), max(months)),
        _visible(actor),
    )
    rows = {(row.territory_id, row.month): row for row in session.scalars(statement)}
    return [_month(known, place, month, rows) for month in months]


def _month(known: Catalogue, place: Place | None, month: date, rows: _Rows) -> MonthFigures:
    own = rows.get((place.id, month)) if place else None
    tops = [place.id] if place else [one.id for one in known.children(None)]
    return MonthFigures(
        month=month,
        quota=_summed(known, tops, month, rows, "quota"),
        revenue=_summed(known, tops, month, rows, "revenue"),
        deal_size=own.deal_size if own else None,
        win_rate=own.win_rate if own else None,
    )


def _summed(
    known: Catalogue, tops: Sequence[int], month: date, rows: _Rows, name: str
) -> Decimal | None:
    """The sum over these places; of each its own figure, otherwise the sum of what lies below."""
    values: list[Decimal] = []
    waiting = list(tops)
    while waiting:
        territory_id = waiting.pop()
        row = rows.get((territory_id, month))
        value: Decimal | None = getattr(row, name) if row else None
        if value is None:
            waiting += [one.id for one in known.children(territory_id)]
        else:
            values.append(value)
    return sum(values, Decimal(0)) if values else None


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.sees_all:
        return true()
    return BusinessFigure.territory_id.in_(sorted(actor.scope))


def _amount(name: str, value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    if not value.is_finite() or abs(value) >= LARGEST or (value < 0 and name != "revenue"):
        message = "Give an amount from 0 to 10,000,000,000,000; revenue may be below 0."
        raise Invalid({name: [message]})
    return value.quantize(_CENT)


def _share(value: float | None) -> float | None:
    if value is not None and not 0 <= value <= 1:
        raise Invalid({"win_rate": ["Give a share from 0 to 1, or percent with the sign: 31 %."]})
    return value


def _view(known: Catalogue, row: BusinessFigure) -> FigureView:
    return FigureView(
        place=known.territories[row.territory_id],
        month=row.month,
        quota=row.quota,
        revenue=row.revenue,
        deal_size=row.deal_size,
        win_rate=row.win_rate,
        imported_at=row.imported_at,
    )
