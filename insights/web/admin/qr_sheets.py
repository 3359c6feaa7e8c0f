"""Sheets of QR codes: chosen on one page, printed from another.

Both are addresses with everything in them, so that a sheet can be kept as a bookmark.
"""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session
from insights.services import access, catalogue, qr_sheets
from insights.services.qr_sheets import PER_PAGE, Sheet, SheetWish
from insights.web.admin.forms import Errors, refused

blueprint = Blueprint("qr_sheets", __name__, url_prefix="/qr-sheets")


@blueprint.before_request
def _gate() -> None:
    access.require_assigner(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The form; with something chosen a preview of the first page below it."""
    if not request.args:
        return _form(SheetWish(repeat=True))
    wish = _wish()
    try:
        return _form(wish, sheet=_make(wish))
    except Invalid as refusal:
        return _form(wish, errors=refused(refusal)), 422


@blueprint.get("/print")
def sheet() -> ResponseReturnValue:
    """The sheet alone, to be printed."""
    wish = _wish()
    try:
        return render_template("admin/qr_sheets/sheet.html", sheet=_make(wish), back=_address())
    except Invalid as refusal:
        return _form(wish, errors=refused(refusal)), 422


def _wish() -> SheetWish:
    sent = request.args
    return SheetWish(
        territories=tuple(sent.getlist("territories")),
        segments=tuple(sent.getlist("segments")),
        account=sent.get("account", ""),
        tag=sent.get("tag", ""),
        title=sent.get("title", ""),
        sentence=sent.get("sentence", ""),
        per_page=sent.get("per_page", 0, type=int),
        paper=sent.get("paper", ""),
        repeat="repeat" in sent,
    )


def _make(wish: SheetWish) -> Sheet:
    return qr_sheets.make(db_session(), actor(), wish, base=request.url_root)


def _form(wish: SheetWish, *, sheet: Sheet | None = None, errors: Errors | None = None) -> str:
    known = catalogue.current(db_session())
    return render_template(
        "admin/qr_sheets/index.html",
        wish=wish,
        sheet=sheet,
        print_url=_address("print") if sheet else None,
        errors=errors or {},
        territories=[
            {"value": place.slug, "label": " › ".join(one.name for one in known.lineage(place.id))}
            for place in qr_sheets.choosable(known, actor())
        ],
        segments=[
            {"value": one.slug, "label": one.name}
            for one in sorted(known.segments.values(), key=lambda one: (one.dimension, one.name))
            if not one.archived
        ],
        names=_names(known),
        per_page=PER_PAGE,
    )


def _names(known: catalogue.Catalogue) -> list[str]:
    """What can be a tag, to be chosen while typing."""
    items = (*known.competitors.values(), *known.products.values())
    return sorted({one.name for one in items if not one.archived})


def _address(what: str = "") -> str:
    """The address of the form or of the sheet, with what was chosen."""
    chosen: dict[str, Any] = request.args.to_dict(flat=False)
    return url_for(".sheet" if what else ".index", **chosen)
