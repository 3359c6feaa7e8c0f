"""Saved searches: queries that people keep under a name and, if they like, share.

A name belongs to one search of a person, whatever its case and accents. The query is kept as it was
typed, on one line as in the search box: what it means is decided each time it runs. Removing one
deletes it for good; the journal keeps who did so, and never what was sought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid
from insights.models import Person, SavedSearch, SearchSort
from insights.services import access, journal, lookup, query_texts
from insights.services.access import Actor

MOST_PER_PERSON = 200
_NOTHING_SOUGHT = "Say what to search for: a word or a filter is enough."


@dataclass(frozen=True, slots=True)
class SavedSearchView:
    """A saved search as one reader sees it: `mine` and `may_change` are about the reader."""

    id: int
    name: str
    query: str
    sort: SearchSort
    shared: bool
    owner_id: int
    owner_name: str
    mine: bool
    may_change: bool
    created_at: datetime
    updated_at: datetime


class SavedSearchChanges(TypedDict, total=False):
    """What can be changed of a saved search; what is left out stays as it is."""

    name: str
    query: str
    sort: SearchSort
    shared: bool


def save(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    name: str,
    query: str,
    sort: SearchSort = SearchSort.RELEVANCE,
    shared: bool = False,
) -> SavedSearchView:
    """Keeps a search of the actor's own under a name that none of theirs has.

    Raises Invalid(name, query), and Invalid of no field when the actor keeps 200 already.
    """
    values = _usable({"name": name, "query": query, "sort": sort, "shared": shared})
    _hold_searches_of(session, actor.id)
    _require_room(session, actor.id)
    _require_free_name(session, actor, values["folded"], owner_id=actor.id)
    row = SavedSearch(owner_id=actor.id, created_at=now, updated_at=now, **values)
    session.add(row)
    session.flush()
    _record(session, actor, "saved", row, now)
    return _view(actor, row, actor.name)


def change(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    search_id: int,
    **changes: Unpack[SavedSearchChanges],
) -> SavedSearchView:
    """Changes what is given; nothing happens when all of it is so already.

    Raises NotFound, Forbidden for a colleague, and Invalid(name, query).
    """
    row = _changeable(session, actor, search_id)
    values = {
        column: value for column, value in _usable(changes).items() if value != getattr(row, column)
    }
    if "folded" in values:
        _hold_searches_of(session, row.owner_id)
        _require_free_name(session, actor, values["folded"], owner_id=row.owner_id, own_id=row.id)
    if values:
        for column, value in values.items():
            setattr(row, column, value)
        row.updated_at = now
        session.flush()
        _record(session, actor, "changed", row, now, fields=sorted(values.keys() & changes.keys()))
    return _view(actor, row, _owner_name(session, row))


def remove(session: Session, actor: Actor, *, now: datetime, search_id: int) -> None:
    """Deletes the search for everyone and for good.

    Raises NotFound, and Forbidden for a colleague.
    """
    row = _changeable(session, actor, search_id)
    session.delete(row)
    session.flush()
    _record(session, actor, "removed", row, now)


def get(session: Session, actor: Actor, *, search_id: int) -> SavedSearchView:
    """The saved search of that number; raises NotFound."""
    row = access.saved_search(session, actor, search_id)
    return _view(actor, row, _owner_name(session, row))


def list_mine_and_shared(session: Session, actor: Actor, *, limit: int) -> list[SavedSearchView]:
    """Up to `limit` searches: the actor's own, then those that colleagues share.

    Both the last saved first. One query.
    """
    others_last = SavedSearch.owner_id != actor.id
    return _views(session, actor, order=(others_last,), limit=limit)


def list_searches(
    session: Session,
    actor: Actor,
    *,
    limit: int,
    after: int | None = None,
    mine: bool | None = None,
) -> list[SavedSearchView]:
    """Up to `limit` searches that the actor sees, the last saved first, from behind number `after`.

    With `mine` only the actor's own (True) or only those of colleagues (False). One query.
    """
    conditions: list[ColumnElement[bool]] = []
    if after is not None:
        conditions.append(SavedSearch.id < min(after, lookup.LARGEST_ID))
    if mine is not None:
        own = SavedSearch.owner_id == actor.id
        conditions.append(own if mine else ~own)
    return _views(session, actor, *conditions, limit=limit)


def _usable(typed: SavedSearchChanges) -> dict[str, Any]:
    """The values of the columns; raises Invalid with every field to mend."""
    values: dict[str, Any] = dict(typed)
    problems = FieldProblems()
    if "name" in typed:
        with problems:
            values["name"], values["folded"] = query_texts.require_name(
                typed["name"], noun="search"
            )
    if "query" in typed:
        with problems:
            values["query"] = query_texts.require_query(typed["query"], missing=_NOTHING_SOUGHT)
    problems.settle()
    return values


def _hold_searches_of(session: Session, owner_id: int) -> None:
    """Until the transaction ends nobody else gives this person a search or one of theirs a name."""
    lookup.require_id(session, Person, owner_id, lock=True)


def _require_room(session: Session, owner_id: int) -> None:
    kept = select(func.count()).where(SavedSearch.owner_id == owner_id)
    if (session.scalar(kept) or 0) >= MOST_PER_PERSON:
        message = f"You keep {MOST_PER_PERSON} saved searches already. Remove one to save another."
        raise Invalid(message)


def _require_free_name(
    session: Session, actor: Actor, folded: str, *, owner_id: int, own_id: int = 0
) -> None:
    """`own_id` is the row that is about to take the name, 0 for a new one."""
    same = select(SavedSearch.name).where(
        SavedSearch.owner_id == owner_id, SavedSearch.folded == folded, SavedSearch.id != own_id
    )
    other = session.scalar(same)
    if other is None:
        return
    if owner_id == actor.id:
        message = f"You have a saved search called “{other}” already. Choose another name."
    else:
        message = "Its owner has another saved search of this name. Choose another one."
    raise Invalid({"name": [message]})


def _changeable(session: Session, actor: Actor, search_id: int) -> SavedSearch:
    row = access.saved_search(session, actor, search_id, lock=True)
    access.require_search_changer(actor, row.owner_id)
    return row


def _record(
    session: Session,
    actor: Actor,
    deed: str,
    row: SavedSearch,
    now: datetime,
    *,
    fields: Sequence[str] = (),
) -> None:
    data = {"person": row.owner_id, **({"fields": fields} if fields else {})}
    journal.append(
        session,
        f"search.{deed}",
        ("search", row.id),
        actor_id=actor.journal_id,
        now=now,
        data=data,
    )


def _owner_name(session: Session, row: SavedSearch) -> str:
    return session.scalars(select(Person.name).where(Person.id == row.owner_id)).one()


def _views(
    session: Session,
    actor: Actor,
    *conditions: ColumnElement[bool],
    order: Sequence[ColumnElement[bool]] = (),
    limit: int,
) -> list[SavedSearchView]:
    statement = (
        select(SavedSearch, Person.name)
        .join(Person, Person.id == SavedSearch.owner_id)
        .where(access.visible_searches(actor), *conditions)
        .order_by(*order, SavedSearch.id.desc())
        .limit(limit)
    )
    return [_view(actor, row, owner_name) for row, owner_name in session.execute(statement)]


def _view(actor: Actor, row: SavedSearch, owner_name: str) -> SavedSearchView:
    return SavedSearchView(
        id=row.id,
        name=row.name,
        query=row.query,
        sort=row.sort,
        shared=row.shared,
        owner_id=row.owner_id,
        owner_name=owner_name,
        mine=row.owner_id == actor.id,
        may_change=access.may_change_search(actor, row.owner_id),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
