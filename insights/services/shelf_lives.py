"""Shelf lives: how many days lines of battlecards hold without news, by what they are about."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.errors import Invalid, NotFound
from insights.models import LineType, ShelfLife
from insights.services import access, journal, lookup
from insights.services.access import Actor

LONGEST_DAYS = 3_650


def lives(session: Session) -> Mapping[LineType, int]:
    """The days of each type. One query."""
    return {row.type: row.days for row in session.scalars(select(ShelfLife))}


def list_lives(session: Session, actor: Actor) -> Mapping[LineType, int]:
    """The same for somebody who keeps them, in the order of the types; raises Forbidden."""
    access.require_curator(actor)
    stored = lives(session)
    return {one: stored[one] for one in LineType}


def change(session: Session, actor: Actor, *, type: LineType, days: int, now: datetime) -> int:
    """Sets the days of a type: lines that say nothing else hold as long from now on.

    Returns the days. Raises Forbidden for a rep, and Invalid(days).
    """
    access.require_curator(actor)
    row = session.get_one(ShelfLife, type, with_for_update=True)
    if row.days != require_days(days):
        row.days = days
        session.flush()
        journal.append(
            session,
            "shelf_life.changed",
            ("shelf_life", type.value),
            actor_id=actor.journal_id,
            now=now,
            data={"name": f"{type.value} lines", "days": days},
        )
    return days


def require_type(word: str) -> LineType:
    """The type of that name; raises NotFound."""
    if word not in set(LineType):
        raise NotFound(f"There are no lines of the type “{lookup.quoted(word)}”.")
    return LineType(word)


def require_days(days: int, *, field: str = "days") -> int:
    """The days if lines can hold so long; raises Invalid of `field`."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid({field: [f"Give a whole number of days from 1 to {LONGEST_DAYS:,}."]})
    return days
