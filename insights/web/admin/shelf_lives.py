"""Shelf lives: how long lines of battlecards hold without news."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.errors import FieldProblems, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.models import LineType
from insights.services import shelf_lives
from insights.web.admin.forms import Errors, Values, refused, typed

blueprint = Blueprint("shelf_lives", __name__, url_prefix="/shelf-lives")

LABELS: Mapping[str, str] = {
    LineType.PRICE.value: "Lines about prices",
    LineType.PEOPLE.value: "Lines about people",
    LineType.PRODUCT.value: "Lines about products",
    LineType.OTHER.value: "All others",
}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The days of each type."""
    found = shelf_lives.list_lives(db_session(), actor())
    return _page({one.value: str(days) for one, days in found.items()})


@blueprint.post("")
def update() -> ResponseReturnValue:
    """Changes them, all together."""
    sent = typed(*LABELS)
    problems = FieldProblems()
    try:
        for word, days in sent.items():
            with problems:
                _change(LineType(word), days)
        problems.settle()
    except Invalid as refusal:
        return _page(sent, refused(refusal)), 422
    flash("The shelf lives are saved. They hold for all lines that say nothing else.")
    return redirect(url_for(".index"), 303)


def _change(type: LineType, sent: str) -> None:
    word = sent.strip()
    days = int(word) if word.isascii() and word.isdigit() and len(word) < 9 else 0
    try:
        shelf_lives.change(db_session(), actor(), type=type, days=days, now=now())
    except Invalid as refusal:
        raise Invalid({type.value: refusal.fields["days"]}) from None


def _page(values: Values, errors: Errors | None = None) -> str:
    return render_template(
        "admin/shelf_lives/index.html", values=values, errors=errors or {}, labels=LABELS
    )
