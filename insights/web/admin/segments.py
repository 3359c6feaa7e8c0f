"""Segments by dimension, and what the two dimensions are called."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.fields import Origin, load
from insights.schemas.segments import SegmentPost
from insights.services import access, catalogue, segments
from insights.web.admin.forms import Errors, Values, refused, typed
from insights.web.admin.lists import wants_archived

blueprint = Blueprint("segments", __name__, url_prefix="/segments")


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Both dimensions with their segments."""
    return _index()


@blueprint.post("/dimensions/<int:dimension>")
def rename_dimension(dimension: int) -> ResponseReturnValue:
    """Gives one of the two dimensions another name."""
    name = typed("name")["name"]
    try:
        name = segments.rename_dimension(
            db_session(), actor(), now=now(), dimension=dimension, name=name
        )
    except Invalid as refusal:
        return _index({dimension: name}, {dimension: " ".join(refused(refusal).values())}), 422
    flash(f"The dimension is called {name}.")
    return redirect(url_for(".index"), 303)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a new value of a dimension."""
    return _new_page({"dimension": request.args.get("dimension", "1")}, {})


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Adds the segment."""
    sent = typed("name", "dimension")
    try:
        chosen = load(
            SegmentPost(Origin.FORM, only=("dimension",)), {"dimension": sent["dimension"]}
        )
        segment = segments.create(db_session(), actor(), now=now(), name=sent["name"], **chosen)
    except Invalid as refusal:
        return _new_page(sent, refused(refusal)), 422
    flash(f"{segment.name} is added. Notes can be tagged with it at once.")
    return redirect(url_for(".index"), 303)


@blueprint.get("/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """One segment."""
    return _page(slug)


@blueprint.post("/<slug>")
def update(slug: str) -> ResponseReturnValue:
    """Renames the segment."""
    sent = typed("name")
    try:
        segment = segments.rename(db_session(), actor(), now=now(), slug=slug, name=sent["name"])
    except Invalid as refusal:
        return _page(slug, sent, refused(refusal)), 422
    flash(f"{segment.name} is saved.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/archive")
def archive(slug: str) -> ResponseReturnValue:
    """Takes the segment out of use."""
    segment = segments.archive(db_session(), actor(), now=now(), slug=slug)
    flash(f"{segment.name} is archived. Notes and accounts keep it.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/restore")
def restore(slug: str) -> ResponseReturnValue:
    """Takes the segment into use again."""
    segment = segments.restore(db_session(), actor(), now=now(), slug=slug)
    flash(f"{segment.name} is in use again.")
    return redirect(url_for(".page", slug=slug), 303)


def _index(typed_names: dict[int, str] | None = None, errors: dict[int, str] | None = None) -> str:
    session, me = db_session(), actor()
    dimensions = catalogue.current(session).dimensions
    groups = [
        (one, segments.list_segments(session, me, dimension=one, archived=wants_archived()))
        for one in sorted(dimensions)
    ]
    return render_template(
        "admin/segments/index.html",
        groups=groups,
        names=dimensions,
        values={**dimensions, **(typed_names or {})},
        errors=errors or {},
        archived=wants_archived(),
    )


def _new_page(values: Values, errors: Errors) -> str:
    names = catalogue.current(db_session()).dimensions
    options = [{"value": one, "label": names[one]} for one in sorted(names)]
    return render_template(
        "admin/segments/new.html", values=values, errors=errors, dimensions=options
    )


def _page(slug: str, sent: Values | None = None, errors: Errors | None = None) -> str:
    segment = segments.get(db_session(), actor(), slug=slug)
    return render_template(
        "admin/segments/page.html",
        segment=segment,
        dimension=catalogue.current(db_session()).dimensions[segment.dimension],
        values=sent or {"name": segment.name},
        errors=errors or {},
    )
