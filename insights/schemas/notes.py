"""The shapes of a note: as it is posted, as it is changed, and as it is told.

The API, the pages and the import of CSV files read the same fields by the same names. Out it goes
as a dictionary that one function fills (a page of a list holds many notes, and the library's own
way takes several times as long); `NoteOut` documents that dictionary, and a test compares the two.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from marshmallow import Schema, fields, validate

from insights.clock import iso
from insights.models import Audience, Impact, Kind, Known, Source
from insights.schemas.fields import (
    Choice,
    Degrees,
    Identity,
    InputSchema,
    Moment,
    Several,
    Text,
    WholeNumber,
)
from insights.schemas.lists import PageQuery
from insights.schemas.people import PersonNameOut
from insights.schemas.photos import PhotoOut, photo_out
from insights.schemas.tags import (
    CompetitorNameOut,
    ProductNameOut,
    SegmentNameOut,
    TerritoryNameOut,
    named,
    place_name,
    segment_name,
)
from insights.services.note_cards import NoteCard
from insights.services.note_drafts import LONGEST_EXTERNAL_ID, LONGEST_TEXT, MOST_TAGS, NoteDraft
from insights.services.note_history import Change
from insights.services.notes import LONGEST_REASON, NoteChanges

TAGS = ("segments", "competitors", "products")
_WORD = 200
MOST_ACKNOWLEDGED = 50
_TOO_MANY_ACKNOWLEDGED = f"Name at most {MOST_ACKNOWLEDGED} findings."
MOST_DISMISSED = 3 * MOST_TAGS
_TOO_MANY_DISMISSED = f"Name at most {MOST_DISMISSED} tags."
_AUTHOR = "^(me|[1-9][0-9]{0,9})$"


def _tags(what: str) -> Several:
    description = f"{what}, each by slug or name (at most {MOST_TAGS})."
    return Several(Text(longest=_WORD), metadata={"description": description})


def _text(**options: Any) -> Text:
    # Counted by the service, once invisible characters and line ends have been tidied.
    description = f"What was heard or seen, at most {LONGEST_TEXT:,} characters."
    return Text(metadata={"description": description}, **options)


class _NoteFields(InputSchema):
    """What can be said about a note, both when it is posted and later."""

    kind = Choice(Kind, metadata={"description": "Guessed from the text if left out."})
    territory = Text(
        longest=_WORD, metadata={"description": "The owner, by slug, code or name (GA, georgia)."}
    )
    segments = _tags("Segments")
    competitors = _tags("Competitors beside those named in the text")
    products = _tags("Products beside those named in the text")
    account = WholeNumber(allow_none=True, metadata={"description": "The account's id."})
    known = Choice(Known, metadata={"description": "How it is known."})
    impact = Choice(Impact, metadata={"description": "How much it matters."})
    audience = Choice(
        Audience,
        metadata={"description": "Sealed: managers, analysts and the territory's holders."},
    )
    acknowledged = Several(
        Text(longest=_WORD),
        validate=validate.Length(max=MOST_ACKNOWLEDGED, error=_TOO_MANY_ACKNOWLEDGED),
        metadata={
            "description": "The findings of the guard-rails, such as “e-mail”, with which a person "
            "sends the text all the same. Leave it out when nobody can be asked."
        },
    )


class NotePost(_NoteFields):
    """A note to be stored. Only the id, which the client makes, and the text are needed."""

    id = Identity(
        required=True,
        metadata={"description": "Made by the client, best as UUIDv7. A second send adds nothing."},
    )
    text = _text(required=True)
    captured_at = Moment(
        allow_none=True,
        metadata={"description": "When it was captured, by the device's clock; else on receipt."},
    )
    latitude = Degrees(limit=90, allow_none=True)
    longitude = Degrees(limit=180, allow_none=True)
    dismissed = Several(
        Text(longest=_WORD),
        validate=validate.Length(max=MOST_DISMISSED, error=_TOO_MANY_DISMISSED),
        metadata={
            "description": "What the text names but is not to be tagged, as “competitors:SLUG”."
        },
    )
    question = WholeNumber(
        allow_none=True,
        metadata={
            "description": "The id of the question that it answers. One that was closed meanwhile "
            "keeps no note out."
        },
    )
    external_id = Text(
        allow_none=True,
        longest=LONGEST_EXTERNAL_ID,
        metadata={"description": "The note's id in the system that it comes from; unique."},
    )


class NotePatch(_NoteFields):
    """What is to be changed; what is left out stays. Tags given are the whole new set."""

    text = _text()


class NotesQuery(PageQuery):
    """Which notes to list; each filter narrows the list."""

    territory = Text(metadata={"description": "By slug, code or name, with all below it."})
    kind = Choice(Kind)
    competitor = Text(metadata={"description": "By slug, name or alias."})
    product = Text(metadata={"description": "By slug, name or alias."})
    segment = Text(metadata={"description": "By slug or name."})
    account = WholeNumber(metadata={"description": "The account's id."})
    author = Text(
        validate=validate.Regexp(_AUTHOR, error="Give the id of a person, or “me”."),
        metadata={"description": "The id of a person, or `me`."},
    )
    since = Moment(metadata={"description": "Noted at this time or later."})
    until = Moment(metadata={"description": "Noted before this time."})


class WithdrawalPost(InputSchema):
    """Why a note is withdrawn."""

    reason = Text(longest=LONGEST_REASON, load_default="")


def draft_from(data: Mapping[str, Any], source: Source) -> NoteDraft:
    """The draft of what `NotePost` has read; a field without value is left to the draft."""
    given: dict[str, Any] = {name: value for name, value in data.items() if value is not None}
    for name in ("account", "question"):
        if name in given:
            given[f"{name}_id"] = given.pop(name)
    for name in TAGS:
        given[name] = tuple(given.get(name, ()))
    for name in ("dismissed", "acknowledged"):
        if name in given:
            given[name] = frozenset(given[name])
    return NoteDraft(source=source, **given)


def changes_from(data: Mapping[str, Any]) -> NoteChanges:
    """The changes of what `NotePatch` has read; an account of None takes the account away."""
    given = {"account_id" if name == "account" else name: value for name, value in data.items()}
    if "acknowledged" in given:
        given["acknowledged"] = frozenset(given["acknowledged"])
    return cast(NoteChanges, given)


class FieldChangeOut(Schema):
    """One field of a change, in words."""

    field = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)


class RevisionOut(Schema):
    """A change of a note: who made it, when, and what it changed."""

    version = fields.Integer(
        required=True, metadata={"description": "Which version the change made."}
    )
    editor = fields.String(required=True)
    at = fields.DateTime(required=True)
    changes = fields.List(fields.Nested(FieldChangeOut), required=True)


class AccountNameOut(Schema):
    """An account as a note names it."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class NoteOut(Schema):
    """A note as a reader sees it. Times are ISO 8601 in UTC."""

    id = fields.UUID(required=True)
    external_id = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=fields.String, required=True)
    known = fields.Enum(Known, by_value=fields.String, required=True)
    impact = fields.Enum(Impact, by_value=fields.String, required=True)
    audience = fields.Enum(Audience, by_value=fields.String, required=True)
    source = fields.Enum(Source, by_value=fields.String, required=True)
    author = fields.Nested(PersonNameOut, required=True)
    territory = fields.Nested(TerritoryNameOut, required=True)
    account = fields.Nested(AccountNameOut, required=True, allow_none=True)
    segments = fields.List(fields.Nested(SegmentNameOut), required=True)
    competitors = fields.List(fields.Nested(CompetitorNameOut), required=True)
    products = fields.List(fields.Nested(ProductNameOut), required=True)
    captured_at = fields.DateTime(
        required=True, metadata={"description": "What the device's clock said."}
    )
    received_at = fields.DateTime(required=True)
    noted_at = fields.DateTime(
        required=True, metadata={"description": "By which notes are ordered and counted."}
    )
    clock_doubtful = fields.Boolean(
        required=True, metadata={"description": "The device's clock was not believed."}
    )
    version = fields.Integer(required=True)
    edited_at = fields.DateTime(required=True, allow_none=True)
    withdrawn_at = fields.DateTime(required=True, allow_none=True)
    withdrawn_reason = fields.String(required=True, allow_none=True)
    sightings = fields.Integer(required=True)
    comments = fields.Integer(required=True)
    sighted_by_me = fields.Boolean(required=True)
    photos = fields.List(
        fields.Nested(PhotoOut), required=True, metadata={"description": "Those that are ready."}
    )


def note_out(card: NoteCard) -> dict[str, Any]:
    """The card as `NoteOut` describes it, ready for JSON."""
    return {
        "id": str(card.id),
        "external_id": card.external_id,
        "text": card.text,
        "kind": card.kind,
        "known": card.known,
        "impact": card.impact,
        "audience": card.audience,
        "source": card.source,
        "author": {"id": card.author_id, "name": card.author_name},
        "territory": place_name(card.territory),
        "account": {"id": card.account.id, "name": card.account.name} if card.account else None,
        "segments": [segment_name(one) for one in card.segments],
        "competitors": [named(one) for one in card.competitors],
        "products": [named(one) for one in card.products],
        "captured_at": iso(card.captured_at),
        "received_at": iso(card.received_at),
        "noted_at": iso(card.noted_at),
        "clock_doubtful": card.clock_doubtful,
        "version": card.version,
        "edited_at": iso(card.edited_at) if card.edited_at else None,
        "withdrawn_at": iso(card.withdrawn_at) if card.withdrawn_at else None,
        "withdrawn_reason": card.withdrawn_reason,
        "sightings": card.sightings,
        "comments": card.comments,
        "sighted_by_me": card.sighted_by_me,
        "photos": [photo_out(one) for one in card.photos],
    }


def revision_out(change: Change) -> dict[str, Any]:
    """The change as `RevisionOut` describes it."""
    return {
        "version": change.version,
        "editor": change.editor_name,
        "at": iso(change.at),
        "changes": [
            {
                "field": one.field.removesuffix("_id"),
                "before": "".join(piece.text for piece in one.before),
                "after": "".join(piece.text for piece in one.after),
            }
            for one in change.fields
        ],
    }


def notes_out(cards: Sequence[NoteCard]) -> list[dict[str, Any]]:
    """Several cards."""
    return [note_out(card) for card in cards]
