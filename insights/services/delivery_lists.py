"""Deliveries as they are looked at: where a note went, and what came of each.

What goes to a person's own address is theirs to see. Those who keep routes see the rest; a rep is
told how many places a note went to. Admins also see that something went to a person, and how, but
not what.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from insights.db import UTCDateTime
from insights.errors import Conflict, NotFound
from insights.models import (
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Destination,
    DestinationKind,
    Route,
)
from insights.services import access, deliveries, journal, lookup
from insights.services.access import Actor

MOST_OF_NOTE = 50
_SENDABLE = (DeliveryState.DEAD, DeliveryState.SENT)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery with where it goes. `answer` is what the receiver said last, `trouble` what is
    wrong with the destination; both are empty while all is well. Times are in UTC. `hidden` says
    that it is somebody else's own, so that it is not told what it holds."""

    id: int
    note_id: UUID | None
    matter: DeliveryMatter
    detail: str | None
    state: DeliveryState
    attempts: int
    due_at: datetime
    created_at: datetime
    sent_at: datetime | None
    answer: str
    route_id: int | None
    route_name: str
    destination_id: int
    destination_kind: DestinationKind
    destination_label: str
    trouble: str
    hidden: bool = False

    @property
    def can_go_again(self) -> bool:
        """Whether it has ended, so that it can be sent once more."""
        return self.state in _SENDABLE


@dataclass(frozen=True, slots=True)
class NoteDeliveries:
    """Where a note goes: what the reader may see, newest first, and how many places it has gone to
    in all."""

    shown: Sequence[DeliveryView]
    places: int


def of_note(session: Session, actor: Actor, note_id: UUID) -> NoteDeliveries:
    """Where the note went and goes; raises NotFound unless the actor may see the note.

    Two queries, beside the one for the note.
    """
    access.note(session, actor, note_id)
    about = (Delivery.note_id == note_id, Delivery.matter == DeliveryMatter.NOTE)
    rows = session.execute(
        _DELIVERIES.where(*about, access.visible_destinations(actor))
        .order_by(Delivery.id.desc())
        .limit(MOST_OF_NOTE)
    )
    sent = select(func.count(Delivery.destination_id.distinct())).where(
        *about, Delivery.state == DeliveryState.SENT
    )
    return NoteDeliveries([_view(row) for row in rows], session.scalar(sent) or 0)


def list_of_note(
    session: Session, actor: Actor, note_id: UUID, *, after: int | None = None, limit: int
) -> list[DeliveryView]:
    """Up to `limit` deliveries of the note that the actor sees, the newest first, from behind
    number `after`. Raises NotFound unless the actor may see the note."""
    access.note(session, actor, note_id)
    behind = [Delivery.id < min(after, lookup.LARGEST_ID)] if after is not None else []
    rows = session.execute(
        _DELIVERIES.where(Delivery.note_id == note_id, access.visible_destinations(actor), *behind)
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    return [_view(row) for row in rows]


def list_of_destination(
    session: Session,
    actor: Actor,
    destination_id: int,
    *,
    state: DeliveryState,
    after: int | None = None,
    limit: int,
) -> list[DeliveryView]:
    """Up to `limit` deliveries to a destination that are in that state, those due last first, from
    behind number `after`. Read from the index, however many there are.

    Raises NotFound for a destination of which the actor sees nothing.
    """
    place = lookup.require_id(session, Destination, destination_id)
    if not actor.manages_all and not access.may_see_destination(actor, place.person_id):
        raise NotFound("There is no such destination.")
    chosen = _DELIVERIES.where(Delivery.destination_id == destination_id, Delivery.state == state)
    if after is not None:
        last = lookup.by_id(session, Delivery, after)
        if last is None:
            return []
        chosen = chosen.where(
            tuple_(Delivery.due_at, Delivery.id)
            < tuple_(literal(last.due_at, UTCDateTime()), literal(last.id))
        )
    rows = session.execute(chosen.order_by(Delivery.due_at.desc(), Delivery.id.desc()).limit(limit))
    return [_for(actor, row) for row in rows]


def get(session: Session, actor: Actor, delivery_id: int) -> DeliveryView:
    """The delivery, if the actor sees it; raises NotFound."""
    row = None
    if 0 < delivery_id <= lookup.LARGEST_ID:
        row = session.execute(_DELIVERIES.where(Delivery.id == delivery_id)).one_or_none()
    if row is None or not (actor.manages_all or _is_visible(actor, row)):
        raise NotFound("There is no such delivery.")
    return _for(actor, row)


def send_again(session: Session, actor: Actor, delivery_id: int, *, now: datetime) -> DeliveryView:
    """Lets one delivery that has ended go once more, also one that has arrived; takes the trouble
    off its destination. For admins.

    Raises NotFound, Forbidden, and Conflict for one that is on its way or was withheld.
    """
    access.require_admin(actor)
    row = lookup.require_id(session, Delivery, delivery_id, lock=True)
    if row.state not in _SENDABLE:
        raise Conflict(
            "It was withheld, because its readers may not see it or its route has ended."
            if row.state is DeliveryState.WITHHELD
            else "It is on its way already."
        )
    deliveries.let_go_again(session, row, now=now)
    journal.append(
        session, "delivery.repeated", ("destination", row.destination_id),
        actor_id=actor.journal_id, now=now, data={"delivery": row.id},
    )  # fmt: skip
    return get(session, actor, delivery_id)


_DELIVERIES: Select[Any] = (
    select(
        *(
            getattr(Delivery, name)
            for name in (
                "id", "note_id", "matter", "detail", "state", "attempts", "due_at", "created_at",
                "sent_at", "last_error", "route_id", "destination_id",
            )
        ),
        Route.name.label("route_name"),
        Destination.kind,
        Destination.label,
        Destination.trouble,
        Destination.person_id,
    )
    .join(Destination, Destination.id == Delivery.destination_id)
    .outerjoin(Route, Route.id == Delivery.route_id)
)  # fmt: skip


def _is_visible(actor: Actor, row: Row[Any]) -> bool:
    return access.may_see_destination(actor, row.person_id)


def _for(actor: Actor, row: Row[Any]) -> DeliveryView:
    """The delivery as the actor may see it."""
    view = _view(row)
    if _is_visible(actor, row):
        return view
    return replace(view, note_id=None, detail=None, route_name="", hidden=True)


def _view(row: Row[Any]) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        note_id=row.note_id,
        matter=row.matter,
        detail=row.detail,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at,
        created_at=row.created_at,
        sent_at=row.sent_at,
        answer=row.last_error or "",
        route_id=row.route_id,
        route_name=row.route_name or "",
        destination_id=row.destination_id,
        destination_kind=row.kind,
        destination_label=row.label,
        trouble=row.trouble,
    )
