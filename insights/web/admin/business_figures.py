"""Business figures: brought in from a file by territory and month, and what is there."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import access, business_figures, catalogue, import_figures
from insights.services.business_figures import FigureView, Position
from insights.services.import_figures import COLUMNS, FiguresImport, month_of
from insights.services.import_file import ImportSource
from insights.web.admin.forms import Errors, refused

blueprint = Blueprint("business_figures", __name__, url_prefix="/figures")

PAGE = 50


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The form for a file, and the figures that are there, the newest month first."""
    return _page({})


@blueprint.post("")
def take() -> ResponseReturnValue:
    """Takes the rows of the file, or tries to, and says what came of it."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page({"file": "Choose a file."}), 422
    source = ImportSource(BytesIO(sent.read()), sent.filename)
    dry_run = "dry_run" in request.form
    try:
        result = import_figures.take(db_session(), actor(), source, dry_run=dry_run, now=now())
    except Invalid as refusal:
        messages = refused(refusal, "file")
        return _page({"file": " ".join(messages.values())}), 422
    if not dry_run and not result.refused:
        count = result.added + result.replaced
        rows = "1 row" if count == 1 else f"{count:,} rows"
        flash(f"{rows} of {sent.filename} {'is' if count == 1 else 'are'} in.")
        return redirect(url_for(".index"), 303)
    return _page({}, result, sent.filename)


def _page(errors: Errors, result: FiguresImport | None = None, name: str = "") -> str:
    after = _position()
    found = business_figures.list_figures(db_session(), actor(), limit=PAGE + 1, after=after)
    shown = found[:PAGE]
    return render_template(
        "admin/business_figures/index.html",
        errors=errors,
        result=result,
        file_name=name,
        columns=COLUMNS,
        rows=shown,
        first_url=url_for(".index") if after else None,
        next_url=_next(shown[-1]) if len(found) > PAGE else None,
    )


def _next(last: FigureView) -> str:
    asked: dict[str, Any] = {"month": f"{last.month:%Y-%m}", "behind": last.place.slug}
    return url_for(".index", **asked)


def _position() -> Position | None:
    """Where the list goes on; None at its beginning, and for an address that says nothing."""
    place = catalogue.current(db_session()).find_territory(request.args.get("behind", ""))
    try:
        month = month_of(request.args.get("month", ""))
    except Invalid:
        return None
    return Position(month, place.id) if place else None
