"""The notes that answer a question: read, linked and unlinked.

A note that is posted with a question is linked while it is stored (notes.py). Whoever asked, and
whoever may close the question, links notes that were there before, and unlinks what is no answer.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from insights.db import UTCDateTime
from insights.errors import Forbidden, NotFound
from insights.models import Note, Question, QuestionAnswer
from insights.services import access, access_work, journal, lookup, note_cards, question_links
from insights.services.access import Actor
from insights.services.note_cards import MOST_CARDS, CardPage, Position


def link(session: Session, actor: Actor, question_id: int, note_id: UUID, *, now: datetime) -> None:
    """Has the note answer the question, open or closed; nothing happens when it does already.

    For the note's author and whoever may close the question. Raises NotFound and Forbidden.
    """
    _require_linker(session, actor, question_id, note_id)
    made = question_links.add(session, {note_id: question_id}, actor_id=actor.journal_id, now=now)
    journal.append_many(session, made)


def unlink(
    session: Session, actor: Actor, question_id: int, note_id: UUID, *, now: datetime
) -> None:
    """Has the note answer the question no longer; nothing happens when it does not.

    For those who may link it. Raises NotFound and Forbidden.
    """
    _require_linker(session, actor, question_id, note_id)
    if question_links.remove(session, question_id, note_id):
        data = {"fields": ["answers"], "note": str(note_id)}
        subject = ("question", question_id)
        journal.append(
            session, "question.changed", subject, actor_id=actor.journal_id, now=now, data=data
        )


def list_answers(
    session: Session,
    actor: Actor,
    question_id: int,
    *,
    after: Position | None = None,
    limit: int = 20,
) -> CardPage:
    """The answers that the actor may see, the last linked first, `limit` (at most 100) at a time;
    `Position.noted_at` is when the answer was linked. Raises NotFound. Five queries."""
    lookup.require_id(session, Question, question_id)
    limit = max(1, min(limit, MOST_CARDS))
    columns = (QuestionAnswer.at, QuestionAnswer.note_id)
    page = (
        select(*columns)
        .join(Note, Note.id == QuestionAnswer.note_id)
        .where(QuestionAnswer.question_id == question_id, access.visible_notes(actor))
    )
    if after is not None:
        last = (literal(after.noted_at, UTCDateTime()), literal(after.id, Note.id.type))
        page = page.where(tuple_(*columns) < tuple_(*last))
    newest_first = page.order_by(QuestionAnswer.at.desc(), QuestionAnswer.note_id.desc())
    rows = session.execute(newest_first.limit(limit + 1)).all()
    cards = note_cards.cards_of(session, actor, [row.note_id for row in rows[:limit]])
    final = rows[limit - 1] if len(rows) > limit else None
    return CardPage(cards, Position(final.at, final.note_id) if final else None)


def _require_linker(session: Session, actor: Actor, question_id: int, note_id: UUID) -> None:
    question = lookup.by_id(session, Question, question_id)
    if question is None:
        raise NotFound("There is no such question.")
    note = access.note(session, actor, note_id)
    if not access_work.may_link(actor, question, note.author_id):
        message = "Its author and whoever may close the question say whether a note answers it."
        raise Forbidden(message)
