"""The one gate: who may see and who may do what; `access_work.py` goes on with topics, questions,
battlecards, handovers, promises and measures.

Sight
* A note whose audience is everyone is seen by every person who is signed in.
* A sealed note is seen by its author, by analysts and admins, and by those who at present hold
  its territory or a territory above it (a manager holds a part of the tree in the same way).
* A withdrawn note is seen by its author, by admins and by managers of its territory.
* Territories with their holders, segments, competitors, products, accounts and the names of
  people are seen by everyone who is signed in; e-mail addresses by admins.
* A token is seen by its owner and by admins; the list of guarded words, and what was sent in spite
  of a warning, by admins.
* A saved search is seen by its owner and, while it is shared, by everyone who is signed in; also
  when its owner has left.
* A trend is seen by everyone when it was computed from notes open to everyone, and by analysts and
  admins when it was computed from the sealed ones too; of its notes each sees what they may see.
* What was sent to a person's own address is seen by them; what was sent elsewhere by analysts,
  managers and admins. Admins see of the former that and how it went, and not what it was.
* What a person may not see does not exist for them: `NotFound`, in no list and in no count.

Deeds
* Everyone posts, comments and sights.
* A note is changed by its author, by managers of its territory and by admins; it is withdrawn by
  its author within the time limit, by managers of its territory and by admins.
* Competitors, products and accounts are kept by analysts, managers and admins; assignments by
  managers of the territory and admins; all else in the administration by admins.
* Everyone makes tokens and sets the password for themselves; tokens of the scope `admin` are made
  by admins. A token is revoked by its owner and by admins.
* Everyone saves searches. One is changed, shared and removed by its owner and, while it is shared,
  by admins.
* Triage is done by analysts and admins everywhere and by managers in their part of the tree; they
  alone see the inbox, and in it the notes that they may decide about.
* Everyone follows, mutes and judges trends for themselves. One is muted for everyone, and that is
  taken back, by analysts, by managers of its territory and by admins.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, FromClause, Row, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Forbidden, NotFound
from insights.models import (
    Assignment,
    Audience,
    Destination,
    Note,
    Person,
    Role,
    SavedSearch,
    Token,
    Trend,
    TrendReach,
)
from insights.services import catalogue, lookup

EVERYONE_KEY = "everyone"


@dataclass(frozen=True)
class Actor:
    """A signed-in person as services see them, read fresh for each request.

    `held` are the ids of the territories they hold today, newest assignment first; `scope` are
    those and everything below them.
    """

    id: int
    name: str
    email: str
    role: Role
    held: tuple[int, ...]
    scope: frozenset[int]

    @property
    def journal_id(self) -> int | None:
        """By whom the journal says a deed was done; nobody for the operator."""
        return self.id or None

    @property
    def sees_all(self) -> bool:
        """Whether no note is sealed from them."""
        return self.role in (Role.ANALYST, Role.ADMIN)

    @property
    def manages_all(self) -> bool:
        """Whether every territory is theirs to manage."""
        return self.role is Role.ADMIN

    def manages(self, territory_id: int) -> bool:
        """Whether the territory is theirs to manage."""
        if self.manages_all:
            return True
        return self.role is Role.MANAGER and territory_id in self.scope


# Whoever runs the command line on the server itself: may do what an admin may, and is nobody.
OPERATOR = Actor(0, "Operator", "", Role.ADMIN, (), frozenset())
# Reads where many people read: sees what everyone who is signed in may see, and is nobody.
EVERYBODY = Actor(0, "Everyone", "", Role.REP, (), frozenset())


_PEOPLE, _ASSIGNMENTS = table_of(Person).c, table_of(Assignment).c


def asking(people: FromClause, *more: ColumnElement[Any]) -> Select[Any]:
    """A statement for whoever asks, to be read by `actor_of`: active people out of `people`, with
    what they hold on the day `:today`, and `more` columns.

    Asked with every request, so it makes no objects, and brings the catalogue's version along.
    """
    today = bindparam("today", type_=Date)
    holds = and_(
        _ASSIGNMENTS.person_id == _PEOPLE.id,
        _ASSIGNMENTS.since <= today,
        or_(_ASSIGNMENTS.until.is_(None), _ASSIGNMENTS.until > today),
    )
    person = (_PEOPLE.id, _PEOPLE.name, _PEOPLE.email, _PEOPLE.role)
    return (
        select(*person, _ASSIGNMENTS.territory_id, catalogue.VERSION_COLUMN, *more)
        .select_from(people.outerjoin(table_of(Assignment), holds))
        .where(_PEOPLE.deactivated_at.is_(None))
        .order_by(_ASSIGNMENTS.since.desc(), _ASSIGNMENTS.id.desc())
    )


_ACTOR = asking(table_of(Person), _PEOPLE.sign_in_version).where(
    _PEOPLE.id == bindparam("person_id")
)
_ACTORS = asking(table_of(Person)).where(_PEOPLE.id.in_(bindparam("ids", expanding=True)))
_AT_ONCE = 1_000


def actor_of(session: Session, rows: Sequence[Row[Any]]) -> Actor:
    """The person whom a statement of `asking` has found, one row for each territory they hold."""
    first = rows[0]
    known = catalogue.of_version(session, first.catalogue_version)
    held = tuple(row.territory_id for row in rows if row.territory_id is not None)
    return Actor(first.id, first.name, first.email, first.role, held, known.subtrees(held))


def load_actor(
    session: Session, person_id: int, *, today: date, sign_in_version: int | None = None
) -> Actor:
    """The person with what they hold on the day `today` (in the organisation's time zone).

    Raises NotFound when there is no such person, when they have been deactivated, and when their
    sign-ins are no longer of the version given, if one is.
    """
    rows = session.execute(_ACTOR, {"person_id": person_id, "today": today}).all()
    if not rows or sign_in_version not in (None, rows[0].sign_in_version):
        raise NotFound("There is no such person.")
    return actor_of(session, rows)


def load_actors(session: Session, person_ids: Collection[int], *, today: date) -> dict[int, Actor]:
    """Several people as `load_actor` reads each, by id; those who have left are absent. One query
    for each thousand."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    wanted = sorted(person_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        chosen = {"ids": wanted[start : start + _AT_ONCE], "today": today}
        for row in session.execute(_ACTORS, chosen):
            found[row.id].append(row)
    return {person_id: actor_of(session, rows) for person_id, rows in found.items()}


def visible_notes(actor: Actor) -> ColumnElement[bool]:
    """The condition on `notes` that every list and count of notes for `actor` must carry."""
    present = Note.withdrawn_at.is_(None)
    if actor.sees_all:
        return present
    return and_(present, or_(Note.audience == Audience.EVERYONE, *_sealed_for(actor)))


def _sealed_for(actor: Actor) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Note.author_id == actor.id]
    if actor.scope:
        conditions.append(Note.territory_id.in_(sorted(actor.scope)))
    return conditions


def note(session: Session, actor: Actor, note_id: UUID) -> Note:
    """The note, if the actor may see it; raises NotFound otherwise."""
    found = session.get(Note, note_id)
    if found is None or not may_see(actor, found):
        raise NotFound("There is no such note, or you may not see it.")
    return found


def may_see(actor: Actor, found: Note | Row[Any]) -> bool:
    """Whether the actor may see the note; a row with the note's columns will do."""
    if found.author_id == actor.id:
        return True
    if found.withdrawn_at is not None:
        return actor.manages(found.territory_id)
    return (
        found.audience is Audience.EVERYONE or actor.sees_all or found.territory_id in actor.scope
    )


def is_open(found: Note | Row[Any]) -> bool:
    """Whether everyone who is signed in may see the note."""
    return found.withdrawn_at is None and found.audience is Audience.EVERYONE


def may_edit(actor: Actor, found: Note) -> bool:
    """Whether the actor may change what the note says; not after it was withdrawn."""
    theirs = found.author_id == actor.id or actor.manages(found.territory_id)
    return theirs and found.withdrawn_at is None


def may_withdraw(actor: Actor, found: Note, *, now: datetime, within: timedelta) -> bool:
    """Whether the actor may withdraw the note; its author may `within` a time of its receipt."""
    if found.withdrawn_at is not None:
        return False
    own = found.author_id == actor.id and now - found.received_at <= within
    return own or actor.manages(found.territory_id)


def audience_keys(audience: Audience, *, territory_id: int, author_id: int) -> tuple[str, ...]:
    """The coarse keys under which the search index files a note (see `reader_keys`).

    They name the owning territory and the author instead of the readers, so that a change of
    assignments or a move in the tree needs no new indexing.
    """
    if audience is Audience.EVERYONE:
        return (EVERYONE_KEY,)
    return (f"t:{territory_id}", f"p:{author_id}")


def reader_keys(actor: Actor) -> frozenset[str] | None:
    """The keys whose notes the actor may see, count and be told of; None for all notes."""
    if actor.sees_all:
        return None
    return frozenset({EVERYONE_KEY, f"p:{actor.id}", *(f"t:{one}" for one in actor.scope)})


def token(session: Session, actor: Actor, token_id: int) -> Token:
    """The token, if it is the actor's or the actor an admin; raises NotFound otherwise."""
    found = lookup.by_id(session, Token, token_id)
    if found is None or not (found.person_id == actor.id or actor.role is Role.ADMIN):
        raise NotFound("There is no such token, or it is not yours.")
    return found


def visible_searches(actor: Actor) -> ColumnElement[bool]:
    """The condition on `saved_searches` that every list for `actor` must carry."""
    return or_(SavedSearch.owner_id == actor.id, SavedSearch.shared)


def saved_search(
    session: Session, actor: Actor, search_id: int, *, lock: bool = False
) -> SavedSearch:
    """The saved search, if the actor may see it; raises NotFound otherwise.

    With `lock` nobody else changes or removes it until the transaction ends.
    """
    found = lookup.by_id(session, SavedSearch, search_id, lock=lock)
    if found is None or not (found.shared or found.owner_id == actor.id):
        raise NotFound("There is no such saved search, or it is no longer shared with you.")
    return found


def may_change_search(actor: Actor, owner_id: int) -> bool:
    """Whether the actor may change and remove a saved search of that owner that they see."""
    return owner_id == actor.id or actor.role is Role.ADMIN


def require_search_changer(actor: Actor, owner_id: int) -> None:
    """Raises Forbidden unless the actor may change and remove a saved search of that owner."""
    if not may_change_search(actor, owner_id):
        raise Forbidden("Only its owner or an admin changes it. Open it and save it as your own.")


def trend_reaches(actor: Actor) -> tuple[TrendReach, ...]:
    """From which notes a trend may have been computed for the actor to see it, the widest first."""
    return (TrendReach.ALL, TrendReach.EVERYONE) if actor.sees_all else (TrendReach.EVERYONE,)


def trend(session: Session, actor: Actor, trend_id: int) -> Trend:
    """The trend, if the actor may see it; raises NotFound otherwise."""
    found = lookup.by_id(session, Trend, trend_id)
    if found is None or found.reach not in trend_reaches(actor):
        raise NotFound("There is no such trend, or you may not see it.")
    return found


def triages(actor: Actor) -> bool:
    """Whether the actor decides about any notes at all, and so has an inbox."""
    return actor.role is not Role.REP


def may_triage(actor: Actor, territory_id: int) -> bool:
    """Whether the actor decides about notes of that territory."""
    return actor.sees_all or actor.manages(territory_id)


def require_triager(actor: Actor, territory_id: int | None = None) -> None:
    """Raises Forbidden unless the actor decides about notes of that territory (None: of any)."""
    if territory_id is None and not triages(actor):
        raise Forbidden("The inbox is for product, marketing and managers.")
    if territory_id is not None and not may_triage(actor, territory_id):
        raise Forbidden(
            "Analysts, managers of the note's territory and admins decide what becomes of it."
        )


def may_mute_for_everyone(actor: Actor, territory_id: int | None) -> bool:
    """Whether the actor may mute trends at that place (None: the whole company) for everyone."""
    return actor.sees_all or (territory_id is not None and actor.manages(territory_id))


def require_muter_for_everyone(actor: Actor, territory_id: int | None) -> None:
    """Raises Forbidden unless the actor may mute trends at that place for everyone."""
    if not may_mute_for_everyone(actor, territory_id):
        raise Forbidden("Analysts, managers of the place and admins mute a trend for everyone.")


def visible_destinations(actor: Actor) -> ColumnElement[bool]:
    """The condition on `destinations` for what is sent there to be shown to the actor."""
    own = Destination.person_id == actor.id
    return own if actor.role is Role.REP else or_(own, Destination.person_id.is_(None))


def may_see_destination(actor: Actor, person_id: int | None) -> bool:
    """Whether the actor may see what is sent to a destination of that one reader (None: many)."""
    return person_id == actor.id or (person_id is None and actor.role is not Role.REP)


def require_admin(actor: Actor) -> None:
    """Raises Forbidden unless the actor is an admin."""
    if actor.role is not Role.ADMIN:
        raise Forbidden("Only an admin can do this. Ask one to do it for you.")


def require_curator(actor: Actor) -> None:
    """Raises Forbidden unless the actor keeps competitors, products and accounts."""
    if actor.role is Role.REP:
        raise Forbidden("This is kept by marketing, managers and admins. Ask one of them.")


def require_assigner(actor: Actor) -> None:
    """Raises Forbidden unless the actor may manage some part of the tree."""
    if actor.role not in (Role.MANAGER, Role.ADMIN):
        raise Forbidden("Territories are assigned by managers and admins. Ask one of them.")


def require_manager_of(actor: Actor, territory_id: int) -> None:
    """Raises Forbidden unless the actor manages that part of the tree."""
    if not actor.manages(territory_id):
        raise Forbidden("Only a manager of this territory or an admin can do this.")
