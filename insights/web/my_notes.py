"""My notes: what became of what the person wrote, and the notes of a phone that come as a file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from insights.errors import Forbidden, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.fields import Origin, load
from insights.schemas.my_notes import ReadPost
from insights.schemas.waiting import READERS
from insights.services import import_waiting, my_notes
from insights.services.import_waiting import LARGEST
from insights.services.my_notes import MOST_COUNTED, MyNotesPage
from insights.web.note_cards import asked_position, is_partial, next_url
from insights.web.note_forms import sentences

blueprint = Blueprint("my_notes", __name__, url_prefix="/mine")

PAGE = 20
# Of what happened to a note; its own page shows the rest.
EVENTS_SHOWN = 6
FORM_AROUND_FILE = 1 << 20


@blueprint.app_context_processor
def _news() -> dict[str, Any]:
    return {"news_count": news_count}


def news_count() -> str:
    """How many notes have news, in words for navigation; empty for none."""
    return counted(news_found())


def news_found() -> int:
    """The same as a number. Asked once a request."""
    if "news_found" not in g:
        g.news_found = my_notes.count_news(db_session(), actor())
    found: int = g.news_found
    return found


@blueprint.url_value_preprocessor
def _allow_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form; photos make the file of a device large."""
    if endpoint == "my_notes.import_file" and current_user.is_authenticated:
        request.max_content_length = LARGEST + FORM_AROUND_FILE


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The notes, newest first; with a cursor the part of the list that follows it."""
    return _page()


@blueprint.post("/read")
def read() -> ResponseReturnValue:
    """What had happened when the page was made is no longer new.

    Pressed, or sent by the page once it has been looked at; then only the counts change.
    """
    my_notes.mark_read(db_session(), actor(), until=_until(), now=now())
    if is_partial():
        return render_template("my_notes/read.html")
    flash("All of it is marked as read.")
    return redirect(url_for(".page"), 303)


@blueprint.post("/import")
def import_file() -> ResponseReturnValue:
    """Takes the person's waiting notes from the file of a device."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page({"file": "Choose the file that the device has written."}), 422
    try:
        result = import_waiting.take(
            runtime().database,
            actor(),
            sent.stream.read(LARGEST + 1),
            name=sent.filename,
            readers=READERS,
            storage=runtime().storage,
            today=runtime().today(),
            now=now(),
        )
    except Forbidden as refusal:
        return _page({"file": refusal.message}), 403
    except Invalid as refusal:
        return _page(sentences(refusal.fields)), 422
    return render_template("my_notes/imported.html", result=result)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A file that is too large even to be sent."""
    return _page({"file": f"The file is larger than {LARGEST >> 20} MB."}), 413


def _page(errors: Mapping[str, str] | None = None) -> str:
    position = asked_position()
    with_news = request.args.get("news") == "1"
    found = my_notes.list_mine(
        db_session(), actor(), with_news=with_news, after=position, limit=PAGE
    )
    following = next_url(found.next, news="1" if with_news else None)
    shown = {"notes": found.notes, "next_url": following, "events_shown": EVENTS_SHOWN}
    if is_partial() and position:
        return render_template("my_notes/more.html", **shown)
    return render_template(
        "my_notes/page.html",
        with_news=with_news,
        continued=bool(position),
        seen_whole=position is None and _shows_all_news(found),
        until=now().isoformat(),
        errors=errors or {},
        largest=LARGEST >> 20,
        **shown,
    )


def _shows_all_news(found: MyNotesPage) -> bool:
    """Whether nothing new is left for another page: otherwise reading this one is not enough."""
    on_page = sum(note.has_news for note in found.notes)
    return 0 < my_notes.count_news(db_session(), actor()) <= on_page


def _until() -> datetime:
    """When the page was made; a form without that means the present moment."""
    try:
        sent: datetime | None = load(ReadPost(Origin.FORM), _sent_until())["until"]
    except Invalid:
        return now()
    return sent or now()


def _sent_until() -> dict[str, str]:
    return {"until": request.form["until"]} if "until" in request.form else {}


def counted(found: int) -> str:
    """A number of news for a badge; empty for none."""
    if found >= MOST_COUNTED:
        return f"{MOST_COUNTED - 1}+"
    return str(found) if found else ""
