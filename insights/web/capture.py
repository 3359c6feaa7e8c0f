"""Capturing a note: the form, what it proposes while one types, and the receipt.

The form works without JavaScript. It carries the note's id, so that however often it is sent
(two taps, a reload, the back button) the note is stored once.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from insights.db import discard
from insights.errors import Conflict, FieldProblems, Invalid, Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access, catalogue, note_cards, notes
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from insights.services.notes import Receipt
from insights.services.proposals import propose
from insights.services.similar import similar_notes
from insights.text import clean
from insights.web.note_cards import shown
from insights.web.note_choices import (
    account_choices,
    chips,
    choices,
    current,
    dimensions,
    recognised,
)
from insights.web.note_edits import edit_page, withdraw_within
from insights.web.note_forms import NoteForm, account_of, draft_of, read, sentences

blueprint = Blueprint("capture", __name__)

# Characters; what is shorter is like too many notes.
TELLING_LENGTH = 20
MOST_SIMILAR = 3


@blueprint.get("/n")
def form() -> ResponseReturnValue:
    """The form, filled in as far as the address says (`?text=…&territory=…&kind=…`)."""
    session, me = db_session(), actor()
    known = catalogue.current(session)
    own = [known.territories[one] for one in me.held if not known.territories[one].archived]
    sent = read(request.args, now=now(), territory=own[0].slug if own else "")
    return _page(session, me, recognised(known, sent))


@blueprint.post("/n")
def submit() -> ResponseReturnValue:
    """Stores the note and leads to its receipt; a refused form comes back as it was sent."""
    session, me = db_session(), actor()
    sent = read(request.form, now=now())
    sent = current(sent, propose(session, me, text=sent.text))
    try:
        receipt = _post(session, me, sent)
    except (Invalid, Conflict) as refusal:
        discard(session)
        return _refused(session, me, sent, refusal)
    if not receipt.created and _says_something_else(session, me, receipt.note_id, sent):
        return _sent_before(session, me, receipt.note_id, sent), 409
    guessed = None if sent.kind else 1
    target = url_for(".receipt", note_id=receipt.note_id, guessed=guessed)
    return redirect(target, 303)


@blueprint.get("/n/receipt/<uuid:note_id>")
def receipt(note_id: UUID) -> ResponseReturnValue:
    """What was stored, and how it was tagged."""
    session, me = db_session(), actor()
    card = note_cards.card(session, me, note_id)
    may_withdraw = access.may_withdraw(
        me, access.note(session, me, note_id), now=now(), within=withdraw_within()
    )
    return render_template(
        "capture/receipt.html",
        card=card,
        note=shown(card),
        guessed="guessed" in request.args,
        may_withdraw=may_withdraw,
    )


@blueprint.route("/n/tags", methods=["GET", "POST"])
def live() -> ResponseReturnValue:
    """The tags that the text names so far and the kind it looks like: a part of the form.

    A post only because a text may be longer than an address; nothing is written.
    """
    with runtime().database.reading() as session:
        known = catalogue.current(session)
        proposal = propose(session, actor(), text=request.values.get("text", ""))
        sent = current(recognised(known, read(request.values, now=now())), proposal)
        return render_template(
            "capture/tags.html",
            live=True,
            form=sent,
            kind=proposal.kind,
            chips=chips(known, sent, proposal),
            dimensions=dimensions(known, sent, proposal),
        )


@blueprint.route("/n/similar", methods=["GET", "POST"])
def similar() -> ResponseReturnValue:
    """Notes that say much the same as the text so far: a part of the form.

    A post for the reason given above.
    """
    text = clean(request.values.get("text", ""))
    found: Sequence[NoteCard] = ()
    with runtime().database.reading() as session, suppress(Unavailable):
        if len(text) >= TELLING_LENGTH:
            found = similar_notes(session, actor(), runtime().reader, text, limit=MOST_SIMILAR)
    return render_template("capture/similar.html", notes=found, me=actor())


@blueprint.get("/n/accounts")
def accounts() -> ResponseReturnValue:
    """The accounts that the typed words find: a part of the form."""
    sent = read(request.args, now=now())
    found = account_choices(db_session(), actor(), sent)
    return render_template("capture/accounts.html", accounts=found, form=sent)


def _post(session: Session, me: Actor, sent: NoteForm) -> Receipt:
    """Stores the note; raises Invalid with every field to mend, also when the account is one."""
    problems = FieldProblems()
    account_id = None
    receipt = None
    with problems:
        account_id = account_of(session, me, sent)
    with problems:
        receipt = notes.post(session, me, draft_of(sent, account_id), now=now())
    problems.settle()
    assert receipt is not None
    return receipt


def _says_something_else(session: Session, me: Actor, note_id: UUID, sent: NoteForm) -> bool:
    """Whether a form that was sent before came again with another text."""
    return note_cards.card(session, me, note_id).text != clean(sent.text)


def _sent_before(session: Session, me: Actor, note_id: UUID, sent: NoteForm) -> str:
    """The way on for somebody who went back and wrote something else into a form already sent."""
    kept = recognised(catalogue.current(session), sent)
    if access.may_edit(me, access.note(session, me, note_id)):
        return edit_page(session, me, note_cards.card(session, me, note_id), kept, sent_before=True)
    again = replace(kept, id=str(uuid7()))
    message = "This form was sent before, and that note was withdrawn. Press Post for a new note."
    return _page(session, me, again, {"text": message})


def _refused(
    session: Session, me: Actor, sent: NoteForm, refusal: Invalid | Conflict
) -> ResponseReturnValue:
    kept = recognised(catalogue.current(session), sent)
    if isinstance(refusal, Invalid):
        return _page(session, me, kept, sentences(refusal.fields)), 422
    # Somebody else's note has this id: under a new one the text can still be sent.
    again = replace(kept, id=str(uuid7()))
    message = "This form had been used by somebody else. Nothing is lost: press Post again."
    return _page(session, me, again, {"text": message}), 409


def _page(session: Session, me: Actor, sent: NoteForm, errors: dict[str, str] | None = None) -> str:
    proposal = propose(session, me, text=sent.text)
    return render_template(
        "capture/form.html",
        form=sent,
        errors=errors or {},
        choices=choices(session, me, sent, proposal),
        kind=proposal.kind,
    )
