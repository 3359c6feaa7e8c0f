"""Signing in with e-mail address and password, and out again."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from insights.http.identity import SignedIn
from insights.http.protection import limiter, public
from insights.http.runtime import runtime
from insights.services import access, people

blueprint = Blueprint("sign_in", __name__)

# The same words for whatever is wrong: nobody learns from them who works here.
REFUSAL = (
    "This e-mail address and password do not belong together. Type both again. If you have no "
    "password yet or lost it, ask an admin for one."
)


@blueprint.get("/sign-in")
@public
def form() -> ResponseReturnValue:
    """The form; somebody who is signed in goes on to where they wanted to be."""
    if current_user.is_authenticated:
        return redirect(wanted_page())
    return render_template("sign_in/form.html", email="", refusal=None, next=asked_next())


@blueprint.post("/sign-in")
@public
@limiter.limit(lambda: runtime().settings.sign_in_limit)
def submit() -> ResponseReturnValue:
    """Signs in and goes on, or shows the form again."""
    email = request.form.get("email", "")
    # Only read: checking a password takes long, and nobody else may have to wait to write.
    with runtime().database.reading() as reading:
        person = people.authenticate(reading, email, request.form.get("password", ""))
        found = access.load_actor(reading, person.id, today=runtime().today()) if person else None
    if person is None or found is None:
        form = {"email": email, "refusal": REFUSAL, "next": asked_next()}
        return render_template("sign_in/form.html", **form), 422
    session.clear()
    session.permanent = True
    login_user(SignedIn(found, person.sign_in_version, None))
    return redirect(wanted_page(), 303)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Ends the sign-in of this browser; doing it twice is no mistake."""
    logout_user()
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("sign_in.form"), 303)


def asked_next() -> str:
    """Where the person wanted to go, as a path of ours; empty for anything else."""
    target = request.values.get("next", "")
    return target if is_local_path(target) else ""


def wanted_page() -> str:
    """Where to go after the sign-in."""
    return asked_next() or url_for("home.index")


def is_local_path(target: str) -> bool:
    """Whether a browser that is sent there certainly stays on this site.

    Browsers read a backslash as a slash and drop control characters, so neither may occur.
    """
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return False
    if not target.isprintable():
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
