"""What is done to the notes of a topic on its page: proposals taken or dismissed, outcomes said,
notes taken out."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.models import Outcome
from insights.services import topic_notes, topic_outcomes, topics
from insights.services.topic_outcomes import Settled
from insights.web.note_forms import sentences
from insights.web.ticked_notes import ticked
from insights.web.topic_pages import SentOutcome, topic_page

blueprint = Blueprint("notes", __name__, url_prefix="/<int:topic_id>")

OUTCOMES = {one.value: one for one in Outcome}
DECISIONS = {"accept": topic_notes.accept, "dismiss": topic_notes.dismiss}
DECIDED = {
    "accept": ("1 note is taken in.", "{} notes are taken in."),
    "dismiss": (
        "1 note is dismissed, and not proposed again.",
        "{} notes are dismissed, and not proposed again.",
    ),
}
# Where the page shows what the service finds wrong.
PLACES = {"notes": "note", "known_note": "known", "known_note_id": "known", "": "note"}
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


@blueprint.post("/proposals")
def decide(topic_id: int) -> ResponseReturnValue:
    """Takes proposed notes in, or dismisses them: one, or all that the person may see."""
    decision = request.form.get("do", "")
    if decision not in DECISIONS:
        raise Invalid({"do": ["Choose whether to take the notes in or to dismiss them."]})
    note_ids = None if request.form.get("all") == "1" else ticked()
    done = DECISIONS[decision](db_session(), actor(), topic_id, note_ids, now=now())
    one, several = DECIDED[decision]
    flash(one if done == 1 else several.format(done))
    return _back(topic_id, "proposals")


@blueprint.post("/outcomes")
def settle(topic_id: int) -> ResponseReturnValue:
    """Says what became of notes; what is refused comes back as it was typed."""
    session, me = db_session(), actor()
    single = request.form.get("single", "")
    note_ids = _single(single) if single else ticked()
    values = _typed(f"{single}-" if single else "")
    try:
        outcome, known = _read(values)
        settled = topic_outcomes.settle(
            session, me, topic_id, note_ids, outcome,
            text=values["text"], known_note_id=known, now=now(),
        )  # fmt: skip
    except Invalid as refusal:
        discard(session)
        errors = sentences(refusal.fields, PLACES)
        sent = SentOutcome(single, {str(one) for one in note_ids}, values, errors)
        return topic_page(topics.get(session, me, topic_id), sent=sent), 422
    _tell(settled)
    return _back(topic_id, f"note-{single}" if single else "notes")


@blueprint.post("/drop")
def drop(topic_id: int) -> ResponseReturnValue:
    """Takes the ticked notes out of the topic."""
    session, me, note_ids = db_session(), actor(), ticked()
    try:
        dropped = topic_notes.drop(session, me, topic_id, note_ids, now=now())
    except Invalid as refusal:
        discard(session)
        sent = SentOutcome(errors=sentences(refusal.fields, PLACES))
        return topic_page(topics.get(session, me, topic_id), sent=sent), 422
    flash("1 note is taken out." if dropped == 1 else f"{dropped} notes are taken out.")
    return _back(topic_id, "notes")


def refusals(refused: Mapping[UUID, str]) -> list[str]:
    """Why it was not done for some of the notes, each reason once."""
    reasons: Sequence[str] = list(refused.values())
    counts = {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}
    return [
        f"{count} {'was' if count == 1 else 'were'} left out: {reason}"
        for reason, count in counts.items()
    ]


def _back(topic_id: int, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("topics.page", topic_id=topic_id, _anchor=anchor), 303)


def _single(typed: str) -> list[UUID]:
    return [UUID(typed)] if _ID.fullmatch(typed) else []


def _typed(prefix: str) -> dict[str, str]:
    return {name: request.form.get(prefix + name, "") for name in ("outcome", "text", "known")}


def _read(values: Mapping[str, str]) -> tuple[Outcome, UUID | None]:
    """The outcome and the note that was known; raises Invalid with all that cannot be read."""
    problems: dict[str, list[str]] = {}
    outcome = OUTCOMES.get(values["outcome"])
    if outcome is None:
        problems["outcome"] = ["Choose what became of it."]
    known = _ID.search(values["known"])
    if values["known"].strip() and known is None:
        problems["known"] = ["Copy the address of the note's page, with the long number in it."]
    if outcome is None or problems:
        raise Invalid(problems)
    is_known = outcome is Outcome.ALREADY_KNOWN and known is not None
    return outcome, UUID(known.group()) if is_known and known else None


def _tell(settled: Settled) -> None:
    count = len(settled.notes)
    sentences = [f"{count} {'note has its outcome' if count == 1 else 'notes have their outcome'}."]
    if settled.told:
        sentences.append(
            f"{settled.told} {'person is' if settled.told == 1 else 'people are'} told."
        )
    flash(" ".join([*sentences, *refusals(settled.refused)]))
