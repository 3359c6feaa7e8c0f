"""Letters about handovers: what somebody is told of them, in words."""

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.models import HandoverState
from insights.services import handovers
from insights.services.access import Actor
from insights.services.handovers import HandoverView
from insights.services.letter import Leads, Letter


def received(session: Session, reader: Actor, subject: str) -> Letter | None:
    """A territory that is the reader's now (the number of the handover)."""
    found = _handover(session, reader, subject)
    if found is None or found.to_id != reader.id or found.state is not HandoverState.DONE:
        return None
    name = found.territory.name
    until = " until somebody is found" if found.interim else ""
    lines = [
        f"From {found.on.day} {found.on:%B %Y} on {name} is yours{until}."
        + (f" {found.from_name} held it before." if found.from_name else ""),
        "The brief has what you must know: customers, promises, open work, and what only one person"
        " knew. Read it before your first visit; it can be kept on your phone.",
    ]
    return Letter(f"{name} is yours: read the brief", lines, Leads.HANDOVER, subject)


def interview(session: Session, reader: Actor, subject: str) -> Letter | None:
    """A territory that the reader is asked to hand over (the number of the handover)."""
    found = _handover(session, reader, subject)
    if found is None or not found.is_leaver or found.state is HandoverState.CANCELLED:
        return None
    if found.interviewed_at is not None:
        return None
    name = found.territory.name
    lines = [
        f"{found.to_name} holds {name} from {found.on.day} {found.on:%B %Y} on.",
        "Six questions, a sentence or two each: what does whoever comes after you have to know?"
        " Every answer is kept as you write it.",
    ]
    return Letter(f"Tell what {name} needs to know", lines, Leads.INTERVIEW, subject)


def _handover(session: Session, reader: Actor, subject: str) -> HandoverView | None:
    try:
        return handovers.get(session, reader, int(subject))
    except NotFound:
        return None
