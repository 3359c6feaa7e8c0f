"""The notes on which lines of battlecards rest: looked for from a line, or brought from a note."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid, NotFound, Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import (
    access_work,
    battlecard_lines,
    battlecards,
    competitors,
    note_cards,
    search,
)
from insights.services.battlecards import LineView
from insights.services.catalogue import NamedItem
from insights.services.note_cards import NoteCard, NoteFilter
from insights.services.search_choice import SearchChoice
from insights.text import clean
from insights.web.battlecard_lines import to_line
from insights.web.note_cards import shown

blueprint = Blueprint("citing", __name__)

MOST_OFFERED = 20


@blueprint.get("/lines/<int:line_id>/notes")
def notes(line_id: int) -> ResponseReturnValue:
    """What the line cites, and notes about its competitor that it could cite; `?q=` has words."""
    session, me = db_session(), actor()
    line = battlecards.line(session, me, line_id, now=now())
    access_work.require_battlecard_keeper(me)
    words = clean(request.args.get("q", ""))
    try:
        offered = _offered(line, words)
        trouble = ""
    except (Unavailable, Invalid) as refusal:
        offered, trouble = [], refusal.message
    cited = {one.note_id for one in line.citations}
    return render_template(
        "battlecards/notes.html",
        line=line,
        q=words,
        offered=[shown(one) for one in offered if one.id not in cited],
        trouble=trouble,
    )


@blueprint.post("/lines/<int:line_id>/notes")
def cite(line_id: int) -> ResponseReturnValue:
    """Has the line rest on the note too."""
    note_id = _sent_note()
    line = battlecard_lines.cite(db_session(), actor(), line_id=line_id, note_id=note_id, now=now())
    flash("The note is cited.")
    if request.form.get("then") == "card":
        return to_line(line)
    words = request.form.get("q", "") or None
    return redirect(url_for(".notes", line_id=line_id, q=words), 303)


@blueprint.post("/lines/<int:line_id>/notes/remove")
def uncite(line_id: int) -> ResponseReturnValue:
    """Has the line rest on the note no longer."""
    note_id = _sent_note()
    battlecard_lines.uncite(db_session(), actor(), line_id=line_id, note_id=note_id, now=now())
    flash("The note is no longer cited.")
    return redirect(url_for(".notes", line_id=line_id), 303)


@blueprint.get("/cite")
def choose() -> ResponseReturnValue:
    """From a note: to which line of which competitor it belongs, or to a new one."""
    session, me = db_session(), actor()
    access_work.require_battlecard_keeper(me)
    card = note_cards.card(session, me, _note(request.args.get("note", "")))
    about = _about(card)
    lines = battlecards.card(session, me, about.id, now=now()) if about else None
    return render_template(
        "battlecards/cite.html",
        note=shown(card),
        about=about,
        card=lines,
        cited={line.id for line in lines.lines if _cites(line, card.id)} if lines else set(),
        others=_others(card),
    )


def _offered(line: LineView, words: str) -> Sequence[NoteCard]:
    """Notes about the competitor: the newest, or those with these words."""
    session, me = db_session(), actor()
    if not words:
        chosen = NoteFilter(competitor_id=line.competitor.id)
        return note_cards.list_notes(session, me, chosen, limit=MOST_OFFERED).cards
    choice = SearchChoice(text=words, competitor=(line.competitor.slug,), limit=MOST_OFFERED)
    zone = runtime().settings.zone
    found = search.search(
        session, me, runtime().reader, choice, zone=zone, now=now(), facets=(), forgiving=True
    )
    return [one.card for one in found.results]


def _about(card: NoteCard) -> NamedItem | None:
    """Whose lines are offered: the chosen competitor, else the first that the note names."""
    slug = request.args.get("competitor", "")
    if slug:
        return competitors.get(db_session(), actor(), slug=slug)
    return card.competitors[0] if card.competitors else None


def _others(card: NoteCard) -> list[dict[str, str]]:
    """All competitors in use, as a select takes them, those first that the note names."""
    listed = competitors.list_competitors(db_session(), actor())
    named = {one.id for one in card.competitors}
    ordered = sorted(listed, key=lambda one: one.id not in named)
    return [{"value": one.slug, "label": one.name} for one in ordered]


def _cites(line: LineView, note_id: UUID) -> bool:
    return any(one.note_id == note_id for one in line.citations)


def _sent_note() -> UUID:
    return _note(request.form.get("note", ""))


def _note(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise NotFound("There is no such note, or you may not see it.") from None
