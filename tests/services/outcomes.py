"""What came of asking a service: who was let through, what was refused, what the journal says."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.errors import Forbidden, Invalid
from insights.models import JournalEntry
from insights.services.access import Actor
from tests.fixtures.world import Characters

EVERYONE = {"owner", "member", "stranger", "analyst", "manager", "admin"}
CURATORS = {"analyst", "manager", "admin"}


def who_may(session: Session, characters: Characters, deed: Callable[[Actor], object]) -> set[str]:
    """The characters whom nobody forbids the deed; it is undone after each try."""
    allowed = set()
    for name, actor in vars(characters).items():
        with session.begin_nested() as attempt:
            try:
                deed(actor)
            except Forbidden:
                pass
            else:
                allowed.add(name)
            attempt.rollback()
    return allowed


def refused(deed: Callable[[], object]) -> dict[str, str]:
    """The fields of the Invalid that the deed raises, with all that is said about each."""
    with pytest.raises(Invalid) as caught:
        deed()
    return {field: " ".join(texts) for field, texts in caught.value.fields.items()}


def journalled(session: Session) -> list[str]:
    """The verbs in the journal, oldest first."""
    return list(session.scalars(select(JournalEntry.verb).order_by(JournalEntry.id)))


def last_entry(session: Session) -> JournalEntry:
    """The newest row of the journal."""
    newest = select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)
    return session.scalars(newest).one()
