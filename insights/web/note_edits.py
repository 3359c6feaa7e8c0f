"""The page on which a note is changed, also when somebody else changed it meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from flask import render_template
from sqlalchemy.orm import Session

from insights.http.runtime import runtime
from insights.services import note_history
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from insights.services.proposals import Proposal
from insights.web.guard_findings import masked_text, shown_findings, with_question
from insights.web.note_cards import shown
from insights.web.note_choices import choices
from insights.web.note_forms import NoteForm

# Proposals are for what is new; here the form has the tags that the note has.
NOTHING_PROPOSED = Proposal(None, (), (), (), ())


def edit_page(
    session: Session,
    me: Actor,
    card: NoteCard,
    form: NoteForm,
    *,
    errors: Mapping[str, str] | None = None,
    conflict: bool = False,
    sent_before: bool = False,
) -> str:
    """The form for changing `card`, filled with what stands in `form`.

    `conflict` shows what the note says by now, `sent_before` why the person came here from a new
    note. Whoever saves after that has seen the present version.
    """
    changes = note_history.changes(session, me, card.id)[:1] if conflict else []
    return render_template(
        "notes/edit.html",
        card=card,
        note=shown(card),
        form=form,
        errors=with_question(errors or {}),
        choices=choices(session, me, form, NOTHING_PROPOSED),
        conflict=conflict,
        latest=changes[0] if changes else None,
        sent_before=sent_before,
        findings=shown_findings(
            session, form.text, acknowledged=form.acknowledged, former=card.text
        ),
    )


def masked_page(
    session: Session, me: Actor, card: NoteCard, form: NoteForm, *, wanted: str, version: int | None
) -> str:
    """The form with the findings of the key `wanted` masked in its text; nothing is stored.

    `version` is the one that the form was begun with.
    """
    text = masked_text(session, form.text, wanted, former=card.text)
    outdated = version is not None and version != card.version
    return edit_page(session, me, card, replace(form, text=text), conflict=outdated)


def withdraw_within() -> timedelta:
    """How long after its receipt the author may withdraw a note."""
    return timedelta(hours=runtime().settings.withdraw_hours)
