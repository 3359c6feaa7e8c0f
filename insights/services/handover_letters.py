"""Letters about handovers: what somebody is told of them, in words."""

from sqlalchemy.orm import Session

from insights.services.access import Actor
from insights.services.letter import Letter


def received(session: Session, reader: Actor, subject: str) -> Letter | None:
    """A territory that is the reader's now (the number of the handover)."""
    return None


def interview(session: Session, reader: Actor, subject: str) -> Letter | None:
    """A territory that the reader is asked to hand over (the number of the handover)."""
    return None
