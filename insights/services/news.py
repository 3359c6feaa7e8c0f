"""News: what became of a person's note, told to its author once for each state.

It stands among their notes on the page in any case (services/my_notes.py); beside that each chooses
to be told by mail or in Slack (services/boxes.py).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Invalid
from insights.models import (
    DeliveryMatter,
    JournalEntry,
    Note,
    Person,
    ToldBy,
    TriageState,
)
from insights.services import boxes, deliveries, journal, triage
from insights.services.access import Actor

# A note that is put back into the inbox is nothing that its author could do anything about.
TOLD: Mapping[str, TriageState] = {
    verb: state for state, verb in triage.VERBS.items() if state is not TriageState.NEW
}
_PEOPLE = table_of(Person)


@dataclass(frozen=True, slots=True)
class Telling:
    """How a person hears of news beside the page, and whether Slack is to be had for them."""

    by: ToldBy
    slack: bool


def telling(session: Session, actor: Actor) -> Telling:
    """How the actor is told."""
    chosen = session.scalar(select(Person.told_by).where(Person.id == actor.id))
    return Telling(chosen or ToldBy.PAGE, bool(boxes.in_slack(session, [actor.id])))


def choose(session: Session, actor: Actor, told_by: ToldBy, *, now: datetime) -> None:
    """Has the actor told in this way from now on.

    Raises Invalid(told_by) for Slack when it is not known who they are there.
    """
    present = telling(session, actor)
    if told_by is ToldBy.SLACK and not present.slack:
        message = (
            "We do not know you in Slack. Sign in there with your e-mail address of this "
            "site, or choose another way."
        )
        raise Invalid({"told_by": [message]})
    if told_by is not present.by:
        _keep(session, actor.id, told_by, actor_id=actor.journal_id, now=now)


def end_by_link(session: Session, person_id: int, *, now: datetime) -> None:
    """Has a person who is told by mail told on the page alone, for whoever holds the signed link of
    such a mail. Whoever calls it has checked the signature."""
    by_mail = select(Person.id).where(Person.id == person_id, Person.told_by == ToldBy.MAIL)
    if session.scalar(by_mail) is not None:
        _keep(session, person_id, ToldBy.PAGE, actor_id=None, now=now)


def _keep(
    session: Session, person_id: int, told_by: ToldBy, *, actor_id: int | None, now: datetime
) -> None:
    session.execute(update(_PEOPLE).where(_PEOPLE.c.id == person_id).values(told_by=told_by))
    data = {"fields": ["told_by"]}
    journal.append(
        session, "person.changed", ("person", person_id), actor_id=actor_id, now=now, data=data
    )


def tell(session: Session, entries: Iterable[JournalEntry], *, now: datetime) -> int:
    """Makes the deliveries of news that these journal rows cause; returns how many are new.

    Nobody is told of what they decided themselves, nor when they have left.
    """
    happened = [
        (UUID(one.subject_id), TOLD[one.verb], one.actor_id) for one in entries if one.verb in TOLD
    ]
    authors = _authors(session, {note_id for note_id, _, _ in happened})
    found = boxes.of_people(session, set(authors.values()))
    places = boxes.places(session, found.values(), now=now)
    rows = [
        deliveries.waiting(
            places[found[author_id]], cause=f"news:{note_id}:{state.value}", note_id=note_id,
            matter=DeliveryMatter.NEWS, detail=state.value, due_at=now, now=now,
        )
        for note_id, state, decider in happened
        if (author_id := authors.get(note_id)) is not None
        and author_id != decider
        and author_id in found
    ]  # fmt: skip
    return deliveries.put(session, rows)


def _authors(session: Session, note_ids: Collection[UUID]) -> dict[UUID, int]:
    """Who wrote these notes and can be told, by note."""
    if not note_ids:
        return {}
    rows = session.execute(
        select(Note.id, Note.author_id).where(
            Note.id.in_(note_ids), Note.withdrawn_at.is_(None), Note.author_unknown.is_(False)
        )
    )
    return {row.id: row.author_id for row in rows}
