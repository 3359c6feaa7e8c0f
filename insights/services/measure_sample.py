"""How long notes wait: what is read of them in the database to measure it, and how it is measured.

Whoever has a million notes need not read them all to know how long one waits: a sample tells it as
well. It is a cluster sample: of a period with more notes than are read, all notes of many short
stretches of equal length are taken, one at a changing place of each part of the period, so that
every note is as likely to be taken as any other, whatever the weekday and the hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import modf
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from insights.db import UTCDateTime, unindexed
from insights.models import (
    Comment,
    Note,
    Outcome,
    Sighting,
    Source,
    Topic,
    TopicNote,
    Triage,
    TriageState,
)
from insights.services import access, access_work
from insights.services.access import Actor

MOST_SAMPLED = 1_000
MOST_OUTCOMES = 2_000
STRETCHES = 96
# Of more territories than these, each stretch is read whole and the others are passed over.
MOST_SOUGHT = 30
# The multiples of the golden ratio leave no part of an interval out for long (Weyl, 1916).
_GOLDEN = (5**0.5 - 1) / 2
_SETTLED = (TriageState.DONE, TriageState.ALREADY_KNOWN)


@dataclass(frozen=True, slots=True)
class Span:
    """What is measured: notes of these territories (none given: of all), from a moment to another
    one, which is not included."""

    territory_ids: frozenset[int]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class SampledNote:
    """A note of the sample: how long it waited for its first response, or has waited until now."""

    territory_id: int
    waited: timedelta
    answered: bool
    sightings: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A note whose outcome was said, and how long after it had come in."""

    territory_id: int
    took: timedelta


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Notes with an outcome of a topic, and those of them that were used."""

    notes: int = 0
    used: int = 0


def stretches(since: datetime, until: datetime, *, share: float) -> list[tuple[datetime, datetime]]:
    """Parts of the period that make up that share of it; the period itself for a share of 1."""
    if share >= 1:
        return [(since, until)]
    part = (until - since) / STRETCHES
    length = part * share
    begins = (
        since + part * number + (part - length) * modf(number * _GOLDEN)[0]
        for number in range(STRETCHES)
    )
    return [(begin, begin + length) for begin in begins]


def sampled(
    session: Session, actor: Actor, span: Span, *, total: int, now: datetime
) -> list[SampledNote]:
    """Some 1,000 notes of the period that the actor may see, all of them when there are no more.

    `total` is how many there are. Notes from files are left out: nobody waited for an answer to
    them. One query, which reads no more notes than the sample has.
    """
    share = MOST_SAMPLED / total if total else 1.0
    taken = stretches(span.since, span.until, share=share)
    few = len(span.territory_ids) <= MOST_SOUGHT
    statement = (
        _responses(actor)
        .select_from(_TABLE)
        .join(Note, and_(Note.noted_at >= _TABLE.c.since, Note.noted_at < _TABLE.c.until))
        .where(
            _among(Note.territory_id, span) if few else _of(Note.territory_id, span),
            access.visible_notes(actor),
            Note.source != Source.IMPORT,
        )
        .limit(2 * MOST_SAMPLED)
    )
    return [_sampled(row, now) for row in session.execute(statement, _values_of(taken))]


def settled(session: Session, actor: Actor, span: Span) -> list[Settled]:
    """Up to 2,000 outcomes of topics and as many decisions of the inbox that ended a note in the
    period, the last ones, of notes that the actor may see. Two queries."""
    of_topic = _topic_outcomes(actor, span)
    decided = (
        select(Note.territory_id, Note.received_at, Triage.changed_at.label("settled_at"))
        .join(Triage, Triage.note_id == Note.id)
        .where(
            Triage.decided_at >= span.since,
            Triage.decided_at < span.until,
            Triage.state.in_(_SETTLED),
            _of(Triage.territory_id, span),
            access.visible_notes(actor),
        )
        .order_by(Triage.decided_at.desc())
        .limit(MOST_OUTCOMES)
    )
    rows = [*session.execute(of_topic), *session.execute(decided)]
    return [
        Settled(row.territory_id, max(row.settled_at - row.received_at, timedelta()))
        for row in rows
    ]


def outcomes(session: Session, actor: Actor, span: Span) -> dict[int, Outcomes]:
    """The notes of each territory with an outcome that was said in the period; those without are
    absent. One query, which the database adds up."""
    used = func.count(TopicNote.note_id.distinct()).filter(TopicNote.outcome == Outcome.USED)
    statement = (
        select(Note.territory_id, func.count(TopicNote.note_id.distinct()), used)
        .select_from(TopicNote)
        .join(Note, Note.id == TopicNote.note_id)
        .join(Topic, Topic.id == TopicNote.topic_id)
        .where(*_said(actor, span))
        .group_by(Note.territory_id)
    )
    return {one: Outcomes(notes, some) for one, notes, some in session.execute(statement)}


def waiting_quantile(notes: Sequence[SampledNote], share: float) -> timedelta | None:
    """In which time that share of the notes had their first response; None when not so many had.

    The estimate of Kaplan and Meier (1958): a note that still waits counts as one that has waited
    so long at least, so the newest notes neither flatter the figure nor spoil it.
    """
    surviving, at_risk = 1.0, len(notes)
    for note in sorted(notes, key=lambda one: (one.waited, not one.answered)):
        if note.answered:
            surviving *= 1 - 1 / at_risk
            # Products of many fractions miss a round number by a hair.
            if 1 - surviving >= share - 1e-9:
                return note.waited
        at_risk -= 1
    return None


def quantile(values: Sequence[timedelta], share: float) -> timedelta | None:
    """The smallest value that the share of all values does not exceed (nearest rank); None of
    none."""
    ordered = sorted(values)
    if not ordered:
        return None
    rank = max(0, -int(-share * len(ordered) // 1) - 1)
    return ordered[min(rank, len(ordered) - 1)]


def _responses(actor: Actor) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Note.territory_id,
        Note.received_at,
        _first(
            Comment.at,
            Comment.note_id == Note.id,
            Comment.author_id != Note.author_id,
            Comment.withdrawn_at.is_(None),
        ).label("commented_at"),
        _first(Sighting.at, Sighting.note_id == Note.id).label("sighted_at"),
        _first(Triage.decided_at, Triage.note_id == Note.id).label("decided_at"),
        _first(
            TopicNote.outcome_at,
            TopicNote.note_id == Note.id,
            Topic.id == TopicNote.topic_id,
            access_work.visible_topics(actor),
        ).label("outcome_at"),
        select(func.count())
        .select_from(Sighting)
        .where(Sighting.note_id == Note.id)
        .correlate(Note)
        .scalar_subquery()
        .label("sightings"),
    )
    return select(*columns)


def _first(moment: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.min(moment)).where(*conditions).correlate(Note).scalar_subquery()


def _sampled(row: Any, now: datetime) -> SampledNote:
    moments = (row.commented_at, row.sighted_at, row.decided_at, row.outcome_at)
    responses = [one for one in moments if one is not None]
    waited = min(responses, default=now) - row.received_at
    return SampledNote(row.territory_id, max(waited, timedelta()), bool(responses), row.sightings)


def _topic_outcomes(actor: Actor, span: Span) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Note.territory_id,
        Note.received_at,
        TopicNote.outcome_at.label("settled_at"),
    )
    return (
        select(*columns)
        .select_from(TopicNote)
        .join(Note, Note.id == TopicNote.note_id)
        .join(Topic, Topic.id == TopicNote.topic_id)
        .where(*_said(actor, span))
        .order_by(TopicNote.outcome_at.desc())
        .limit(MOST_OUTCOMES)
    )


def _said(actor: Actor, span: Span) -> tuple[ColumnElement[bool], ...]:
    """Outcomes that were said in the period, about notes and in topics that the actor may see."""
    return (
        TopicNote.outcome_at >= span.since,
        TopicNote.outcome_at < span.until,
        TopicNote.outcome.is_not(None),
        _of(Note.territory_id, span),
        access.visible_notes(actor),
        access_work.visible_topics(actor),
    )


def _table_of_stretches() -> CTE:
    """Joined with the notes, each stretch is looked up in an index by itself. Put together once:
    the statement is then the same each time, and the database library knows it already."""
    rows = (
        select(
            bindparam(f"since{number}", type_=UTCDateTime).label("since"),
            bindparam(f"until{number}", type_=UTCDateTime).label("until"),
        )
        for number in range(STRETCHES)
    )
    return union_all(*rows).cte("stretches")


_TABLE = _table_of_stretches()


def _values_of(taken: Sequence[tuple[datetime, datetime]]) -> dict[str, datetime]:
    """The values of the table; rows that are left over are stretches without any length."""
    last = taken[-1][1]
    padded = [*taken, *[(last, last)] * (STRETCHES - len(taken))]
    return {
        f"{name}{number}": moment
        for number, pair in enumerate(padded)
        for name, moment in zip(("since", "until"), pair, strict=True)
    }


def _among(territory: Any, span: Span) -> ColumnElement[bool]:
    found: ColumnElement[bool] = territory.in_(sorted(span.territory_ids))
    return found if span.territory_ids else true()


def _of(territory: Any, span: Span) -> ColumnElement[bool]:
    """The same, for a database that shall begin with the moments, which leave few rows, and not
    with all notes of the territories."""
    return _among(unindexed(territory), span)
