"""Claims on deliveries: what is due is taken by one worker, with what it needs to be sent.

What the destination may not see any more, and what nobody wants any more, rests for good on the way
(see `deliveries`, which settles what was claimed).
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import (
    ScalarSelect,
    Select,
    bindparam,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from insights.db import UTCDateTime, table_of
from insights.models import (
    Cadence,
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Destination,
    Note,
    Route,
)
from insights.services import access
from insights.services.access import Actor
from insights.services.deliveries import LEASE, UNSENT, Parcel, reader_at, release

# What a digest holds at most; the rest comes with the next one, at once.
MOST_TOGETHER = 50
_CANDIDATES = 20
_DELIVERIES = table_of(Delivery)


def claim(session: Session, *, now: datetime, today: date) -> Parcel | None:
    """Takes the next parcel that is due at any destination nobody else writes to; None if none is.

    Notes that the destination may not see any more are withheld, and those that another route has
    sent there by themselves. What is returned is marked as being sent, and the destination leased
    for two minutes: settle it by then. `today` is the day in the organisation's time zone, on
    which assignments depend.
    """
    for destination_id in session.scalars(_due(now)):
        place = _lease(session, destination_id, now)
        if place is None:
            continue
        parcel = _parcel(session, place, now, today)
        if parcel is not None:
            return parcel
        release(session, place, now)
    return None


def _due(now: datetime) -> Select[int]:
    free = or_(Destination.leased_until.is_(None), Destination.leased_until <= now)
    return (
        select(Destination.id)
        .where(Destination.next_at <= now, free)
        .order_by(Destination.next_at, Destination.id)
        .limit(_CANDIDATES)
    )


def _lease(session: Session, destination_id: int, now: datetime) -> Destination | None:
    """The destination, if it is still free."""
    free = or_(Destination.leased_until.is_(None), Destination.leased_until <= now)
    taken = (
        update(Destination)
        .where(Destination.id == destination_id, free, Destination.next_at <= now)
        .values(leased_until=now + LEASE)
        .returning(Destination)
    )
    return session.scalars(taken, execution_options={"populate_existing": True}).one_or_none()


def _parcel(session: Session, place: Destination, now: datetime, today: date) -> Parcel | None:
    reader = reader_at(session, place, today=today)
    while True:
        rows, route = _next_rows(session, place, now)
        if not rows:
            return None
        unsure = rows[0].state is DeliveryState.SENDING
        ended = rows[0].route_id is not None and (route is None or route.muted)
        if ended and rows[0].matter is not DeliveryMatter.TEST:
            _withhold_all_of(session, rows[0], now)
            continue
        allowed = _without_withheld(session, reader, rows)
        if not allowed or _has_come_already(session, allowed[0], route):
            continue
        for row in allowed:
            row.state, row.attempts = DeliveryState.SENDING, row.attempts + 1
        session.flush()
        return Parcel(
            destination_id=place.id,
            kind=place.kind,
            team=place.team,
            address=place.address,
            route_id=rows[0].route_id,
            route_name=route.name if route else "",
            is_digest=_is_gathered(rows[0], route),
            threaded=route is not None and route.threaded,
            deliveries=tuple(row.id for row in allowed),
            note_ids=tuple(row.note_id for row in allowed if row.note_id is not None),
            is_unsure=unsure,
            matter=rows[0].matter,
            detail=rows[0].detail,
            reader=reader,
            person_id=place.person_id,
            secrets=_secrets(place, now),
        )


def _secrets(place: Destination, now: datetime) -> tuple[bytes, ...]:
    former = place.former_secret if place.former_until and place.former_until > now else None
    return tuple(one for one in (place.secret, former) if one is not None)


def _next_rows(
    session: Session, place: Destination, now: datetime
) -> tuple[Sequence[Delivery], Route | None]:
    """The first delivery that is due; with it, for a digest, all that are due of its route; and
    that route."""
    found = session.execute(_FIRST, {"place": place.id, "now": now}).one_or_none()
    if found is None:
        return [], None
    first, route = found
    if not _is_gathered(first, route):
        return [first], route
    same = (
        Delivery.destination_id == place.id,
        Delivery.state == first.state,
        Delivery.due_at <= now,
        Delivery.route_id == first.route_id,
        Delivery.matter == DeliveryMatter.NOTE,
    )
    order = (Delivery.due_at, Delivery.id)
    return session.scalars(
        select(Delivery).where(*same).order_by(*order).limit(MOST_TOGETHER)
    ).all(), route


def _first_in(state: DeliveryState) -> ScalarSelect[int]:
    """The number of the delivery in that state that is due first at `place`."""
    columns = _DELIVERIES.c
    due = columns.due_at <= bindparam("now", type_=UTCDateTime())
    return (
        select(columns.id)
        .where(columns.destination_id == bindparam("place"), columns.state == state, due)
        .order_by(columns.due_at, columns.id)
        .limit(1)
        .scalar_subquery()
    )


# What an attempt of unknown end was sending comes first, and by itself.
_FIRST = (
    select(Delivery, Route)
    .outerjoin(Route, Route.id == Delivery.route_id)
    .where(
        Delivery.id
        == func.coalesce(_first_in(DeliveryState.SENDING), _first_in(DeliveryState.WAITING))
    )
)


def _is_gathered(first: Delivery, route: Route | None) -> bool:
    """Whether notes of a route come together; all else comes by itself."""
    is_daily = route is not None and route.cadence is not Cadence.AT_ONCE
    return is_daily and first.matter is DeliveryMatter.NOTE


def _has_come_already(session: Session, row: Delivery, route: Route | None) -> bool:
    """Whether another route has sent the note there by itself: one message is enough. It is
    withheld then; not when somebody wants it sent again."""
    if row.matter is not DeliveryMatter.NOTE or _is_gathered(row, route) or row.sent_at is not None:
        return False
    other = session.scalar(
        select(Delivery.id)
        .join(Route, Route.id == Delivery.route_id)
        .where(
            Delivery.note_id == row.note_id,
            Delivery.destination_id == row.destination_id,
            Delivery.matter == DeliveryMatter.NOTE,
            Delivery.state == DeliveryState.SENT,
            Route.cadence == Cadence.AT_ONCE,
        )
        .limit(1)
    )
    if other is not None:
        row.state = DeliveryState.WITHHELD
        session.flush()
    return other is not None


def _withhold_all_of(session: Session, first: Delivery, now: datetime) -> None:
    """Lets all that is due of the route of `first` rest for good: whoever ended a route wants
    nothing more of it, not even what was gathered before. One statement, however many there are."""
    columns = _DELIVERIES.c
    session.execute(
        update(_DELIVERIES)
        .where(
            columns.destination_id == first.destination_id,
            columns.state.in_(UNSENT),
            columns.due_at <= now,
            columns.route_id == first.route_id,
            columns.matter != DeliveryMatter.TEST,
        )
        .values(state=DeliveryState.WITHHELD)
    )


def _without_withheld(
    session: Session, reader: Actor | None, rows: Sequence[Delivery]
) -> list[Delivery]:
    """Those that the reader at the destination may see; the others are withheld for good."""
    ids = [row.note_id for row in rows if row.note_id is not None]
    is_open = false() if reader is None else access.visible_notes(reader)
    seen = set(session.scalars(select(Note.id).where(Note.id.in_(ids), is_open)))
    allowed = []
    for row in rows:
        if row.note_id is None or row.note_id in seen:
            allowed.append(row)
        else:
            row.state = DeliveryState.WITHHELD
    session.flush()
    return allowed
