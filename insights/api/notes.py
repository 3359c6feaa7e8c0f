"""Notes: post, list, read, change, withdraw."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import PreconditionFailed

from insights.api import cursors
from insights.api.answers import answer, expected_version, page, versioned
from insights.api.named import named_ids
from insights.api.operations import Answer, ApiBlueprint
from insights.errors import Conflict
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import Source
from insights.schemas.lists import list_of, page_of
from insights.schemas.notes import (
    NoteOut,
    NotePatch,
    NotePost,
    NotesQuery,
    RevisionOut,
    WithdrawalPost,
    changes_from,
    draft_from,
    note_out,
    notes_out,
    revision_out,
)
from insights.services import note_cards, note_history, notes
from insights.services.access import Actor
from insights.services.note_cards import NoteFilter

blueprint = ApiBlueprint("notes", __name__)


@blueprint.operation("GET", "/notes", scope="read", query=NotesQuery(), answers=page_of(NoteOut))
def list_notes(query: dict[str, Any]) -> Answer:
    """The newest notes that you may see, a page at a time."""
    session, me = db_session(), actor()
    found = note_cards.list_notes(
        session,
        me,
        _filter(session, me, query),
        after=cursors.position(query.get("cursor")),
        limit=query["limit"],
    )
    return page(notes_out(found.cards), cursors.of_position(found.next))


@blueprint.operation(
    "POST",
    "/notes",
    scope="write",
    body=NotePost(),
    answers=NoteOut(),
    success=(201, 200),
    refuses=(409,),
    etag=True,
)
def post_note(body: dict[str, Any]) -> Answer:
    """Stores a note: 201 the first time, 200 with the note when its id was sent before.

    A note with the external id of one of your earlier notes is that note.
    """
    session, me = db_session(), actor()
    receipt = notes.post(session, me, draft_from(body, Source.API), now=now())
    if receipt.new is None:
        response = versioned(note_out(note_cards.card(session, me, receipt.note_id)), 200)
    else:
        response = versioned(note_out(note_cards.card_of_new(session, me, receipt.new)), 201)
    response.headers["Location"] = url_for("api.notes.get_note", note_id=receipt.note_id)
    return response


@blueprint.operation("GET", "/notes/<uuid:note_id>", scope="read", answers=NoteOut(), etag=True)
def get_note(note_id: UUID) -> Answer:
    """One note; also a withdrawn one, for those who may still see it."""
    return versioned(note_out(note_cards.card(db_session(), actor(), note_id)))


@blueprint.operation(
    "PATCH",
    "/notes/<uuid:note_id>",
    scope="write",
    body=NotePatch(),
    answers=NoteOut(),
    etag=True,
    if_match=True,
)
def patch_note(note_id: UUID, body: dict[str, Any]) -> Answer:
    """Changes a note and keeps what it said before as a revision.

    For its author, managers of its territory and admins. Name the version that you have read in
    If-Match: when the note has changed since, the answer is 412 and nothing is overwritten.
    """
    session, me, version = db_session(), actor(), expected_version()
    try:
        notes.edit(session, me, note_id, changes_from(body), expected_version=version, now=now())
    except Conflict:
        raise PreconditionFailed from None
    return versioned(note_out(note_cards.card(session, me, note_id)))


@blueprint.operation(
    "POST",
    "/notes/<uuid:note_id>/withdraw",
    scope="write",
    body=WithdrawalPost(),
    answers=NoteOut(),
    refuses=(409,),
)
def withdraw_note(note_id: UUID, body: dict[str, Any]) -> Answer:
    """Hides a note from all but its author, managers of its territory and admins.

    Its author may for a time after it was received, managers and admins always. Nothing is
    deleted. Withdrawing twice changes nothing.
    """
    session, me = db_session(), actor()
    within = timedelta(hours=runtime().settings.withdraw_hours)
    notes.withdraw(session, me, note_id, reason=body["reason"], within=within, now=now())
    return note_out(note_cards.card(session, me, note_id))


@blueprint.operation(
    "POST", "/notes/<uuid:note_id>/restore", scope="write", answers=NoteOut(), refuses=(409,)
)
def restore_note(note_id: UUID) -> Answer:
    """Shows a withdrawn note again; for managers of its territory and admins."""
    session, me = db_session(), actor()
    notes.restore(session, me, note_id, now=now())
    return note_out(note_cards.card(session, me, note_id))


@blueprint.operation(
    "GET", "/notes/<uuid:note_id>/revisions", scope="read", answers=list_of(RevisionOut)
)
def list_revisions(note_id: UUID) -> Answer:
    """The changes of a note, newest first, at most 100."""
    found = note_history.changes(db_session(), actor(), note_id)
    return answer({"items": [revision_out(change) for change in found]})


def _filter(session: Session, me: Actor, query: dict[str, Any]) -> NoteFilter:
    return NoteFilter(
        kind=query.get("kind"),
        account_id=query.get("account"),
        author_id=_author(me, query.get("author")),
        since=query.get("since"),
        until=query.get("until"),
        **named_ids(session, query),
    )


def _author(me: Actor, word: str | None) -> int | None:
    if word is None:
        return None
    return me.id if word == "me" else int(word)
