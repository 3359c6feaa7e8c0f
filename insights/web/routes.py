"""Routes and alerts: which notes are sent to whom, and changing that."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import FieldErrors, FieldProblems, Forbidden, Invalid, Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import Cadence, DestinationKind
from insights.services import destinations, routes
from insights.services.routes import Preview, RouteView
from insights.web.note_forms import sentences

blueprint = Blueprint("routes", __name__, url_prefix="/routes")

PAGE = 50
FIELDS = (
    "name", "query", "to", "mailbox", "cadence", "send_at", "weekday", "quiet_from", "quiet_until",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Besides the number of a destination, where a route can be sent to.
TO_ME, TO_MAILBOX = "me", "mailbox"


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The organisation's routes and the person's own alerts."""
    after = request.args.get("after", type=int)
    found = routes.list_routes(db_session(), actor(), limit=PAGE + 1, after=after)
    shown = found[:PAGE]
    following = shown[-1].id if len(found) > PAGE else None
    return render_template(
        "routes/index.html",
        alerts=[one for one in shown if one.personal],
        common=[one for one in shown if not one.personal],
        times_of=times_in_words,
        may_route=may_route(),
        first_url=url_for(".index") if after is not None else None,
        next_url=url_for(".index", after=following) if following else None,
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a new alert, or with `?for=all` for a route of the organisation."""
    personal = request.args.get("for") != "all"
    if not personal and not may_route():
        raise Forbidden("Routes are kept by marketing, managers and admins. Make an alert instead.")
    sent = {
        "name": "", "query": request.args.get("q", ""), "to": TO_ME if personal else TO_MAILBOX,
        "mailbox": "", "cadence": Cadence.AT_ONCE.value, "send_at": "08:00", "weekday": "0",
        "quiet_from": "", "quiet_until": "",
    }  # fmt: skip
    return _form(sent, personal=personal)


@blueprint.post("/new")
def make() -> ResponseReturnValue:
    """Makes it; or says what it would have sent, when that was asked; a refused form comes back."""
    personal, sent = request.form.get("for") != "all", _sent()
    if "preview" in request.form:
        return _previewed(sent, personal=personal)
    session = db_session()
    try:
        values = _values(sent, personal=personal)
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
    return _form(_as_sent(found), personal=found.personal, route=found)


@blueprint.post("/<int:route_id>")
def update(route_id: int) -> ResponseReturnValue:
    """Changes the route, or says what it would have sent; a refused form comes back."""
    session, sent, found = db_session(), _sent(), _changeable(route_id)
    if "preview" in request.form:
        return _previewed(sent, personal=found.personal, route=found)
    try:
        values = _values(sent, personal=found.personal)
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


def may_route() -> bool:
    """Whether the person may make routes of the organisation."""
    return actor().role != "rep"


def times_in_words(route: RouteView) -> str:
    """When a route sends: "at once, quiet from 22:00 to 07:00"."""
    zone = route.zone.replace("_", " ")
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


def clock_time(minute: int | None) -> str:
    """A minute of the day as a clock shows it; empty for none."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def _minute(name: str, typed: str) -> int | None:
    hours, colon, minutes = typed.strip().partition(":")
    if not typed.strip():
        return None
    if colon and hours.isdecimal() and minutes[:2].isdecimal() and len(hours) <= 2:
        found = int(hours) * 60 + int(minutes[:2])
        if int(minutes[:2]) < 60 and found < 24 * 60:
            return found
    raise Invalid({name: ["Give a time such as 08:00."]})


def _sent() -> dict[str, str]:
    """The fields of the form as they were sent; those that were not are empty."""
    return {name: request.form.get(name, "") for name in FIELDS}


def _as_sent(route: RouteView) -> dict[str, str]:
    return {
        "name": route.name,
        "query": route.query,
        "to": TO_ME if route.personal else str(route.destination_id),
        "mailbox": "",
        "cadence": route.cadence.value,
        "send_at": clock_time(route.send_at),
        "weekday": str(route.weekday),
        "quiet_from": clock_time(route.quiet_from),
        "quiet_until": clock_time(route.quiet_until),
    }


def _values(sent: Mapping[str, str], *, personal: bool) -> dict[str, Any]:
    """What the form asks for, as the service takes it; a choice that is none is the usual one.

    Raises Invalid with every field that cannot be read.
    """
    values: dict[str, Any] = {
        "name": sent["name"],
        "query": sent["query"],
        "cadence": _cadence(sent["cadence"]),
        "zone": runtime().settings.timezone,
        "weekday": int(sent["weekday"]) if sent["weekday"].isdecimal() else 0,
    }
    problems = FieldProblems()
    with problems:
        values["destination_id"] = _destination(sent, personal=personal)
    for name in ("send_at", "quiet_from", "quiet_until"):
        with problems:
            values[name] = _minute(name, sent[name])
    problems.settle()
    values["send_at"] = values["send_at"] or 0
    return values


def _cadence(typed: str) -> Cadence:
    return next((one for one in Cadence if one.value == typed), Cadence.AT_ONCE)


def _destination(sent: Mapping[str, str], *, personal: bool) -> int:
    me = actor()
    if personal:
        return destinations.known(
            db_session(), kind=DestinationKind.MAIL, address=me.email, label=me.email,
            person_id=me.id, now=now(),
        )  # fmt: skip
    if sent["to"] == TO_MAILBOX:
        return destinations.known_mailbox(db_session(), sent["mailbox"], now=now())
    return int(sent["to"]) if sent["to"].isdecimal() else 0


def _previewed(
    sent: Mapping[str, str], *, personal: bool, route: RouteView | None = None
) -> ResponseReturnValue:
    """The form with what the query would have sent; nothing is stored."""
    session = db_session()
    try:
        seen = routes.preview(
            session, actor(), runtime().reader, sent["query"],
            sealed_too=personal, zone=runtime().settings.zone, now=now(),
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
    names = {"": "name", "destination_id": "to", "address": "mailbox"}
    return render_template(
        "routes/form.html",
        values=sent,
        personal=personal,
        route=route,
        preview=preview,
        errors=sentences(refused or {}, names),
        places=[] if personal else destinations.common(db_session()),
        weekdays=WEEKDAYS,
    )
