"""What must be so before a territory changes hands; refusals say what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.errors import Conflict, FieldProblems, Invalid
from insights.models import Assignment, Handover, HandoverState, Person, Territory
from insights.services import assignments, catalogue, lookup

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class NewHandover:
    """One territory and who is to hold it next."""

    territory_id: int
    to_id: int


def require_preparable(
    session: Session,
    chosen: Sequence[NewHandover],
    *,
    from_id: int | None,
    on: date,
    today: date,
) -> None:
    """Raises Invalid(territories, on, person, from) and Conflict unless all of it can be."""
    problems = FieldProblems()
    with problems:
        _require_territories(session, chosen)
    with problems:
        if from_id is not None and lookup.by_id(session, Person, from_id) is None:
            raise Invalid({"from": ["There is no such person. Choose one from the list."]})
    with problems:
        assignments.require_day_ahead(on, today, "on")
    with problems:
        for one in chosen:
            require_next(session, one.to_id, from_id)
    problems.settle()
    lookup.hold_territories(session, [one.territory_id for one in chosen])
    _require_holder(session, chosen, from_id, today)
    _require_no_other(session, chosen, from_id)


def _require_territories(session: Session, chosen: Sequence[NewHandover]) -> None:
    known = catalogue.current(session).territories
    ids = [one.territory_id for one in chosen]
    if not 0 < len(ids) <= MOST_AT_ONCE or len(ids) != len(set(ids)):
        message = f"Choose from 1 to {MOST_AT_ONCE} territories, each once."
        raise Invalid({"territories": [message]})
    gone = [one for one in ids if one not in known or known[one].archived]
    if gone:
        named = ", ".join(known[one].name if one in known else str(one) for one in gone)
        message = f"{named}: archived or not there. Choose territories in use."
        raise Invalid({"territories": [message]})


def require_next(session: Session, to_id: int, from_id: int | None) -> None:
    """Raises Invalid(person) unless that person can hold it next."""
    person = lookup.by_id(session, Person, to_id)
    if person is None:
        raise Invalid({"person": ["Choose who is to hold it next."]})
    if not person.is_active:
        message = f"{person.name} is deactivated. Activate them or choose somebody else."
        raise Invalid({"person": [message]})
    if person.guest:
        message = f"{person.name} is a guest without an account. Choose a colleague."
        raise Invalid({"person": [message]})
    if to_id == from_id:
        message = f"{person.name} holds it now. Choose somebody else."
        raise Invalid({"person": [message]})


def _require_holder(
    session: Session, chosen: Sequence[NewHandover], from_id: int | None, today: date
) -> None:
    """The leaver holds all of them, today or later; without a leaver nobody holds any."""
    ids = [one.territory_id for one in chosen]
    lasting = or_(Assignment.until.is_(None), Assignment.until > today)
    held = select(Assignment.territory_id).where(Assignment.territory_id.in_(ids), lasting)
    if from_id is not None:
        held = held.where(Assignment.person_id == from_id)
    found = set(session.scalars(held))
    known = catalogue.current(session).territories
    if from_id is not None and (missing := [one for one in ids if one not in found]):
        named = ", ".join(known[one].name for one in missing if one in known)
        raise Invalid({"from": [f"They do not hold {named}. Choose who does."]})
    if from_id is None and found:
        named = ", ".join(known[one].name for one in ids if one in found)
        raise Invalid({"from": [f"{named} is held by somebody. Say by whom it is handed over."]})


def _require_no_other(session: Session, chosen: Sequence[NewHandover], from_id: int | None) -> None:
    leaver = Handover.from_id.is_(None) if from_id is None else Handover.from_id == from_id
    other = session.execute(
        select(Handover.id, Handover.created_at, Territory.name, Person.name)
        .join(Territory, Territory.id == Handover.territory_id)
        .outerjoin(Person, Person.id == Handover.creator_id)
        .where(
            leaver,
            Handover.state == HandoverState.PREPARED,
            Handover.territory_id.in_([one.territory_id for one in chosen]),
        )
        .limit(1)
    ).one_or_none()
    if other is not None:
        _, at, territory, creator = other
        raise Conflict(
            f"{creator or 'The operator'} prepared a handover of {territory} on"
            f" {at.date().isoformat()}. Change or cancel that one."
        )
