"""The inbox: the notes that routes have found, and the decision about each.

A decision on a row is answered by the row itself when htmx asks, so that nothing moves below the
thumb; otherwise it leads back to the list, or to the note's page if it was made there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.db import discard
from insights.errors import Conflict, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.models import Kind, TriageState
from insights.services import access, catalogue, inbox, triage, triage_words
from insights.services.access import Actor
from insights.services.catalogue import NamedItem, Place
from insights.services.inbox import MOST_COUNTED, MOST_NEW_COUNTED, InboxFilter, InboxItem
from insights.services.triage import Decided, TriageView
from insights.web.note_cards import asked_position, is_partial, next_url, shown
from insights.web.note_choices import MOST_NAMES, territory_options

blueprint = Blueprint("triage", __name__, url_prefix="/inbox")

PAGE = 20
STATES = {one.value: one for one in TriageState}
KINDS = {one.value: one for one in Kind}
BUTTONS: Mapping[TriageState, tuple[str, str]] = {
    TriageState.TAKEN: ("Take it", "hand"),
    TriageState.ALREADY_KNOWN: ("Already known", "check"),
    TriageState.DONE: ("Done", "circle-check"),
    TriageState.NEW: ("Reopen", "undo-2"),
}
# What is said of several notes about which it was decided so.
DECIDED: Mapping[TriageState, tuple[str, str]] = {
    TriageState.TAKEN: ("1 note is yours now.", "{} notes are yours now."),
    TriageState.ALREADY_KNOWN: ("1 note is already known.", "{} notes are already known."),
    TriageState.DONE: ("1 note is done.", "{} notes are done."),
    TriageState.NEW: ("1 note is open again.", "{} notes are open again."),
}


@dataclass(frozen=True)
class Chosen:
    """What the address asks for; what names nothing is passed over."""

    state: TriageState
    territory: Place | None
    kind: Kind | None
    competitor: NamedItem | None
    mine: bool

    @property
    def filter(self) -> InboxFilter:
        """The same for the service."""
        return InboxFilter(
            state=self.state,
            territory_id=self.territory.id if self.territory else None,
            kind=self.kind,
            competitor_id=self.competitor.id if self.competitor else None,
            mine=self.mine,
        )

    @property
    def query(self) -> dict[str, Any]:
        """The same for an address; without what is usual."""
        values = {
            "state": "" if self.state is TriageState.NEW else self.state.value,
            "territory": self.territory.slug if self.territory else "",
            "kind": self.kind.value if self.kind else "",
            "competitor": self.competitor.slug if self.competitor else "",
            "mine": "1" if self.mine else "",
        }
        return {name: value for name, value in values.items() if value}

    @property
    def count(self) -> int:
        """How many filters are chosen."""
        return len(self.query.keys() - {"state"})


@dataclass(frozen=True)
class Button:
    """One decision that can be made."""

    state: TriageState
    label: str
    icon: str


@dataclass(frozen=True)
class InboxRow:
    """A note of the list as templates/triage/row.html takes it; `undo` is what it was before a
    decision that was just made, `problem` why one was not."""

    note: dict[str, Any]
    triage: TriageView
    sent_to: Sequence[str]
    buttons: Sequence[Button]
    undo: TriageState | None = None
    problem: str = ""


@blueprint.app_context_processor
def _waiting() -> dict[str, Any]:
    return {"inbox_count": inbox_count}


def inbox_count() -> str:
    """How many notes wait for the person, in words for navigation; empty for none. Asked once a
    request, and again after a decision."""
    if "inbox_count" not in g:
        g.inbox_count = _counted(inbox.count_new(db_session(), actor()), MOST_NEW_COUNTED)
    counted: str = g.inbox_count
    return counted


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The list; with a cursor the part that follows it."""
    session, me = db_session(), actor()
    chosen, position = _chosen(session), asked_position()
    found = inbox.page(session, me, chosen.filter, after=position, limit=PAGE)
    shown_rows = {
        "rows": [_row(me, one) for one in found.items],
        "query": chosen.query,
        "next_url": next_url(found.next, **chosen.query),
    }
    if is_partial() and position:
        return render_template("triage/more.html", **shown_rows)
    known = catalogue.current(session)
    return render_template(
        "triage/page.html",
        chosen=chosen,
        tabs=_tabs(session, me, chosen),
        territories=territory_options(known, me, chosen.query.get("territory", "")),
        competitors=[one for one in known.competitors.values() if not one.archived][:MOST_NAMES],
        waited=_waited(session, me),
        is_fed=bool(found.items) or inbox.is_fed(session),
        continued=bool(position),
        **shown_rows,
    )


@blueprint.post("/<uuid:note_id>")
def decide(note_id: UUID) -> ResponseReturnValue:
    """Says how far a note is; who comes too late sees what was decided before."""
    session, me, state = db_session(), actor(), _asked_state()
    former = triage.views_of(session, [note_id]).get(note_id)
    version = request.form.get("version", type=int)
    problem = ""
    try:
        triage.decide(session, me, note_id, state, expected_version=version, now=now())
    except Conflict as conflict:
        discard(session)
        problem = conflict.message
    g.pop("inbox_count", None)
    if request.form.get("part") == "note":
        return _on_the_notes_page(session, me, note_id, problem)
    if not is_partial():
        return _back(problem)
    is_undone = "undo" in request.form or problem or former is None or former.state is state
    undo = None if is_undone or former is None else former.state
    rows = [
        _row(me, one, undo=undo, problem=problem) for one in inbox.items_of(session, me, [note_id])
    ]
    return _answer(session, me, rows, "")


@blueprint.post("/decisions")
def decide_many() -> ResponseReturnValue:
    """Decides the same about all notes that are selected."""
    session, me, state = db_session(), actor(), _asked_state()
    selected = dict(_selected())
    versions = {one: version for one, version in selected.items() if version is not None}
    outcomes = triage.decide_many(session, me, list(selected), state, versions=versions, now=now())
    g.pop("inbox_count", None)
    words = _told(outcomes, state)
    if not is_partial():
        return _back("", words)
    problems = {one.note_id: one.problem for one in outcomes}
    rows = [
        _row(me, one, problem=problems[one.card.id])
        for one in inbox.items_of(session, me, list(problems))
    ]
    return _answer(session, me, rows, words)


def buttons(me: Actor, view: TriageView | None) -> list[Button]:
    """The decisions that the person can make about a note."""
    found = []
    for state, (label, icon) in BUTTONS.items():
        is_present = state is (view.state if view else TriageState.NEW)
        if not is_present:
            found.append(Button(state, label, icon))
        elif state is TriageState.TAKEN and view and view.person_id != me.id:
            found.append(Button(state, "Take it over", icon))
    return found


def _asked_state() -> TriageState:
    asked = STATES.get(request.form.get("state", ""))
    if asked is None:
        raise Invalid({"state": ["Choose what is to become of the note."]})
    return asked


def _chosen(session: Session) -> Chosen:
    known, asked = catalogue.current(session), request.args
    return Chosen(
        state=STATES.get(asked.get("state", ""), TriageState.NEW),
        territory=known.find_territory(asked.get("territory", "")),
        kind=KINDS.get(asked.get("kind", "")),
        competitor=known.find_competitor(asked.get("competitor", "")),
        mine=asked.get("mine") == "1",
    )


def _selected() -> Iterable[tuple[UUID, int | None]]:
    """The notes that are ticked, each with the version that the page showed."""
    for value in request.form.getlist("note"):
        identity, _, version = value.partition("~")
        try:
            yield UUID(identity), int(version) if version.isdecimal() else None
        except ValueError:
            continue


def _row(
    me: Actor, item: InboxItem, *, undo: TriageState | None = None, problem: str = ""
) -> InboxRow:
    return InboxRow(
        shown(item.card), item.triage, item.sent_to, buttons(me, item.triage), undo, problem
    )


def _tabs(session: Session, me: Actor, chosen: Chosen) -> list[dict[str, Any]]:
    counts = inbox.counts(session, me, chosen.filter)
    rest = {name: value for name, value in chosen.query.items() if name != "state"}
    return [
        {
            "label": triage_words.LABELS[state],
            "url": url_for(
                ".page", state=None if state is TriageState.NEW else state.value, **rest
            ),
            "active": state is chosen.state,
            "count": _counted(counts[state], MOST_COUNTED),
        }
        for state in TriageState
    ]


def _waited(session: Session, me: Actor) -> str:
    """How long notes waited lately, in a sentence; empty when there were none."""
    found = inbox.acknowledged(session, me, now=now())
    if found is None:
        return ""
    many = "1 note" if found.notes == 1 else f"{found.notes:,} notes"
    waited = triage_words.span(found.median)
    return f"Half of the notes had a first decision within {waited} ({many} in the last 30 days)."


def _told(outcomes: Sequence[Decided], state: TriageState) -> str:
    """What came of a decision about several notes, each reason why not told once."""
    if not outcomes:
        return "No note was selected. Tick those that you mean."
    changed = sum(one.triage is not None for one in outcomes)
    sentences = [DECIDED[state][changed > 1].format(changed)] if changed else []
    refused = [one.problem for one in outcomes if one.triage is None]
    for problem in dict.fromkeys(refused):
        count = refused.count(problem)
        sentences.append(f"{count} {'was' if count == 1 else 'were'} not changed: {problem}")
    return " ".join(sentences)


def _back(problem: str, words: str = "") -> ResponseReturnValue:
    """To the list, with what was told."""
    if problem or words:
        flash(problem or words, "error" if problem else "message")
    return redirect(url_for(".page", **_chosen(db_session()).query), 303)


def _answer(
    session: Session, me: Actor, rows: Sequence[InboxRow], words: str
) -> ResponseReturnValue:
    """What has changed on the page."""
    chosen = _chosen(session)
    return render_template(
        "triage/decided.html",
        rows=rows,
        words=words,
        query=chosen.query,
        tabs=_tabs(session, me, chosen),
    )


def _on_the_notes_page(
    session: Session, me: Actor, note_id: UUID, problem: str
) -> ResponseReturnValue:
    if not is_partial():
        if problem:
            flash(problem, "error")
        return redirect(url_for("notes.page", note_id=note_id, _anchor="triage"), 303)
    note = access.note(session, me, note_id)
    return render_template(
        "triage/on_note.html", **on_note(session, me, note_id, note.territory_id), problem=problem
    )


def on_note(session: Session, me: Actor, note_id: UUID, territory_id: int) -> dict[str, Any]:
    """How far a note is and what the person can decide, as templates/triage/on_note.html takes
    it."""
    view = triage.views_of(session, [note_id]).get(note_id)
    may = access.may_triage(me, territory_id)
    return {
        "note_id": note_id,
        "triage": view,
        "triage_buttons": buttons(me, view) if may else [],
    }


def _counted(found: int, most: int) -> str:
    if found >= most:
        return f"{most - 1:,}+"
    return f"{found:,}" if found else ""
