"""Promises: what somebody has promised a customer, until it is kept or no longer wanted.

A promise belongs to a territory, so it stays with the place when its maker leaves; one to an
account follows it to its next territory (`promise_moves`). Whoever may see those of the territory
makes, changes and settles them (see `access_work`); its maker goes on seeing it. The note behind it
is told to those who may see that note.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from insights.db import insert_or_skip
from insights.errors import Conflict, FieldProblems, Forbidden, Invalid, NotFound
from insights.models import Account, Note, Person, Promise
from insights.services import access, access_work, catalogue, journal, lookup
from insights.services.access import Actor
from insights.services.catalogue import Place
from insights.text import clean

LONGEST_TEXT = 1_000

_Maker, _Settler = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise as one reader sees it; `note_id` is empty when they may not see the note.

    `kept` is empty while it is open; `may_settle` is about the reader.
    """

    id: UUID
    territory: Place
    account_id: int | None
    account_name: str | None
    note_id: UUID | None
    text: str
    due: date | None
    maker_id: int
    maker_name: str
    made_at: datetime
    settled_at: datetime | None
    settled_by_name: str | None
    kept: bool | None
    may_settle: bool

    @property
    def is_open(self) -> bool:
        """Whether it is neither kept nor given up."""
        return self.settled_at is None

    def is_overdue(self, today: date) -> bool:
        """Whether it is open and its last day has passed on the day `today`."""
        return self.is_open and self.due is not None and self.due < today


class PromiseChanges(TypedDict, total=False):
    """What can be changed of an open promise; what is left out stays, a `due` of None goes."""

    text: str
    due: date | None


def make(
    session: Session,
    actor: Actor,
    *,
    promise_id: UUID,
    territory_id: int,
    account_id: int | None = None,
    note_id: UUID | None = None,
    text: str,
    due: date | None = None,
    now: datetime,
) -> bool:
    """Stores a promise; returns False when this id was stored before (a second send).

    Raises Forbidden for whoever may not see those of the territory, Invalid(text, territory,
    account, note), and Conflict when the id belongs to another promise.
    """
    earlier = session.get(Promise, promise_id)
    if earlier is not None:
        _require_same(actor, territory_id, earlier)
        return False
    values = _require_usable(
        session, actor, territory_id=territory_id, account_id=account_id, note_id=note_id, text=text
    )
    row = {
        **values, "id": promise_id, "due": due, "maker_id": actor.id, "made_at": now,
    }  # fmt: skip
    if not session.scalars(insert_or_skip(session, Promise, Promise.id), [row]).all():
        _require_same(actor, territory_id, session.get_one(Promise, promise_id))
        return False
    _record(session, actor, "made", session.get_one(Promise, promise_id), now)
    return True


def change(
    session: Session,
    actor: Actor,
    promise_id: UUID,
    *,
    now: datetime,
    **changes: Unpack[PromiseChanges],
) -> PromiseView:
    """Changes the words or the day of an open promise; nothing happens when it is so already.

    Raises NotFound, Forbidden, Invalid(text), and Conflict when it has been settled.
    """
    row = _changeable(session, actor, promise_id)
    if row.settled_at is not None:
        raise Conflict(f"{_settled_words(session, row)} Open it again to change it.")
    values: dict[str, Any] = dict(changes)
    if "text" in changes:
        values["text"] = _checked(changes["text"])
    values = {name: value for name, value in values.items() if value != getattr(row, name)}
    if values:
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
        _record(session, actor, "changed", row, now, fields=sorted(values))
    return get(session, actor, promise_id)


def settle(
    session: Session, actor: Actor, promise_id: UUID, *, kept: bool, now: datetime
) -> PromiseView:
    """Says that the promise was kept, or that it is no longer wanted; the same twice changes
    nothing.

    Raises NotFound, Forbidden, and Conflict when somebody has said the other thing.
    """
    row = _changeable(session, actor, promise_id)
    if row.settled_at is not None and row.kept is not kept:
        raise Conflict(f"{_settled_words(session, row)} Open it again to say otherwise.")
    if row.settled_at is None:
        row.settled_at, row.settled_by, row.kept = now, actor.journal_id, kept
        session.flush()
        _record(session, actor, "settled", row, now)
    return get(session, actor, promise_id)


def reopen(session: Session, actor: Actor, promise_id: UUID, *, now: datetime) -> PromiseView:
    """Takes back that it was settled; an open one stays as it is. Raises NotFound, Forbidden."""
    row = _changeable(session, actor, promise_id)
    if row.settled_at is not None:
        row.settled_at = row.settled_by = row.kept = None
        session.flush()
        _record(session, actor, "changed", row, now, fields=["settled"])
    return get(session, actor, promise_id)


def get(session: Session, actor: Actor, promise_id: UUID) -> PromiseView:
    """The promise of that id; raises NotFound."""
    found = _views(session, actor, _visible(actor).where(Promise.id == promise_id))
    if not found:
        raise NotFound("There is no such promise, or you may not see it.")
    return found[0]


def place_meant(session: Session, actor: Actor, *, word: str, account_id: int | None) -> int:
    """The territory that a new promise belongs to: the one named (by slug, code or name), without
    a name that of the account, otherwise the one that the actor holds.

    Raises Invalid(territory) when none is meant, or one that nobody knows.
    """
    known = catalogue.current(session)
    if word:
        place = known.find_territory(word)
        if place is None:
            message = f"“{lookup.quoted(word)}” is not known. Choose a territory from the list."
            raise Invalid({"territory": [message]})
        return place.id
    account = lookup.by_id(session, Account, account_id) if account_id else None
    if account is not None and account.territory_id is not None:
        return account.territory_id
    if not actor.held:
        raise Invalid({"territory": ["Choose the territory that the promise belongs to."]})
    return actor.held[0]


def open_in(
    session: Session,
    actor: Actor,
    *,
    territory_ids: Collection[int] = (),
    account_id: int | None = None,
    limit: int,
) -> list[PromiseView]:
    """Up to `limit` open promises that the actor sees, the first due first, those without a day
    last: of these territories (none given: of all) and of that account, if one is named."""
    return list_promises(
        session, actor, territory_ids=territory_ids, account_id=account_id, limit=limit
    )


def list_promises(
    session: Session,
    actor: Actor,
    *,
    settled: bool = False,
    territory_ids: Collection[int] = (),
    account_id: int | None = None,
    limit: int,
    after: UUID | None = None,
) -> list[PromiseView]:
    """Up to `limit` promises that the actor sees, from behind the promise `after`.

    Open ones come the first due first, those without a day last; settled ones the last settled
    first. One query, and another one with `after`. Raises Invalid(cursor) when it is gone from the
    list.
    """
    conditions: list[ColumnElement[bool]] = [
        Promise.settled_at.is_not(None) if settled else Promise.settled_at.is_(None)
    ]
    if territory_ids:
        conditions.append(Promise.territory_id.in_(sorted(territory_ids)))
    if account_id is not None:
        conditions.append(Promise.account_id == min(account_id, lookup.LARGEST_ID))
    if after is not None:
        conditions.append(_behind(session, actor, after, settled=settled))
    order = _LAST_SETTLED if settled else _FIRST_DUE
    statement = _visible(actor).where(*conditions).order_by(*order).limit(limit)
    return _views(session, actor, statement)


_FIRST_DUE = (Promise.due.is_(None), Promise.due, Promise.id)
_LAST_SETTLED = (Promise.settled_at.desc(), Promise.id.desc())


def _behind(session: Session, actor: Actor, after: UUID, *, settled: bool) -> ColumnElement[bool]:
    row = session.scalar(
        select(Promise).where(Promise.id == after, access_work.visible_promises(actor))
    )
    if row is None or (row.settled_at is not None) is not settled:
        raise Invalid({"cursor": ["The list has changed. Begin again without a cursor."]})
    if settled:
        same = and_(Promise.settled_at == row.settled_at, Promise.id < row.id)
        return or_(Promise.settled_at < row.settled_at, same)
    if row.due is None:
        return and_(Promise.due.is_(None), Promise.id > row.id)
    later = or_(Promise.due > row.due, Promise.due.is_(None))
    return or_(later, and_(Promise.due == row.due, Promise.id > row.id))


def _require_usable(
    session: Session,
    actor: Actor,
    *,
    territory_id: int,
    account_id: int | None,
    note_id: UUID | None,
    text: str,
) -> dict[str, Any]:
    """The values of the columns; raises Invalid with every field to mend."""
    problems = FieldProblems()
    cleaned = ""
    with problems:
        cleaned = _checked(text)
    with problems:
        _require_place(session, actor, territory_id)
    with problems:
        if account_id is not None and lookup.by_id(session, Account, account_id) is None:
            raise Invalid({"account": ["There is no such account. Choose another one, or none."]})
    with problems:
        _require_note(session, actor, note_id)
    problems.settle()
    return {
        "territory_id": territory_id, "account_id": account_id, "note_id": note_id, "text": cleaned,
    }  # fmt: skip


def _require_place(session: Session, actor: Actor, territory_id: int) -> None:
    place = catalogue.current(session).territories.get(territory_id)
    if place is None or place.archived:
        raise Invalid({"territory": ["There is no such territory in use. Choose another one."]})
    _require_insider(actor, territory_id)


def _require_insider(actor: Actor, territory_id: int) -> None:
    if not access_work.knows_of_territory(actor, territory_id):
        message = "Promises are kept by those who hold the territory, and by product and marketing."
        raise Forbidden(message)


def _require_note(session: Session, actor: Actor, note_id: UUID | None) -> None:
    if note_id is None:
        return
    try:
        access.note(session, actor, note_id)
    except NotFound as refusal:
        raise Invalid({"note": [refusal.message]}) from None


def _require_same(actor: Actor, territory_id: int, earlier: Promise) -> None:
    # One to an account may have followed it to another territory since.
    moved = earlier.account_id is not None or earlier.territory_id == territory_id
    if earlier.maker_id != actor.id or not moved:
        raise Conflict("This id belongs to another promise. Send it under a new id.")


def _changeable(session: Session, actor: Actor, promise_id: UUID) -> Promise:
    row = access_work.promise(session, actor, promise_id, lock=True)
    _require_insider(actor, row.territory_id)
    return row


def _settled_words(session: Session, row: Promise) -> str:
    name = session.scalar(select(Person.name).where(Person.id == row.settled_by))
    said = "kept" if row.kept else "no longer wanted"
    return f"{name or 'The operator'} has settled this promise as {said}."


def _checked(text: str) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise Invalid({"text": ["Say what was promised: the text is empty."]})
    if len(cleaned) > LONGEST_TEXT:
        message = f"Shorten it to {LONGEST_TEXT:,} characters; it has {len(cleaned):,}."
        raise Invalid({"text": [message]})
    return cleaned


def _record(
    session: Session,
    actor: Actor,
    deed: str,
    row: Promise,
    now: datetime,
    *,
    fields: Sequence[str] = (),
) -> None:
    data: dict[str, Any] = {"territory": row.territory_id}
    if row.account_id is not None:
        data["account"] = row.account_id
    if fields:
        data["fields"] = list(fields)
    subject = ("promise", row.id)
    journal.append(
        session, f"promise.{deed}", subject, actor_id=actor.journal_id, now=now, data=data
    )


def _visible(actor: Actor) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Promise,
        Account.name.label("account_name"),
        _Maker.name.label("maker_name"),
        _Settler.name.label("settler_name"),
        Note.id.label("seen_note_id"),
    )
    return (
        select(*columns)
        .join(_Maker, _Maker.id == Promise.maker_id)
        .outerjoin(_Settler, _Settler.id == Promise.settled_by)
        .outerjoin(Account, Account.id == Promise.account_id)
        .outerjoin(Note, and_(Note.id == Promise.note_id, access.visible_notes(actor)))
        .where(access_work.visible_promises(actor))
    )


def _views(session: Session, actor: Actor, statement: Select[Any]) -> list[PromiseView]:
    known = catalogue.current(session)
    rows: Iterable[Any] = session.execute(statement.execution_options(populate_existing=True))
    return [
        PromiseView(
            id=row.Promise.id,
            territory=known.territories[row.Promise.territory_id],
            account_id=row.Promise.account_id,
            account_name=row.account_name,
            note_id=row.seen_note_id,
            text=row.Promise.text,
            due=row.Promise.due,
            maker_id=row.Promise.maker_id,
            maker_name=row.maker_name,
            made_at=row.Promise.made_at,
            settled_at=row.Promise.settled_at,
            settled_by_name=row.settler_name,
            kept=row.Promise.kept,
            may_settle=access_work.knows_of_territory(actor, row.Promise.territory_id),
        )
        for row in rows
    ]
