"""Letters about questions: what somebody is told of them, in words."""

from sqlalchemy.orm import Session

from insights.services.access import Actor
from insights.services.letter import Letter


def asked(session: Session, reader: Actor, subject: str) -> Letter | None:
    """A question to the reader (its number)."""
    return None


def summary(session: Session, reader: Actor, subject: str) -> Letter | None:
    """What came of a question that the reader has answered (its number)."""
    return None
