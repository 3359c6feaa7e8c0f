"""Who is asking: a person by the sign-in cookie, or a program by a person's token.

The person is read anew for each request, so that a change of role, an ended assignment or a
deactivation counts at once. They are read in the request's own session; on SQLite that keeps nobody
waiting, because a writing transaction begins with its first change (db.py).
"""

from flask import Request, request
from flask_login import LoginManager, UserMixin, current_user

from insights.errors import Forbidden, NotFound
from insights.http.runtime import db_session, now, runtime
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
    return _signed_in(int(number), int(version))


def _signed_in(person_id: int, version: int) -> SignedIn | None:
    today = runtime().today()
    try:
        found = access.load_actor(db_session(), person_id, today=today, sign_in_version=version)
    except NotFound:
        return None
    return SignedIn(found, version, None)


@login_manager.request_loader  # type: ignore[untyped-decorator]
def load_from_token(asking: Request) -> SignedIn | None:
    """The person of a bearer token, unless it is unknown, expired or revoked."""
    secret = _bearer_secret(asking)
    if secret is None:
        return None
    token = tokens.find(db_session(), secret, today=runtime().today(), now=now())
    if token is None:
        return None
    if tokens.is_use_due(token, now()):
        # Apart from the request's transaction: a request that is refused used the token all the
        # same, and one that reads writes nothing else.
        with runtime().database.writing() as session:
            tokens.note_use(session, token, now())
    return SignedIn(token.actor, 0, token.scopes)


def _bearer_secret(asking: Request) -> str | None:
    header = asking.headers.get("Authorization", "")
    return header.removeprefix(BEARER).strip() if header.startswith(BEARER) else None
