"""Accounts: the customers and prospects that notes can be about.

Two accounts may have the same name (a chain has many branches); what tells them apart for a
program is the id in the customer relationship system. Choosing an account sets a note's territory
and segments, so both are part of what is shown of one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid
from insights.models import Account, AccountSegment, TeamType
from insights.services import (
    access,
    account_fields,
    catalogue,
    journal,
    lookup,
    names,
    promise_moves,
)
from insights.services.access import Actor
from insights.services.catalogue import Item, Place, SegmentItem
from insights.services.promise_moves import Move
from insights.text import clean, fold

MOST_FOUND = 20
# That a search takes the beginnings of names for.
MOST_NAMED = 200
LONGEST_EXTERNAL_ID = 100


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as everyone who is signed in sees it."""

    id: int
    name: str
    external_id: str | None
    territory: Place | None
    segments: tuple[SegmentItem, ...]
    state: str | None
    team_type: TeamType | None
    archived: bool


class AccountChanges(TypedDict, total=False):
    """What can be changed of an account; what is left out stays as it is.

    A territory or segment is named by its slug (a territory by its code or name as well), a sort of
    team by its word.
    """

    name: str
    external_id: str | None
    territory: str | None
    segments: Sequence[str]
    state: str | None
    team_type: str | None


def find(
    session: Session, _actor: Actor, *, words: str, limit: int = MOST_FOUND
) -> list[AccountView]:
    """The first accounts in use whose folded name begins with the folded words, at most 20."""
    prefix = fold(clean(words))
    if not prefix:
        return []
    begins = Account.folded.startswith(prefix, autoescape=True)
    statement = select(Account).where(begins, Account.archived_at.is_(None))
    ordered = statement.order_by(Account.folded, Account.id)
    return _views(session, session.scalars(ordered.limit(min(limit, MOST_FOUND))).all())


def ids_named(
    session: Session, _actor: Actor, *, words: Collection[str]
) -> dict[str, frozenset[int]]:
    """By each of the words the accounts it may mean, archived ones included; none it does not.

    A word is a number, a whole name, or the beginning of names, however it is capitalised or
    accented; of very many only the first ones count. One query.
    """
    prefixes = [fold(clean(word)) for word in words]
    begins = [Account.folded.startswith(one, autoescape=True) for one in prefixes if one]
    numbers = [int(one) for one in prefixes if one.isascii() and one.isdigit()]
    numbered = Account.id.in_([one for one in numbers if one <= lookup.LARGEST_ID])
    statement = select(Account.id, Account.folded).where(or_(numbered, *begins))
    rows = session.execute(statement.order_by(Account.folded, Account.id).limit(MOST_NAMED)).all()
    found: dict[str, frozenset[int]] = {}
    for word, prefix in zip(words, prefixes, strict=True):
        exact = frozenset(row.id for row in rows if prefix in (row.folded, str(row.id)))
        ids = exact or frozenset(row.id for row in rows if prefix and row.folded.startswith(prefix))
        if ids:
            found[word] = ids
    return found


def require_named(session: Session, actor: Actor, *, words: str) -> AccountView:
    """The one account in use of that name, however it is capitalised or accented.

    Raises Invalid(account) when none or several are called so.
    """
    found = find(session, actor, words=words)
    named = [one for one in found if fold(one.name) == fold(words)]
    if len(named) == 1:
        return named[0]
    if found:
        message = "Choose which of the accounts found you mean."
    else:
        message = f"No account begins with “{lookup.quoted(words)}”. Type another name, or none."
    raise Invalid({"account": [message]})


def get(session: Session, _actor: Actor, *, account_id: int) -> AccountView:
    """The account of that number; raises NotFound."""
    return _view(session, lookup.require_id(session, Account, account_id))


def account_names(session: Session, _actor: Actor, *, ids: Collection[int]) -> dict[int, str]:
    """The names of these accounts, archived ones included. One query."""
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(sorted(set(ids)))))
    return {row.id: row.name for row in rows}


def list_accounts(
    session: Session,
    _actor: Actor,
    *,
    limit: int,
    after: int | None = None,
    words: str = "",
    territory_id: int | None = None,
    territory_ids: Collection[int] = (),
    archived: bool = False,
) -> list[AccountView]:
    """Up to `limit` accounts in order of name, those behind the account number `after`.

    With `words` only those that have them in their name, without case and accents, or have them
    as external id; with a territory only those of its subtree, with `territory_ids` only those of
    these. Two queries, however many there are. Raises Invalid(cursor) when there is no account
    `after`.
    """
    statement = select(Account).order_by(Account.folded, Account.id).limit(limit)
    if not archived:
        statement = statement.where(Account.archived_at.is_(None))
    sought = clean(words)
    if sought:
        named = Account.folded.contains(fold(sought), autoescape=True)
        statement = statement.where(or_(named, Account.external_id == sought))
    if territory_id is not None:
        subtree = catalogue.current(session).subtree(territory_id)
        statement = statement.where(Account.territory_id.in_(sorted(subtree)))
    if territory_ids:
        statement = statement.where(Account.territory_id.in_(sorted(territory_ids)))
    if after is not None:
        statement = statement.where(behind(session, after))
    return _views(session, session.scalars(statement).all())


def create(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    name: str,
    external_id: str | None = None,
    territory: str | None = None,
    segments: Sequence[str] = (),
    state: str | None = None,
    team_type: str | None = None,
) -> AccountView:
    """Adds an account.

    Raises Forbidden for a rep, and Invalid(name, external_id, territory, segments, state,
    team_type).
    """
    access.require_curator(actor)
    typed: AccountChanges = {
        "name": name,
        "external_id": external_id,
        "territory": territory,
        "segments": segments,
        "state": state,
        "team_type": team_type,
    }
    row = Account()
    usable = _require_usable(session, typed)
    _store(session, row, usable)
    names.record(session, actor, "created", row, now=now)
    return _view(session, row)


def change(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    account_id: int,
    **changes: Unpack[AccountChanges],
) -> AccountView:
    """Changes what is given; None removes external id, territory, state or sort of team.

    Notes keep the territory and the segments that they have; open promises to the account follow it
    to its territory. Raises Forbidden for a rep, NotFound,
    and Invalid(name, external_id, territory, segments, state, team_type).
    """
    access.require_curator(actor)
    row = lookup.require_id(session, Account, account_id, lock=True)
    former, place_id = _view(session, row), row.territory_id
    _store(session, row, _require_usable(session, changes, former))
    view, move = _view(session, row), Move(row.id, place_id, row.territory_id)
    followed = promise_moves.follow(session, actor, [move], now=now)
    if view != former:
        data = {"changed": sorted(changes)}
        names.record(session, actor, "changed", row, now=now, data=data)
        journal.append_many(session, followed)
    return view


def archive(session: Session, actor: Actor, *, now: datetime, account_id: int) -> AccountView:
    """Takes the account out of use; notes keep it. Raises Forbidden for a rep, and NotFound."""
    return _set_archived(session, actor, now, account_id, archived=True)


def restore(session: Session, actor: Actor, *, now: datetime, account_id: int) -> AccountView:
    """Takes the account into use again; raises Forbidden for a rep, and NotFound."""
    return _set_archived(session, actor, now, account_id, archived=False)


@dataclass(frozen=True)
class _Usable:
    """What was typed in the form in which it is stored; None where nothing was typed."""

    values: dict[str, Any]
    segment_ids: frozenset[int] | None


def _require_usable(
    session: Session, typed: AccountChanges, former: AccountView | None = None
) -> _Usable:
    """Nothing has changed yet when it raises Invalid."""
    problems = FieldProblems()
    values: dict[str, Any] = {}
    segment_ids: frozenset[int] | None = None
    with problems:
        if "name" in typed:
            values["name"] = names.require_name(typed["name"])
            values["folded"] = fold(values["name"])
    with problems:
        if "external_id" in typed:
            values["external_id"] = _require_external_id(typed["external_id"])
    with problems:
        if "territory" in typed:
            place = former.territory if former else None
            values["territory_id"] = _require_territory(session, typed["territory"], place)
    with problems:
        if "segments" in typed:
            kept = former.segments if former else ()
            segment_ids = _require_segments(session, typed["segments"], kept)
    with problems:
        if "state" in typed:
            values["state"] = account_fields.require_state(typed["state"])
    with problems:
        if "team_type" in typed:
            values["team_type"] = account_fields.require_team_type(typed["team_type"])
    problems.settle()
    return _Usable(values, segment_ids)


def _require_external_id(typed: str | None) -> str | None:
    external_id = names.one_line(typed or "")
    if len(external_id) > LONGEST_EXTERNAL_ID:
        message = f"An external id has {LONGEST_EXTERNAL_ID} characters at most."
        raise Invalid({"external_id": [message]})
    return external_id or None


def _require_territory(session: Session, typed: str | None, current: Place | None) -> int | None:
    if not typed:
        return None
    place = catalogue.current(session).find_territory(typed)
    _require_in_use("territory", typed, place, () if current is None else (current,))
    return place.id if place else None


def _require_segments(
    session: Session, typed: Iterable[str], current: Sequence[SegmentItem]
) -> frozenset[int]:
    known = catalogue.current(session)
    chosen: dict[int, SegmentItem] = {}
    for word in typed:
        segment = known.find_segment(word)
        _require_in_use("segments", word, segment, current)
        assert segment is not None
        if chosen.setdefault(segment.dimension, segment) != segment:
            dimension = known.dimensions[segment.dimension]
            message = f"Choose one segment of {dimension}, not several."
            raise Invalid({"segments": [message]})
    return frozenset(one.id for one in chosen.values())


def _require_in_use(field: str, word: str, item: Item | None, current: Sequence[Item]) -> None:
    """What an account has already it may keep, although it has been archived since."""
    if item is None:
        message = f"There is no “{lookup.quoted(word)}”. Choose one from the list."
        raise Invalid({field: [message]})
    if item.archived and item.id not in [one.id for one in current]:
        raise Invalid({field: [f"{item.name} is archived. Choose another one."]})


def _store(session: Session, row: Account, usable: _Usable) -> None:
    try:
        # Two people may take one external id at the same time; then the database decides.
        with session.begin_nested():
            for column, value in usable.values.items():
                setattr(row, column, value)
            session.add(row)
    except IntegrityError:
        raise _taken(session, usable.values["external_id"]) from None
    if usable.segment_ids is not None:
        session.execute(delete(AccountSegment).where(AccountSegment.account_id == row.id))
        rows = (AccountSegment(account_id=row.id, segment_id=one) for one in usable.segment_ids)
        session.add_all(rows)
    session.flush()


def _taken(session: Session, external_id: str) -> Invalid:
    owner = session.scalar(select(Account.name).where(Account.external_id == external_id))
    message = f"The account {owner} has this external id. Change that one or leave this empty."
    return Invalid({"external_id": [message]})


def _set_archived(
    session: Session, actor: Actor, now: datetime, account_id: int, *, archived: bool
) -> AccountView:
    access.require_curator(actor)
    row = lookup.require_id(session, Account, account_id, lock=True)
    if bool(row.archived_at) != archived:
        row.archived_at = now if archived else None
        session.flush()
        names.record(session, actor, "archived" if archived else "restored", row, now=now)
    return _view(session, row)


def behind(session: Session, after: int) -> ColumnElement[bool]:
    """The condition that leaves accounts behind the one of that number, in order of name; raises
    Invalid(cursor) when there is none."""
    last = lookup.by_id(session, Account, after)
    if last is None:
        raise Invalid({"cursor": ["The list has changed. Begin again without a cursor."]})
    same_name = (Account.folded == last.folded) & (Account.id > last.id)
    return or_(Account.folded > last.folded, same_name)


def _view(session: Session, row: Account) -> AccountView:
    return _views(session, [row])[0]


def _views(session: Session, rows: Sequence[Account]) -> list[AccountView]:
    """One query for the segments of all rows."""
    known = catalogue.current(session)
    links = select(AccountSegment).where(AccountSegment.account_id.in_([row.id for row in rows]))
    segments: dict[int, set[int]] = {}
    for link in session.scalars(links):
        segments.setdefault(link.account_id, set()).add(link.segment_id)
    return [
        AccountView(
            id=row.id,
            name=row.name,
            external_id=row.external_id,
            territory=known.territories[row.territory_id] if row.territory_id else None,
            segments=tuple(
                one for one in known.segments.values() if one.id in segments.get(row.id, ())
            ),
            state=row.state,
            team_type=row.team_type,
            archived=bool(row.archived_at),
        )
        for row in rows
    ]
