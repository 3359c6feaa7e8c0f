"""Who knows about something: people by what they have told of it lately and others have confirmed.

A note counts the more the newer it is (half as much after half a year), the more colleagues have
seen it too, and when its author was there. At most the 2,000 notes that fit best, or are the newest
where no words are sought, are looked at. Only what the reader may see counts; people who have left
are named and marked, so that one can ask those who hold their territories now.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import log2
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from insights.models import Known, Note, Person, Sighting
from insights.search.engine import Reader
from insights.search.query import Query
from insights.search.tree import Among, Node, both
from insights.services import access, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Place
from insights.services.search_choice import SearchChoice
from insights.services.search_request import understood

MOST_NOTES = 2_000
MOST_KNOWERS = 50
MOST_TERRITORIES = 3
HALF_LIFE = timedelta(days=180)
# What somebody heard tells less of what they know than what they saw.
HEARSAY = 0.5
# Colleagues beyond this many make a note no truer.
MOST_CONFIRMING = 15
_UTC = ZoneInfo("UTC")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What somebody is to know about; all that is given has to be met. `words` are in the language
    of the search box, a territory has all below it."""

    words: str = ""
    competitor_id: int | None = None
    segment_id: int | None = None
    territory_id: int | None = None
    account_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return not self.words.strip() and not self._ids()

    def _ids(self) -> list[int]:
        ids = (self.competitor_id, self.segment_id, self.territory_id, self.account_id)
        return [one for one in ids if one is not None]


@dataclass(frozen=True, slots=True)
class Knower:
    """A person with what they told: `notes` in all, those `corroborated` by others, the time of the
    newest, and where most of it is from. A person who has left is not active, and may be known
    under a pseudonym by now."""

    person_id: int
    name: str
    is_active: bool
    is_pseudonymous: bool
    notes: int
    corroborated: int
    newest_at: datetime
    territories: Sequence[Place]


@dataclass(slots=True)
class _Told:
    """What one person told, while it is added up."""

    newest_at: datetime
    score: float = 0.0
    notes: int = 0
    corroborated: int = 0
    places: Counter[int] = field(default_factory=Counter)


def who_knows(
    session: Session,
    actor: Actor,
    reader: Reader,
    *,
    about: About,
    now: datetime,
    limit: int = 10,
    zone: ZoneInfo = _UTC,
) -> list[Knower]:
    """Up to `limit` (at most 50) people, those who know most first; nobody when nothing was asked.
    Days in the words are those of `zone`.

    Raises Invalid for words that cannot be understood, and Unavailable without a search index. One
    question to the index and at most eight queries.
    """
    if about.is_empty:
        return []
    ids = _found(session, actor, reader, about, now=now, zone=zone)
    told: dict[int, _Told] = {}
    for row in _rows(session, actor, ids):
        one = told.setdefault(row.author_id, _Told(row.noted_at))
        _add(one, row, now)
    limit = max(1, min(limit, MOST_KNOWERS))
    best = sorted(told, key=lambda person: (-told[person].score, person))[:limit]
    return _knowers(session, {person: told[person] for person in best})


def score_of(*, age: timedelta, sightings: int, first_hand: bool) -> float:
    """How much a note tells of what its author knows: 1 for one just seen and not confirmed."""
    fresh = 0.5 ** (max(age, timedelta()) / HALF_LIFE)
    confirmed = 1 + log2(1 + min(sightings, MOST_CONFIRMING)) / 2
    return float(fresh * confirmed * (1 if first_hand else HEARSAY))


def _add(one: _Told, row: Any, now: datetime) -> None:
    is_first_hand = row.known is Known.FIRST_HAND
    one.score += score_of(age=now - row.noted_at, sightings=row.sightings, first_hand=is_first_hand)
    one.notes += 1
    one.corroborated += bool(row.sightings)
    one.newest_at = max(one.newest_at, row.noted_at)
    one.places[row.territory_id] += 1


def _found(
    session: Session,
    actor: Actor,
    reader: Reader,
    about: About,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> list[UUID]:
    """The notes that are about it, as the index knows them: the best first, or the newest."""
    choice = SearchChoice(text=about.words)
    asked = understood(session, actor, reader, choice, zone=zone, now=now)
    request = asked.request(asked.tree)
    tree = both(request.query.tree, *_narrowing(asked.known, about))
    wanted = replace(request, query=Query(tree), limit=MOST_NOTES, highlight=False)
    return [hit.id for hit in reader.search(wanted).hits]


def _narrowing(known: Catalogue, about: About) -> Iterator[Node]:
    places = known.subtrees([about.territory_id]) if about.territory_id is not None else None
    for name, ids in (
        ("competitor_id", _one(about.competitor_id)),
        ("segment_id", _one(about.segment_id)),
        ("account_id", _one(about.account_id)),
        ("territory_id", places),
    ):
        if ids is not None:
            yield Among(name, ids)


def _one(identity: int | None) -> frozenset[int] | None:
    return None if identity is None else frozenset({identity})


def _rows(session: Session, actor: Actor, ids: Sequence[UUID]) -> Iterator[Row[Any]]:
    """What counts of the notes that the actor may see; one query for each 500. Of notes from a file
    that does not say by whom nobody knows more for it."""
    sightings = select(func.count()).where(Sighting.note_id == Note.id).scalar_subquery()
    columns = (Note.author_id, Note.noted_at, Note.known, Note.territory_id)
    chosen = select(*columns, sightings.label("sightings"))
    for start in range(0, len(ids), _AT_ONCE):
        part = chosen.where(
            Note.id.in_(ids[start : start + _AT_ONCE]),
            Note.author_unknown.is_(False),
            access.visible_notes(actor),
        )
        yield from session.execute(part)


def _knowers(session: Session, told: Mapping[int, _Told]) -> list[Knower]:
    """The people in their order, with the names that they have today."""
    columns = (Person.id, Person.name, Person.deactivated_at, Person.pseudonymised_at)
    named = select(*columns).where(Person.id.in_(sorted(told)))
    people = {row.id: row for row in session.execute(named)}
    known = catalogue.current(session)
    return [
        Knower(
            person_id=person_id,
            name=people[person_id].name,
            is_active=people[person_id].deactivated_at is None,
            is_pseudonymous=people[person_id].pseudonymised_at is not None,
            notes=one.notes,
            corroborated=one.corroborated,
            newest_at=one.newest_at,
            territories=[known.territories[place] for place in _most(one.places)],
        )
        for person_id, one in told.items()
    ]


def _most(places: Counter[int]) -> list[int]:
    ordered = sorted(places, key=lambda place: (-places[place], place))
    return ordered[:MOST_TERRITORIES]
