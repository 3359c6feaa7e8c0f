"""Tokens: how a program signs in as a person.

The secret is shown once, when the token is made; only its SHA-256 is kept. A token can do what
its scopes name and never more than its person: `read` reads, `write` changes, `admin`
administrates.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, join, or_, select, update
from sqlalchemy.orm import Session

from insights.db import UTCDateTime, table_of
from insights.errors import FieldProblems, Invalid
from insights.models import Person, Token
from insights.services import access, journal, lookup, names
from insights.services.access import Actor

SCOPES = ("read", "write", "admin")
PREFIX = "fi_"
HINT_LENGTH = 8
LONGEST_LIFETIME = timedelta(days=366)
USE_NOTED_EVERY = timedelta(hours=1)


# Asked with every request of a program, so put together once.
_TOKENS = table_of(Token).c
_USABLE = access.asking(
    join(table_of(Token), table_of(Person), table_of(Person).c.id == _TOKENS.person_id),
    _TOKENS.id.label("token_id"),
    _TOKENS.scopes,
    _TOKENS.last_used_at,
).where(
    _TOKENS.sha256 == bindparam("sha256"),
    _TOKENS.revoked_at.is_(None),
    _TOKENS.expires_at > bindparam("now", type_=UTCDateTime),
)


@dataclass(frozen=True, slots=True)
class UsableToken:
    """A token with which a program may sign in now, as whom, and for what."""

    id: int
    actor: Actor
    scopes: frozenset[str]
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its owner and admins see it: all but the secret."""

    id: int
    person_id: int
    person_name: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_usable(self, now: datetime) -> bool:
        """Whether a program can still sign in with it."""
        return self.revoked_at is None and self.expires_at > now


def make(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime,
) -> tuple[TokenView, str]:
    """Makes a token of the actor's own; gives it with its secret, which nobody can see again.

    Raises Forbidden for the scope `admin` unless the actor is an admin, and
    Invalid(name, scopes, expires_at).
    """
    chosen = set(scopes)
    if "admin" in chosen:
        access.require_admin(actor)
    problems = FieldProblems()
    with problems:
        name = names.require_name(name)
    with problems:
        _require_scopes(chosen)
    with problems:
        _require_expiry(expires_at, now)
    problems.settle()
    secret = PREFIX + secrets.token_urlsafe(32)
    row = Token(
        person_id=actor.id,
        name=name,
        hint=secret[:HINT_LENGTH],
        sha256=_digest(secret),
        scopes=" ".join(one for one in SCOPES if one in chosen),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    journal.append_many(session, [_entry(actor, now, "token.made", row)])
    return _view(row, actor.name), secret


def revoke(session: Session, actor: Actor, *, now: datetime, token_id: int) -> None:
    """Afterwards nobody signs in with it; a token that is revoked already stays as it is.

    Raises NotFound for one that is neither the actor's nor an admin's to revoke.
    """
    row = access.token(session, actor, token_id)
    journal.append_many(session, revoke_all(session, actor, Token.id == row.id, now=now))


def revoke_all(
    session: Session, actor: Actor, *conditions: ColumnElement[bool], now: datetime
) -> list[dict[str, Any]]:
    """Revokes what meets the conditions; for services that have asked access.

    Gives the journal entries, which the caller appends as its last deed.
    """
    rows = session.scalars(select(Token).where(Token.revoked_at.is_(None), *conditions)).all()
    for row in rows:
        row.revoked_at = now
    session.flush()
    return [_entry(actor, now, "token.revoked", row) for row in rows]


def list_own(session: Session, actor: Actor) -> list[TokenView]:
    """The actor's tokens, newest first, revoked and expired ones included. One query."""
    return _views(session, Token.person_id == actor.id)


def list_all(
    session: Session,
    actor: Actor,
    *,
    limit: int,
    after: int | None = None,
    usable_at: datetime | None = None,
) -> list[TokenView]:
    """Up to `limit` of everybody's tokens, the last made first, those behind the number `after`.

    With a time only those with which a program can sign in then. One query. Raises Forbidden
    unless the actor is an admin.
    """
    access.require_admin(actor)
    conditions: list[ColumnElement[bool]] = []
    if after is not None:
        conditions.append(Token.id < min(after, lookup.LARGEST_ID))
    if usable_at is not None:
        conditions += [Token.revoked_at.is_(None), Token.expires_at > usable_at]
    return _views(session, *conditions, limit=limit)


def find(session: Session, secret: str, *, today: date, now: datetime) -> UsableToken | None:
    """The token of that secret with its person, and what they hold on the day `today`; or None.

    None as well when it has been revoked, has expired or its person is deactivated. One query.
    """
    asked = {"sha256": _digest(secret), "today": today, "now": now}
    rows = session.execute(_USABLE, asked).all()
    if not rows:
        return None
    actor, first = access.actor_of(session, rows), rows[0]
    return UsableToken(first.token_id, actor, frozenset(first.scopes.split()), first.last_used_at)


def is_use_due(token: UsableToken, now: datetime) -> bool:
    """Whether `note_use` would write: false for an hour after it did."""
    return token.last_used_at is None or token.last_used_at <= now - USE_NOTED_EVERY


def note_use(session: Session, token: UsableToken, now: datetime) -> None:
    """Remembers that the token was used, to the hour: a busy program must not write each time."""
    if not is_use_due(token, now):
        return
    due = or_(Token.last_used_at.is_(None), Token.last_used_at <= now - USE_NOTED_EVERY)
    session.execute(update(Token).where(Token.id == token.id, due).values(last_used_at=now))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _require_scopes(chosen: set[str]) -> None:
    if not chosen or not chosen <= set(SCOPES):
        raise Invalid({"scopes": ["Choose one or more of read, write and admin."]})


def _require_expiry(expires_at: datetime, now: datetime) -> None:
    if expires_at.tzinfo is None:
        raise Invalid({"expires_at": ["Give the time with its zone, such as 2026-03-18T12:00Z."]})
    if not now < expires_at <= now + LONGEST_LIFETIME:
        message = f"Choose a time from now on, within {LONGEST_LIFETIME.days} days."
        raise Invalid({"expires_at": [message]})


def _views(
    session: Session, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[TokenView]:
    statement = select(Token, Person.name).join(Person, Person.id == Token.person_id)
    newest = statement.where(*conditions).order_by(Token.id.desc()).limit(limit)
    return [_view(row, person_name) for row, person_name in session.execute(newest)]


def _view(row: Token, person_name: str) -> TokenView:
    return TokenView(
        id=row.id,
        person_id=row.person_id,
        person_name=person_name,
        name=row.name,
        hint=row.hint,
        scopes=tuple(row.scopes.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


def _entry(actor: Actor, now: datetime, verb: str, row: Token) -> dict[str, Any]:
    data = {"name": row.name, "person": row.person_id}
    return journal.entry(verb, ("token", row.id), actor_id=actor.journal_id, now=now, data=data)
