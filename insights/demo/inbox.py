"""The inbox of the demo: what its routes found lately, and what was decided about it.

What is younger than two days waits; of what is older, most is decided.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.models import Impact, Kind, Note, Person, Role, Triage, TriageState
from insights.services import journal, triage

MOST = 300
WAITS = timedelta(days=2)
# Whoever decides does so within a day, most sooner.
_LATEST_MINUTES = 24 * 60
_ROUTED = (Kind.COMPETITOR, Kind.PREFERENCE, Kind.CHALLENGE)
_NEW, _TAKEN, _KNOWN, _DONE = TriageState
_DECISIONS = (_TAKEN, _TAKEN, _KNOWN, _DONE, _DONE, _NEW)


def insert_inbox(session: Session, seed: int, until: datetime) -> None:
    """Adds it, as though the routes of the demo had been there for a while."""
    random = Random(seed)
    routed = or_(Note.kind.in_(_ROUTED), Note.impact == Impact.HIGH)
    found = select(Note.id, Note.territory_id, Note.noted_at).where(routed, Note.noted_at <= until)
    notes = session.execute(found.order_by(Note.noted_at.desc(), Note.id.desc()).limit(MOST)).all()
    analysts = session.scalars(
        select(Person.id)
        .where(Person.role == Role.ANALYST, Person.deactivated_at.is_(None))
        .order_by(Person.id)
    ).all()
    rows = [_row(random, note, analysts, until) for note in notes]
    if rows:
        session.execute(insert(table_of(Triage)), rows)
    decided = [row for row in rows if row["decided_at"] is not None]
    decided.sort(key=lambda row: row["decided_at"])
    journal.append_many(session, [_entry(row) for row in decided])


def _row(random: Random, note: Any, analysts: Sequence[int], until: datetime) -> dict[str, Any]:
    waited = timedelta(minutes=int(5 + _LATEST_MINUTES * random.random() ** 3))
    state = random.choice(_DECISIONS) if until - note.noted_at > WAITS else _NEW
    decided_at = None if state is _NEW else note.noted_at + waited
    return {
        "note_id": note.id,
        "territory_id": note.territory_id,
        "state": state,
        "person_id": random.choice(analysts) if decided_at else None,
        "opened_at": note.noted_at,
        "changed_at": decided_at or note.noted_at,
        "decided_at": decided_at,
        "version": 2 if decided_at else 1,
    }


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    return journal.entry(
        triage.VERBS[row["state"]],
        ("note", row["note_id"]),
        actor_id=row["person_id"],
        now=row["decided_at"],
        data={"former": _NEW.value},
    )
