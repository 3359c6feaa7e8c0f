"""Guard-rails: words that notes should not hold, a place to try a text, and what was overridden."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import Conflict, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.models import GuardWord
from insights.schemas.fields import Origin, load
from insights.schemas.guard_words import GuardWordChoices
from insights.services import access, guard_overrides, guard_rails, guard_words
from insights.services.guard_words import GuardWordFields
from insights.web.admin.forms import Errors, Values, refused, typed
from insights.web.admin.lists import PAGE, after_id, page_of
from insights.web.guard_findings import shown_findings

blueprint = Blueprint("guard_rails", __name__, url_prefix="/guard-rails")

CHOICES = ("topic", "match", "action")
FIELDS = (*CHOICES, "word", "advice")
NEW: Values = {"topic": "restricted", "match": "exact", "action": "warn", "word": "", "advice": ""}


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The words, and what was sent in spite of a warning."""
    session, me = db_session(), actor()
    found = guard_overrides.overrides(session, me, limit=PAGE + 1, after=after_id())
    return render_template(
        "admin/guard_rails/index.html",
        words=guard_words.list_words(session, me),
        default_advice=guard_rails.ADVICE,
        page=page_of(found, "id"),
    )


@blueprint.post("/try")
def try_text() -> ResponseReturnValue:
    """What would be found in a text; nothing of it is kept."""
    text = request.form.get("text", "")
    return render_template(
        "admin/guard_rails/try.html", text=text, findings=shown_findings(db_session(), text)
    )


@blueprint.post("/starter")
def add_starter_words() -> ResponseReturnValue:
    """Adds the words to begin with."""
    count = guard_words.add_starter_words(db_session(), actor(), now=now())
    flash(f"{count} words are added. They warn; change or remove those that do not fit.")
    return redirect(url_for(".index"), 303)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for another word."""
    return _form(NEW)


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Puts a word on the list."""
    sent = typed(*FIELDS)
    try:
        word = guard_words.add(db_session(), actor(), now=now(), **_fields(sent))
    except (Invalid, Conflict) as refusal:
        return _refused(refusal, sent)
    flash(f"“{word.word}” is on the list. Notes are checked for it from now on.")
    return redirect(url_for(".index"), 303)


@blueprint.get("/<int:word_id>")
def page(word_id: int) -> ResponseReturnValue:
    """One word."""
    word = guard_words.get(db_session(), actor(), word_id)
    return _form({name: getattr(word, name) for name in FIELDS}, word=word)


@blueprint.post("/<int:word_id>")
def update(word_id: int) -> ResponseReturnValue:
    """Changes the word, or what happens when it is found."""
    sent = typed(*FIELDS)
    try:
        word = guard_words.change(db_session(), actor(), word_id, now=now(), **_fields(sent))
    except (Invalid, Conflict) as refusal:
        return _refused(refusal, sent, word_id)
    flash(f"“{word.word}” is saved.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:word_id>/remove")
def remove(word_id: int) -> ResponseReturnValue:
    """Takes the word off the list."""
    guard_words.remove(db_session(), actor(), word_id, now=now())
    flash("The word is removed. Notes may hold it again.")
    return redirect(url_for(".index"), 303)


def _fields(sent: Values) -> GuardWordFields:
    chosen = load(GuardWordChoices(Origin.FORM), {name: sent[name] for name in CHOICES})
    return {**chosen, "word": sent["word"], "advice": sent["advice"]}  # type: ignore[typeddict-item]


def _refused(
    refusal: Invalid | Conflict, sent: Values, word_id: int | None = None
) -> ResponseReturnValue:
    if isinstance(refusal, Invalid):
        errors, status = refused(refusal, "word"), 422
    else:
        discard(db_session())
        errors, status = {"word": refusal.message}, 409
    word = guard_words.get(db_session(), actor(), word_id) if word_id else None
    return _form(sent, errors, word=word), status


def _form(values: Values, errors: Errors | None = None, *, word: GuardWord | None = None) -> str:
    return render_template(
        "admin/guard_rails/word.html", values=values, errors=errors or {}, word=word
    )
