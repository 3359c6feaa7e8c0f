"""Accounts of Salesforce, and the territories that they are associated with.

An account is found by its id, which is its external id here. Name and state follow Salesforce, the
industry becomes a segment of the first dimension where one is called so. Salesforce can associate
an account with several territories; here it stands in one: a manual association comes before one
by a rule, then the first of the file counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Invalid
from insights.models import Account, AccountSegment
from insights.services import account_fields, catalogue, journal, names, promise_moves
from insights.services.access import Actor
from insights.services.import_columns import Row
from insights.services.import_salesforce_files import SHORT_ID, Sheet, long_id
from insights.services.import_salesforce_places import Places
from insights.services.promise_moves import Move
from insights.text import fold

AT_ONCE = 1_000
INDUSTRY_DIMENSION = 1
MOST_LISTED = 10
MANUAL = "territory2manual"
_ACCOUNTS, _LINKS = table_of(Account), table_of(AccountSegment)


class _Values(NamedTuple):
    """What a row says about an account."""

    name: str
    state: str | None
    segment_id: int | None


class _Stored(NamedTuple):
    """What is stored of an account."""

    id: int
    name: str
    state: str | None
    territory_id: int | None


class AccountRows:
    """Takes the rows in parts, each by a few statements."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        known = catalogue.current(session)
        self._segments = {
            fold(one.name): one.id
            for one in known.segments.values()
            if one.dimension == INDUSTRY_DIMENSION and not one.archived
        }
        self._unknown: dict[str, None] = {}
        self._entries: list[dict[str, Any]] = []

    def take(self, sheet: Sheet) -> list[dict[str, Any]]:
        """Adds and changes accounts; gives the journal entries."""
        seen: set[str] = set()
        for rows in _parts(sheet.rows()):
            read: dict[str, _Values] = {}
            for row in rows:
                self._read(sheet, row, seen, read)
            self._store(sheet, read)
        if self._unknown:
            listed = ", ".join(list(self._unknown)[:MOST_LISTED])
            sheet.remarks.append(f"Industries that are no segments here: {listed}.")
        return self._entries

    def _read(self, sheet: Sheet, row: Row, seen: set[str], read: dict[str, _Values]) -> None:
        identity = long_id(row.get("Id"))
        if not identity or identity in seen:
            sheet.refuse(row, "Id", "This id is empty, or stands above already.")
            return
        seen.add(identity)
        try:
            name = names.require_name(row.get("Name"))
            state = account_fields.require_state(row.get("BillingStateCode"))
        except Invalid as error:
            column = "Name" if "name" in error.fields else "BillingStateCode"
            sheet.refuse(row, column, error.message)
            return
        industry = row.get("Industry")
        segment_id = self._segments.get(fold(industry)) if industry else None
        if industry and segment_id is None and len(self._unknown) < MOST_LISTED:
            self._unknown[industry] = None
        read[identity] = _Values(name, state, segment_id)

    def _store(self, sheet: Sheet, read: dict[str, _Values]) -> None:
        stored = _stored(self._session, read)
        former = _linked(self._session, [one.id for one in stored.values()])
        links: dict[int, int] = {}
        for account_id, values in self._add(read, stored):
            sheet.added += 1
            self._record("account.created", account_id)
            if values.segment_id is not None:
                links[account_id] = values.segment_id
        changes = []
        for identity, one in stored.items():
            values = read[identity]
            changed = _differing(one, values)
            if values.segment_id not in (None, former.get(one.id)):
                assert values.segment_id is not None
                links[one.id] = values.segment_id
                changed["segments"] = values.segment_id
            sheet.changed += bool(changed)
            sheet.unchanged += not changed
            if changed:
                changes.append(_change(one, values))
                self._record("account.changed", one.id, {"changed": sorted(changed)})
        _update(self._session, changes)
        self._link(links, former)

    def _add(
        self, read: dict[str, _Values], stored: dict[str, _Stored]
    ) -> Iterator[tuple[int, _Values]]:
        """Adds those that are not stored yet; gives their new numbers."""
        names_of = ("external_id", "name", "folded", "state")
        rows = [
            dict(zip(names_of, (identity, one.name, fold(one.name), one.state), strict=True))
            for identity, one in read.items()
            if identity not in stored
        ]
        if rows:
            statement = insert(_ACCOUNTS).returning(_ACCOUNTS.c.external_id, _ACCOUNTS.c.id)
            for row in self._session.execute(statement, rows):
                yield row.id, read[row.external_id]

    def _link(self, links: dict[int, int], former: dict[int, int]) -> None:
        """Makes these segments the ones of their dimension that the accounts have."""
        ended = [{"b_account": one, "b_segment": former[one]} for one in links if one in former]
        if ended:
            own = _LINKS.c.account_id == bindparam("b_account")
            statement = delete(_LINKS).where(own, _LINKS.c.segment_id == bindparam("b_segment"))
            self._session.connection().execute(statement, ended)
        if links:
            rows = [{"account_id": one, "segment_id": links[one]} for one in links]
            self._session.execute(insert(_LINKS), rows)

    def _record(self, verb: str, account_id: int, data: dict[str, Any] | None = None) -> None:
        subject = ("account", account_id)
        actor_id = self._actor.journal_id
        self._entries.append(
            journal.entry(verb, subject, actor_id=actor_id, now=self._now, data=data)
        )


class _Wanted(NamedTuple):
    """Where an account is to stand, by which row."""

    by_hand: bool
    territory_id: int
    row: Row


def place(
    session: Session, actor: Actor, sheet: Sheet, places: Places, now: datetime
) -> list[dict[str, Any]]:
    """Puts accounts where they are associated, with the open promises to them; gives the journal
    entries."""
    wanted: dict[str, _Wanted] = {}
    several: set[str] = set()
    for row in sheet.rows():
        identity, found = long_id(row.get("ObjectId")), places.find(row.get("Territory2Id"))
        if row.get("SobjectType") not in ("", "Account"):
            sheet.refuse(row, "SobjectType", "Only accounts are taken.")
        elif found is None:
            sheet.refuse(row, "Territory2Id", "This territory is not known here.")
        else:
            one = _Wanted(row.get("AssociationCause").lower() == MANUAL, found.id, row)
            if identity in wanted:
                several.add(identity)
                sheet.unchanged += 1
            if identity not in wanted or (one.by_hand and not wanted[identity].by_hand):
                wanted[identity] = one
    if several:
        sheet.remarks.append(
            f"{len(several):,} accounts are in several territories; one is taken of each."
        )
    data = {"changed": ["territory"]}
    given: dict[str, Any] = {"actor_id": actor.journal_id, "now": now, "data": data}
    moves = [one for part in _parts(iter(wanted)) for one in _place(session, sheet, wanted, part)]
    return [
        *(journal.entry("account.changed", ("account", one.account_id), **given) for one in moves),
        *promise_moves.follow(session, actor, moves, now=now),
    ]


def _place(
    session: Session, sheet: Sheet, wanted: dict[str, _Wanted], part: list[str]
) -> list[Move]:
    """Gives the accounts that moved."""
    stored = _stored(session, part)
    for identity in part:
        if identity not in stored:
            sheet.refuse(wanted[identity].row, "ObjectId", "No account has this id.")
    moved = [
        Move(one.id, one.territory_id, wanted[identity].territory_id)
        for identity, one in stored.items()
        if one.territory_id != wanted[identity].territory_id
    ]
    sheet.changed += len(moved)
    sheet.unchanged += len(stored) - len(moved)
    _update(session, [{"b_id": one.account_id, "territory_id": one.next_id} for one in moved])
    return moved


def _differing(one: _Stored, values: _Values) -> dict[str, Any]:
    """The columns that the file would change; an empty cell changes nothing."""
    changed: dict[str, Any] = {}
    if values.name != one.name:
        changed["name"] = values.name
    if values.state not in (None, one.state):
        changed["state"] = values.state
    return changed


def _change(one: _Stored, values: _Values) -> dict[str, Any]:
    state = one.state if values.state is None else values.state
    return {"b_id": one.id, "name": values.name, "folded": fold(values.name), "state": state}


def _update(session: Session, changes: Sequence[dict[str, Any]]) -> None:
    if changes:
        statement = update(_ACCOUNTS).where(_ACCOUNTS.c.id == bindparam("b_id"))
        session.connection().execute(statement, changes)


def _stored(session: Session, identities: Iterable[str]) -> dict[str, _Stored]:
    """The accounts of these ids, also where an id was stored with 15 characters."""
    columns = _ACCOUNTS.c
    wanted = set(identities)
    words = {word for one in wanted for word in (one, one[:SHORT_ID])}
    statement = select(
        columns.external_id, columns.id, columns.name, columns.state, columns.territory_id
    ).where(columns.external_id.in_(sorted(words)))
    found = {long_id(row[0]): _Stored(*row[1:]) for row in session.execute(statement)}
    return {identity: one for identity, one in found.items() if identity in wanted}


def _linked(session: Session, account_ids: Iterable[int]) -> dict[int, int]:
    """The segment of the industry's dimension that each account has."""
    known = catalogue.current(session).segments
    statement = select(_LINKS).where(_LINKS.c.account_id.in_(sorted(account_ids)))
    return {
        row.account_id: row.segment_id
        for row in session.execute(statement)
        if known[row.segment_id].dimension == INDUSTRY_DIMENSION
    }


def _parts(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while part := list(islice(rows, AT_ONCE)):
        yield part
