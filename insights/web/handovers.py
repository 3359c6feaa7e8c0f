"""Handovers: prepared, carried out, and the brief with what the next holder has read of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import Conflict, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import HandoverState, Role
from insights.schemas.fields import Origin, load
from insights.schemas.handovers import HandoverForm
from insights.services import access, handover_progress, handovers, people, promises
from insights.services.handover_checks import NewHandover
from insights.services.handovers import HandoverView
from insights.web import handover_interview
from insights.web.admin.forms import refused
from insights.web.brief_pages import WORDS, read_brief, sections
from insights.web.handover_forms import Choices, choices_for
from insights.web.note_cards import is_partial

blueprint = Blueprint("handovers", __name__, url_prefix="/handovers")

blueprint.register_blueprint(handover_interview.blueprint)

PAGE = 30
# What was ticked less long ago belongs to the present reading: what is new stays new meanwhile.
ONE_READING = timedelta(hours=1)
STATES: Mapping[str, tuple[HandoverState, ...]] = {
    "open": (HandoverState.PREPARED,),
    "done": (HandoverState.DONE,),
    "cancelled": (HandoverState.CANCELLED,),
}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The handovers that the reader sees, the last prepared first."""
    session, me = db_session(), actor()
    state, after = request.args.get("state", ""), request.args.get("after", type=int)
    found = handovers.list_handovers(
        session, me, limit=PAGE + 1, after=after, states=STATES.get(state, ())
    )
    shown = found[:PAGE]
    following = shown[-1].id if len(found) > PAGE else None
    return render_template(
        "handovers/index.html",
        handovers=shown,
        state=state if state in STATES else "",
        reads=handover_progress.read_counts(session, me, shown),
        may_prepare=me.manages_all or me.role is Role.MANAGER,
        today=runtime().today(),
        first_url=url_for(".index", state=state or None) if after else None,
        next_url=url_for(".index", state=state or None, after=following) if following else None,
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form: whose territories, or which one, and who is to hold each of them next."""
    me = actor()
    access.require_assigner(me)
    return _form_page({}, {})


@blueprint.post("/new")
def prepare() -> ResponseReturnValue:
    """Prepares a handover for each territory with a successor; a refused form comes back."""
    access.require_assigner(actor())
    sent = request.form.to_dict()
    try:
        made = _prepare(sent)
    except Invalid as refusal:
        return _form_page(sent, refused(refusal)), 422
    except Conflict as conflict:
        discard(db_session())
        return _form_page(sent, {"whole": conflict.message}), 409
    if len(made) == 1:
        flash(f"The handover of {made[0].territory.name} is prepared.{_asked(made[0])}")
        return redirect(url_for(".page", handover_id=made[0].id), 303)
    flash(f"{len(made)} handovers are prepared.{_asked(made[0])}")
    return redirect(url_for(".index", state="open"), 303)


@blueprint.get("/<int:handover_id>")
def page(handover_id: int) -> ResponseReturnValue:
    """How far the handover is, and the brief."""
    return _page(handover_id)


@blueprint.get("/<int:handover_id>/progress")
def progress(handover_id: int) -> ResponseReturnValue:
    """How far the successor is with the brief, section by section; a part of the list."""
    session, me = db_session(), actor()
    found = handovers.get(session, me, handover_id)
    brief = read_brief(found.territory.id, leaver_id=found.from_id)
    reads = handover_progress.reads_of(session, found.id, found.to_id)
    return render_template(
        "handovers/progress.html" if is_partial() else "handovers/progress_page.html",
        handover=found,
        progress=handover_progress.progress(brief, reads),
        words=WORDS,
    )


@blueprint.post("/<int:handover_id>/read")
def read(handover_id: int) -> ResponseReturnValue:
    """Ticks lines of the brief off for whoever asks."""
    lines = request.form.getlist("line")
    count = handover_progress.mark_read(db_session(), actor(), handover_id, lines, now=now())
    if is_partial():
        return "", 204
    flash(f"{count} marked as read." if count else "That was marked as read already.", "")
    return redirect(url_for(".page", handover_id=handover_id), 303)


@blueprint.post("/<int:handover_id>/change")
def change(handover_id: int) -> ResponseReturnValue:
    """Changes who is next, the day, or whether it is only meanwhile."""
    sent = request.form.to_dict()
    try:
        values = load(HandoverForm(Origin.FORM), _fields(sent))
        found = handovers.change(
            db_session(), actor(), handover_id, now=now(), today=runtime().today(), **values
        )
    except Invalid as refusal:
        return _page(handover_id, refused(refusal)), 422
    flash(f"The handover of {found.territory.name} is saved.")
    return redirect(url_for(".page", handover_id=handover_id), 303)


@blueprint.post("/<int:handover_id>/carry-out")
def carry_out(handover_id: int) -> ResponseReturnValue:
    """Changes the holder, and tells the next one."""
    session, me = db_session(), actor()
    try:
        found = handovers.carry_out(session, me, handover_id, now=now(), today=runtime().today())
    except Invalid as refusal:
        return _page(handover_id, refused(refusal)), 422
    when = "today" if found.on == runtime().today() else found.on.isoformat()
    flash(f"{found.to_name} holds {found.territory.name} from {when} on, and has been told.")
    return redirect(url_for(".page", handover_id=handover_id), 303)


@blueprint.post("/<int:handover_id>/cancel")
def cancel(handover_id: int) -> ResponseReturnValue:
    """Gives the handover up."""
    found = handovers.cancel(db_session(), actor(), handover_id, now=now())
    flash(f"The handover of {found.territory.name} is cancelled. What was told stays.")
    return redirect(url_for(".page", handover_id=handover_id), 303)


def _page(handover_id: int, errors: Mapping[str, str] | None = None) -> str:
    session, me = db_session(), actor()
    found = handovers.get(session, me, handover_id)
    since = handover_progress.last_reading(session, me, found.id, before=now() - ONE_READING)
    brief = read_brief(found.territory.id, since=since, leaver_id=found.from_id)
    reads = handover_progress.reads_of(session, found.id, found.to_id)
    may_change = found.may_manage and found.is_prepared
    return render_template(
        "handovers/page.html",
        handover=found,
        is_next=found.to_id == me.id,
        brief=brief,
        sections=sections(brief, reads),
        progress=handover_progress.progress(brief, reads),
        words=WORDS,
        promises_open=len(
            promises.open_in(session, me, territory_ids=[found.territory.id], limit=100)
        ),
        colleagues=people.colleagues(session, me) if may_change else (),
        may_change=may_change,
        errors=errors or {},
        today=runtime().today(),
    )


def _form_page(sent: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    session, me, today = db_session(), actor(), runtime().today()
    asked_from = request.values.get("from", type=int)
    asked_place = request.values.get("territory", "")
    found: Choices = choices_for(session, me, asked_from, asked_place, today=today)
    return render_template(
        "handovers/new.html",
        choices=found,
        colleagues=people.colleagues(session, me),
        values={"on": today.isoformat(), **sent},
        errors=errors,
    )


def _prepare(sent: Mapping[str, str]) -> list[HandoverView]:
    session, me, today = db_session(), actor(), runtime().today()
    values = load(HandoverForm(Origin.FORM, only=("on", "interim")), _fields(sent))
    chosen = [
        NewHandover(int(name.removeprefix("to-")), int(value))
        for name, value in sent.items()
        if name.startswith("to-") and name[3:].isdecimal() and value.isdecimal()
    ]
    if not chosen:
        raise Invalid({"territories": ["Choose who is to hold at least one of them next."]})
    leaver = sent.get("from", "")
    return handovers.prepare(
        session,
        me,
        chosen,
        from_id=int(leaver) if leaver.isdecimal() else None,
        on=values.get("on", today),
        interim=values.get("interim", False),
        now=now(),
        today=today,
    )


def _fields(sent: Mapping[str, str]) -> dict[str, str]:
    """What a form sends of a handover; a box that is not ticked sends nothing and means no."""
    interim = "true" if sent.get("interim") else "false"
    given = {name: sent[name] for name in ("on", "to_id") if name in sent}
    return {**given, "interim": interim}


def _asked(made: HandoverView) -> str:
    return f" {made.from_name} is asked to tell what is known." if made.from_name else ""
