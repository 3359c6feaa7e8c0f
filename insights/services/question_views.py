"""Questions as they are shown: what is asked, of whom, and how many notes answer it.

Everyone sees every question; answers are counted as the reader may see them. A page of questions
takes a fixed number of queries; names of territories and segments come from the catalogue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from insights.db import unindexed
from insights.models import (
    Kind,
    Note,
    Person,
    Question,
    QuestionAnswer,
    QuestionSegment,
    QuestionTerritory,
    Topic,
)
from insights.services import access, access_work, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Place, SegmentItem


@dataclass(frozen=True, slots=True)
class TopicName:
    """The topic that a question is asked for, as far as its reader may see it."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as one reader sees it.

    It is open to the end of the day `until` in the organisation's time zone, unless it was closed
    before. Without `territories` it is aimed at every holder, without `kinds` any note answers it;
    `segments` only say what it is about. `answers` and `people` count what the reader may see;
    `own_territory` is the first territory of the reader's own at which it is aimed.
    """

    id: int
    text: str
    kinds: tuple[Kind, ...]
    territories: tuple[Place, ...]
    segments: tuple[SegmentItem, ...]
    until: date
    asker_id: int | None
    asker_name: str | None
    topic: TopicName | None
    asked_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    summary: str
    version: int
    answers: int
    people: int
    answered_by_me: bool
    own_territory: Place | None
    may_close: bool

    def is_open_on(self, today: date) -> bool:
        """Whether it still waits for answers on that day."""
        return self.closed_at is None and self.until >= today


@dataclass(frozen=True, slots=True)
class _Answered:
    """How many notes answer a question, of how many people, and whether the reader is one."""

    notes: int = 0
    people: int = 0
    mine: bool = False


_NONE = _Answered()
_CLOSER = aliased(Person)


def open_on(today: date) -> ColumnElement[bool]:
    """The condition on `questions` that leaves those which wait for answers on that day."""
    return and_(Question.closed_at.is_(None), Question.until >= today)


def asked_of(known: Catalogue, actor: Actor) -> ColumnElement[bool]:
    """The condition on `questions` that leaves those aimed at a territory the actor holds. What
    they asked themselves is not asked of them."""
    if not actor.held:
        return false()
    above = {place.id for one in actor.held for place in known.lineage(one)}
    return and_(_aimed_within(above), Question.asker_id.is_distinct_from(actor.id))


def touching(known: Catalogue, territory_ids: Sequence[int]) -> ColumnElement[bool]:
    """The same for those aimed at one of these territories, or at a part of one."""
    above = {place.id for one in territory_ids for place in known.lineage(one)}
    return _aimed_within(above | known.subtrees(territory_ids))


def _aimed_within(territory_ids: set[int] | frozenset[int]) -> ColumnElement[bool]:
    aim = QuestionTerritory.question_id == Question.id
    named = exists().where(aim, QuestionTerritory.territory_id.in_(sorted(territory_ids)))
    return or_(~exists().where(aim), named)


def answered_by(actor: Actor) -> ColumnElement[bool]:
    """The condition on `questions` that leaves those which a note of the actor's answers."""
    return exists().where(
        QuestionAnswer.question_id == Question.id,
        Note.id == QuestionAnswer.note_id,
        # A question has few answers, an author has thousands of notes.
        unindexed(Note.author_id) == actor.id,
        Note.withdrawn_at.is_(None),
    )


def select_questions() -> Select[Question, str, str]:
    """Questions with the names that go with them, to be narrowed and read by `views`."""
    return (
        select(Question, Person.name.label("asker_name"), _CLOSER.name.label("closer_name"))
        .outerjoin(Person, Person.id == Question.asker_id)
        .outerjoin(_CLOSER, _CLOSER.id == Question.closed_by)
    )


def views(
    session: Session, actor: Actor, statement: Select[Question, str, str]
) -> list[QuestionView]:
    """What a statement of `select_questions` finds, in its order. Five queries."""
    rows = session.execute(statement).all()
    if not rows:
        return []
    known = catalogue.current(session)
    ids = [row.Question.id for row in rows]
    aims = _links(session, QuestionTerritory.question_id, QuestionTerritory.territory_id, ids)
    about = _links(session, QuestionSegment.question_id, QuestionSegment.segment_id, ids)
    answered = _answered(session, actor, ids)
    topics = _topics(session, actor, {row.Question.topic_id for row in rows} - {None})
    return [
        _view(
            known,
            actor,
            row,
            territories=tuple(known.territories[one] for one in aims.get(row.Question.id, ())),
            segments=tuple(known.segments[one] for one in about.get(row.Question.id, ())),
            answered=answered.get(row.Question.id, _NONE),
            topic=topics.get(row.Question.topic_id),
        )
        for row in rows
    ]


def _view(
    known: Catalogue,
    actor: Actor,
    row: Row[Question, str, str],
    *,
    territories: tuple[Place, ...],
    segments: tuple[SegmentItem, ...],
    answered: _Answered,
    topic: TopicName | None,
) -> QuestionView:
    question: Question = row.Question
    return QuestionView(
        id=question.id,
        text=question.text,
        kinds=tuple(Kind(one) for one in question.kinds),
        territories=territories,
        segments=segments,
        until=question.until,
        asker_id=question.asker_id,
        asker_name=row.asker_name,
        topic=topic,
        asked_at=question.asked_at,
        closed_at=question.closed_at,
        closed_by=row.closer_name,
        summary=question.summary,
        version=question.version,
        answers=answered.notes,
        people=answered.people,
        answered_by_me=answered.mine,
        own_territory=own_territory(known, actor, [one.id for one in territories]),
        may_close=access_work.may_close(actor, question),
    )


def own_territory(known: Catalogue, actor: Actor, aims: Sequence[int]) -> Place | None:
    """The first territory in use that the actor holds within the territories aimed at."""
    within = known.subtrees(aims) if aims else known.territories.keys()
    held = (known.territories[one] for one in actor.held if one in within)
    return next((one for one in held if not one.archived), None)


def _links(session: Session, key: Any, value: Any, ids: Sequence[int]) -> Mapping[int, list[int]]:
    """By question the ids in its order of linking; one query."""
    found: dict[int, list[int]] = {}
    for question_id, identity in session.execute(
        select(key, value).where(key.in_(ids)).order_by(key, value)
    ):
        found.setdefault(question_id, []).append(identity)
    return found


def _answered(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, _Answered]:
    mine = func.max(case((Note.author_id == actor.id, 1), else_=0))
    rows = session.execute(
        select(
            QuestionAnswer.question_id,
            func.count(),
            func.count(Note.author_id.distinct()),
            mine,
        )
        .join(Note, Note.id == QuestionAnswer.note_id)
        .where(QuestionAnswer.question_id.in_(ids), access.visible_notes(actor))
        .group_by(QuestionAnswer.question_id)
    )
    return {one: _Answered(notes, people, bool(own)) for one, notes, people, own in rows}


def _topics(session: Session, actor: Actor, ids: set[int]) -> dict[int | None, TopicName]:
    """The names of those topics that the actor may see; no query without topics."""
    if not ids:
        return {}
    seen = select(Topic.id, Topic.title).where(
        Topic.id.in_(sorted(ids)), access_work.visible_topics(actor)
    )
    return {row.id: TopicName(row.id, row.title) for row in session.execute(seen)}
