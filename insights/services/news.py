"""News: what became of a person's note, told to its author once for each state.

It stands among their notes on the page in any case (services/my_notes.py). Beside that each chooses
to be told by mail or in Slack; a guest, who knows no page of ours, is told in Slack.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Invalid
from insights.models import (
    DeliveryMatter,
    Destination,
    DestinationKind,
    JournalEntry,
    Note,
    Person,
    SlackPerson,
    ToldBy,
    TriageState,
)
from insights.services import deliveries, destinations, journal, triage
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


@dataclass(frozen=True, slots=True)
class _Box:
    """Where somebody is told; `name` is whose it is."""

    kind: DestinationKind
    team: str
    address: str
    person_id: int
    name: str


def telling(session: Session, actor: Actor) -> Telling:
    """How the actor is told."""
    chosen = session.scalar(select(Person.told_by).where(Person.id == actor.id))
    return Telling(chosen or ToldBy.PAGE, bool(_slack_boxes(session, [actor.id])))


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
    boxes = _boxes(session, {author.id: author for author in authors.values()}.values())
    places = _places(session, boxes.values(), now)
    rows = [
        deliveries.waiting(
            places[boxes[author.id]], cause=f"news:{note_id}:{state.value}", note_id=note_id,
            matter=DeliveryMatter.NEWS, detail=state.value, due_at=now, now=now,
        )
        for note_id, state, decider in happened
        if (author := authors.get(note_id)) is not None
        and author.id != decider
        and author.id in boxes
    ]  # fmt: skip
    return deliveries.put(session, rows)


def _authors(session: Session, note_ids: Collection[UUID]) -> dict[UUID, Any]:
    """Who wrote these notes and can be told, by note."""
    if not note_ids:
        return {}
    rows = session.execute(
        select(
            Note.id.label("note_id"),
            Person.id,
            Person.name,
            Person.email,
            Person.guest,
            Person.told_by,
        )
        .join(Person, Person.id == Note.author_id)
        .where(
            Note.id.in_(note_ids),
            Note.withdrawn_at.is_(None),
            Note.author_unknown.is_(False),
            Person.deactivated_at.is_(None),
        )
    )
    return {row.note_id: row for row in rows}


def _boxes(session: Session, people: Collection[Any]) -> dict[int, _Box]:
    """Where each of these people is told, by person; nowhere but on the page: absent."""
    by = {one.id: ToldBy.SLACK if one.guest else one.told_by for one in people}
    boxes = _slack_boxes(session, [one for one, how in by.items() if how is ToldBy.SLACK])
    mail = DestinationKind.MAIL
    for one in people:
        if by[one.id] is ToldBy.MAIL:
            boxes[one.id] = _Box(mail, "", one.email, one.id, one.email)
    return boxes


def _slack_boxes(session: Session, person_ids: Collection[int]) -> dict[int, _Box]:
    """Where these people are in Slack, by person: of several workspaces the one known first."""
    if not person_ids:
        return {}
    rows = session.execute(
        select(SlackPerson.person_id, SlackPerson.team_id, SlackPerson.user_id, SlackPerson.name)
        .where(SlackPerson.person_id.in_(person_ids))
        .order_by(SlackPerson.id.desc())
    )
    kind = DestinationKind.SLACK_PERSON
    return {
        row.person_id: _Box(kind, row.team_id, row.user_id, row.person_id, f"{row.name} in Slack")
        for row in rows
    }


def _places(session: Session, boxes: Collection[_Box], now: datetime) -> dict[_Box, int]:
    """The destinations of these boxes; they are made where there are none yet."""
    if not boxes:
        return {}
    known = {
        (row.kind, row.team, row.address, row.person_id): row.id
        for row in session.scalars(
            select(Destination).where(Destination.address.in_({one.address for one in boxes}))
        )
    }
    places = {}
    for box in boxes:
        place = known.get((box.kind, box.team, box.address, box.person_id))
        places[box] = place or destinations.known(
            session, kind=box.kind, team=box.team, address=box.address, label=box.name,
            person_id=box.person_id, now=now,
        )  # fmt: skip
    return places
