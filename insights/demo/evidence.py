"""Notes of the demo that its topics, answers and battlecards rest on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.models import Audience, Competitor, Note, NoteCompetitor


def notes_about(
    session: Session, words: str, competitor: str = "", *, before: datetime, limit: int
) -> list[UUID]:
    """The newest notes open to everyone that hold one of the words (all, for none) and, if one is
    given, are tagged with the competitor of that slug."""
    wanted = [Note.audience == Audience.EVERYONE, Note.noted_at < before]
    if words:
        wanted.append(or_(*(Note.text.ilike(f"%{word}%") for word in words.split())))
    if competitor:
        tagged = (
            select(NoteCompetitor.note_id).join(Competitor).where(Competitor.slug == competitor)
        )
        wanted.append(Note.id.in_(tagged))
    newest = select(Note.id).where(*wanted).order_by(Note.noted_at.desc(), Note.id.desc())
    found: Sequence[UUID] = session.scalars(newest.limit(limit)).all()
    return list(found)
