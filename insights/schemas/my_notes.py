"""What became of my notes: the list, and how far it has been read."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.models import Kind
from insights.schemas.fields import InputSchema, Moment, Switch
from insights.schemas.lists import PageQuery
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.services.my_notes import WATCHED, MyNote
from insights.services.note_events import Event, EventKind


class MyNotesQuery(PageQuery):
    """Which of your notes to list."""

    news = Switch(
        load_default=False,
        metadata={
            "description": "Only those with something new, among the newest "
            f"{WATCHED} of your notes."
        },
    )


class ReadPost(InputSchema):
    """Up to when you have read what became of your notes."""

    until = Moment(
        load_default=None,
        allow_none=True,
        metadata={"description": "When you asked for the list; the present moment if left out."},
    )


class EventOut(Schema):
    """One thing that somebody else, or the product, did with the note."""

    kind = fields.Enum(EventKind, by_value=fields.String, required=True)
    at = fields.DateTime(required=True)
    person = fields.String(
        required=True, allow_none=True, metadata={"description": "Null for the product itself."}
    )
    territory = fields.String(
        required=True, allow_none=True, metadata={"description": "Where it was seen too."}
    )
    detail = fields.String(
        required=True,
        metadata={
            "description": "What was said, which fields changed, or where it was sent; of an "
            "outcome in what it was used, from where it was known, or why not now."
        },
    )
    words = fields.String(required=True, metadata={"description": "All of it as a sentence."})
    new = fields.Boolean(required=True)


class MyNoteOut(Schema):
    """One of your notes with what became of it; the counts are of what others did."""

    id = fields.UUID(required=True)
    text = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=fields.String, required=True)
    territory = fields.Nested(TerritoryNameOut, required=True)
    noted_at = fields.DateTime(required=True)
    withdrawn_at = fields.DateTime(required=True, allow_none=True)
    sightings = fields.Integer(required=True)
    comments = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"description": "All of it in one line."})
    news = fields.Boolean(
        required=True, metadata={"description": "Something happened that you have not read."}
    )
    events = fields.List(
        fields.Nested(EventOut),
        required=True,
        metadata={"description": "The newest first, at most five of a kind."},
    )


def my_notes_out(notes: Sequence[MyNote]) -> list[dict[str, Any]]:
    """The notes as `MyNoteOut` describes them."""
    return [_note_out(note) for note in notes]


def _note_out(note: MyNote) -> dict[str, Any]:
    return {
        "id": str(note.id),
        "text": note.text,
        "kind": note.kind,
        "territory": place_name(note.territory),
        "noted_at": iso(note.noted_at),
        "withdrawn_at": iso(note.withdrawn_at) if note.withdrawn_at else None,
        "sightings": note.sightings,
        "comments": note.comments,
        "state": note.state,
        "news": note.has_news,
        "events": [_event_out(one) for one in note.events],
    }


def _event_out(event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind.value,
        "at": iso(event.at),
        "person": event.person,
        "territory": event.territory,
        "detail": event.detail,
        "words": event.words,
        "new": event.is_new,
    }
