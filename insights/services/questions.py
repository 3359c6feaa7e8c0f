"""Questions: what headquarters wants to hear from the field, and of whom.

A question is aimed at territories with all below them, or at everybody who holds one. It is open to
the end of a day, or until somebody closes it with a summary, which those who answered are told.
Answers are notes (question_answers.py). Everyone sees every question; the journal keeps who asked,
changed and closed which, and never the words.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from insights.db import unindexed
from insights.errors import Conflict, Invalid, NotFound
from insights.models import (
    JournalEntry,
    Kind,
    Note,
    Person,
    Question,
    QuestionAnswer,
)
from insights.services import (
    access,
    access_work,
    catalogue,
    journal,
    lookup,
    question_aims,
    question_asking,
    question_views,
)
from insights.services.access import Actor
from insights.services.question_asking import LONGEST_SUMMARY, Asked, Asking, require_asked
from insights.services.question_views import QuestionView
from insights.text import clean

MOST_LISTED = 100
MOST_OF_TOPIC = 50


class QuestionChanges(TypedDict, total=False):
    """What can be changed of an open question; what is left out stays as it is."""

    text: str
    kinds: Collection[Kind]
    territory_ids: Collection[int]
    segment_ids: Collection[int]
    until: date


@dataclass(frozen=True, kw_only=True)
class QuestionFilter:
    """Which questions to list: those `open` today or only those that are not; those `aimed` at
    what the actor holds and asked by others, or only the rest; those that one person asked."""

    open: bool | None = None
    aimed: bool | None = None
    asker_id: int | None = None


def ask(
    session: Session,
    actor: Actor,
    *,
    text: str,
    kinds: Collection[Kind] = (),
    territory_ids: Collection[int] = (),
    segment_ids: Collection[int] = (),
    until: date,
    topic_id: int | None = None,
    now: datetime,
    today: date,
) -> QuestionView:
    """Asks the field, and tells those who hold what it is aimed at, except the actor.

    `today` is the day in the organisation's time zone. Raises Forbidden unless the actor may ask
    (of these territories), NotFound for a topic that they do not see, and Invalid(text,
    territories, segments, until).
    """
    access_work.require_asker(actor)
    asking = Asking(text, kinds, territory_ids, segment_ids, until)
    asked = require_asked(catalogue.current(session), actor, asking, today=today)
    if topic_id is not None:
        access_work.topic(session, actor, topic_id)
    _require_new(session, actor, asked.text, today)
    row = Question(
        text=asked.text, kinds=list(asked.kinds), until=asked.until, asker_id=actor.journal_id,
        topic_id=topic_id, asked_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    question_asking.write_links(session, row.id, asked)
    _tell(session, actor, row, asked, now=now, today=today)
    data = {"territories": asked.territory_ids, "segments": asked.segment_ids, "topic": topic_id}
    _record(session, actor, "asked", row, now=now, data=data)
    return get(session, actor, row.id)


def change(
    session: Session,
    actor: Actor,
    question_id: int,
    *,
    expected_version: int | None = None,
    now: datetime,
    today: date,
    **changes: Unpack[QuestionChanges],
) -> QuestionView:
    """Changes what is given of a question that was not closed; a day passed can be put off.

    Whoever it is aimed at anew is told, those who were told before are not told again. Raises
    NotFound, Forbidden, Invalid as `ask` does, and Conflict when it was closed, or is no longer at
    `expected_version`.
    """
    row = _changeable(session, actor, question_id, expected_version)
    before = question_asking.stored(session, row)
    asking = Asking(**{**before.as_given(), **changes})
    asked = require_asked(catalogue.current(session), actor, asking, today=today, kept=before)
    fields = asked.differing(before)
    if not fields:
        return get(session, actor, row.id)
    row.text, row.kinds, row.until = asked.text, list(asked.kinds), asked.until
    # A new aim alone is a new version too.
    flag_modified(row, "text")
    _flush_or_conflict(session)
    question_asking.write_links(session, row.id, asked)
    _tell(session, actor, row, asked, now=now, today=today)
    _record(session, actor, "changed", row, now=now, data={"fields": fields})
    return get(session, actor, row.id)


def close(
    session: Session,
    actor: Actor,
    question_id: int,
    *,
    summary: str,
    expected_version: int | None = None,
    now: datetime,
) -> QuestionView:
    """Ends a question with what came of it, in Markdown; the authors of its answers are told.

    Notes that were on their way still arrive and are linked. Raises NotFound, Forbidden,
    Invalid(summary) for one that is too long or is wanting where there are answers, and Conflict
    when it was closed before, or is no longer at `expected_version`.
    """
    row = _changeable(session, actor, question_id, expected_version)
    cleaned = clean(summary)
    authors = question_aims.answerers(session, row.id)
    if not cleaned and authors:
        message = "Say what came of it: those who answered are told."
        raise Invalid({"summary": [message]})
    if len(cleaned) > LONGEST_SUMMARY:
        message = f"Shorten the summary to {LONGEST_SUMMARY:,} characters at most."
        raise Invalid({"summary": [message]})
    row.closed_at, row.closed_by, row.summary = now, actor.journal_id, cleaned
    _flush_or_conflict(session)
    if cleaned:
        question_aims.tell_summary(session, row.id, authors - {actor.id}, now=now)
    _record(session, actor, "closed", row, now=now, data={})
    return get(session, actor, row.id)


def remind(
    session: Session,
    actor: Actor,
    question_id: int,
    people: Collection[int],
    *,
    now: datetime,
    today: date,
) -> int:
    """Tells these people of the open question once more, each at most once a day; returns how many
    were not yet told today. Raises NotFound, Forbidden, and Conflict when it is not open."""
    row = _changeable(session, actor, question_id, None)
    if row.until < today:
        raise Conflict("Its day is over. Give it a new one, then remind them.")
    without = (actor.id, row.asker_id)
    told = question_aims.tell(session, row.id, people, without=without, now=now, reminder=today)
    if told:
        _record(session, actor, "changed", row, now=now, data={"fields": ["reminder"]})
    return told


def get(session: Session, actor: Actor, question_id: int) -> QuestionView:
    """The question of that number; raises NotFound."""
    usable = 0 < question_id <= lookup.LARGEST_ID
    chosen = question_views.select_questions().where(Question.id == question_id)
    found = question_views.views(session, actor, chosen) if usable else []
    if not found:
        raise NotFound("There is no such question.")
    return found[0]


def get_changeable(session: Session, actor: Actor, question_id: int) -> QuestionView:
    """The same, for whoever is about to change it; raises NotFound, Forbidden, and Conflict when it
    was closed."""
    _changeable(session, actor, question_id, None, lock=False)
    return get(session, actor, question_id)


def list_questions(
    session: Session,
    actor: Actor,
    chosen: QuestionFilter = QuestionFilter(),
    *,
    today: date,
    limit: int = 20,
    after: int | None = None,
) -> list[QuestionView]:
    """Up to `limit` (at most 100) questions, the last asked first, from behind number `after`."""
    conditions: list[ColumnElement[bool]] = []
    if chosen.open is not None:
        is_open = question_views.open_on(today)
        conditions.append(is_open if chosen.open else ~is_open)
    if chosen.aimed is not None:
        aimed = question_views.asked_of(catalogue.current(session), actor)
        conditions.append(aimed if chosen.aimed else ~aimed)
    if chosen.asker_id is not None:
        conditions.append(Question.asker_id == chosen.asker_id)
    if after is not None:
        conditions.append(Question.id < min(after, lookup.LARGEST_ID))
    return _listed(session, actor, *conditions, limit=limit)


def for_person(
    session: Session, actor: Actor, *, today: date, limit: int = 5
) -> list[QuestionView]:
    """Up to `limit` open questions to the actor, those not yet answered by a note of theirs first,
    of them those that end first. What they asked themselves is not asked of them."""
    if not actor.held:
        return []
    conditions = (
        question_views.open_on(today),
        question_views.asked_of(catalogue.current(session), actor),
    )
    order = (question_views.answered_by(actor), Question.until, Question.id)
    return _listed(session, actor, *conditions, order=order, limit=limit)


def unanswered_in(
    session: Session, actor: Actor, territory_ids: Sequence[int], *, today: date, limit: int
) -> list[QuestionView]:
    """Up to `limit` open questions aimed at these territories or at a part of them, to which the
    actor sees no answer from there; those that end first come first."""
    known = catalogue.current(session)
    answered = exists().where(
        QuestionAnswer.question_id == Question.id,
        Note.id == QuestionAnswer.note_id,
        # A question has few answers, a territory has tens of thousands of notes.
        unindexed(Note.territory_id).in_(sorted(known.subtrees(territory_ids))),
        access.visible_notes(actor),
    )
    conditions = (
        question_views.open_on(today),
        question_views.touching(known, territory_ids),
        ~answered,
    )
    order = (Question.until, Question.id)
    return _listed(session, actor, *conditions, order=order, limit=limit)


def of_topic(session: Session, actor: Actor, topic_id: int) -> list[QuestionView]:
    """The last 50 questions that were asked for a topic. Raises NotFound for one that the actor
    does not see."""
    access_work.topic(session, actor, topic_id)
    return _listed(session, actor, Question.topic_id == topic_id, limit=MOST_OF_TOPIC)


def _listed(
    session: Session,
    actor: Actor,
    *conditions: ColumnElement[bool],
    order: Sequence[Any] = (),
    limit: int,
) -> list[QuestionView]:
    chosen = question_views.select_questions().where(*conditions)
    ordered = chosen.order_by(*(order or (Question.id.desc(),)))
    return question_views.views(session, actor, ordered.limit(max(1, min(limit, MOST_LISTED + 1))))


def _changeable(
    session: Session,
    actor: Actor,
    question_id: int,
    expected_version: int | None,
    *,
    lock: bool = True,
) -> Question:
    """The question if the actor may change it as it is now; with `lock` held until the transaction
    ends."""
    row = lookup.by_id(session, Question, question_id, lock=lock)
    if row is None:
        raise NotFound("There is no such question.")
    access_work.require_closer(actor, row)
    if row.closed_at is not None:
        closer = session.scalar(select(Person.name).where(Person.id == row.closed_by))
        raise Conflict(f"{_who(actor, closer)} closed this question. Ask a new one instead.")
    if expected_version is not None and row.version != expected_version:
        raise _changed_meanwhile(session, actor, row.id)
    return row


def _changed_meanwhile(session: Session, actor: Actor, question_id: int) -> Conflict:
    """Says who changed it last, which the journal knows."""
    last = (
        select(Person.name)
        .join(JournalEntry, JournalEntry.actor_id == Person.id)
        .where(
            JournalEntry.subject_type == "question",
            JournalEntry.subject_id == str(question_id),
            JournalEntry.verb == "question.changed",
        )
        .order_by(JournalEntry.id.desc())
    )
    who = _who(actor, session.scalar(last.limit(1)))
    return Conflict(f"{who} changed this question meanwhile. Read it again, then repeat yours.")


def _who(actor: Actor, name: str | None) -> str:
    return "You" if name == actor.name else name or "Somebody"


def _flush_or_conflict(session: Session) -> None:
    try:
        session.flush()
    except StaleDataError:
        message = "Somebody changed this question meanwhile. Read it again, then repeat yours."
        raise Conflict(message) from None


def _require_new(session: Session, actor: Actor, text: str, today: date) -> None:
    """A form that is sent twice asks once."""
    lookup.require_id(session, Person, actor.id, lock=True)
    same = select(Question.id).where(
        Question.asker_id == actor.id, Question.text == text, question_views.open_on(today)
    )
    if session.scalar(same.limit(1)) is not None:
        message = "You have asked this already, and it is open. Change that one instead."
        raise Invalid({"text": [message]})


def _tell(
    session: Session, actor: Actor, row: Question, asked: Asked, *, now: datetime, today: date
) -> None:
    held = question_aims.holders_within(session, asked.territory_ids, today=today)
    people = {one for holders in held.values() for one in holders}
    question_aims.tell(session, row.id, people, without=(actor.id, row.asker_id), now=now)


def _record(
    session: Session,
    actor: Actor,
    deed: str,
    row: Question,
    *,
    now: datetime,
    data: dict[str, Any],
) -> None:
    who, subject = actor.journal_id, ("question", row.id)
    journal.append(session, f"question.{deed}", subject, actor_id=who, now=now, data=data)
