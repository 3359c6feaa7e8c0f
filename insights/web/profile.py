"""The person's own page: their notes, their settings, and their tokens."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from insights.db import discard
from insights.errors import Invalid
from insights.http.identity import SignedIn, actor
from insights.http.protection import caller_key, limiter
from insights.http.runtime import db_session, now, runtime
from insights.models import ToldBy
from insights.services import catalogue, news, note_cards, people, tokens
from insights.services.note_cards import NoteFilter
from insights.services.tokens import TokenView
from insights.web.note_cards import asked_position, is_partial, linked, next_url, shown_all
from insights.web.note_forms import sentences

blueprint = Blueprint("profile", __name__, url_prefix="/me")

TOLD_BY = {one.value: one for one in ToldBy}
LIFETIMES = {30: "30 days", 90: "90 days", 365: "A year"}


@blueprint.get("")
def page() -> ResponseReturnValue:
    """Who the person is, what they hold, and all that they posted."""
    session, me = db_session(), actor()
    position = asked_position()
    own = note_cards.list_notes(session, me, NoteFilter(author_id=me.id), after=position)
    shown = {"notes": shown_all(own.cards), "next_url": next_url(own.next)}
    if is_partial() and position:
        return render_template("home/more.html", **shown)
    known = catalogue.current(session)
    held = [linked("territories", known.territories[one]) for one in me.held]
    return render_template("profile/page.html", held=held, continued=bool(position), **shown)


@blueprint.get("/settings")
def settings() -> ResponseReturnValue:
    """Colours, how the person hears of news, and password."""
    return _settings_page()


@blueprint.post("/news")
def choose_news() -> ResponseReturnValue:
    """Keeps how the person hears of what became of their notes."""
    session, told_by = db_session(), request.form.get("told_by", "")
    try:
        if told_by not in TOLD_BY:
            raise Invalid({"told_by": ["Choose one of the ways."]})
        news.choose(session, actor(), TOLD_BY[told_by], now=now())
    except Invalid as refusal:
        discard(session)
        return _settings_page(sentences(refusal.fields)), 422
    flash("That is kept. You hear of news in this way from now on.")
    return redirect(url_for(".settings"), 303)


@blueprint.post("/password")
@limiter.limit(lambda: runtime().settings.sign_in_limit, key_func=caller_key)
def change_password() -> ResponseReturnValue:
    """Changes the password and ends the person's sign-ins everywhere but here."""
    session, me = db_session(), actor()
    current, new = request.form.get("current", ""), request.form.get("new", "")
    try:
        version = people.change_own_password(session, me, now=now(), current=current, new=new)
    except Invalid as refusal:
        discard(session)
        return _settings_page(sentences(refusal.fields)), 422
    login_user(SignedIn(me, version, None))
    flash("Your password is changed. You are signed out everywhere else.")
    return redirect(url_for(".settings"), 303)


@blueprint.get("/tokens")
def own_tokens() -> ResponseReturnValue:
    """The person's tokens and the form for another one."""
    return _tokens_page(values={"scopes": ["read"], "days": 90})


@blueprint.post("/tokens")
def make_token() -> ResponseReturnValue:
    """Makes a token and shows its secret, this once: it is neither kept nor put in an address."""
    days = request.form.get("days", type=int)
    name, scopes = request.form.get("name", ""), request.form.getlist("scopes")
    expires_at = now() + timedelta(days=days if days in LIFETIMES else 0)
    try:
        made, secret = tokens.make(
            db_session(), actor(), now=now(), name=name, scopes=scopes, expires_at=expires_at
        )
    except Invalid as refusal:
        discard(db_session())
        values = {"name": name, "scopes": scopes, "days": days}
        return _tokens_page(
            values=values, errors=sentences(refusal.fields, {"expires_at": "days"})
        ), 422
    return _tokens_page(values={"scopes": ["read"], "days": 90}, made=made, secret=secret)


@blueprint.post("/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Ends a token at once."""
    tokens.revoke(db_session(), actor(), now=now(), token_id=token_id)
    flash("The token is revoked. Programs that used it are shut out.")
    return redirect(url_for(".own_tokens"), 303)


def _settings_page(errors: Mapping[str, str] | None = None) -> str:
    telling = news.telling(db_session(), actor())
    return render_template("profile/settings.html", telling=telling, errors=errors or {})


def _tokens_page(
    *,
    values: Mapping[str, object],
    errors: Mapping[str, str] | None = None,
    made: TokenView | None = None,
    secret: str = "",
) -> str:
    return render_template(
        "profile/tokens.html",
        tokens=tokens.list_own(db_session(), actor()),
        values=values,
        errors=errors or {},
        made=made,
        secret=secret,
        lifetimes=LIFETIMES,
        now=now(),
    )
