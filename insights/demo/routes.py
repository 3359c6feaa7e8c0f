"""The routes of the demo: the starter set, to the mailboxes of two teams, and a weekly summary."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Cadence, Destination, DestinationKind, Person, Role, Route, RouteContent
from insights.services.route_starter import STARTERS
from insights.text import fold

MARKETING, PRODUCT = "marketing-team@example.com", "product-team@example.com"
_ZONE = "America/New_York"


def insert_routes(session: Session, at: datetime) -> None:
    """Adds them as the first admin's; before any note, so that none of the past is sent."""
    owner = select(Person.id).where(Person.role == Role.ADMIN).order_by(Person.id).limit(1)
    owner_id = session.scalars(owner).one()
    marketing, product = (_mailbox(session, one, at) for one in (MARKETING, PRODUCT))
    session.add_all(
        _route(
            owner_id, one.name, one.query, marketing if one.to_marketing else product, at,
            content=RouteContent.NOTES, cadence=Cadence.AT_ONCE,
        )
        for one in STARTERS
    )  # fmt: skip
    session.add(
        _route(
            owner_id, "The week in brief", "", marketing, at,
            content=RouteContent.SUMMARY, cadence=Cadence.WEEKLY,
        )
    )  # fmt: skip


def _mailbox(session: Session, address: str, at: datetime) -> int:
    row = Destination(kind=DestinationKind.MAIL, address=address, label=address, created_at=at)
    session.add(row)
    session.flush()
    return row.id


def _route(
    owner_id: int,
    name: str,
    query: str,
    destination_id: int,
    at: datetime,
    *,
    content: RouteContent,
    cadence: Cadence,
) -> Route:
    return Route(
        owner_id=owner_id, personal=False, name=name, folded=fold(name), query=query,
        content=content, destination_id=destination_id, cadence=cadence, zone=_ZONE,
        created_at=at, updated_at=at,
    )  # fmt: skip
