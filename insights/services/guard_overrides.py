"""What was sent although a guard-rail found something in it: by whom, when, and whether asked.

A row names the rule, never what was found: the text itself stands in the note alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.models import GuardOverride, Person
from insights.services import access
from insights.services.access import Actor
from insights.services.lookup import LARGEST_ID

MOST_OVERRIDES = 100


@dataclass(frozen=True, slots=True)
class OverrideView:
    """One finding with which a note was sent; `finding` is the key of its rule."""

    id: int
    note_id: UUID
    person_id: int
    person_name: str
    finding: str
    was_asked: bool
    at: datetime


def rows_of(
    note_id: UUID, keys: Sequence[str], *, person_id: int, was_asked: bool, now: datetime
) -> list[Mapping[str, Any]]:
    """The rows of a note's findings, for `record`."""
    shared = {"note_id": note_id, "person_id": person_id, "was_asked": was_asked, "at": now}
    return [{**shared, "finding": key} for key in keys]


def record(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Stores the rows, in the transaction that stores or changes their notes."""
    if rows:
        session.execute(insert(table_of(GuardOverride)), rows)


def overrides(
    session: Session, actor: Actor, *, limit: int, after: int | None = None
) -> list[OverrideView]:
    """Up to `limit` (at most 100) rows, the newest first, those older than the row `after`.

    One query. Raises Forbidden unless the actor is an admin.
    """
    access.require_admin(actor)
    statement = select(GuardOverride, Person.name).join(
        Person, Person.id == GuardOverride.person_id
    )
    if after is not None:
        statement = statement.where(GuardOverride.id < max(0, min(after, LARGEST_ID)))
    newest = statement.order_by(GuardOverride.id.desc()).limit(min(limit, MOST_OVERRIDES))
    return [
        OverrideView(row.id, row.note_id, row.person_id, name, row.finding, row.was_asked, row.at)
        for row, name in session.execute(newest)
    ]
