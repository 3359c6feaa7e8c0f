"""Somebody leaves: what they hold goes to successors, what they work on to colleagues.

Each territory that they hold today changes hands by a handover that is done at once, so that there
is a brief. A handover of it that is being prepared says who is next, unless somebody else is named.
What begins later is taken back. Open topics get another owner, or none by choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid
from insights.models import (
    Assignment,
    Handover,
    HandoverState,
    Person,
    TellingMatter,
    Territory,
    Topic,
    TopicRevision,
    TopicState,
)
from insights.services import (
    access,
    assignments,
    handovers,
    journal,
    lookup,
    tellings,
    topic_work,
)
from insights.services.access import Actor
from insights.services.handover_checks import require_next
from insights.services.tellings import NewTelling

AT_WORK = (TopicState.OPEN, TopicState.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class HeldTerritory:
    """A territory that somebody who leaves holds; `next_id` is who a prepared handover names."""

    id: int
    name: str
    slug: str
    next_id: int | None


@dataclass(frozen=True, slots=True)
class OwnedTopic:
    """A topic that they work on."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Departure:
    """What is to be settled before somebody can be deactivated."""

    territories: Sequence[HeldTerritory]
    topics: Sequence[OwnedTopic]


@dataclass(frozen=True, slots=True)
class Succession:
    """Who follows: by territory, or one `caretaker` for all the rest until somebody is found.

    Topics go to `topic_owner_id`, or to nobody when `frees_topics`.
    """

    successors: Mapping[int, int]
    caretaker_id: int | None = None
    topic_owner_id: int | None = None
    frees_topics: bool = False


NOBODY: Mapping[int, int] = MappingProxyType({})


def departure(session: Session, actor: Actor, *, person_id: int, today: date) -> Departure:
    """What the person holds today and works on. Three queries. Raises Forbidden unless the actor
    is an admin."""
    access.require_admin(actor)
    return _departure(session, person_id, today)


def hand_on(
    session: Session, actor: Actor, row: Person, after: Succession, *, now: datetime, today: date
) -> list[dict[str, Any]]:
    """Gives away all that the person holds today and works on; for services that have asked access.

    Gives the journal entries, which the caller appends as its last deed. Raises Invalid(successors,
    caretaker, topics) naming what has nobody to follow.
    """
    found = _departure(session, row.id, today)
    problems = FieldProblems()
    with problems:
        following = _following(session, row, found, after)
    with problems:
        _require_topics_settled(session, row, found, after)
    problems.settle()
    given = []
    for one in found.territories:
        known = _prepared(session, row.id, one) if one.next_id is not None else None
        handover = known or Handover(
            territory_id=one.id,
            from_id=row.id,
            interim=one.id not in after.successors,
            creator_id=actor.journal_id,
            created_at=now,
        )
        handover.to_id, handover.on = following[one.id], today
        handover.state = HandoverState.PREPARED
        session.add(handover)
        given.append(handover)
    session.flush()
    return [
        *handovers.carry_out_all(session, actor, given, now=now, today=today),
        *assignments.end_all(session, actor, Assignment.person_id == row.id, now=now, today=today),
        *_hand_on_topics(session, actor, row.id, after.topic_owner_id, now),
    ]


def _departure(session: Session, person_id: int, today: date) -> Departure:
    lasting = or_(Assignment.until.is_(None), Assignment.until > today)
    held = session.execute(
        select(Territory.id, Territory.name, Territory.slug)
        .join(Assignment, Assignment.territory_id == Territory.id)
        .where(
            Assignment.person_id == person_id,
            Assignment.since <= today,
            lasting,
            Territory.archived_at.is_(None),
        )
        .order_by(Territory.folded, Territory.id)
        .distinct()
        .add_columns(Territory.folded)
    ).all()
    prepared = select(Handover.territory_id, Handover.to_id).where(
        Handover.from_id == person_id, Handover.state == HandoverState.PREPARED
    )
    following = {row.territory_id: row.to_id for row in session.execute(prepared)}
    owned = select(Topic.id, Topic.title).where(
        Topic.owner_id == person_id, Topic.state.in_(AT_WORK), Topic.merged_into_id.is_(None)
    )
    return Departure(
        [HeldTerritory(one.id, one.name, one.slug, following.get(one.id)) for one in held],
        [OwnedTopic(one.id, one.title) for one in session.execute(owned.order_by(Topic.id))],
    )


def _following(
    session: Session, row: Person, found: Departure, after: Succession
) -> dict[int, int]:
    """By territory who is to hold it; raises Invalid(successors, caretaker)."""
    foreign = after.successors.keys() - {one.id for one in found.territories}
    if foreign:
        message = f"{row.name} does not hold all of these territories today. Leave the others out."
        raise Invalid({"successors": [message]})
    chosen = {
        one.id: after.successors.get(one.id) or one.next_id or after.caretaker_id
        for one in found.territories
    }
    missing = [one.name for one in found.territories if chosen[one.id] is None]
    if missing:
        raise Invalid(
            {
                "successors": [
                    f"{row.name} holds {', '.join(missing)}. Say who holds each next, or who holds"
                    " them all until somebody is found."
                ]
            }
        )
    following = {one: person for one, person in chosen.items() if person is not None}
    _require_able(session, row, following.values(), after.caretaker_id)
    return following


def _require_able(session: Session, row: Person, following: Any, caretaker_id: int | None) -> None:
    for person_id in sorted({*following, *([caretaker_id] if caretaker_id else [])}):
        try:
            require_next(session, person_id, row.id)
        except Invalid as refusal:
            field = "caretaker" if person_id == caretaker_id else "successors"
            raise Invalid({field: refusal.fields["person"]}) from None


def _require_topics_settled(
    session: Session, row: Person, found: Departure, after: Succession
) -> None:
    if after.topic_owner_id is not None:
        owner = lookup.by_id(session, Person, after.topic_owner_id)
        if owner is None or not topic_work.may_own(owner) or owner.id == row.id:
            message = "Choose somebody else who works on topics: product, marketing or a manager."
            raise Invalid({"topics": [message]})
    elif found.topics and not after.frees_topics:
        named = ", ".join(f"“{one.title}”" for one in found.topics[:5])
        more = f" and {len(found.topics) - 5} more" if len(found.topics) > 5 else ""
        message = f"{row.name} works on {named}{more}. Say who takes them, or that nobody does yet."
        raise Invalid({"topics": [message]})


def _prepared(session: Session, person_id: int, held: HeldTerritory) -> Handover | None:
    chosen = select(Handover).where(
        Handover.territory_id == held.id,
        Handover.from_id == person_id,
        Handover.state == HandoverState.PREPARED,
    )
    return session.scalar(chosen.with_for_update())


def _hand_on_topics(
    session: Session, actor: Actor, person_id: int, owner_id: int | None, now: datetime
) -> list[dict[str, Any]]:
    """Their topics at work belong to that person, or to nobody, and the history says so."""
    rows = session.scalars(
        select(Topic)
        .where(Topic.owner_id == person_id, Topic.state.in_(AT_WORK))
        .order_by(Topic.id)
        .with_for_update()
    ).all()
    told = []
    for row in rows:
        before = {"owner_id": person_id}
        session.add(
            TopicRevision(
                topic_id=row.id, version=row.version, editor_id=actor.journal_id, at=now,
                before=before,
            )
        )  # fmt: skip
        row.owner_id, row.updated_at = owner_id, now
        if owner_id is not None and owner_id != actor.id:
            cause = f"topic:{row.id}:{owner_id}:{now.isoformat()}"
            told.append(NewTelling(owner_id, TellingMatter.TOPIC, str(row.id), cause))
    session.flush()
    tellings.tell(session, told, now=now)
    data = {"fields": ["owner"]}
    return [
        journal.entry(
            "topic.changed", ("topic", row.id), actor_id=actor.journal_id, now=now, data=data
        )
        for row in rows
    ]
