"""Reassignments: many territories and accounts given to others at once.

A form, the preview of what it would do, then the deed. The preview is posted, since what is ticked
may be more than an address holds; it writes nothing, and its fields go on to the next step.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import Conflict, Forbidden, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access, reassignment_undo, reassignment_views, reassignments
from insights.services.reassignments import Preview
from insights.web.admin.forms import WHOLE, Errors, Values, refused
from insights.web.admin.lists import PAGE, after_id, page_of
from insights.web.admin.reassignment_forms import FIELDS, asked, choice_from, choices, sent

blueprint = Blueprint("reassignments", __name__, url_prefix="/reassignments")

MOST_ROWS = 10_000_000


@blueprint.before_request
def _gate() -> None:
    access.require_assigner(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """What has been reassigned, the newest first."""
    found = reassignment_views.list_reassignments(
        db_session(), actor(), now=now(), limit=PAGE + 1, after=after_id()
    )
    return render_template("admin/reassignments/index.html", page=page_of(found, "id"))


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form; the address may say what stands in it at first."""
    values = asked()
    return _form({**values, "since": values["since"] or runtime().today().isoformat()}, {})


@blueprint.post("/new")
def choose() -> ResponseReturnValue:
    """The form again, with what was ticked in the tree or chosen before."""
    values = sent()
    return _form({**values, "since": values["since"] or runtime().today().isoformat()}, {})


@blueprint.get("/preview")
def again() -> ResponseReturnValue:
    """For an address that was copied: a preview belongs to the form that asked for it."""
    return redirect(url_for(".new"))


@blueprint.post("/preview")
def preview() -> ResponseReturnValue:
    """What would move, a page at a time; nothing is written."""
    values = sent()
    try:
        found = _look(values)
    except Invalid as refusal:
        return _form(values, refused(refusal)), 422
    except Forbidden as refusal:
        return _form(values, {WHOLE: refusal.message}), 403
    return _preview(values, found)


@blueprint.post("")
def make() -> ResponseReturnValue:
    """Does what the preview has shown; shows a new one when something has changed since."""
    session, values = db_session(), sent()
    try:
        made = reassignments.carry_out(
            session,
            actor(),
            choice_from(session, actor(), values),
            fingerprint=request.form.get("fingerprint", ""),
            now=now(),
            today=runtime().today(),
        )
    except Invalid as refusal:
        return _form(values, refused(refusal)), 422
    except Conflict as conflict:
        discard(session)
        return _preview(values, _look(values), conflict.message), 409
    flash("It is done. You can undo it for a day.")
    return redirect(url_for(".page", reassignment_id=made.id), 303)


@blueprint.get("/<int:reassignment_id>")
def page(reassignment_id: int) -> ResponseReturnValue:
    """One reassignment with what it moved."""
    return _page(reassignment_id)


@blueprint.post("/<int:reassignment_id>/undo")
def undo(reassignment_id: int) -> ResponseReturnValue:
    """Takes it back, or says what has changed since."""
    session = db_session()
    try:
        reassignment_undo.undo(session, actor(), reassignment_id=reassignment_id, now=now())
    except Conflict as conflict:
        discard(session)
        return _page(reassignment_id, conflict.message), 409
    flash("It is undone: everything is as it was.")
    return redirect(url_for(".page", reassignment_id=reassignment_id), 303)


def _look(values: Values) -> Preview:
    session = db_session()
    return reassignments.preview(
        session,
        actor(),
        choice_from(session, actor(), values),
        today=runtime().today(),
        limit=PAGE,
        start=_start(request.form.get("start", 0, type=int)),
    )


def _start(number: int) -> int:
    return max(0, min(number, MOST_ROWS))


def _form(values: Values, errors: Errors) -> str:
    return render_template(
        "admin/reassignments/new.html",
        values=values,
        errors=errors,
        whole=WHOLE,
        **choices(db_session(), actor(), values),
    )


def _preview(values: Values, found: Preview, problem: str = "") -> str:
    start = _start(request.form.get("start", 0, type=int))
    longest = max(found.territories, found.accounts)
    return render_template(
        "admin/reassignments/preview.html",
        preview=found,
        carried={name: values[name] for name in FIELDS if values[name]},
        problem=problem,
        start=start,
        before=max(0, start - PAGE) if start else None,
        behind=start + PAGE if start + PAGE < longest else None,
    )


def _page(reassignment_id: int, problem: str = "") -> str:
    session, me, start = db_session(), actor(), _start(request.args.get("start", 0, type=int))
    found = reassignment_views.get(session, me, reassignment_id=reassignment_id, now=now())
    return render_template(
        "admin/reassignments/page.html",
        one=found,
        holder_rows=reassignment_views.holder_rows(
            session, me, reassignment_id=found.id, now=now(), limit=PAGE, start=start
        ),
        account_rows=reassignment_views.account_rows(
            session, me, reassignment_id=found.id, now=now(), limit=PAGE, start=start
        ),
        problem=problem,
        start=start,
        before=max(0, start - PAGE) if start else None,
        behind=start + PAGE if start + PAGE < max(found.territories, found.accounts) else None,
    )
