"""How much there is of everything, how far the search replicas are, and which connections to Slack
are broken: for the administration."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.models import Account, Note, Person, Replica, SlackInstallation, Token
from insights.services import access, catalogue, journal
from insights.services.access import Actor

MOST_REPLICAS = 20
MOST_TROUBLES = 20


def counts(session: Session, actor: Actor, *, now: datetime) -> Mapping[str, int]:
    """How many there are, by noun: people who may sign in, tokens that work at `now`, accounts and
    tags in use, rows of the journal, notes that are not withdrawn. Three queries at most.

    Raises Forbidden for a rep.
    """
    access.require_curator(actor)
    numbers = {
        "people": select(func.count()).where(Person.deactivated_at.is_(None)),
        "accounts": select(func.count()).where(Account.archived_at.is_(None)),
        "tokens": select(func.count()).where(Token.revoked_at.is_(None), Token.expires_at > now),
        "notes": select(func.count()).where(Note.withdrawn_at.is_(None)),
    }
    columns = (one.scalar_subquery().label(noun) for noun, one in numbers.items())
    found = dict(session.execute(select(*columns)).one()._mapping)
    known = catalogue.current(session)
    for noun in ("territories", "segments", "competitors", "products"):
        found[noun] = sum(not one.archived for one in getattr(known, noun).values())
    return {**found, "journal": journal.last_id(session)}


def replicas(session: Session, actor: Actor) -> Sequence[Replica]:
    """What each worker last reported of its search replica, the latest first; at most 20.

    Raises Forbidden unless the actor is an admin.
    """
    access.require_admin(actor)
    return session.scalars(
        select(Replica).order_by(Replica.seen_at.desc(), Replica.name).limit(MOST_REPLICAS)
    ).all()


def slack_troubles(session: Session, actor: Actor) -> Mapping[str, str]:
    """What keeps the app from speaking in workspaces of Slack, with the way out, by the name of the
    workspace; empty while all is well, and at most 20.

    Raises Forbidden unless the actor is an admin.
    """
    access.require_admin(actor)
    found = session.execute(
        select(SlackInstallation.team_name, SlackInstallation.trouble)
        .where(SlackInstallation.trouble != "")
        .order_by(SlackInstallation.team_name, SlackInstallation.id)
        .limit(MOST_TROUBLES)
    )
    return {row.team_name: row.trouble for row in found}
