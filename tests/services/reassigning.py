"""What tests of reassignments have in common: choices, and the state that must come back."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Account, Assignment
from insights.services import reassignments
from insights.services.access import Actor
from insights.services.reassignment_filters import AccountChoice, Choice, HolderChoice
from insights.services.reassignment_views import ReassignmentView
from tests.organisation import NOW, TODAY

State = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


def holders(on: date = TODAY, **filters: Any) -> Choice:
    """A choice of territories."""
    return Choice(on, holders=HolderChoice(**filters))


def accounts(**filters: Any) -> Choice:
    """A choice of accounts."""
    return Choice(TODAY, accounts=AccountChoice(**filters))


def look(session: Session, actor: Actor, choice: Choice) -> reassignments.Preview:
    """The preview."""
    return reassignments.preview(session, actor, choice, today=TODAY, limit=50)


def reassign(session: Session, actor: Actor, choice: Choice) -> ReassignmentView:
    """Preview and deed."""
    seen = look(session, actor, choice)
    return reassignments.carry_out(
        session, actor, choice, fingerprint=seen.fingerprint, now=NOW, today=TODAY
    )


def state(session: Session) -> State:
    """Every assignment and where every account stands."""
    columns = (Assignment.territory_id, Assignment.person_id, Assignment.since, Assignment.until)
    held = session.execute(select(Assignment.id, *columns).order_by(Assignment.id))
    placed = session.execute(select(Account.id, Account.territory_id).order_by(Account.id))
    return [tuple(row) for row in held], [tuple(row) for row in placed]


def lasting(session: Session, territory_id: int, on: date = TODAY) -> set[tuple[int, date]]:
    """Who holds the territory on that day or later, and since when."""
    rows = state(session)[0]
    here = (row for row in rows if row[1] == territory_id)
    return {(row[2], row[3]) for row in here if row[4] is None or row[4] > on}
