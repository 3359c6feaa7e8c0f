"""Letters about questions: what somebody is told of them, in words."""

from sqlalchemy.orm import Session

from insights import markdown
from insights.errors import NotFound
from insights.services import questions
from insights.services.access import Actor
from insights.services.letter import Leads, Letter
from insights.services.question_views import QuestionView
from insights.text import shorten

_QUOTED = 110


def asked(session: Session, reader: Actor, subject: str) -> Letter | None:
    """A question to the reader (its number); None once it was closed."""
    found = _question(session, reader, subject)
    if found is None or found.closed_at is not None:
        return None
    # Only where the headline does not hold all of it.
    lines = [found.text] if len(found.text) > _QUOTED else []
    lines.append(_by_whom(found))
    if found.segments:
        lines.append(f"It is about {', '.join(one.name for one in found.segments)}.")
    lines.append("Any note answers it, a few words are enough.")
    return Letter(
        title=f"A question to you: {shorten(found.text, _QUOTED)}",
        lines=lines,
        leads=Leads.QUESTION,
        key=str(found.id),
        question_id=found.id,
    )


def summary(session: Session, reader: Actor, subject: str) -> Letter | None:
    """What came of a question that the reader has answered (its number)."""
    found = _question(session, reader, subject)
    if found is None or found.closed_at is None or not found.summary:
        return None
    closer = f"{found.closed_by} sums up what came of it:" if found.closed_by else "In sum:"
    return Letter(
        title=f"You answered: {shorten(found.text, _QUOTED)}",
        lines=[closer, *markdown.to_text(found.summary).splitlines()],
        leads=Leads.QUESTION,
        key=str(found.id),
    )


def _question(session: Session, reader: Actor, subject: str) -> QuestionView | None:
    try:
        return questions.get(session, reader, int(subject))
    except NotFound:
        return None


def _by_whom(found: QuestionView) -> str:
    day = f"{found.until.day} {found.until:%B %Y}"
    return f"{found.asker_name or 'Somebody'} asks, until {day}."
