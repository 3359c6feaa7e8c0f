"""Letters about topics: what somebody is told of them, in words."""

from sqlalchemy.orm import Session

from insights.services.access import Actor
from insights.services.letter import Letter


def outcome(session: Session, reader: Actor, subject: str) -> Letter | None:
    """What became of a note in a topic ("TOPIC:NOTE")."""
    return None


def given(session: Session, reader: Actor, subject: str) -> Letter | None:
    """A topic that was given to the reader (its number)."""
    return None
