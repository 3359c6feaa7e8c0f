"""The page of a note, and what can be done to the note there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from insights.db import discard
from insights.errors import Conflict, FieldProblems, Invalid, Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import (
    access,
    catalogue,
    comments,
    note_cards,
    note_history,
    notes,
    question_links,
    sightings,
    topics,
)
from insights.services.access import Actor
from insights.services.similar import similar_notes
from insights.web.note_cards import is_partial, linked, shown, shown_all
from insights.web.note_choices import recognised
from insights.web.note_edits import edit_page, masked_page, withdraw_within
from insights.web.note_forms import NoteForm, account_of, changes_of, of_card, read, sentences
from insights.web.topic_words import OUTCOMES
from insights.web.triage import on_note

blueprint = Blueprint("notes", __name__, url_prefix="/notes/<uuid:note_id>")


@blueprint.get("")
def page(note_id: UUID) -> ResponseReturnValue:
    """The note with its sightings, comments and history."""
    return _page(db_session(), actor(), note_id)


@blueprint.get("/edit")
def edit(note_id: UUID) -> ResponseReturnValue:
    """The form for changing the note."""
    session, me = db_session(), actor()
    notes.require_editable(session, me, note_id)
    card = note_cards.card(session, me, note_id)
    return edit_page(session, me, card, of_card(card))


@blueprint.post("/edit")
def save(note_id: UUID) -> ResponseReturnValue:
    """Changes the note; a refused or outdated form comes back as it was sent."""
    session, me = db_session(), actor()
    form = read(request.form, now=now())
    if "mask" in request.form:
        return _masked(session, me, note_id, form)
    try:
        _save(session, me, note_id, form)
    except (Invalid, Conflict) as refusal:
        discard(session)
        return _edit_refused(session, me, note_id, form, refusal)
    flash("Saved.")
    return redirect(url_for(".page", note_id=note_id), 303)


@blueprint.post("/withdraw")
def withdraw(note_id: UUID) -> ResponseReturnValue:
    """Hides the note from everyone but its author and those who can restore it."""
    reason = request.form.get("reason", "")
    notes.withdraw(
        db_session(), actor(), note_id, reason=reason, within=withdraw_within(), now=now()
    )
    flash("The note is withdrawn. Others no longer see it.")
    return redirect(url_for(".page", note_id=note_id), 303)


@blueprint.post("/restore")
def restore(note_id: UUID) -> ResponseReturnValue:
    """Shows a withdrawn note again."""
    notes.restore(db_session(), actor(), note_id, now=now())
    flash("The note is visible again.")
    return redirect(url_for(".page", note_id=note_id), 303)


@blueprint.post("/sight")
def sight(note_id: UUID) -> ResponseReturnValue:
    """Says that the person has seen it too."""
    session, me = db_session(), actor()
    sightings.add(session, me, note_id, now=now())
    return _after_sighting(session, me, note_id)


@blueprint.post("/unsight")
def unsight(note_id: UUID) -> ResponseReturnValue:
    """Takes the person's own sighting back."""
    session, me = db_session(), actor()
    sightings.remove(session, me, note_id, now=now())
    return _after_sighting(session, me, note_id)


@blueprint.post("/comments")
def comment(note_id: UUID) -> ResponseReturnValue:
    """Adds a comment under the id that the form carries, so that a second send adds nothing."""
    session, me = db_session(), actor()
    text = request.form.get("text", "")
    comment_id = _comment_id()
    try:
        comments.add(session, me, note_id, comment_id=comment_id, text=text, now=now())
    except (Invalid, Conflict) as refusal:
        discard(session)
        fields = refusal.fields if isinstance(refusal, Invalid) else {"text": [refusal.message]}
        page = _page(session, me, note_id, comment=text, errors=sentences(fields))
        return page, 422 if isinstance(refusal, Invalid) else 409
    return redirect(url_for(".page", note_id=note_id, _anchor=f"comment-{comment_id}"), 303)


@blueprint.post("/comments/<uuid:comment_id>/edit")
def edit_comment(note_id: UUID, comment_id: UUID) -> ResponseReturnValue:
    """Changes what the person's own comment says; a refused text comes back as it was sent."""
    session, me = db_session(), actor()
    # The page may hold several of these forms: each names its field after its comment.
    text = request.form.get(f"text-{comment_id}", "")
    try:
        comments.edit(session, me, comment_id, text=text, now=now())
    except Invalid as refusal:
        discard(session)
        refused = {"id": comment_id, "text": text, "errors": sentences(refusal.fields)}
        return _page(session, me, note_id, edited=refused), 422
    return redirect(url_for(".page", note_id=note_id, _anchor=f"comment-{comment_id}"), 303)


@blueprint.post("/comments/<uuid:comment_id>/withdraw")
def withdraw_comment(note_id: UUID, comment_id: UUID) -> ResponseReturnValue:
    """Hides a comment."""
    comments.withdraw(db_session(), actor(), comment_id, now=now())
    flash("The comment is withdrawn.")
    return redirect(url_for(".page", note_id=note_id, _anchor="comments"), 303)


@blueprint.get("/similar")
def similar(note_id: UUID) -> ResponseReturnValue:
    """Notes that say much the same: a part of the page for htmx, otherwise a page."""
    session, me = db_session(), actor()
    card = note_cards.card(session, me, note_id)
    try:
        found = similar_notes(session, me, runtime().reader, card.text, exclude=note_id)
    except Unavailable:
        found = []
    template = "notes/similar.html" if is_partial() else "notes/similar_page.html"
    return render_template(
        template,
        card=card,
        notes=shown_all(found),
        sighted={str(one.id) for one in found if one.sighted_by_me},
        own={str(one.id) for one in found if one.author_id == me.id},
    )


def whole(session: Session, me: Actor, note_id: UUID) -> dict[str, Any]:
    """The note with all that is shown of it, as the templates of its page take it."""
    found = access.note(session, me, note_id)
    card = note_cards.card(session, me, note_id)
    lineage = catalogue.current(session).lineage(card.territory.id)
    return {
        "card": card,
        "note": shown(card),
        "lineage": [linked("territories", place) for place in lineage],
        "sightings": sightings.list_sightings(session, me, note_id),
        "comments": comments.list_comments(session, me, note_id),
        "changes": note_history.changes(session, me, note_id),
        **on_note(session, me, note_id, card.territory.id),
        "topics": topics.topics_of_notes(session, me, [note_id]).get(note_id, ()),
        "topic_outcomes": OUTCOMES,
        "answers": question_links.answered_by(session, note_id),
        "may_edit": access.may_edit(me, found),
        "may_withdraw": access.may_withdraw(me, found, now=now(), within=withdraw_within()),
        "may_restore": found.withdrawn_at is not None and me.manages(found.territory_id),
        "comment_id": uuid7(),
        "comment": "",
        "edited": None,
        "errors": {},
    }


def _page(
    session: Session,
    me: Actor,
    note_id: UUID,
    *,
    comment: str = "",
    edited: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    sent = {"comment": comment, "edited": edited, "errors": errors or {}}
    return render_template("notes/page.html", **(whole(session, me, note_id) | sent))


def _save(session: Session, me: Actor, note_id: UUID, form: NoteForm) -> None:
    """Changes the note; raises Invalid with every field to mend, also when the account is one."""
    problems = FieldProblems()
    account_id = None
    version = request.form.get("version", type=int)
    with problems:
        account_id = account_of(session, me, form)
    with problems:
        changes = changes_of(form, account_id)
        notes.edit(session, me, note_id, changes, expected_version=version, now=now())
    problems.settle()


def _masked(session: Session, me: Actor, note_id: UUID, form: NoteForm) -> str:
    notes.require_editable(session, me, note_id)
    card = note_cards.card(session, me, note_id)
    kept = recognised(catalogue.current(session), form)
    wanted, version = request.form["mask"], request.form.get("version", type=int)
    return masked_page(session, me, card, kept, wanted=wanted, version=version)


def _edit_refused(
    session: Session, me: Actor, note_id: UUID, form: NoteForm, refusal: Invalid | Conflict
) -> ResponseReturnValue:
    card = note_cards.card(session, me, note_id)
    kept = recognised(catalogue.current(session), form)
    if isinstance(refusal, Invalid):
        return edit_page(session, me, card, kept, errors=sentences(refusal.fields)), 422
    return edit_page(session, me, card, kept, conflict=True), 409


def _after_sighting(session: Session, me: Actor, note_id: UUID) -> ResponseReturnValue:
    """The part of the page that has changed for htmx, otherwise the page."""
    if not is_partial():
        return redirect(url_for(".page", note_id=note_id, _anchor="sightings"), 303)
    card = note_cards.card(session, me, note_id)
    if request.form.get("part") == "row":
        # Pressed in a list of similar notes.
        return render_template("notes/sighting.html", note_id=note_id, sighted=card.sighted_by_me)
    return render_template(
        "notes/sightings.html",
        card=card,
        sightings=sightings.list_sightings(session, me, note_id),
    )


def _comment_id() -> UUID:
    try:
        return UUID(request.form.get("id", ""))
    except ValueError:
        return uuid7()
