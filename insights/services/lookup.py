"""Looking up the row that a request names.

People, accounts, assignments, destinations, saved searches, tokens and the like are addressed by
number, what has a name by slug.
Both come from outside: a slug may hold what no database stores, a number may be larger than any
integer. Nothing like that exists, so the answer is "not found" and never a failure of the database.
"""

import re
from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.models import (
    Account,
    Assignment,
    BattlecardCheck,
    BattlecardLine,
    Competitor,
    Delivery,
    Destination,
    Handover,
    Merge,
    Person,
    Product,
    Question,
    Reassignment,
    SavedSearch,
    Segment,
    Telling,
    Territory,
    TerritoryRule,
    Token,
    Topic,
    Trend,
)
from insights.text import clean, shorten

Numbered = TypeVar(
    "Numbered",
    Account,
    Assignment,
    BattlecardCheck,
    BattlecardLine,
    Delivery,
    Destination,
    Handover,
    Merge,
    Person,
    Question,
    Reassignment,
    SavedSearch,
    Telling,
    TerritoryRule,
    Token,
    Topic,
    Trend,
)
Slugged = TypeVar("Slugged", Territory, Segment, Competitor, Product)

LARGEST_ID = 2**31 - 1
_SLUG = re.compile("[a-z0-9-]{1,80}")


def by_id(
    session: Session, model: type[Numbered], identity: int, *, lock: bool = False
) -> Numbered | None:
    """The row of that number as it is now, or None.

    With `lock` nobody else changes it until the transaction ends (SQLite has one writer anyway).
    Other rows may refer to it meanwhile: notes of a person go on arriving.
    """
    if not 0 < identity <= LARGEST_ID:
        return None
    locking = {"key_share": True} if lock else None
    return session.get(model, identity, with_for_update=locking, populate_existing=True)


def require_id(
    session: Session, model: type[Numbered], identity: int, *, lock: bool = False
) -> Numbered:
    """The same; raises NotFound when there is none."""
    found = by_id(session, model, identity, lock=lock)
    if found is None:
        raise NotFound(f"There is no {model.__name__.lower()} number {identity}.")
    return found


def hold_territories(session: Session, territory_ids: Iterable[int]) -> None:
    """Whoever does the same for one of these territories waits until the transaction ends; what is
    asked about them afterwards is so until then. Notes of them go on arriving."""
    held = select(Territory.id).where(Territory.id.in_(sorted(set(territory_ids))))
    session.execute(held.order_by(Territory.id).with_for_update(key_share=True)).all()


def by_slug(session: Session, model: type[Slugged], slug: str) -> Slugged | None:
    """The row of that slug as it is now, or None; locked like `by_id` does."""
    if not _SLUG.fullmatch(slug):
        return None
    statement = select(model).where(model.slug == slug).with_for_update(key_share=True)
    return session.scalar(statement.execution_options(populate_existing=True))


def require_slug(session: Session, model: type[Slugged], slug: str) -> Slugged:
    """The same; raises NotFound when there is none."""
    found = by_slug(session, model, slug)
    if found is None:
        raise NotFound(f"There is no {model.__name__.lower()} “{quoted(slug)}”.")
    return found


def quoted(typed: str) -> str:
    """What was typed, short and clean enough to stand in a message."""
    return shorten(clean(typed), 60)
