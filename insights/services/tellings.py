"""Tellings: what one person is told, once each.

Whoever has something to tell says whom and of what (`tell`); the words are made when they are read,
as that person may see them (services/letters.py). It stands on their page of news in any case, and
goes by mail or to Slack if they chose so.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from insights.db import insert_or_skip, table_of
from insights.models import DeliveryMatter, Person, Telling, TellingMatter
from insights.services import boxes, deliveries, lookup
from insights.services.access import Actor

# Up to where what is unread is counted.
MOST_COUNTED = 100
_TELLINGS = table_of(Telling)


@dataclass(frozen=True, slots=True)
class NewTelling:
    """Something to tell; `subject` says of what (`models.telling`), the same `cause` tells once."""

    person_id: int
    matter: TellingMatter
    subject: str
    cause: str


def tell(session: Session, new: Sequence[NewTelling], *, now: datetime) -> int:
    """Stores what is to be told and was not yet, and sends it to those who chose mail or Slack;
    returns how much is new. People who have left are passed over.

    Part of the caller's transaction: who is told, and of what, is so when it has committed. A few
    statements for each thousand people.
    """
    present = _present(session, {one.person_id for one in new})
    rows: list[dict[str, Any]] = [
        {
            "person_id": one.person_id,
            "matter": one.matter,
            "subject": one.subject,
            "cause": one.cause,
            "at": now,
        }
        for one in new
        if one.person_id in present
    ]
    if not rows:
        return 0
    made = session.scalars(insert_or_skip(session, Telling, _TELLINGS.c.id), rows).all()
    _send(session, made, now)
    return len(made)


def count_unread(session: Session, actor: Actor) -> int:
    """How much the actor was told and has not read, counted up to `MOST_COUNTED`. One query."""
    unread = (
        select(Telling.id)
        .where(Telling.person_id == actor.id, Telling.read_at.is_(None))
        .limit(MOST_COUNTED)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(unread)) or 0


def mark_read(
    session: Session,
    actor: Actor,
    *,
    ids: Collection[int] | None = None,
    until: datetime | None = None,
    now: datetime,
) -> int:
    """Has the actor read what has these numbers, and was told up to `until`; either may be left
    out, and both mean all. Returns how much became read; what others are told stays as it is."""
    chosen = [_TELLINGS.c.person_id == actor.id, _TELLINGS.c.read_at.is_(None)]
    if ids is not None:
        chosen.append(_TELLINGS.c.id.in_([one for one in ids if 0 < one <= lookup.LARGEST_ID]))
    if until is not None:
        chosen.append(_TELLINGS.c.at <= until)
    read = update(_TELLINGS).where(*chosen).values(read_at=now).returning(_TELLINGS.c.id)
    return len(session.execute(read).all())


def _send(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Makes the deliveries of new tellings to those who are told beside the page as well."""
    told = {one: person_id for some in _parts(ids) for one, person_id in _people_of(session, some)}
    found = boxes.of_people(session, set(told.values()))
    places = boxes.places(session, found.values(), now=now)
    rows = [
        deliveries.waiting(
            places[found[person_id]], cause=f"telling:{one}", matter=DeliveryMatter.TELLING,
            detail=str(one), due_at=now, now=now,
        )
        for one, person_id in sorted(told.items())
        if person_id in found
    ]  # fmt: skip
    deliveries.put(session, rows)


def _people_of(session: Session, ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    rows = session.execute(select(Telling.id, Telling.person_id).where(Telling.id.in_(ids)))
    return ((row.id, row.person_id) for row in rows)


def _present(session: Session, person_ids: Collection[int]) -> set[int]:
    """Those of these people who have not left."""
    return {
        one
        for some in _parts(sorted(person_ids))
        for one in session.scalars(
            select(Person.id).where(Person.id.in_(some), Person.deactivated_at.is_(None))
        )
    }


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[at : at + boxes.TOGETHER] for at in range(0, len(ids), boxes.TOGETHER))
