"""Searches that found nothing: what people look for and nobody has told yet.

A page that shows no note says so here, once an hour for a person and query. Analysts and admins see
what was sought and by how many people, never by whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from insights.models import SearchMiss
from insights.services import access_work
from insights.services.access import Actor
from insights.services.names import one_line
from insights.text import fold

LONGEST = 300
ONCE_IN = timedelta(hours=1)
LISTED_FOR = timedelta(days=90)
MOST_LISTED = 100
# Behind this many queries nobody reads on.
DEEPEST = 2_000


@dataclass(frozen=True, slots=True)
class MissView:
    """A query that found nothing: how many people sought it how often, and the question that was
    made of it."""

    query: str
    people: int
    searches: int
    newest_at: datetime
    question_id: int | None


def record(session: Session, actor: Actor, *, query: str, now: datetime) -> bool:
    """Writes down that the actor has just found nothing; whether it was new within the hour.

    An empty query is none. What is longer than 300 characters is cut. Nothing is journalled: it is
    no change of anything.
    """
    typed = one_line(query)[:LONGEST]
    folded = fold(typed)[:LONGEST]
    if not folded or actor.journal_id is None:
        return False
    lately = exists().where(
        SearchMiss.folded == folded,
        SearchMiss.at > now - ONCE_IN,
        SearchMiss.person_id == actor.id,
    )
    if session.scalar(select(lately)):
        return False
    session.add(SearchMiss(query=typed, folded=folded, person_id=actor.id, at=now))
    session.flush()
    return True


def note_asked(
    session: Session, actor: Actor, *, query: str, question_id: int, now: datetime
) -> None:
    """Marks a query of the last 90 days as asked of the field, for whoever may ask; a question that
    it has already stays. Raises Forbidden."""
    access_work.require_asker(actor)
    folded = fold(one_line(query)[:LONGEST])[:LONGEST]
    session.execute(
        update(SearchMiss)
        .where(
            SearchMiss.folded == folded,
            SearchMiss.at > now - LISTED_FOR,
            SearchMiss.question_id.is_(None),
        )
        .values(question_id=question_id)
    )


def list_misses(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    words: str = "",
    asked: bool | None = None,
    limit: int = 20,
    offset: int = 0,
) -> list[MissView]:
    """Up to `limit` (at most 100) queries of the last 90 days, those of most people first, from
    behind the first `offset` ones.

    `words` have to stand in the query, without case and accents; `asked` leaves those of which a
    question was made, or the others. Raises Forbidden unless it is an analyst or admin. Two
    queries.
    """
    access_work.require_searcher_of_misses(actor)
    if offset >= DEEPEST:
        return []
    people = func.count(SearchMiss.person_id.distinct())
    newest, question = func.max(SearchMiss.id), func.max(SearchMiss.question_id)
    statement = (
        select(
            newest.label("newest"),
            people.label("people"),
            func.count().label("searches"),
            question.label("question_id"),
        )
        .where(*_conditions(words, now))
        .group_by(SearchMiss.folded)
        .order_by(people.desc(), newest.desc())
    )
    if asked is not None:
        statement = statement.having(question.is_not(None) if asked else question.is_(None))
    rows = session.execute(statement.limit(max(1, min(limit, MOST_LISTED + 1))).offset(offset))
    return _views(session, rows.all())


def _conditions(words: str, now: datetime) -> list[ColumnElement[bool]]:
    conditions = [SearchMiss.at > now - LISTED_FOR]
    if words.strip():
        conditions.append(SearchMiss.folded.contains(fold(one_line(words)), autoescape=True))
    return conditions


def _views(session: Session, rows: Sequence[Any]) -> list[MissView]:
    """With the words of each query as they were typed last."""
    columns = (SearchMiss.id, SearchMiss.query, SearchMiss.at)
    ids = [row.newest for row in rows]
    typed = {row.id: row for row in session.execute(select(*columns).where(SearchMiss.id.in_(ids)))}
    return [
        MissView(
            query=typed[row.newest].query,
            people=row.people,
            searches=row.searches,
            newest_at=typed[row.newest].at,
            question_id=row.question_id,
        )
        for row in rows
    ]
