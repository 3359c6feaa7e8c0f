"""The page on which a note is changed, also when somebody else changed it meanwhile."""

from collections.abc import Mapping
from datetime import timedelta

from flask import render_template
from sqlalchemy.orm import Session

from insights.http.runtime import runtime
from insights.services import note_history
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from insights.services.proposals import Proposal
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
        errors=errors or {},
        choices=choices(session, me, form, NOTHING_PROPOSED),
        conflict=conflict,
        latest=changes[0] if changes else None,
        sent_before=sent_before,
    )


def withdraw_within() -> timedelta:
    """How long after its receipt the author may withdraw a note."""
    return timedelta(hours=runtime().settings.withdraw_hours)
