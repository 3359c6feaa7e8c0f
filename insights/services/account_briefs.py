"""What is known of an account before a visit: who has been there, whom they met, what is near.

What happened at the account itself is read from its newest notes in the database, a bounded number
of them; what is said around it is counted by the search index. Both hold what the reader may see
and nothing else, so two people can read two briefs of one account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Row, func, select
from sqlalchemy.orm import Session

from insights.errors import Unavailable
from insights.models import Note, NoteCompetitor, Person, Sighting, TopicState
from insights.search.engine import Reader
from insights.search.request import Filters, SearchRequest
from insights.services import access, accounts, assignments, catalogue, promises, questions, topics
from insights.services.access import Actor
from insights.services.accounts import AccountView
from insights.services.assignments import Holding
from insights.services.catalogue import Catalogue, NamedItem
from insights.services.promises import PromiseView
from insights.services.question_views import QuestionView

# The newest notes of the account that the brief is made from.
MOST_READ = 300
NEARBY_DAYS = 180
MOST_NAMED, MOST_PEOPLE, MOST_PROMISES, MOST_QUESTIONS, MOST_TOPICS = 6, 8, 20, 5, 5
# Notes whose topics are looked up.
MOST_GATHERED = 100


@dataclass(frozen=True, slots=True)
class Met:
    """A competitor that notes of the account name: how many of them, and the newest."""

    competitor: NamedItem
    notes: int
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class Near:
    """A competitor in notes about other customers, and how many name it."""

    competitor: NamedItem
    notes: int


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who wrote notes about the account; `is_active` tells whether they are still here."""

    person_id: int
    name: str
    is_active: bool
    notes: int
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class OpenTopic:
    """A topic at work on notes of the account, and how many of its newest notes are in it."""

    id: int
    title: str
    state: TopicState
    notes: int


@dataclass(frozen=True, slots=True)
class AccountBrief:
    """The brief of one account for one reader.

    `notes`, `sightings`, `met` and `visitors` are about its newest 300 notes; `is_cut` tells that
    there may be more. `in_territory` and `alike` count the last 180 days at other accounts: of its
    territory, and of customers of the same segments anywhere; None while there is no index.
    """

    account: AccountView
    holders: Sequence[Holding]
    notes: int
    sightings: int
    is_cut: bool
    met: Sequence[Met]
    visitors: Sequence[Visitor]
    promises: Sequence[PromiseView]
    questions: Sequence[QuestionView]
    topics: Sequence[OpenTopic]
    in_territory: Sequence[Near] | None = field(default=())
    alike: Sequence[Near] | None = field(default=())


def brief(
    session: Session, actor: Actor, reader: Reader, *, account_id: int, now: datetime, today: date
) -> AccountBrief:
    """The brief of an account, as far as the actor may see what it is made from.

    A fixed number of queries and of requests to the index. Raises NotFound.
    """
    account = accounts.get(session, actor, account_id=account_id)
    known = catalogue.current(session)
    newest = _newest(actor, account_id)
    rows = _read(session, newest)
    in_territory, alike = _nearby(known, actor, reader, account, now)
    return AccountBrief(
        account=account,
        holders=_holders(session, actor, account, today),
        notes=len(rows),
        sightings=_sightings(session, newest),
        is_cut=len(rows) == MOST_READ,
        met=_met(session, known, newest),
        visitors=_visitors(session, rows),
        promises=promises.open_in(session, actor, account_id=account_id, limit=MOST_PROMISES),
        questions=_questions(session, actor, account, today),
        topics=_topics(session, actor, [row.id for row in rows[:MOST_GATHERED]]),
        in_territory=in_territory,
        alike=alike,
    )


def note_counts(
    actor: Actor, reader: Reader, account_ids: Sequence[int], *, now: datetime
) -> dict[int, int]:
    """How many notes of the last 180 days each of these accounts has, those without left out.

    One request to the index. Raises Unavailable when there is none.
    """
    if not account_ids:
        return {}
    request = _counting(actor, Filters(account_ids=frozenset(account_ids)), now)
    counts: dict[int, int] = {}
    for (account_id, _), count in reader.cross(request, "account_id", "kind").items():
        counts[int(account_id)] = counts.get(int(account_id), 0) + count
    return counts


def list_mine(session: Session, actor: Actor, *, limit: int) -> list[AccountView]:
    """Up to `limit` accounts in use of the territories that the actor holds and those below, in
    order of name; none for whoever holds nothing."""
    if not actor.scope:
        return []
    return accounts.list_accounts(session, actor, limit=limit, territory_ids=sorted(actor.scope))


def _newest(actor: Actor, account_id: int) -> CTE:
    return (
        select(Note.id, Note.author_id, Note.noted_at)
        .where(Note.account_id == account_id, access.visible_notes(actor))
        .order_by(Note.noted_at.desc(), Note.id.desc())
        .limit(MOST_READ)
        .cte("newest")
    )


def _read(session: Session, newest: CTE) -> Sequence[Row[Any]]:
    ordered = newest.c.noted_at.desc(), newest.c.id.desc()
    return session.execute(select(*newest.c).order_by(*ordered)).all()


def _sightings(session: Session, newest: CTE) -> int:
    seen = select(func.count()).select_from(Sighting).join(newest, newest.c.id == Sighting.note_id)
    return session.scalar(seen) or 0


def _met(session: Session, known: Catalogue, newest: CTE) -> list[Met]:
    """Merged competitors under the name that they have now, most named first."""
    statement = (
        select(NoteCompetitor.competitor_id, func.count(), func.max(newest.c.noted_at))
        .join(newest, newest.c.id == NoteCompetitor.note_id)
        .group_by(NoteCompetitor.competitor_id)
    )
    found: dict[int, Met] = {}
    for competitor_id, count, newest_at in session.execute(statement):
        item = known.competitor(competitor_id)
        earlier = found.get(item.id)
        met = Met(item, count, newest_at)
        if earlier is not None:
            latest = max(newest_at, earlier.newest_at)
            met = Met(item, count + earlier.notes, latest)
        found[item.id] = met
    ranked = sorted(found.values(), key=lambda one: (-one.notes, one.competitor.name))
    return ranked[:MOST_NAMED]


def _visitors(session: Session, rows: Sequence[Row[Any]]) -> list[Visitor]:
    """The authors, whoever was there last first."""
    counts: dict[int, int] = {}
    last: dict[int, datetime] = {}
    for row in rows:
        counts[row.author_id] = counts.get(row.author_id, 0) + 1
        last.setdefault(row.author_id, row.noted_at)
    shown = list(last)[:MOST_PEOPLE]
    names = select(Person.id, Person.name, Person.deactivated_at).where(Person.id.in_(shown))
    people = {row.id: row for row in session.execute(names)}
    return [
        Visitor(one, people[one].name, people[one].deactivated_at is None, counts[one], last[one])
        for one in shown
    ]


def _holders(
    session: Session, actor: Actor, account: AccountView, today: date
) -> Sequence[Holding]:
    if account.territory is None:
        return ()
    held = assignments.list_holders(
        session, actor, today=today, territory_ids=[account.territory.id]
    )
    return held.get(account.territory.id, ())


def _questions(
    session: Session, actor: Actor, account: AccountView, today: date
) -> list[QuestionView]:
    """What headquarters asks the reader, as far as it may be about customers of these segments."""
    own = {one.id for one in account.segments}
    asked = questions.for_person(session, actor, today=today, limit=4 * MOST_QUESTIONS)
    fitting = [
        one for one in asked if not one.segments or own & {segment.id for segment in one.segments}
    ]
    return fitting[:MOST_QUESTIONS]


def _topics(session: Session, actor: Actor, note_ids: Sequence[UUID]) -> list[OpenTopic]:
    """Those that are not closed, with most notes of the account first."""
    found: dict[int, OpenTopic] = {}
    for refs in topics.topics_of_notes(session, actor, note_ids).values():
        for ref in refs:
            if ref.state is not TopicState.CLOSED:
                first = OpenTopic(ref.id, ref.title, ref.state, 0)
                known = found.get(ref.id, first)
                found[ref.id] = replace(known, notes=known.notes + 1)
    ranked = sorted(found.values(), key=lambda one: (-one.notes, one.title))
    return ranked[:MOST_TOPICS]


def _nearby(
    known: Catalogue, actor: Actor, reader: Reader, account: AccountView, now: datetime
) -> tuple[Sequence[Near] | None, Sequence[Near] | None]:
    """Competitors at other accounts of the territory, and with customers like this one."""
    around = Filters(
        territory_ids=known.subtree(account.territory.id) if account.territory else frozenset()
    )
    alike = Filters(segment_groups=tuple(frozenset((one.id,)) for one in account.segments))
    try:
        counted = [_elsewhere(actor, reader, account, one, now) for one in (around, alike)]
    except Unavailable:
        return None, None
    in_territory, like_it = (_named(known, counts) for counts in counted)
    return in_territory, like_it


def _elsewhere(
    actor: Actor, reader: Reader, account: AccountView, filters: Filters, now: datetime
) -> dict[int, int]:
    """The notes that the filters find by competitor, without those of the account itself; none
    without filters."""
    if not filters.by_field():
        return {}
    own = replace(filters, account_ids=frozenset((account.id,)))
    counts = _competitors(reader, _counting(actor, filters, now))
    for competitor_id, count in _competitors(reader, _counting(actor, own, now)).items():
        counts[competitor_id] -= count
    return counts


def _named(known: Catalogue, counts: Mapping[int, int]) -> list[Near]:
    named = [
        Near(known.competitors[one], count)
        for one, count in counts.items()
        if count > 0 and one in known.competitors
    ]
    return sorted(named, key=lambda one: (-one.notes, one.competitor.name))[:MOST_NAMED]


def _counting(actor: Actor, filters: Filters, now: datetime) -> SearchRequest:
    recent = replace(filters, since=now - timedelta(days=NEARBY_DAYS))
    return SearchRequest(
        audience=access.reader_keys(actor), filters=recent, limit=0, highlight=False
    )


def _competitors(reader: Reader, request: SearchRequest) -> dict[int, int]:
    found = reader.search(replace(request, facets=("competitor_id",))).facets["competitor_id"]
    return {int(one): count for one, count in found}
