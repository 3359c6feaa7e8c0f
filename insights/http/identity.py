"""Who is asking: a person by the sign-in cookie, or a program by a person's token.

The person is read anew for each request, so that a change of role, an ended assignment or a
deactivation counts at once. An unsafe request reads them in a short transaction of its own, so that
its writing transaction does not begin before there is something to write.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Request, request
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.orm import Session

from insights.errors import Forbidden, NotFound
from insights.http.runtime import SAFE_METHODS, db_session, now, runtime
from insights.models import Person
from insights.services import access, tokens
from insights.services.access import Actor

BEARER = "Bearer "

login_manager = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]  # the library has no types
    """The signed-in person as flask-login and the templates see them."""

    def __init__(self, actor: Actor, version: int, scopes: frozenset[str] | None) -> None:
        self.actor = actor
        self.version = version
        # None for a sign-in with a password, which may do whatever the person may.
        self.scopes = scopes

    @property
    def name(self) -> str:
        """The person's name."""
        return self.actor.name

    @property
    def role(self) -> str:
        """The person's role as a word."""
        return self.actor.role.value

    def get_id(self) -> str:
        """What the cookie holds; the version ends old sign-ins when the password changes."""
        return f"{self.actor.id}:{self.version}"


def actor() -> Actor:
    """The person who asks; only for views behind the sign-in."""
    signed_in: SignedIn = current_user._get_current_object()
    return signed_in.actor


def came_with_token() -> bool:
    """Whether the request is authorised by a token, which no browser sends by itself."""
    return bool(current_user.is_authenticated and current_user.scopes is not None)


def scopes() -> list[str]:
    """What the request may be used for: the token's scopes, all of them for a sign-in."""
    given = current_user.scopes
    return [one for one in tokens.SCOPES if given is None or one in given]


def require_scope(scope: str) -> None:
    """Raises Forbidden when the request came with a token that lacks the scope."""
    scopes = current_user.scopes
    if scopes is not None and scope not in scopes:
        raise Forbidden(f"This token lacks the scope “{scope}”. Make one that has it.")


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_from_cookie(identity: str) -> SignedIn | None:
    """The person of a sign-in cookie, unless the sign-in was ended meanwhile."""
    if _bearer_secret(request) is not None:
        return None  # A token that was sent decides alone, even when it is not valid.
    number, _, version = identity.partition(":")
    if not (number.isascii() and number.isdigit() and version.isascii() and version.isdigit()):
        return None
    with _reading() as session:
        return _signed_in(session, int(number), int(version))


@contextmanager
def _reading() -> Iterator[Session]:
    """The session in which to read the person: the request's own where that only reads."""
    if request.method in SAFE_METHODS:
        yield db_session()
        return
    with runtime().database.reading() as session:
        yield session


def _signed_in(session: Session, person_id: int, version: int) -> SignedIn | None:
    person = session.get(Person, person_id)
    if person is None or person.sign_in_version != version:
        return None
    try:
        found = access.load_actor(session, person_id, today=runtime().today())
    except NotFound:
        return None
    return SignedIn(found, version, None)


@login_manager.request_loader  # type: ignore[untyped-decorator]
def load_from_token(asking: Request) -> SignedIn | None:
    """The person of a bearer token, unless it is unknown, expired or revoked."""
    secret = _bearer_secret(asking)
    if secret is None:
        return None
    with _reading() as session:
        found = tokens.find(session, secret, now())
        if found is None:
            return None
        token, person_id = found
        person = access.load_actor(session, person_id, today=runtime().today())
    if tokens.is_use_due(token, now()):
        with runtime().database.writing() as session:
            tokens.note_use(session, token, now())
    return SignedIn(person, 0, tokens.scopes_of(token))


def _bearer_secret(asking: Request) -> str | None:
    header = asking.headers.get("Authorization", "")
    return header.removeprefix(BEARER).strip() if header.startswith(BEARER) else None
