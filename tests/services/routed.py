"""Routes and destinations for tests that only need some, and what came of them."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import (
    Cadence,
    Delivery,
    DeliveryState,
    Destination,
    DestinationKind,
    Route,
)
from insights.search.analysis import ENGLISH
from insights.services import journal, routing
from insights.text import fold
from tests.organisation import ANALYST, NOW

UTC_ZONE = ZoneInfo("UTC")


def destination(session: Session, address: str = "C-PRICING", **fields: Any) -> int:
    """A Slack channel, unless told otherwise."""
    chosen = {"kind": DestinationKind.SLACK_CHANNEL, "label": f"#{address}", **fields}
    row = Destination(address=address, created_at=NOW, **chosen)
    session.add(row)
    session.flush()
    return row.id


def routed(session: Session, query: str, destination_id: int, **fields: Any) -> int:
    """A route of the organisation that sends at once, unless told otherwise."""
    chosen = {"owner_id": ANALYST, "personal": False, "cadence": Cadence.AT_ONCE, **fields}
    name = f"{query} to {destination_id}"
    row = Route(
        name=name, folded=fold(name), query=query, destination_id=destination_id, zone="UTC",
        created_at=NOW, updated_at=NOW, **chosen,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def route_all(session: Session, now: Any = NOW) -> int:
    """Routes everything that the journal tells of; returns how many deliveries are new."""
    routes = routing.current(session, None, ENGLISH, zone=UTC_ZONE, now=now)
    entries = journal.entries_after(session, 0, limit=1_000)
    return routing.route(session, routes, entries, zone=UTC_ZONE, now=now)


def deliveries_of(
    session: Session, destination_id: int, state: DeliveryState | None = None
) -> list[UUID | None]:
    """The notes on their way to a destination, in order."""
    statement = select(Delivery.note_id).where(Delivery.destination_id == destination_id)
    if state is not None:
        statement = statement.where(Delivery.state == state)
    return list(session.scalars(statement.order_by(Delivery.due_at, Delivery.id)))
