"""Deliveries on their way: claimed, handed over, settled.

A destination is claimed by a lease, so that one worker at a time writes to it, in order of what is
due. Claiming and settling are transactions of their own; the call to the receiver lies between
them, in none. Whoever dies there leaves deliveries in the state "sending": the next worker asks the
receiver whether it has them, where it can be asked, before it sends again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    case,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from insights.db import UTCDateTime, insert_or_skip, table_of
from insights.errors import NotFound
from insights.models import (
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Destination,
    DestinationKind,
)
from insights.services import access
from insights.services.access import Actor
from insights.text import shorten

LEASE = timedelta(minutes=2)
# Rests after failures: 10 seconds, doubled with each, at most an hour; given up after a day or so.
FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(hours=1)
MOST_ATTEMPTS = 30
LONGEST_TROUBLE = 300

UNSENT = (DeliveryState.WAITING, DeliveryState.SENDING)
_DELIVERIES = table_of(Delivery)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes to a destination as one message: one note, the notes of a digest, or what else its
    `matter` says, of which `detail` says more (see `models.delivery`).

    `deliveries` and `note_ids` belong together. `is_unsure` says that it may have arrived already,
    from an attempt whose end nobody knows. `reader` is as whom one reads at the destination (see
    `reader_at`), `person_id` its one reader, if it has one. `secrets` sign it, encrypted, the
    present one first.
    """

    destination_id: int
    kind: DestinationKind
    team: str
    address: str
    route_id: int | None
    route_name: str
    is_digest: bool
    threaded: bool
    deliveries: tuple[int, ...]
    note_ids: tuple[UUID, ...]
    is_unsure: bool
    matter: DeliveryMatter = DeliveryMatter.NOTE
    detail: str | None = None
    reader: Actor | None = None
    person_id: int | None = None
    secrets: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiver has it; `receipt` is its own id of it, `pace` how long to wait for the next."""

    receipt: str
    pace: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not go this time; `after` is what the receiver asks to wait, if it does."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """The receiver asked to be left alone for a while: nothing was handed over, and nothing went
    wrong that would count as an attempt."""

    reason: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class Refused:
    """The receiver takes the destination, but never this message."""

    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The destination cannot be reached until somebody mends it; `trouble` says how."""

    trouble: str


Outcome: TypeAlias = Sent | Failed | Later | Refused | Broken


def waiting(
    destination_id: int,
    *,
    cause: str,
    due_at: datetime,
    now: datetime,
    matter: DeliveryMatter = DeliveryMatter.NOTE,
    note_id: UUID | None = None,
    route_id: int | None = None,
    detail: str | None = None,
) -> dict[str, Any]:
    """A delivery for `put`."""
    return {
        "destination_id": destination_id,
        "note_id": note_id,
        "route_id": route_id,
        "matter": matter,
        "detail": detail,
        "cause": cause,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "due_at": due_at,
        "created_at": now,
    }


def put(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Stores deliveries made by `waiting` and sees that each destination is looked at in time.

    Those whose cause made one before are passed over; returns how many are new.
    """
    if not rows:
        return 0
    made = session.execute(insert_or_skip(session, Delivery, Delivery.destination_id), rows).all()
    _wake(session, rows)
    return len(made)


def settle(session: Session, parcel: Parcel, outcome: Outcome, *, now: datetime) -> None:
    """Writes down how it went, and when the destination is to be looked at next."""
    place = session.get_one(Destination, parcel.destination_id, with_for_update=True)
    rows = _DELIVERIES.c.id.in_(parcel.deliveries)
    match outcome:
        case Sent(receipt, pace):
            values = {"state": DeliveryState.SENT, "receipt": receipt, "sent_at": now}
            session.execute(update(_DELIVERIES).where(rows).values(**values, last_error=None))
            place.failures, place.ready_at = 0, now + pace
        case Failed(reason, after):
            _put_back(session, rows, reason)
            place.failures += 1
            rest = min(FIRST_REST * 2 ** min(place.failures - 1, 20), LONGEST_REST)
            place.ready_at = now + max(rest, after or rest)
        case Later(reason, after):
            values = {"state": DeliveryState.WAITING, "attempts": _DELIVERIES.c.attempts - 1}
            session.execute(update(_DELIVERIES).where(rows).values(**values, last_error=reason))
            place.ready_at = now + after
        case Refused(reason):
            values = {"state": DeliveryState.DEAD, "last_error": reason}
            session.execute(update(_DELIVERIES).where(rows).values(**values))
        case Broken(trouble):
            _put_back(session, rows, trouble)
            place.trouble = shorten(trouble, LONGEST_TROUBLE)
    release(session, place, now)


def withhold(session: Session, parcel: Parcel, *, now: datetime) -> None:
    """Lets a claimed parcel rest for good: there is nothing in it that the destination may see."""
    place = session.get_one(Destination, parcel.destination_id, with_for_update=True)
    rows = _DELIVERIES.c.id.in_(parcel.deliveries)
    session.execute(update(_DELIVERIES).where(rows).values(state=DeliveryState.WITHHELD))
    release(session, place, now)


def reader_at(session: Session, place: Destination, *, today: date) -> Actor | None:
    """As whom one reads what is sent there: the one reader of a private destination, None when they
    have left; elsewhere one who sees what everyone may see, or all that an admin has opened."""
    if place.person_id is None:
        return access.OPERATOR if place.takes_sealed else access.EVERYBODY
    try:
        return access.load_actor(session, place.person_id, today=today)
    except NotFound:
        return None


def send_again(session: Session, *, destination_id: int, now: datetime) -> int:
    """Takes the trouble off a destination and lets its dead deliveries go once more.

    Returns how many there were. Whoever calls it has made sure that the actor may do so.
    """
    place = require_destination(session, destination_id)
    dead = (Delivery.destination_id == destination_id, Delivery.state == DeliveryState.DEAD)
    count = session.scalar(select(func.count()).select_from(Delivery).where(*dead)) or 0
    values = {"state": DeliveryState.WAITING, "attempts": 0, "due_at": now}
    session.execute(update(Delivery).where(*dead).values(**values))
    place.trouble, place.failures, place.ready_at = "", 0, None
    _set_next(session, place)
    return count


def let_go_again(session: Session, row: Delivery, *, now: datetime) -> None:
    """Lets one delivery go once more, and takes the trouble off its destination. Whoever calls it
    has made sure that the actor may do so."""
    place = require_destination(session, row.destination_id)
    row.state, row.attempts, row.due_at = DeliveryState.WAITING, 0, now
    place.trouble, place.failures, place.ready_at = "", 0, None
    session.flush()
    _set_next(session, place)


def require_destination(session: Session, destination_id: int) -> Destination:
    """The destination, held until the transaction ends; raises NotFound."""
    place = session.get(Destination, destination_id, with_for_update=True)
    if place is None:
        raise NotFound("There is no such destination.")
    return place


def _wake(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Sets when each destination is to be looked at: not later than what is due first."""
    earliest: dict[int, datetime] = {}
    for row in rows:
        place, due = row["destination_id"], row["due_at"]
        earliest[place] = min(due, earliest.get(place, due))
    places: dict[datetime, set[int]] = defaultdict(set)
    for place, due in earliest.items():
        places[due].add(place)
    for due, ids in places.items():
        # Not before its rest is over, whatever comes in meanwhile.
        first = case(
            (Destination.ready_at > due, Destination.ready_at), else_=literal(due, UTCDateTime())
        )
        later = or_(Destination.next_at.is_(None), Destination.next_at > first)
        session.execute(
            update(Destination)
            .where(Destination.id.in_(ids), later, Destination.trouble == "")
            .values(next_at=first)
        )


def _put_back(session: Session, rows: ColumnElement[bool], reason: str) -> None:
    """Lets them wait for another attempt; those that had too many are dead."""
    tired = _DELIVERIES.c.attempts >= MOST_ATTEMPTS
    state = case((tired, DeliveryState.DEAD), else_=DeliveryState.WAITING)
    session.execute(update(_DELIVERIES).where(rows).values(state=state, last_error=reason))


def release(session: Session, place: Destination, now: datetime) -> None:
    """Gives the lease back and says when to look at the destination next."""
    place.leased_until = None
    if place.ready_at is not None and place.ready_at <= now:
        place.ready_at = None
    _set_next(session, place)


def _set_next(session: Session, place: Destination) -> None:
    """Reckoned by the database in the statement that writes it."""
    unsent = (Delivery.destination_id == place.id, Delivery.state.in_(UNSENT))
    first = select(func.min(Delivery.due_at)).where(*unsent).scalar_subquery()
    if place.trouble:
        place.next_at = None
    elif place.ready_at is None:
        place.next_at = first
    else:
        rested = literal(place.ready_at, UTCDateTime())
        place.next_at = case((first < rested, rested), else_=first)
    session.flush()
