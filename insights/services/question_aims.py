"""At whom a question is aimed, and telling them: a question reaches people through what they hold.

Asked are all who hold, today, a territory at which the question is aimed or one below it, whatever
their role; whoever gets such a territory later finds it on their first page and in the form of a
new note, as long as it is open.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.models import Assignment, Note, Person, QuestionAnswer, TellingMatter
from insights.services import catalogue, tellings
from insights.services.catalogue import Catalogue
from insights.services.tellings import NewTelling


def holders_within(
    session: Session, territory_ids: Collection[int], *, today: date
) -> dict[int, dict[int, str]]:
    """By territory who holds it today, as names by id: those in use within these subtrees, all of
    them without any. One query."""
    known = catalogue.current(session)
    within = _in_use(known, territory_ids)
    held = (
        select(Assignment.territory_id, Person.id, Person.name)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Assignment.since <= today,
            or_(Assignment.until.is_(None), Assignment.until > today),
            Person.deactivated_at.is_(None),
        )
        .order_by(Assignment.since, Assignment.id)
    )
    if territory_ids:
        held = held.where(Assignment.territory_id.in_(sorted(within)))
    found: dict[int, dict[int, str]] = {}
    for row in session.execute(held):
        if row.territory_id in within:
            found.setdefault(row.territory_id, {})[row.id] = row.name
    return found


def tell(
    session: Session,
    question_id: int,
    people: Iterable[int],
    *,
    without: Collection[int | None],
    now: datetime,
    reminder: date | None = None,
) -> int:
    """Tells these people of the question, each once, and once more with each day's `reminder`;
    returns how many are told by this. Those in `without` are not."""
    ending = f":{reminder.isoformat()}" if reminder else ""
    new = [
        NewTelling(
            person_id,
            TellingMatter.QUESTION,
            str(question_id),
            f"question:{question_id}:{person_id}{ending}",
        )
        for person_id in sorted(set(people) - set(without))
    ]
    return tellings.tell(session, new, now=now) if new else 0


def answerers(session: Session, question_id: int) -> set[int]:
    """The authors of all notes that answer the question and are not withdrawn: for telling them."""
    authors = (
        select(Note.author_id)
        .join(QuestionAnswer, QuestionAnswer.note_id == Note.id)
        .where(QuestionAnswer.question_id == question_id, Note.withdrawn_at.is_(None))
    )
    return set(session.scalars(authors.distinct()))


def tell_summary(
    session: Session, question_id: int, people: Iterable[int], *, now: datetime
) -> None:
    """Tells these people, once, that the question they answered was closed with a summary."""
    new = [
        NewTelling(
            person_id,
            TellingMatter.QUESTION_SUMMARY,
            str(question_id),
            f"question-summary:{question_id}:{person_id}",
        )
        for person_id in sorted(people)
    ]
    tellings.tell(session, new, now=now)


def _in_use(known: Catalogue, territory_ids: Collection[int]) -> frozenset[int]:
    within = known.subtrees(territory_ids) if territory_ids else frozenset(known.territories)
    return frozenset(one for one in within if not known.territories[one].archived)
