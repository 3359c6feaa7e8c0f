"""Feeds of topics: what a topic's query matches, and what its trend rests on, is proposed to it.

Only while a topic is worked on, and to each topic a note once: what was declined or taken out is
never proposed again. A sealed note is proposed to sealed topics alone; of what is proposed each
reader sees what they may see (services/topic_notes.py).

Queries are matched with each new note, as those of routes are: the old notes of an import match
nothing (`routing.OLDEST`). They are read as by the topic's owner, or whoever opened it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.clock import in_zone
from insights.models import Audience, Gathering, JournalEntry, Note, Topic, TrendShowing
from insights.search.analysis import Analysis
from insights.search.standing import StandingQueries
from insights.services import access, catalogue, documents, journal, routing, topic_notes
from insights.services.topic_lists import AT_WORK
from insights.services.topic_work import listed

# What a topic that is fed is like.
_FED = (Topic.merged_into_id.is_(None), Topic.state.in_(AT_WORK))


@dataclass(frozen=True)
class Feeds:
    """The queries of all topics that are worked on; `stamp` tells when to read them anew."""

    stamp: tuple[object, ...]
    read_at: datetime
    topic_ids: frozenset[int]
    standing: StandingQueries


def current(
    session: Session, known: Feeds | None, analysis: Analysis, *, zone: ZoneInfo, now: datetime
) -> Feeds:
    """The queries as they are: `known` while nothing they depend on has changed, else read anew."""
    stamp = _stamp(session, zone, now)
    if known is not None and known.stamp == stamp and now - known.read_at < routing.READ_AGAIN:
        return known
    rows = session.execute(
        select(Topic.id, Topic.query, Topic.owner_id, Topic.creator_id).where(
            Topic.query.is_not(None), *_FED
        )
    ).all()
    people = {row.owner_id for row in rows} | {row.creator_id for row in rows}
    actors = access.load_actors(session, people - {None}, today=in_zone(now, zone).date())
    trees = {}
    for row in rows:
        reads_as = actors.get(row.owner_id) or actors.get(row.creator_id) or access.OPERATOR
        trees[row.id] = routing.tree_of(session, reads_as, row.query, analysis, zone=zone, now=now)
    return Feeds(stamp, now, frozenset(trees), StandingQueries(trees, analysis))


def propose(
    session: Session,
    feeds: Feeds,
    entries: Sequence[JournalEntry],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Proposes the notes of which these journal rows tell to the topics whose queries they match;
    returns how many proposals are new."""
    if not feeds.topic_ids:
        return 0
    notes = routing.fresh_notes(session, entries, now)
    if not notes:
        return 0
    matched = feeds.standing.match(documents.documents_of(session, list(notes), zone))
    wanted: dict[int, list[UUID]] = {}
    for note_id, topic_ids in matched.items():
        for topic_id in topic_ids:
            wanted.setdefault(topic_id, []).append(note_id)
    sealed = {one for one, note in notes.items() if note.audience is Audience.SEALED}
    return _put(session, wanted, sealed, now=now)


def propose_evidence(session: Session, *, now: datetime) -> int:
    """Proposes to each topic about a trend the notes on which that trend's last showing rests;
    returns how many proposals are new. Asked after each look at trends: two queries for no news.
    """
    topics = session.execute(
        select(Topic.id, Topic.trend_id).where(Topic.trend_id.is_not(None), *_FED)
    ).all()
    if not topics:
        return 0
    last = select(func.max(TrendShowing.id)).where(
        TrendShowing.trend_id.in_({row.trend_id for row in topics})
    )
    showings = session.execute(
        select(TrendShowing.trend_id, TrendShowing.evidence).where(
            TrendShowing.id.in_(last.group_by(TrendShowing.trend_id))
        )
    )
    evidence = {row.trend_id: [UUID(one) for one in row.evidence] for row in showings}
    named = {one for ids in evidence.values() for one in ids}
    found = session.execute(
        select(Note.id, Note.audience).where(Note.id.in_(named), Note.withdrawn_at.is_(None))
    )
    present = {row.id: row.audience for row in found}
    wanted = {
        row.id: [one for one in evidence.get(row.trend_id, ()) if one in present] for row in topics
    }
    sealed = {one for one, audience in present.items() if audience is Audience.SEALED}
    return _put(session, wanted, sealed, now=now)


def _put(
    session: Session,
    wanted: Mapping[int, Sequence[UUID]],
    sealed: Collection[UUID],
    *,
    now: datetime,
) -> int:
    """Proposes to each topic the notes that it has no row of."""
    entries: list[dict[str, Any]] = []
    count = 0
    for topic_id, audience in _held(session, wanted).items():
        takes_sealed = audience is Audience.SEALED
        chosen = [one for one in wanted[topic_id] if takes_sealed or one not in sealed]
        new = topic_notes.put(session, topic_id, chosen, Gathering.PROPOSED, added_by=None, now=now)
        if new:
            count += len(new)
            subject, data = ("topic", topic_id), {"notes": listed(new)}
            entries.append(
                journal.entry("topic.proposed", subject, actor_id=None, now=now, data=data)
            )
    journal.append_many(session, entries)
    return count


def _held(session: Session, topic_ids: Collection[int]) -> dict[int, Audience]:
    """For whom those of these topics are that are fed still; they are held until the transaction
    ends, so that nobody merges one away while notes come into it."""
    if not topic_ids:
        return {}
    rows = session.execute(
        select(Topic.id, Topic.audience)
        .where(Topic.id.in_(sorted(topic_ids)), *_FED)
        .order_by(Topic.id)
        .with_for_update(key_share=True)
    )
    return {row.id: row.audience for row in rows}


def _stamp(session: Session, zone: ZoneInfo, now: datetime) -> tuple[object, ...]:
    """Changes whenever a topic with a query, the catalogue or the day does."""
    # A merge leaves a topic's own times as they are, so the numbers of the topics count too.
    columns = (func.count(), func.sum(Topic.id), func.max(Topic.updated_at))
    topics = session.execute(select(*columns).where(Topic.query.is_not(None), *_FED)).one()
    return (*topics, catalogue.current(session).version, in_zone(now, zone).date())
