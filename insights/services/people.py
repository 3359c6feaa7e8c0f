"""People: who may sign in, with which role.

Somebody who leaves is deactivated, never deleted: their notes keep their author. At least one
active admin remains at any time. Raising a person's `sign_in_version` ends all of their sign-ins.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Conflict, FieldProblems, Invalid, NotFound
from insights.models import Person, Role, Token
from insights.services import access, departures, journal, lookup, names, passwords, tokens
from insights.services.access import Actor
from insights.services.departures import NOBODY, Succession
from insights.text import clean, fold

LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PEOPLE = table_of(Person).c


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as everyone who is signed in sees them."""

    id: int
    name: str
    role: Role
    is_active: bool


@dataclass(frozen=True, slots=True)
class PersonEntry(PersonView):
    """A person as admins see them."""

    email: str
    has_password: bool
    created_at: datetime
    deactivated_at: datetime | None
    pseudonymised_at: datetime | None


class PersonChanges(TypedDict, total=False):
    """What can be changed of a person; what is left out stays as it is."""

    name: str
    role: Role
    email: str


def get(session: Session, _actor: Actor, *, person_id: int) -> PersonView:
    """The person of that number, deactivated or not; raises NotFound."""
    return _view(lookup.require_id(session, Person, person_id))


def get_entry(session: Session, actor: Actor, *, person_id: int) -> PersonEntry:
    """The same with what only admins see; raises Forbidden, NotFound."""
    access.require_admin(actor)
    return _entry(lookup.require_id(session, Person, person_id))


def require_email(session: Session, actor: Actor, *, email: str) -> PersonEntry:
    """The person of that e-mail address. Raises Forbidden unless it is an admin, and NotFound."""
    access.require_admin(actor)
    row = session.scalar(select(Person).where(Person.email == _normal_email(email)))
    if row is None:
        raise NotFound(f"Nobody has the e-mail address “{lookup.quoted(email)}”.")
    return _entry(row)


def colleagues(session: Session, _actor: Actor) -> list[PersonView]:
    """All who may sign in, in order of name: for choosing one. Guests may not. One query."""
    known = select(Person.id, Person.name, Person.role).where(
        Person.deactivated_at.is_(None), Person.guest.is_(False)
    )
    rows = sorted(session.execute(known), key=lambda row: _order(row.name, row.id))
    return [PersonView(row.id, row.name, row.role, is_active=True) for row in rows]


def person_names(session: Session, _actor: Actor, *, ids: Collection[int]) -> dict[int, str]:
    """The names of these people, deactivated ones included. One query."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(set(ids)))))
    return {row.id: row.name for row in rows}


def ids_named(
    session: Session, _actor: Actor, *, words: Collection[str]
) -> dict[str, frozenset[int]]:
    """By each of the words the people it may mean, deactivated ones included; none it does not.

    A word is a number, a whole name, or a part of names (`ana`), however it is capitalised or
    accented. One query, none without words.
    """
    if not words:
        return {}
    named: dict[str, set[int]] = {}
    parts: dict[str, set[int]] = {}
    for row in session.execute(select(_PEOPLE.id, _PEOPLE.name)):
        folded = fold(row.name)
        named.setdefault(str(row.id), set()).add(row.id)
        named.setdefault(folded, set()).add(row.id)
        for part in folded.split():
            parts.setdefault(part, set()).add(row.id)
    found = {word: named.get(fold(word)) or parts.get(fold(word)) for word in words}
    return {word: frozenset(ids) for word, ids in found.items() if ids}


def list_people(
    session: Session,
    actor: Actor,
    *,
    limit: int,
    after: int | None = None,
    words: str = "",
    role: Role | None = None,
    active: bool | None = None,
) -> list[PersonEntry]:
    """Up to `limit` people in order of name, those behind the person number `after`.

    `words` are looked for in names and e-mail addresses, without case and accents. That is also
    why people are compared here and not in the database: two databases sort and fold names in
    two ways, and an organisation has thousands of people, not millions. Raises Forbidden unless
    the actor is an admin, and Invalid(cursor) when there is no person `after`.
    """
    access.require_admin(actor)
    statement = select(Person.id, Person.name, Person.email)
    if role is not None:
        statement = statement.where(Person.role == role)
    if active is not None:
        statement = statement.where(Person.deactivated_at.is_(None) == active)
    sought = fold(words)
    last = None if after is None else _require_cursor(session, after)
    order = sorted(
        _order(row.name, row.id)
        for row in session.execute(statement)
        if sought in fold(row.name) or sought in fold(row.email)
    )
    ids = [person_id for name, person_id in order if last is None or (name, person_id) > last]
    chosen = select(Person).where(Person.id.in_(ids[:limit]))
    rows = sorted(session.scalars(chosen), key=lambda row: ids.index(row.id))
    return [_entry(row) for row in rows]


def add(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    email: str,
    name: str,
    role: Role,
    password: str | None = None,
) -> PersonEntry:
    """Adds a person; without a password they cannot sign in until they are given one.

    Raises Forbidden unless the actor is an admin, and Invalid(email, name, password).
    """
    access.require_admin(actor)
    problems = FieldProblems()
    with problems:
        email = _usable_email(email)
    with problems:
        name = names.require_name(name)
    with problems:
        password_hash = None if password is None else passwords.hash_password(password)
    problems.settle()
    row = Person(created_at=now)
    values = {"email": email, "name": name, "role": role, "password_hash": password_hash}
    _store(session, row, values)
    names.record(session, actor, "added", row, now=now, data={"role": row.role.value})
    return _entry(row)


def change(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    person_id: int,
    **changes: Unpack[PersonChanges],
) -> PersonEntry:
    """Changes what is given of name, role and e-mail address.

    Raises Forbidden unless the actor is an admin, NotFound, and Invalid(name, role, email), also
    when the last active admin would become something else.
    """
    access.require_admin(actor)
    admins = _lock_admins(session)
    row = lookup.require_id(session, Person, person_id, lock=True)
    _require_known(row)
    problems = FieldProblems()
    values: dict[str, Any] = dict(changes)
    with problems:
        if "name" in changes:
            values["name"] = names.require_name(changes["name"])
    with problems:
        if "email" in changes:
            values["email"] = _usable_email(changes["email"])
    with problems:
        if changes.get("role", Role.ADMIN) is not Role.ADMIN:
            _require_another_admin(admins, row, "role")
    problems.settle()
    changed = sorted(one for one in values if getattr(row, one) != values[one])
    if changed:
        _store(session, row, values)
        data = {"changed": changed, "role": row.role.value}
        names.record(session, actor, "changed", row, now=now, data=data)
    return _entry(row)


def deactivate(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    today: date,
    person_id: int,
    successors: Mapping[int, int] = NOBODY,
    caretaker_id: int | None = None,
    topic_owner_id: int | None = None,
    frees_topics: bool = False,
) -> PersonEntry:
    """Shuts a person out: sign-ins and tokens end at once, and what they hold goes to those who
    follow, by handovers that are done: to `successors` by territory, the rest to the caretaker
    until somebody is found. Their open topics get another owner, or none with `frees_topics`.

    `today` is the day in the organisation's time zone. Raises Forbidden unless the actor is an
    admin, NotFound, Invalid for the last active admin, and Invalid(successors, caretaker, topics)
    while a territory or an open topic of theirs has nobody to follow.
    """
    access.require_admin(actor)
    admins = _lock_admins(session)
    row = lookup.require_id(session, Person, person_id, lock=True)
    if not row.is_active:
        return _entry(row)
    _require_another_admin(admins, row, "")
    after = Succession(successors, caretaker_id, topic_owner_id, frees_topics)
    entries = departures.hand_on(session, actor, row, after, now=now, today=today)
    row.deactivated_at = now
    row.sign_in_version += 1
    entries += tokens.revoke_all(session, actor, Token.person_id == row.id, now=now)
    journal.append_many(session, entries)
    names.record(session, actor, "deactivated", row, now=now)
    return _entry(row)


def activate(session: Session, actor: Actor, *, now: datetime, person_id: int) -> PersonEntry:
    """Lets a person in again, without the tokens and territories that they had.

    Raises Forbidden unless the actor is an admin, NotFound, and Conflict for somebody who has been
    pseudonymised: nobody knows any more who that was.
    """
    access.require_admin(actor)
    row = lookup.require_id(session, Person, person_id, lock=True)
    _require_known(row)
    if not row.is_active:
        row.deactivated_at = None
        session.flush()
        names.record(session, actor, "activated", row, now=now)
    return _entry(row)


def set_password(
    session: Session, actor: Actor, *, now: datetime, person_id: int, password: str
) -> PersonEntry:
    """Gives a person another password and ends their sign-ins.

    Raises Forbidden unless the actor is an admin, NotFound, and Invalid(password).
    """
    access.require_admin(actor)
    row = lookup.require_id(session, Person, person_id, lock=True)
    _require_known(row)
    _set_password(session, actor, now, row, passwords.hash_password(password))
    return _entry(row)


def change_own_password(
    session: Session, actor: Actor, *, now: datetime, current: str, new: str
) -> int:
    """Gives the actor another password and ends all sign-ins but the one that goes on with the
    version that is returned. Raises Invalid(current, new)."""
    row = lookup.require_id(session, Person, actor.id, lock=True)
    problems = FieldProblems()
    with problems:
        if not passwords.matches(row.password_hash, current):
            raise Invalid({"current": ["This is not your present password. Type it again."]})
    with problems:
        password_hash = passwords.hash_password(new, field="new")
    problems.settle()
    _set_password(session, actor, now, row, password_hash)
    return row.sign_in_version


def authenticate(session: Session, email: str, password: str) -> Person | None:
    """The active person of that e-mail address and password, or None.

    Takes as long for somebody unknown, deactivated or without a password as for anybody else, so
    that nobody learns from it who works here.
    """
    row = session.scalar(select(Person).where(Person.email == _normal_email(email)))
    password_hash = row.password_hash if row and row.is_active else None
    return row if passwords.matches(password_hash, password) else None


def _normal_email(typed: str) -> str:
    return clean(typed[: 2 * LONGEST_EMAIL]).lower()


def _usable_email(typed: str) -> str:
    email = _normal_email(typed)
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email) or ".." in email:
        message = "This is not an e-mail address. Write it like olivia@example.com."
        raise Invalid({"email": [message]})
    return email


def _lock_admins(session: Session) -> set[int]:
    """The ids of the active admins, who stay so until the transaction ends.

    Before the row to be changed, always in one order: two admins may be about to remove each
    other, and then one of them must wait for the other and not each for both.
    """
    admins = select(Person.id).where(Person.role == Role.ADMIN, Person.deactivated_at.is_(None))
    return set(session.scalars(admins.order_by(Person.id).with_for_update(key_share=True)))


def _require_known(row: Person) -> None:
    if row.pseudonymised_at is not None:
        raise Conflict("This person was pseudonymised. If they are back, add them anew.")


def _require_another_admin(admins: set[int], row: Person, field: str) -> None:
    if admins == {row.id}:
        message = f"{row.name} is the last admin. Make somebody else an admin first."
        raise Invalid({field: [message]})


def _store(session: Session, row: Person, values: dict[str, Any]) -> None:
    try:
        # Two people may add the same one at the same time; then the database decides.
        with session.begin_nested():
            for column, value in values.items():
                setattr(row, column, value)
            session.add(row)
    except IntegrityError:
        raise _taken(session, values["email"]) from None


def _taken(session: Session, email: str) -> Invalid:
    other = session.scalars(select(Person).where(Person.email == email)).one()
    way_out = "Choose another" if other.is_active else "Activate them again, or choose another"
    return Invalid({"email": [f"{other.name} has this e-mail address. {way_out}."]})


def _set_password(
    session: Session, actor: Actor, now: datetime, row: Person, password_hash: str
) -> None:
    row.password_hash = password_hash
    row.sign_in_version += 1
    session.flush()
    subject = ("person", row.id)
    journal.append(session, "password.changed", subject, actor_id=actor.journal_id, now=now)


def _require_cursor(session: Session, after: int) -> tuple[str, int]:
    last = lookup.by_id(session, Person, after)
    if last is None:
        raise Invalid({"cursor": ["The list has changed. Begin again without a cursor."]})
    return _order(last.name, last.id)


def _order(name: str, person_id: int) -> tuple[str, int]:
    return (fold(name), person_id)


def _view(row: Person) -> PersonView:
    return PersonView(row.id, row.name, row.role, row.is_active)


def _entry(row: Person) -> PersonEntry:
    return PersonEntry(
        id=row.id,
        name=row.name,
        role=row.role,
        is_active=row.is_active,
        email=row.email,
        has_password=row.password_hash is not None,
        created_at=row.created_at,
        deactivated_at=row.deactivated_at,
        pseudonymised_at=row.pseudonymised_at,
    )
