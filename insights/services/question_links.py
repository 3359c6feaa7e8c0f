"""Which notes answer which questions, as rows.

Apart from the rest of what questions can do, because a note that is posted with a question is
linked in the same breath, whatever has become of the question meanwhile: an answer is never lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip, table_of
from insights.models import Question, QuestionAnswer
from insights.services import journal
from insights.services.lookup import LARGEST_ID

_ANSWERS = table_of(QuestionAnswer).c


def add(
    session: Session, question_of: Mapping[UUID, int | None], *, actor_id: int | None, now: datetime
) -> list[dict[str, Any]]:
    """Links notes to the questions that they were written for; gives the rows for the journal.

    A number that is no question's, and a note that is linked already, are passed over. Two queries,
    none without questions.
    """
    asked = {one for one in question_of.values() if one is not None and 0 < one <= LARGEST_ID}
    if not asked:
        return []
    known = set(session.scalars(select(Question.id).where(Question.id.in_(sorted(asked)))))
    rows: Sequence[dict[str, Any]] = [
        {"question_id": question_id, "note_id": note_id, "at": now}
        for note_id, question_id in question_of.items()
        if question_id in known
    ]
    if not rows:
        return []
    linked = session.scalars(insert_or_skip(session, QuestionAnswer, _ANSWERS.note_id), rows)
    return [
        journal.entry(
            "question.answered",
            ("question", question_of[note_id]),
            actor_id=actor_id,
            now=now,
            data={"note": str(note_id)},
        )
        for note_id in linked
    ]


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question by its number and words."""

    id: int
    text: str


def answered_by(session: Session, note_id: UUID) -> list[AnsweredQuestion]:
    """The questions that the note answers, the first asked first; for whoever sees the note, since
    everyone sees every question. One query."""
    chosen = (
        select(Question.id, Question.text)
        .join(QuestionAnswer, QuestionAnswer.question_id == Question.id)
        .where(QuestionAnswer.note_id == note_id)
        .order_by(Question.id)
    )
    return [AnsweredQuestion(*row) for row in session.execute(chosen)]


def remove(session: Session, question_id: int, note_id: UUID) -> bool:
    """Whether the note answered the question until now, which it no longer does."""
    gone = delete(QuestionAnswer).where(
        QuestionAnswer.question_id == question_id, QuestionAnswer.note_id == note_id
    )
    return session.scalar(gone.returning(QuestionAnswer.note_id)) is not None
