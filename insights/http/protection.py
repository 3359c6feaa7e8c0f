"""The protections that every request passes, in this order: sign-in, forged requests, headers.

A view is behind the sign-in unless it is marked `@public`. An unsafe request needs the form's
token (CSRF), except when it is authorised by a bearer token, which no browser adds by itself.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect

from insights.http import errors
from insights.http.identity import came_with_token
from insights.http.runtime import SAFE_METHODS
from insights.settings import Settings

CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
PUBLIC_MARK = "insights_public"
SIGNED_MARK = "insights_signed"
# Where Talisman looks for what differs in one view.
POLICY_MARK = "talisman_view_options"
PERSON_HEADER = "Insights-Person"

P = ParamSpec("P")
R = TypeVar("R")

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view that answers people who are not signed in."""
    setattr(view, PUBLIC_MARK, True)
    return view


def signed(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a public view that a signature is the whole permission of, in its address or in the
    request's headers: it needs neither sign-in nor form token, and checks the signature itself."""
    setattr(view, SIGNED_MARK, True)
    return public(view)


def content_policy(policy: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Marks a view whose answers have a content policy of their own."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, POLICY_MARK, {"content_security_policy": policy})
        return view

    return mark


def is_public(app: Flask, endpoint: str | None) -> bool:
    """Whether the endpoint answers without sign-in; unknown addresses do (with a 404)."""
    if endpoint is None or endpoint == "static":
        return True
    return bool(getattr(app.view_functions[endpoint], PUBLIC_MARK, False))


def is_signed(app: Flask, endpoint: str) -> bool:
    """Whether a signature is what authorises the endpoint."""
    return bool(getattr(app.view_functions[endpoint], SIGNED_MARK, False))


def caller_key() -> str:
    """Whose calls are counted together: the person's, otherwise the address's."""
    if current_user.is_authenticated:
        return f"person:{current_user.actor.id}"
    return get_remote_address()


def register(app: Flask, settings: Settings) -> None:
    """Puts all protections in front of `app`."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request(_require_sign_in)
    app.before_request(_refuse_forged)
    Talisman(
        app,
        force_https=settings.https,
        strict_transport_security=settings.https,
        session_cookie_secure=settings.https,
        session_cookie_samesite="Lax",
        content_security_policy=CONTENT_SECURITY_POLICY,
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy={"geolocation": "(self)", "camera": "(self)", "microphone": "()"},
    )
    app.after_request(_forbid_caching)


def _require_sign_in() -> ResponseReturnValue | None:
    if is_public(current_app, request.endpoint):
        return None
    if current_user.is_authenticated and _is_for_somebody_else():
        return errors.respond(errors.unauthorised())
    # A token stands for what its scopes name, and pages ask for no scopes.
    if current_user.is_authenticated and (errors.wants_json() or not came_with_token()):
        return None
    if errors.wants_json() or request.method not in SAFE_METHODS:
        return errors.respond(errors.unauthorised())
    target = url_for("sign_in.form", next=request.full_path.rstrip("?"))
    if "HX-Request" in request.headers:
        return "", 401, {"HX-Redirect": target}
    return redirect(target)


def _is_for_somebody_else() -> bool:
    """Whether a device sends what one person wrote while another one is signed in on it."""
    meant = request.headers.get(PERSON_HEADER)
    return meant is not None and meant != str(current_user.actor.id)


def _refuse_forged() -> None:
    # An address or method that does not exist changes nothing: 404 or 405 is the answer to it.
    if request.endpoint is None or request.method in SAFE_METHODS:
        return
    if is_signed(current_app, request.endpoint):
        return
    if not (errors.wants_json() and came_with_token()):
        csrf.protect()


def _forbid_caching(response: Response) -> Response:
    """What a signed-in person saw must not come out of a shared cache or a shared phone."""
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
