"""The routes that most organisations begin with, made with one click by an admin.

What is noted of competitors goes to marketing, preferences and challenges go to product, and what
has a high impact goes to both.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from insights.errors import Conflict
from insights.models import Route
from insights.services import access, routes
from insights.services.access import Actor


@dataclass(frozen=True, slots=True)
class Starter:
    """A route of the set; `to_marketing` says to which of the two teams it sends."""

    name: str
    query: str
    to_marketing: bool


STARTERS = (
    Starter("Competitors, to marketing", "kind:competitor", True),
    Starter("Preferences and challenges, to product", "kind:preference OR kind:challenge", False),
    Starter("High impact, to marketing", "impact:high", True),
    Starter("High impact, to product", "impact:high", False),
)


def is_offered(session: Session, actor: Actor) -> bool:
    """Whether the actor is an admin of an organisation without any route of its own."""
    return actor.manages_all and not session.scalar(_HAS_ROUTES)


def make_all(
    session: Session,
    actor: Actor,
    *,
    marketing_id: int,
    product_id: int,
    zone: str,
    now: datetime,
) -> int:
    """Makes the routes, which send to the destinations of those numbers; returns how many.

    For admins. Raises Forbidden, Invalid(destination_id), and Conflict when there is a route of the
    organisation already.
    """
    access.require_admin(actor)
    if session.scalar(_HAS_ROUTES):
        raise Conflict("There are routes already. Change them, or add further ones.")
    for one in STARTERS:
        routes.make(
            session, actor, personal=False, name=one.name, query=one.query, zone=zone, now=now,
            destination_id=marketing_id if one.to_marketing else product_id,
        )  # fmt: skip
    return len(STARTERS)


_HAS_ROUTES = select(exists().where(Route.personal.is_(False)))
