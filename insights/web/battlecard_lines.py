"""Lines of battlecards: added, changed where they stand, put in order, archived and restored.

Each form is a page of its own; where htmx asks, only the line or its form is answered.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from insights.db import discard
from insights.errors import Conflict, FieldErrors, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import (
    access_work,
    battlecard_history,
    battlecard_lines,
    battlecards,
    competitors,
    note_cards,
)
from insights.services.battlecards import LineView
from insights.services.catalogue import NamedItem
from insights.web.battlecard_cards import (
    HINTS,
    as_sent,
    asked_section,
    asked_type,
    sections,
    sent_fields,
    shelf_days,
    types,
)
from insights.web.note_cards import is_partial, shown

blueprint = Blueprint("lines", __name__)


@blueprint.get("/<slug>/lines/new")
def new(slug: str) -> ResponseReturnValue:
    """The form for a new line; `?section=` chooses where, `?note=` what it rests on."""
    access_work.require_battlecard_keeper(actor())
    about = competitors.get(db_session(), actor(), slug=slug)
    section = asked_section(request.args.get("section", ""))
    return _new_page(about, {"section": section.value})


@blueprint.post("/<slug>/lines/new")
def create(slug: str) -> ResponseReturnValue:
    """Adds the line, and leads to it on the card."""
    session, me, sent = db_session(), actor(), sent_fields()
    about = competitors.get(session, me, slug=slug)
    note_id = _asked_note()
    try:
        line = battlecard_lines.add_line(
            session,
            me,
            competitor_id=about.id,
            section=asked_section(sent["section"]),
            type=asked_type(sent["type"]),
            text=sent["text"],
            reply=sent["reply"],
            shelf_days=shelf_days(sent["shelf_days"]),
            note_ids=[note_id] if note_id else (),
            now=now(),
        )
    except Invalid as refusal:
        discard(session)
        return _new_page(about, sent, refusal.fields), 422
    flash("The line is added." if note_id else "The line is added. Cite the notes it rests on.")
    return to_line(line)


@blueprint.get("/lines/<int:line_id>")
def show(line_id: int) -> ResponseReturnValue:
    """The line on its card; the line alone where htmx asks."""
    line = battlecards.line(db_session(), actor(), line_id, now=now())
    return _line_alone(line) if is_partial() else to_line(line)


@blueprint.get("/lines/<int:line_id>/edit")
def edit(line_id: int) -> ResponseReturnValue:
    """The form for changing a line."""
    line = battlecards.line(db_session(), actor(), line_id, now=now())
    access_work.require_battlecard_keeper(actor())
    return _edit_form(line, as_sent(line))


@blueprint.post("/lines/<int:line_id>/edit")
def update(line_id: int) -> ResponseReturnValue:
    """Changes the line; what is refused, or was changed by somebody else, comes back as typed."""
    session, me, sent = db_session(), actor(), sent_fields()
    former = battlecards.line(session, me, line_id, now=now())
    try:
        line = battlecard_lines.change_line(
            session,
            me,
            line_id=line_id,
            version=_version(sent["version"]),
            section=asked_section(sent["section"]),
            type=asked_type(sent["type"]) or former.type,
            text=sent["text"],
            reply=sent["reply"],
            shelf_days=shelf_days(sent["shelf_days"]),
            now=now(),
        )
    except Invalid as refusal:
        discard(session)
        return _edit_form(former, sent, refusal.fields), 422
    except Conflict as conflict:
        discard(session)
        present = battlecards.line(session, me, line_id, now=now())
        sent["version"] = str(present.version)
        # htmx shows what came of it only with this status.
        status = 422 if is_partial() else 409
        return _edit_form(present, sent, conflict=conflict.message), status
    if is_partial() and line.section is former.section:
        return _line_alone(line)
    flash("The line is saved.")
    return to_line(line)


@blueprint.post("/lines/<int:line_id>/move")
def move(line_id: int) -> ResponseReturnValue:
    """Puts the line one place up or down in its section."""
    session, me = db_session(), actor()
    up = request.form.get("up") == "1"
    battlecard_lines.move_line(session, me, line_id=line_id, up=up, now=now())
    return to_line(battlecards.line(session, me, line_id, now=now()))


@blueprint.post("/lines/<int:line_id>/archive")
def archive(line_id: int) -> ResponseReturnValue:
    """Takes the line off the card."""
    line = battlecard_lines.archive_line(db_session(), actor(), line_id=line_id, now=now())
    flash("The line is archived. You find it below the card, and can restore it.")
    return redirect(url_for("competitors.page", slug=line.competitor.slug), 303)


@blueprint.post("/lines/<int:line_id>/restore")
def restore(line_id: int) -> ResponseReturnValue:
    """Puts the line back on the card."""
    line = battlecard_lines.restore_line(db_session(), actor(), line_id=line_id, now=now())
    flash("The line is back on the card.")
    return to_line(line)


@blueprint.get("/lines/<int:line_id>/history")
def history(line_id: int) -> ResponseReturnValue:
    """What the line said before each change."""
    session, me = db_session(), actor()
    return render_template(
        "battlecards/history.html",
        line=battlecards.line(session, me, line_id, now=now()),
        history=battlecard_history.history(session, me, line_id=line_id),
    )


def to_line(line: LineView) -> Response:
    """Leads to the line on its card, or among those that were taken off it."""
    if line.archived_at is not None:
        return redirect(url_for("battlecards.archived", slug=line.competitor.slug), 303)
    address = url_for("competitors.page", slug=line.competitor.slug, _anchor=f"line-{line.id}")
    return redirect(address, 303)


def _version(sent: str) -> int:
    """The version that was read; 0, which none is, for what is no number."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _asked_note() -> UUID | None:
    """The note that a new line is to cite; None for what is no id."""
    try:
        return UUID(request.values.get("note", ""))
    except ValueError:
        return None


def _line_alone(line: LineView) -> str:
    return render_template(
        "battlecards/line_alone.html", line=line, keeps=access_work.keeps_battlecards(actor())
    )


def _new_page(about: NamedItem, sent: Mapping[str, str], refused: FieldErrors | None = None) -> str:
    session, me, note_id = db_session(), actor(), _asked_note()
    cited = note_cards.cards_of(session, me, [note_id]) if note_id else []
    return render_template(
        "battlecards/new.html",
        about=about,
        cited=shown(cited[0]) if cited else None,
        hints=HINTS,
        **_form(sent, refused),
    )


def _edit_form(
    line: LineView,
    sent: Mapping[str, str],
    refused: FieldErrors | None = None,
    *,
    conflict: str = "",
) -> str:
    template = "battlecards/edit_alone.html" if is_partial() else "battlecards/edit.html"
    return render_template(template, line=line, conflict=conflict, **_form(sent, refused))


def _form(sent: Mapping[str, str], refused: FieldErrors | None) -> dict[str, Any]:
    errors = {name: " ".join(messages) for name, messages in (refused or {}).items()}
    return {"values": sent, "errors": errors, "sections": sections(), "types": types()}
