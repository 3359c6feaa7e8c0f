"""Notes for tests that only need some."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from insights.models import Source
from insights.services import notes
from insights.services.access import Actor
from insights.services.note_drafts import NoteDraft
from tests.organisation import NOW


def draft(text: str = "They pay by the truck", **fields: Any) -> NoteDraft:
    """A note typed on the page, with an id of its own; it names nothing of the organisation."""
    return NoteDraft(**{"id": uuid4(), "text": text, "source": Source.WEB, **fields})


def posted(
    session: Session,
    author: Actor,
    text: str = "They pay by the truck",
    *,
    now: datetime = NOW,
    **fields: Any,
) -> UUID:
    """The id of a note that `author` has just posted in this transaction."""
    return notes.post(session, author, draft(text, **fields), now=now).note_id
