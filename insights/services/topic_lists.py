"""Topics as they are read: one, a list of them, how many there are, and those of some notes.

Each reader sees the topics and, in each, counts the notes that they may see (services/access_work).
A page is read with a fixed number of queries however many topics and notes there are. A topic that
was merged into another is in no list; whoever asks for it by its number is told into which.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from insights.errors import NotFound
from insights.models import (
    Audience,
    Gathering,
    Note,
    Outcome,
    Person,
    Topic,
    TopicNote,
    TopicState,
    Trend,
)
from insights.services import access, access_work, catalogue, names
from insights.services.access import Actor
from insights.services.lookup import LARGEST_ID

MOST_ON_A_PAGE = 100
# Of what was typed to search with.
MOST_WORDS = 10
# While it is in one of these, a topic is worked on.
AT_WORK = (TopicState.OPEN, TopicState.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic as one reader sees it.

    `notes` are the gathered notes that the reader may see, `unsettled` those of them without an
    outcome, `proposed` those that wait for a yes or no. Names are empty where there is nobody.
    `answer` is Markdown. `may_change` is about the reader; nobody changes one that was merged into
    another (`merged_into_id`). `trend_id` is None also where the reader may not see that trend.
    """

    id: int
    title: str
    state: TopicState
    audience: Audience
    owner_id: int | None
    owner_name: str
    team: str
    due: date | None
    answer: str
    answered_at: datetime | None
    trend_id: int | None
    query: str | None
    creator_id: int | None
    creator_name: str
    created_at: datetime
    updated_at: datetime
    merged_into_id: int | None
    version: int
    notes: int
    unsettled: int
    proposed: int
    may_change: bool

    @property
    def sealed(self) -> bool:
        """Whether it is hidden from most."""
        return self.audience is Audience.SEALED

    @property
    def settled(self) -> int:
        """How many gathered notes have their outcome."""
        return self.notes - self.unsettled

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed (in the organisation's zone) while it is worked on."""
        return self.state in AT_WORK and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class TopicRef:
    """A topic of a note, and what became of the note there; no outcome yet: None and empty."""

    id: int
    title: str
    state: TopicState
    outcome: Outcome | None
    outcome_text: str


@dataclass(frozen=True, kw_only=True)
class TopicFilter:
    """Which topics a list shows; each field narrows it, an empty one does not.

    `words` must all be in the title or the answer, whatever their case. `overdue_on` leaves those
    that are worked on and whose day lies before it. `unowned` leaves those that nobody has taken.
    With a territory, those that gathered a note of it or below it that the reader may see.
    """

    states: Collection[TopicState] = ()
    owner_id: int | None = None
    mine: bool = False
    unowned: bool = False
    team: str = ""
    overdue_on: date | None = None
    words: str = ""
    territory_id: int | None = None
    trend_id: int | None = None


@dataclass(frozen=True, slots=True)
class TopicPosition:
    """Where a page of a list ended: lists begin with what is due first, then the newest."""

    due: date | None
    id: int

    @property
    def number(self) -> int:
        """It as one number, for addresses and cursors."""
        return ((self.due.toordinal() if self.due else 0) << 31) | self.id

    @classmethod
    def of_number(cls, number: int | None) -> "TopicPosition | None":
        """The inverse of `number`; one that stands for no position is the end of every list."""
        if number is None:
            return None
        day, identity = number >> 31, number & LARGEST_ID
        known = 0 < day <= date.max.toordinal()
        return cls(date.fromordinal(day) if known else None, identity)


@dataclass(frozen=True)
class TopicPage:
    """One page of a list; `next` is where the following one begins, if there is more."""

    items: Sequence[TopicView]
    next: TopicPosition | None


@dataclass(frozen=True, slots=True)
class TopicCounts:
    """How many topics there are in each state, and how many are overdue."""

    by_state: Mapping[TopicState, int]
    overdue: int


def get(session: Session, actor: Actor, topic_id: int) -> TopicView:
    """The topic, also one that was merged into another; raises NotFound. Three queries at most."""
    access_work.topic(session, actor, topic_id)
    return view(session, actor, topic_id)


def view(session: Session, actor: Actor, topic_id: int) -> TopicView:
    """A topic that the actor has just changed, also when they may not see it any more."""
    found = _views(session, actor, _TOPICS.where(Topic.id == topic_id))
    if not found:
        raise NotFound("There is no such topic, or you may not see it.")
    return found[0]


def list_topics(
    session: Session,
    actor: Actor,
    chosen: TopicFilter = TopicFilter(),
    *,
    limit: int = 20,
    after: TopicPosition | None = None,
) -> TopicPage:
    """The topics that the actor may see, what is due first, then the newest, `limit` (at most 100)
    at a time. Two queries."""
    limit = max(1, min(limit, MOST_ON_A_PAGE))
    statement = _TOPICS.where(*_conditions(session, actor, chosen))
    if chosen.states:
        statement = statement.where(Topic.state.in_(sorted(set(chosen.states))))
    if after is not None:
        statement = statement.where(_behind(after))
    found = _views(session, actor, statement.order_by(*_ORDER).limit(limit + 1))
    last = found[limit - 1] if len(found) > limit else None
    return TopicPage(found[:limit], TopicPosition(last.due, last.id) if last else None)


def count_topics(
    session: Session, actor: Actor, chosen: TopicFilter = TopicFilter(), *, today: date
) -> TopicCounts:
    """How many topics the list would show in each state, whatever states are chosen, and how many
    of all of them are overdue on the day `today`. One query."""
    late = case((_overdue(today), 1), else_=0)
    rows = session.execute(
        select(Topic.state, func.count().label("topics"), func.sum(late).label("overdue"))
        .where(*_conditions(session, actor, chosen))
        .group_by(Topic.state)
    ).all()
    found = {row.state: row.topics for row in rows}
    by_state = {state: found.get(state, 0) for state in TopicState}
    return TopicCounts(by_state, sum(row.overdue for row in rows))


def topics_of_notes(
    session: Session, actor: Actor, note_ids: Collection[UUID]
) -> dict[UUID, list[TopicRef]]:
    """The topics that gathered these notes and that the actor may see, by note, the newest first;
    notes of no topic are absent.

    Whoever asks has made sure that the actor may see the notes. One query, none for no notes.
    """
    found: dict[UUID, list[TopicRef]] = {}
    if not note_ids:
        return found
    rows = session.execute(
        select(
            TopicNote.note_id,
            Topic.id,
            Topic.title,
            Topic.state,
            TopicNote.outcome,
            TopicNote.outcome_text,
        )
        .join(Topic, Topic.id == TopicNote.topic_id)
        .where(
            TopicNote.note_id.in_(note_ids),
            TopicNote.gathering == Gathering.GATHERED,
            access_work.visible_topics(actor),
        )
        .order_by(Topic.id.desc())
    )
    for row in rows:
        ref = TopicRef(row.id, row.title, row.state, row.outcome, row.outcome_text)
        found.setdefault(row.note_id, []).append(ref)
    return found


def open_in(
    session: Session, actor: Actor, territory_ids: Collection[int], *, limit: int
) -> list[TopicView]:
    """Up to `limit` topics not closed that gathered a note of these very territories, of notes and
    topics that the actor may see; what is due first, then the newest. Two queries."""
    statement = (
        _TOPICS.where(
            access_work.visible_topics(actor),
            Topic.merged_into_id.is_(None),
            Topic.state != TopicState.CLOSED,
            _with_note_in(actor, territory_ids),
        )
        .order_by(*_ORDER)
        .limit(limit)
    )
    return _views(session, actor, statement)


_OWNER, _CREATOR, _FEED = aliased(Person), aliased(Person), aliased(Trend)
_TOPICS: Select[Any] = (
    select(
        *Topic.__table__.columns,
        _OWNER.name.label("owner_name"),
        _CREATOR.name.label("creator_name"),
        _FEED.reach.label("reach"),
    )
    .outerjoin(_OWNER, _OWNER.id == Topic.owner_id)
    .outerjoin(_CREATOR, _CREATOR.id == Topic.creator_id)
    .outerjoin(_FEED, _FEED.id == Topic.trend_id)
)
_ORDER = (Topic.due.asc().nulls_last(), Topic.id.desc())


def _behind(after: TopicPosition) -> ColumnElement[bool]:
    if after.due is None:
        return and_(Topic.due.is_(None), Topic.id < after.id)
    same_day = and_(Topic.due == after.due, Topic.id < after.id)
    return or_(Topic.due > after.due, same_day, Topic.due.is_(None))


def _overdue(day: date) -> ColumnElement[bool]:
    return and_(Topic.state.in_(AT_WORK), Topic.due < day)


def _conditions(
    session: Session, actor: Actor, chosen: TopicFilter
) -> Iterator[ColumnElement[bool]]:
    """All but the states."""
    yield access_work.visible_topics(actor)
    yield Topic.merged_into_id.is_(None)
    if chosen.owner_id is not None:
        yield _is(Topic.owner_id, chosen.owner_id)
    if chosen.trend_id is not None:
        yield _is(Topic.trend_id, chosen.trend_id)
        yield exists().where(
            Trend.id == Topic.trend_id, Trend.reach.in_(access.trend_reaches(actor))
        )
    if chosen.mine:
        yield Topic.owner_id == actor.id
    if chosen.unowned:
        yield Topic.owner_id.is_(None)
    if chosen.team:
        yield func.lower(Topic.team) == func.lower(names.one_line(chosen.team))
    if chosen.overdue_on is not None:
        yield _overdue(chosen.overdue_on)
    if chosen.territory_id is not None:
        below = catalogue.current(session).subtrees((chosen.territory_id,))
        yield _with_note_in(actor, below)
    for word in names.one_line(chosen.words).split()[:MOST_WORDS]:
        yield or_(
            Topic.title.icontains(word, autoescape=True),
            Topic.answer.icontains(word, autoescape=True),
        )


def _is(column: InstrumentedAttribute[Any], identity: int) -> ColumnElement[bool]:
    # The database fails to compare its integers with a number that is too large for one.
    return column == identity if 0 < identity <= LARGEST_ID else false()


def _with_note_in(actor: Actor, territory_ids: Collection[int]) -> ColumnElement[bool]:
    return exists().where(
        TopicNote.topic_id == Topic.id,
        TopicNote.gathering == Gathering.GATHERED,
        Note.id == TopicNote.note_id,
        Note.territory_id.in_(sorted(territory_ids)),
        access.visible_notes(actor),
    )


def _views(session: Session, actor: Actor, statement: Select[Any]) -> list[TopicView]:
    rows = session.execute(statement).all()
    counted = _counted(session, actor, [row.id for row in rows])
    return [_view(actor, row, counted) for row in rows]


def _counted(
    session: Session, actor: Actor, topic_ids: Sequence[int]
) -> Mapping[tuple[int, str], int]:
    """How many notes that the actor may see are gathered, unsettled and proposed, by topic."""
    if not topic_ids:
        return {}
    unsettled = func.sum(case((TopicNote.outcome.is_(None), 1), else_=0))
    rows = session.execute(
        select(TopicNote.topic_id, TopicNote.gathering, func.count(), unsettled)
        .join(Note, Note.id == TopicNote.note_id)
        .where(
            TopicNote.topic_id.in_(topic_ids),
            TopicNote.gathering != Gathering.DISMISSED,
            access.visible_notes(actor),
        )
        .group_by(TopicNote.topic_id, TopicNote.gathering)
    )
    found: dict[tuple[int, str], int] = {}
    for topic_id, gathering, count, without in rows:
        found[topic_id, gathering.value] = count
        if gathering is Gathering.GATHERED:
            found[topic_id, "unsettled"] = without
    return found


def _view(actor: Actor, row: Row[Any], counted: Mapping[tuple[int, str], int]) -> TopicView:
    told = dict(row._mapping)
    if told.pop("reach") not in access.trend_reaches(actor):
        told["trend_id"] = None
    told |= {name: told[name] or "" for name in ("owner_name", "creator_name")}
    return TopicView(
        **told,
        notes=counted.get((row.id, Gathering.GATHERED.value), 0),
        unsettled=counted.get((row.id, "unsettled"), 0),
        proposed=counted.get((row.id, Gathering.PROPOSED.value), 0),
        may_change=access_work.works_on_topics(actor) and row.merged_into_id is None,
    )
