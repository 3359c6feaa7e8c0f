"""Routes and alerts: which notes are sent to whom, and changing that."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import FieldErrors, FieldProblems, Forbidden, Invalid, Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import Cadence, RouteContent
from insights.services import destinations, route_starter, routes
from insights.services.routes import Preview, RouteView
from insights.web.note_forms import sentences
from insights.web.route_filters import filter_options
from insights.web.route_forms import (
    NEW,
    TO_MAILBOX,
    TO_ME,
    WEEKDAYS,
    channel_options,
    clock_time,
    content_of,
    destination_of,
    place_options,
    sent_form,
    stored_form,
    values_of,
)

blueprint = Blueprint("routes", __name__, url_prefix="/routes")

PAGE = 50


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The organisation's routes and the person's own alerts."""
    return _index({}, {})


@blueprint.post("/starter")
def make_starter() -> ResponseReturnValue:
    """Makes the routes that most begin with; a refused form comes back."""
    session, me = db_session(), actor()
    sent = {name: request.form.get(name, "") for name in ("marketing", "product")}
    problems, chosen = FieldProblems(), {}
    for name, address in sent.items():
        with problems:
            chosen[name] = _team_of(name, address)
    try:
        problems.settle()
        made = route_starter.make_all(
            session, me, marketing_id=chosen["marketing"], product_id=chosen["product"],
            zone=runtime().settings.timezone, now=now(),
        )  # fmt: skip
    except Invalid as refusal:
        discard(session)
        return _index(sent, sentences(refusal.fields)), 422
    flash(f"{made} routes are on. They send what is captured from now on.")
    return redirect(url_for(".index"), 303)


def _team_of(name: str, address: str) -> int:
    """The destination of one of the teams; what is wrong is said at its field."""
    try:
        to = address if address.startswith("channel:") else TO_MAILBOX
        return destination_of(to, address)
    except Invalid as refusal:
        raise Invalid({name: [one for said in refusal.fields.values() for one in said]}) from None


def _index(sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    session, me = db_session(), actor()
    after = request.args.get("after", type=int)
    found = routes.list_routes(session, me, limit=PAGE + 1, after=after)
    shown = found[:PAGE]
    following = shown[-1].id if len(found) > PAGE else None
    return render_template(
        "routes/index.html",
        alerts=[one for one in shown if one.personal],
        common=[one for one in shown if not one.personal],
        times_of=times_in_words,
        sends_of=SENDS.get,
        may_route=may_route(),
        starter=route_starter.STARTERS if route_starter.is_offered(session, me) else (),
        channels=channel_options(destinations.choices(session, me)),
        values=sent,
        errors=errors,
        first_url=url_for(".index") if after is not None else None,
        next_url=url_for(".index", after=following) if following else None,
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a new alert, or with `?for=all` for a route of the organisation."""
    personal = request.args.get("for") != "all"
    if not personal and not may_route():
        raise Forbidden("Routes are kept by marketing, managers and admins. Make an alert instead.")
    sent = {**NEW, "query": request.args.get("q", ""), "to": TO_ME if personal else TO_MAILBOX}
    return _form(sent, personal=personal)


@blueprint.post("/new")
def make() -> ResponseReturnValue:
    """Makes it; or says what it would have sent, when that was asked; a refused form comes back."""
    personal, sent = request.form.get("for") != "all", sent_form()
    if "preview" in request.form:
        return _previewed(sent, personal=personal)
    session = db_session()
    try:
        values = values_of(sent, personal=personal)
        made = routes.make(session, actor(), now=now(), personal=personal, **values)
    except Invalid as refusal:
        discard(session)
        return _form(sent, personal=personal, refused=refusal.fields), 422
    flash(f"“{made.name}” is on. It sends what is captured from now on.")
    return redirect(url_for(".index"), 303)


@blueprint.get("/<int:route_id>")
def edit(route_id: int) -> ResponseReturnValue:
    """The form for changing a route."""
    found = _changeable(route_id)
    return _form(stored_form(found), personal=found.personal, route=found)


@blueprint.post("/<int:route_id>")
def update(route_id: int) -> ResponseReturnValue:
    """Changes the route, or says what it would have sent; a refused form comes back."""
    session, sent, found = db_session(), sent_form(), _changeable(route_id)
    if "preview" in request.form:
        return _previewed(sent, personal=found.personal, route=found)
    try:
        values = values_of(sent, personal=found.personal)
        changed = routes.change(session, actor(), now=now(), route_id=route_id, **values)
    except Invalid as refusal:
        discard(session)
        return _form(sent, personal=found.personal, refused=refusal.fields, route=found), 422
    flash(f"“{changed.name}” is saved.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:route_id>/mute")
def mute(route_id: int) -> ResponseReturnValue:
    """Stops sending until it is switched on again."""
    changed = routes.change(db_session(), actor(), now=now(), route_id=route_id, muted=True)
    flash(f"“{changed.name}” is off. What is captured meanwhile is not sent later.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:route_id>/unmute")
def unmute(route_id: int) -> ResponseReturnValue:
    """Sends again."""
    changed = routes.change(db_session(), actor(), now=now(), route_id=route_id, muted=False)
    flash(f"“{changed.name}” is on again.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:route_id>/remove")
def remove(route_id: int) -> ResponseReturnValue:
    """Deletes it; what it sent stays where it is."""
    session, me = db_session(), actor()
    name = routes.get(session, me, route_id=route_id).name
    routes.remove(session, me, now=now(), route_id=route_id)
    flash(f"“{name}” is removed.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:route_id>/test")
def test(route_id: int) -> ResponseReturnValue:
    """Sends a test, and shows what comes of it."""
    delivery_id = routes.test(db_session(), actor(), route_id=route_id, now=now())
    return redirect(url_for("deliveries.page", delivery_id=delivery_id), 303)


SENDS = {RouteContent.TRENDS: "New trends", RouteContent.SUMMARY: "A weekly summary"}


def may_route() -> bool:
    """Whether the person may make routes of the organisation."""
    return actor().role != "rep"


def times_in_words(route: RouteView) -> str:
    """When a route sends: "at once, quiet from 22:00 to 07:00"."""
    zone = route.zone.replace("_", " ")
    if route.content is RouteContent.SUMMARY:
        return f"on {WEEKDAYS[route.weekday]}s at {clock_time(route.send_at)} ({zone})"
    match route.cadence:
        case Cadence.AT_ONCE:
            if route.quiet_from is None or route.quiet_until is None:
                return "at once"
            quiet = f"{clock_time(route.quiet_from)} to {clock_time(route.quiet_until)}"
            return f"at once, but not from {quiet} ({zone})"
        case Cadence.DAILY:
            return f"daily at {clock_time(route.send_at)} ({zone})"
        case Cadence.WEEKLY:
            return f"on {WEEKDAYS[route.weekday]}s at {clock_time(route.send_at)} ({zone})"


def _previewed(
    sent: Mapping[str, str], *, personal: bool, route: RouteView | None = None
) -> ResponseReturnValue:
    """The form with what the query would have sent; nothing is stored."""
    session = db_session()
    try:
        seen = routes.preview(
            session, actor(), runtime().reader, sent["query"],
            content=content_of(sent), sealed_too=personal, zone=runtime().settings.zone, now=now(),
        )  # fmt: skip
    except Invalid as refusal:
        return _form(sent, personal=personal, refused=refusal.fields, route=route), 422
    except Unavailable as problem:
        flash(problem.message)
        return _form(sent, personal=personal, route=route)
    finally:
        discard(session)
    return _form(sent, personal=personal, route=route, preview=seen)


def _changeable(route_id: int) -> RouteView:
    found = routes.get(db_session(), actor(), route_id=route_id)
    if not found.may_change:
        raise Forbidden("Only its owner or an admin changes this route.")
    return found


def _form(
    sent: Mapping[str, str],
    *,
    personal: bool,
    refused: FieldErrors | None = None,
    route: RouteView | None = None,
    preview: Preview | None = None,
) -> str:
    choices = destinations.choices(db_session(), actor())
    names = {"": "name", "destination_id": "to", "address": "mailbox"}
    return render_template(
        "routes/form.html",
        values=sent,
        personal=personal,
        route=route,
        preview=preview,
        errors=sentences(refused or {}, names),
        places=place_options(choices),
        filters=filter_options(),
        usual_zone=runtime().settings.timezone,
        slack_to_me=choices.slack_to_me,
        has_slack=choices.slack_to_me if personal else bool(choices.channels),
        weekdays=WEEKDAYS,
    )
