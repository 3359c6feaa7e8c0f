"""Letters about battlecards: what somebody is told of them, in words."""

from sqlalchemy.orm import Session

from insights.services.access import Actor
from insights.services.letter import Letter


def check(session: Session, reader: Actor, subject: str) -> Letter | None:
    """“Still true?”, asked of the reader (the number of the check)."""
    return None
