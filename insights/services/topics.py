"""Topics: opened from nothing, from notes or from a trend; changed, answered, opened again.

What a topic said before a change stands in its revisions. Whoever is given a topic is told. A topic
is sealed unless told otherwise when any note chosen for it is sealed, or when it is about a trend
that only the sealed notes show.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import takewhile
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from insights.errors import Conflict, FieldProblems, Invalid
from insights.models import (
    Audience,
    Note,
    Person,
    Role,
    TellingMatter,
    Topic,
    TopicRevision,
    TopicState,
    Trend,
    TrendReach,
)
from insights.services import (
    access,
    access_work,
    lookup,
    names,
    query_texts,
    tellings,
    topic_notes,
    trend_evidence,
    trend_words,
    trends,
)
from insights.services.access import Actor
from insights.services.tellings import NewTelling
from insights.services.topic_lists import (
    AT_WORK,
    TopicCounts,
    TopicFilter,
    TopicPage,
    TopicPosition,
    TopicRef,
    TopicView,
    count_topics,
    get,
    list_topics,
    open_in,
    topics_of_notes,
    view,
)
from insights.services.topic_work import LONGEST_TITLE, MOST_AT_ONCE, record, require_workable
from insights.text import clean, shorten

__all__ = [
    "AT_WORK",
    "LONGEST_TITLE",
    "TopicCounts", "TopicFilter", "TopicPage", "TopicPosition", "TopicRef", "TopicView",
    "count_topics", "get", "list_topics", "open_in", "topics_of_notes",
]  # fmt: skip

LONGEST_TEAM = 80
LONGEST_ANSWER = 20_000
MOST_REVISIONS = 100
_TWO_DAYS = timedelta(days=2)
# By what two trends are of the same story.
_ABOUT = (
    "sort", "competitor_id", "product_id", "kind", "phrase", "territory_id", "segment_id",
)  # fmt: skip


class TopicChanges(TypedDict, total=False):
    """What can be changed of a topic; what is left out stays as it is."""

    title: str
    owner_id: int | None
    team: str
    due: date | None
    audience: Audience
    query: str | None
    state: TopicState
    answer: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a topic about a trend would be: its title, the evidence that the actor may see, and
    for whom."""

    title: str
    note_ids: tuple[UUID, ...]
    audience: Audience


@dataclass(frozen=True, slots=True)
class TopicChange:
    """One change: by whom, when, and the former values by field; `version` is the one before."""

    version: int
    editor_name: str
    at: datetime
    before: Mapping[str, Any]


def open_topic(
    session: Session,
    actor: Actor,
    *,
    title: str = "",
    owner_id: int | None = None,
    team: str = "",
    due: date | None = None,
    audience: Audience | None = None,
    trend_id: int | None = None,
    query: str | None = None,
    note_ids: Collection[UUID] = (),
    now: datetime,
) -> TopicView:
    """Opens a topic and gathers the notes that it begins with.

    With `trend_id` it is about that trend: the trend's sentence is its title if none is given, the
    newest evidence that the actor may see is gathered beside `note_ids` (200 in all), and what the
    trend rests on later is proposed. `query` has new notes proposed that match it. Without an
    `audience` it is sealed when any of `note_ids` is, or when everyone else sees no such trend.
    Notes that the actor may not see, or that were withdrawn, are left out.

    Raises Forbidden, NotFound for a trend that the actor may not see, and Invalid(title, owner,
    team, query, notes).
    """
    access_work.require_topic_worker(actor)
    proposal = propose(session, actor, trend_id, now=now) if trend_id is not None else None
    if len(set(note_ids)) > MOST_AT_ONCE:
        raise Invalid({"notes": [f"Choose at most {MOST_AT_ONCE} notes to begin with."]})
    evidence = proposal.note_ids if proposal else ()
    chosen = list(dict.fromkeys([*note_ids, *evidence]))[:MOST_AT_ONCE]
    values = _usable(
        session,
        {
            "title": title or (proposal.title if proposal else ""),
            "owner_id": owner_id,
            "team": team,
            "due": due,
            "query": query,
        },
    )
    values["audience"] = audience or _audience(session, actor, proposal, note_ids)
    topic = Topic(
        state=TopicState.OPEN, answer="", trend_id=trend_id, creator_id=actor.journal_id,
        created_at=now, updated_at=now, **values,
    )  # fmt: skip
    session.add(topic)
    session.flush()
    _tell_owner(session, actor, topic, now)
    record(session, actor, "opened", topic.id, now=now)
    if chosen:
        topic_notes.gather(session, actor, topic.id, chosen, now=now)
    return view(session, actor, topic.id)


def propose(session: Session, actor: Actor, trend_id: int, *, now: datetime) -> Proposal:
    """What a topic about the trend would begin with, for the form. Raises NotFound."""
    # Days are those of the organisation's zone, which may be a day ahead.
    found = trends.get(session, actor, trend_id, on=(now + _TWO_DAYS).date())
    row = access.trend(session, actor, trend_id)
    evidence = trend_evidence.visible(session, actor, [found])[found.id]
    return Proposal(
        title=shorten(trend_words.lead(found), LONGEST_TITLE),
        note_ids=evidence[:MOST_AT_ONCE],
        audience=Audience.EVERYONE if _everyone_sees(session, row) else Audience.SEALED,
    )


def change(
    session: Session,
    actor: Actor,
    topic_id: int,
    *,
    expected_version: int | None = None,
    now: datetime,
    **changes: Unpack[TopicChanges],
) -> TopicView:
    """Changes what is given, and keeps what it said before; nothing happens when it says so.

    To be answered it needs an answer (Markdown, at most 20,000 characters), which may come with
    the same change. Opening it again is a change of its state like any other.

    Raises Forbidden, NotFound, Invalid(title, owner, team, query, answer), and Conflict for a topic
    that was merged into another or that somebody changed since `expected_version`: the message
    names who.
    """
    topic = require_workable(session, actor, topic_id)
    _require_version(session, actor, topic, expected_version)
    values = {
        field: value
        for field, value in _usable(session, changes, kept_owner=topic.owner_id).items()
        if value != getattr(topic, field)
    }
    if values:
        _require_answer({"state": topic.state, "answer": topic.answer, **values})
        _keep(session, actor, topic, values, now)
    return view(session, actor, topic.id)


def history(session: Session, actor: Actor, topic_id: int) -> Sequence[TopicChange]:
    """The changes of a topic, the newest first, at most 100. What it said while it was sealed stays
    with those who could read it then. Raises NotFound."""
    topic = access_work.topic(session, actor, topic_id)
    statement = (
        select(TopicRevision, Person.name)
        .outerjoin(Person, Person.id == TopicRevision.editor_id)
        .where(TopicRevision.topic_id == topic_id)
        .order_by(TopicRevision.version.desc())
        .limit(MOST_REVISIONS)
    )
    rows = session.execute(statement).all()
    if not access_work.sees_sealed_topic(actor, topic):
        rows = list(takewhile(lambda row: not _was_sealed_before(row[0]), rows))
    return [TopicChange(row.version, name or "", row.at, row.before) for row, name in rows]


def may_see(session: Session, actor: Actor, topic_id: int) -> bool:
    """Whether there is such a topic and the actor may see it."""
    found = lookup.by_id(session, Topic, topic_id)
    return found is not None and access_work.may_see_topic(actor, found)


def _was_sealed_before(revision: TopicRevision) -> bool:
    """Whether that change opened the topic to everyone."""
    return bool(revision.before.get("audience") == Audience.SEALED.value)


def owners(session: Session, _actor: Actor) -> Sequence[tuple[int, str]]:
    """Who may own a topic, by number and name, in the order of names. One query."""
    people = select(Person.id, Person.name).where(*_MAY_OWN).order_by(Person.name, Person.id)
    return [(row.id, row.name) for row in session.execute(people)]


_MAY_OWN: tuple[ColumnElement[bool], ...] = (
    Person.role != Role.REP,
    Person.deactivated_at.is_(None),
    Person.guest.is_(False),
)


def _usable(
    session: Session, typed: Mapping[str, Any], *, kept_owner: int | None = None
) -> dict[str, Any]:
    """The values of the columns; raises Invalid with every field to mend."""
    values = dict(typed)
    problems = FieldProblems()
    if "title" in values:
        with problems:
            values["title"] = _title(values["title"])
    if "team" in values:
        with problems:
            values["team"] = _within(names.one_line(values["team"]), "team", LONGEST_TEAM)
    if "answer" in values:
        with problems:
            values["answer"] = _within(clean(values["answer"]), "answer", LONGEST_ANSWER)
    if values.get("query") is not None:
        with problems:
            values["query"] = _query(values["query"])
    if values.get("owner_id") not in (None, kept_owner):
        with problems:
            _require_owner(session, values["owner_id"])
    problems.settle()
    return values


def _title(typed: str) -> str:
    title = _within(names.one_line(typed), "title", LONGEST_TITLE)
    if not title:
        raise Invalid({"title": [f"Give the topic a title of 1 to {LONGEST_TITLE} characters."]})
    return title


def _within(text: str, field: str, longest: int) -> str:
    if len(text) > longest:
        raise Invalid({field: [f"Shorten this to {longest:,} characters at most."]})
    return text


def _query(typed: str) -> str | None:
    return query_texts.require_query(typed, missing="") if names.one_line(typed) else None


def _require_owner(session: Session, owner_id: int) -> None:
    found = None
    if 0 < owner_id <= lookup.LARGEST_ID:
        found = session.scalar(select(Person.id).where(Person.id == owner_id, *_MAY_OWN))
    if found is None:
        message = "Choose somebody of product or marketing, a manager or an admin who is active."
        raise Invalid({"owner": [message]})


def _require_answer(values: Mapping[str, Any]) -> None:
    if values["state"] is TopicState.ANSWERED and not values["answer"]:
        raise Invalid({"answer": ["Write the answer: an answered topic has one."]})


def _require_version(
    session: Session, actor: Actor, topic: Topic, expected_version: int | None
) -> None:
    if expected_version in (None, topic.version):
        return
    last = session.scalars(
        select(TopicRevision)
        .where(TopicRevision.topic_id == topic.id)
        .order_by(TopicRevision.version.desc())
        .limit(1)
    ).first()
    who = "Somebody"
    if last is not None and last.editor_id is not None:
        editor = session.get_one(Person, last.editor_id)
        who = "You" if editor.id == actor.id else editor.name
    raise Conflict(
        f"{who} changed this topic since you opened it. Load it again, then make your change."
    )


def _audience(
    session: Session, actor: Actor, proposal: Proposal | None, note_ids: Collection[UUID]
) -> Audience:
    if proposal is not None and proposal.audience is Audience.SEALED:
        return Audience.SEALED
    sealed = select(Note.id).where(
        Note.id.in_(note_ids), Note.audience == Audience.SEALED, access.visible_notes(actor)
    )
    found = session.scalar(sealed.limit(1)) if note_ids else None
    return Audience.EVERYONE if found is None else Audience.SEALED


def _everyone_sees(session: Session, trend: Trend) -> bool:
    """Whether the notes that are open to everyone show the same: then its sentence tells nobody
    that there are others."""
    if trend.reach is TrendReach.EVERYONE:
        return True
    same = [getattr(Trend, name) == getattr(trend, name) for name in _ABOUT]
    shown = (Trend.reach == TrendReach.EVERYONE, Trend.shown_on == trend.shown_on)
    return session.scalar(select(Trend.id).where(*shown, *same).limit(1)) is not None


def _keep(
    session: Session, actor: Actor, topic: Topic, values: Mapping[str, Any], now: datetime
) -> None:
    """Writes the values, and what was before into a revision."""
    before = {field: _plain(getattr(topic, field)) for field in values}
    session.add(
        TopicRevision(
            topic_id=topic.id, version=topic.version, editor_id=actor.journal_id, at=now,
            before=before,
        )
    )  # fmt: skip
    for field, value in values.items():
        setattr(topic, field, value)
    topic.updated_at = now
    state = values.get("state")
    if state is TopicState.ANSWERED:
        topic.answered_at = now
    elif state in (TopicState.OPEN, TopicState.IN_PROGRESS):
        topic.answered_at = None
    session.flush()
    if "owner_id" in values:
        _tell_owner(session, actor, topic, now)
    fields = sorted(values.keys() - {"state"})
    if fields:
        record(session, actor, "changed", topic.id, now=now, fields=fields)
    if state is not None:
        deed = "answered" if state is TopicState.ANSWERED else "moved"
        record(session, actor, deed, topic.id, now=now, state=state.value, former=before["state"])


def _plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _tell_owner(session: Session, actor: Actor, topic: Topic, now: datetime) -> None:
    if topic.owner_id in (None, actor.id):
        return
    # Given away and back again it is told again.
    cause = f"topic:{topic.id}:{topic.version}:{topic.owner_id}"
    new = NewTelling(topic.owner_id, TellingMatter.TOPIC, str(topic.id), cause)
    tellings.tell(session, [new], now=now)
