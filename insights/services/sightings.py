"""Sightings: "seen it too", dated and stamped with the territory of the person who saw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.errors import Forbidden
from insights.models import Person, Sighting
from insights.services import access, catalogue, journal
from insights.services.access import Actor
from insights.services.catalogue import Place

MOST_SHOWN = 200


@dataclass(frozen=True)
class SightingView:
    """Who saw it too, where and when."""

    person_id: int
    person_name: str
    territory: Place | None
    at: datetime


def add(session: Session, actor: Actor, note_id: UUID, *, now: datetime) -> bool:
    """Records that the actor saw it too; returns False if they had said so before.

    Raises NotFound, and Forbidden for the author, whose note says it already.
    """
    note = access.note(session, actor, note_id)
    if note.author_id == actor.id:
        raise Forbidden("This is your own note: it counts as your sighting already.")
    if note.withdrawn_at is not None:
        raise Forbidden("The note was withdrawn.")
    row = {
        "note_id": note_id,
        "person_id": actor.id,
        "territory_id": actor.held[0] if actor.held else None,
        "at": now,
    }
    added = session.scalars(insert_or_skip(session, Sighting, Sighting.id), [row]).all()
    if added:
        journal.append(session, "sighting.added", ("note", note_id), actor_id=actor.id, now=now)
    return bool(added)


def remove(session: Session, actor: Actor, note_id: UUID, *, now: datetime) -> bool:
    """Takes the actor's own sighting back; returns False if there was none. Raises NotFound."""
    access.note(session, actor, note_id)
    removed = session.scalars(
        delete(Sighting)
        .where(Sighting.note_id == note_id, Sighting.person_id == actor.id)
        .returning(Sighting.id)
    ).all()
    if removed:
        journal.append(session, "sighting.removed", ("note", note_id), actor_id=actor.id, now=now)
    return bool(removed)


def list_sightings(session: Session, actor: Actor, note_id: UUID) -> Sequence[SightingView]:
    """The newest 200 sightings of a note, newest first. Raises NotFound."""
    access.note(session, actor, note_id)
    places = catalogue.current(session).territories
    rows = session.execute(
        select(Sighting.person_id, Person.name, Sighting.territory_id, Sighting.at)
        .join(Person, Person.id == Sighting.person_id)
        .where(Sighting.note_id == note_id)
        .order_by(Sighting.at.desc(), Sighting.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        SightingView(row.person_id, row.name, places.get(row.territory_id), row.at) for row in rows
    ]
