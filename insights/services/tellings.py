"""Tellings: what one person is told, once each.

Whoever has something to tell says whom and of what (`tell`); the words are made when they are read,
as that person may see them (services/letters.py). It stands on their page of news in any case, and
goes by mail or to Slack if they chose so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from insights.db import insert_or_skip, table_of
from insights.models import Telling, TellingMatter

_TELLINGS = table_of(Telling)


@dataclass(frozen=True, slots=True)
class NewTelling:
    """Something to tell; `subject` says of what (`models.telling`), the same `cause` tells once."""

    person_id: int
    matter: TellingMatter
    subject: str
    cause: str


def tell(session: Session, new: Sequence[NewTelling], *, now: datetime) -> int:
    """Stores what is to be told and was not yet; returns how much is new.

    Part of the caller's transaction: who is told, and of what, is so when it has committed.
    """
    rows: list[dict[str, Any]] = [
        {
            "person_id": one.person_id,
            "matter": one.matter,
            "subject": one.subject,
            "cause": one.cause,
            "at": now,
        }
        for one in new
    ]
    if not rows:
        return 0
    return len(session.execute(insert_or_skip(session, Telling, _TELLINGS.c.id), rows).all())
