"""The history of a note: what each change found and what it left, in words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.models import Audience, Impact
from insights.services import note_history, notes
from insights.services.note_history import FieldChange, Piece
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW


def words(pieces: tuple[Piece, ...]) -> str:
    """The value as a whole."""
    return "".join(one.text for one in pieces)


def said(change: FieldChange) -> tuple[str, str, str]:
    """A change in plain words."""
    return change.label, words(change.before), words(change.after)


def test_a_note_that_was_never_changed_has_none(session: Session, characters: Characters) -> None:
    note_id = posted(session, characters.owner)
    assert note_history.changes(session, characters.owner, note_id) == []


def test_each_change_ends_where_the_next_begins(session: Session, characters: Characters) -> None:
    note_id = posted(session, characters.owner, "One")
    for number, text in enumerate(("Two", "Three")):
        now = NOW + timedelta(hours=number)
        notes.edit(session, characters.manager, note_id, {"text": text}, now=now)
    newest, oldest = note_history.changes(session, characters.member, note_id)
    assert [said(one) for one in newest.fields] == [("Text", "Two", "Three")]
    assert [said(one) for one in oldest.fields] == [("Text", "One", "Two")]
    assert (newest.editor_name, newest.at, newest.version) == (
        "Manuel Manager", NOW + timedelta(hours=1), 3,
    )  # fmt: skip


def test_a_field_left_alone_by_later_changes_ends_at_the_present(
    session: Session, characters: Characters
) -> None:
    note_id = posted(session, characters.owner, "One")
    notes.edit(session, characters.owner, note_id, {"impact": Impact.HIGH}, now=NOW)
    notes.edit(session, characters.owner, note_id, {"text": "Two"}, now=NOW)
    oldest = note_history.changes(session, characters.owner, note_id)[1]
    assert [said(one) for one in oldest.fields] == [("Impact", "normal", "high")]


def test_all_values_are_named(session: Session, characters: Characters) -> None:
    note_id = posted(session, characters.owner, "Acme in healthcare")
    changes: notes.NoteChanges = {
        "territory": "FL",
        "account_id": MERCY,
        "segments": ["trucking", "enterprise"],
        "competitors": [],
        "products": ["F1"],
        "audience": Audience.SEALED,
    }
    notes.edit(session, characters.owner, note_id, changes, now=NOW)
    fields = note_history.changes(session, characters.owner, note_id)[0].fields
    assert [said(one) for one in fields] == [
        ("Territory", "Georgia", "Florida"),
        ("Account", "none", "Mercy Hospital"),
        ("Segments", "Healthcare", "Enterprise, Trucking"),
        ("Competitors", "Acme Telecom", "none"),
        ("Products", "none", "Fibre One"),
        ("Audience", "everyone", "sealed"),
    ]


def test_the_words_that_differ_are_marked(session: Session, characters: Characters) -> None:
    note_id = posted(session, characters.owner, "Free for three months\nuntil May")
    text = "Free for two months\nuntil May"
    notes.edit(session, characters.owner, note_id, {"text": text}, now=NOW)
    change = note_history.changes(session, characters.owner, note_id)[0].fields[0]
    assert [one.text for one in change.before if one.changed] == [" three"]
    assert [one.text for one in change.after if one.changed] == [" two"]
    assert said(change) == ("Text", "Free for three months\nuntil May", text)


@given(st.text(), st.text())
def test_marking_loses_no_character(old: str, new: str) -> None:
    before, after = note_history.compared(old, new)
    assert (words(before), words(after)) == (old, new)
    assert (old == new) == (not any(one.changed for one in before + after))


def test_is_not_for_those_who_may_not_see_the_note(
    session: Session, characters: Characters
) -> None:
    note_id = posted(session, characters.owner, audience=Audience.SEALED)
    with pytest.raises(NotFound):
        note_history.changes(session, characters.stranger, note_id)
