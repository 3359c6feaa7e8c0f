"""Capturing a note: the form, notes like it while one types, and the receipt.

The form works without JavaScript. It carries the note's id, so that however often it is sent
(two taps, a reload, the back button) the note is stored once. With JavaScript the device keeps the
note first and sends it through the API; `shell_page` is the form it keeps for times without signal.
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
from insights.http.templating import neutral
from insights.services import access, catalogue, note_cards, notes, photos
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from insights.services.notes import Receipt
from insights.services.proposals import propose
from insights.services.similar import similar_notes
from insights.text import clean
from insights.web.guard_findings import masked_text, shown_findings, with_question
from insights.web.note_cards import shown
from insights.web.note_choices import (
    NO_CHOICES,
    account_choices,
    choices,
    current,
    recognised,
)
from insights.web.note_edits import edit_page, withdraw_within
from insights.web.note_forms import NoteForm, account_of, draft_of, read, sentences
from insights.web.note_questions import NO_QUESTIONS, form_questions, preset

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
    sent = preset(session, me, sent, territory_given="territory" in request.args)
    return _page(session, me, recognised(known, sent))


def shell_page() -> str:
    """The form without anything of a person, which is the same for everybody: a device keeps it.

    Asks neither the session nor the database for anything.
    """
    return neutral(
        "capture/form.html",
        neutral=True,
        form=NoteForm(),
        errors={},
        choices=NO_CHOICES,
        questions=NO_QUESTIONS,
        kind=None,
        findings=(),
    )


@blueprint.post("/n")
def submit() -> ResponseReturnValue:
    """Stores the note and leads to its receipt; a refused form comes back as it was sent."""
    session, me = db_session(), actor()
    sent = read(request.form, now=now())
    sent = current(sent, propose(session, me, text=sent.text))
    if "mask" in request.form:
        return _page(session, me, _masked(session, sent, request.form["mask"]))
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


@blueprint.route("/n/similar", methods=["GET", "POST"])
def similar() -> ResponseReturnValue:
    """Notes that say much the same as the text so far: a part of the form.

    A post only because a text may be longer than an address; nothing is written.
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


def _masked(session: Session, sent: NoteForm, wanted: str) -> NoteForm:
    """The form with a mask in place of what the guard-rails found; nothing is stored yet."""
    kept = recognised(catalogue.current(session), sent)
    return replace(kept, text=masked_text(session, sent.text, wanted))


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
    _add_photos(session, me, receipt.note_id)
    return receipt


def _add_photos(session: Session, me: Actor, note_id: UUID) -> None:
    """Adds the photos of the form; raises Invalid(photos) for the first that is none."""
    for file in request.files.getlist("photos"):
        # A field in which nothing was chosen is sent as a file without name.
        if file.filename:
            photos.add_whole(
                session, me, note_id, file.stream, storage=runtime().storage, now=now()
            )


def _says_something_else(session: Session, me: Actor, note_id: UUID, sent: NoteForm) -> bool:
    """Whether a form that was sent before came again with another text."""
    return note_cards.card(session, me, note_id).text != clean(sent.text)


def _sent_before(session: Session, me: Actor, note_id: UUID, sent: NoteForm) -> str:
    """The way on for somebody who went back and wrote something else into a form already sent."""
    kept = recognised(catalogue.current(session), sent)
    if access.may_edit(me, access.note(session, me, note_id)):
        return edit_page(session, me, note_cards.card(session, me, note_id), kept, sent_before=True)
    again = replace(kept, id=str(uuid7()))
    message = "This form was sent before, and that note was withdrawn. Save it as a new one."
    return _page(session, me, again, {"text": message})


def _refused(
    session: Session, me: Actor, sent: NoteForm, refusal: Invalid | Conflict
) -> ResponseReturnValue:
    kept = recognised(catalogue.current(session), sent)
    if isinstance(refusal, Invalid):
        return _page(session, me, kept, sentences(refusal.fields)), 422
    # Somebody else's note has this id: under a new one the text can still be sent.
    again = replace(kept, id=str(uuid7()))
    message = "This form had been used by somebody else. Nothing is lost: press Save note again."
    return _page(session, me, again, {"text": message}), 409


def _page(session: Session, me: Actor, sent: NoteForm, errors: dict[str, str] | None = None) -> str:
    proposal = propose(session, me, text=sent.text)
    return render_template(
        "capture/form.html",
        form=sent,
        errors=with_question(errors or {}),
        choices=choices(session, me, sent, proposal),
        questions=form_questions(session, me, sent),
        kind=proposal.kind,
        findings=shown_findings(session, sent.text, acknowledged=sent.acknowledged),
    )
