"""Coverage of a question: from which of the territories asked an answer has come, and from which
not.

Rows are the lowest territories that somebody holds: one that has another held one below it is left
to that one. Everything counts what the reader may see, so that a territory whose only answer is
sealed from them is silent to them.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.models import Note, QuestionAnswer
from insights.services import access, catalogue, question_aims, questions
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Place
from insights.services.question_views import QuestionView


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A territory with all below it: its holders' names by id, answers, and how many people gave
    them."""

    place: Place
    holders: Mapping[int, str]
    notes: int
    people: int

    @property
    def is_silent(self) -> bool:
        """Whether no answer has come from there."""
        return not self.notes


@dataclass(frozen=True)
class Coverage:
    """The territories asked in order of name, the silent ones first; `elsewhere` are the answers
    that are from none of them."""

    question: QuestionView
    rows: Sequence[CoverageRow]
    elsewhere: int

    @property
    def answered(self) -> int:
        """From how many of the territories an answer has come."""
        return sum(not row.is_silent for row in self.rows)

    @property
    def silent_people(self) -> set[int]:
        """The holders of the territories from which none has come."""
        return {one for row in self.rows if row.is_silent for one in row.holders}


def coverage(session: Session, actor: Actor, question_id: int, *, today: date) -> Coverage:
    """Who has answered and who has not, of those who hold a territory that is asked on the day
    `today`. Raises NotFound. A fixed number of queries."""
    question = questions.get(session, actor, question_id)
    known = catalogue.current(session)
    aims = [one.id for one in question.territories]
    held = question_aims.holders_within(session, aims, today=today)
    notes, authors = _answers(session, actor, question.id, _row_of(known, held))
    rows = [
        CoverageRow(known.territories[one], held[one], notes[one], len(authors[one]))
        for one in known.territories
        if one in _lowest(known, held)
    ]
    rows.sort(key=lambda row: not row.is_silent)
    return Coverage(question, rows, notes[None])


def remind_silent(
    session: Session, actor: Actor, question_id: int, *, now: datetime, today: date
) -> int:
    """Tells those who hold a silent territory, and have not answered from elsewhere, once more;
    each at most once a day. Returns how many. Raises as `questions.remind` does."""
    found = coverage(session, actor, question_id, today=today)
    people = found.silent_people - question_aims.answerers(session, question_id)
    return questions.remind(session, actor, question_id, people, now=now, today=today)


def _lowest(known: Catalogue, held: Mapping[int, object]) -> frozenset[int]:
    above = {place.id for one in held for place in known.lineage(one)[:-1]}
    return frozenset(held) - above


def _row_of(known: Catalogue, held: Mapping[int, object]) -> dict[int, int]:
    """By each territory the row that counts its notes."""
    return {below: one for one in _lowest(known, held) for below in known.subtree(one)}


def _answers(
    session: Session, actor: Actor, question_id: int, row_of: Mapping[int, int]
) -> tuple[Counter[int | None], dict[int | None, set[int]]]:
    """Notes and authors by row; None for what is of no row. One query."""
    statement = (
        select(Note.territory_id, Note.author_id, func.count().label("notes"))
        .join(QuestionAnswer, QuestionAnswer.note_id == Note.id)
        .where(QuestionAnswer.question_id == question_id, access.visible_notes(actor))
        .group_by(Note.territory_id, Note.author_id)
    )
    notes: Counter[int | None] = Counter()
    authors: dict[int | None, set[int]] = defaultdict(set)
    for territory_id, author_id, count in session.execute(statement):
        row = row_of.get(territory_id)
        notes[row] += count
        authors[row].add(author_id)
    return notes, authors
