"""The shapes of handovers, must-knows, and of who has read what."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.models import HandoverState
from insights.schemas.assignments import HeldTerritoryOut
from insights.schemas.fields import (
    Choice,
    Day,
    Identity,
    InputSchema,
    Moment,
    Several,
    Switch,
    Text,
    WholeNumber,
)
from insights.schemas.lists import PageQuery
from insights.schemas.people import PersonNameOut
from insights.services.handover_progress import Progress
from insights.services.handovers import HandoverView
from insights.services.must_knows import LONGEST, MustKnowView, Prompt

_ON = {"description": "The first day of the next holder."}
_INTERIM = {"description": "Whether they only hold it until somebody is found."}
_PROMPT = {"description": "The question of the exit interview that it answers."}


class HandoversQuery(PageQuery):
    """Which handovers to list."""

    state = Choice(HandoverState)


class HandoverForm(InputSchema):
    """What can be said of a handover; what is left out stays."""

    on = Day(metadata=_ON)
    to_id = WholeNumber()
    interim = Switch(metadata=_INTERIM)


class NextHolder(InputSchema):
    """A territory and who is to hold it next."""

    territory = Text(required=True, longest=80, metadata={"description": "Its slug."})
    to = WholeNumber(required=True, metadata={"description": "The person's id."})


class HandoverPost(InputSchema):
    """Handovers of one leaver, one for each territory."""

    leaver = WholeNumber(
        allow_none=True,
        load_default=None,
        metadata={"description": "The holder's id; null for territories that nobody holds."},
    )
    territories = Several(fields.Nested(NextHolder()), required=True)
    on = Day(required=True, metadata=_ON)
    interim = Switch(load_default=False, metadata=_INTERIM)


class HandoverPatch(InputSchema):
    """What is to be changed of a prepared handover; what is left out stays."""

    to = WholeNumber(attribute="to_id", metadata={"description": "The person's id."})
    on = Day(metadata=_ON)
    interim = Switch(metadata=_INTERIM)


class ReadLinesPost(InputSchema):
    """Lines of the brief that have been read."""

    lines = Several(Text(longest=60), required=True, metadata={"description": "Their keys."})


class ReadOut(Schema):
    """How many of them had not been."""

    marked = fields.Integer(required=True)


class MustKnowPut(InputSchema):
    """A must-know to be pinned; its id stands in the address."""

    text = Text(required=True, longest=LONGEST)
    prompt = Choice(Prompt, allow_none=True, load_default=None, metadata=_PROMPT)
    note = Identity(allow_none=True, load_default=None)
    account = WholeNumber(allow_none=True, load_default=None)


class MustKnowPatch(InputSchema):
    """Other words for a must-know."""

    text = Text(required=True, longest=LONGEST)
    last_change = Moment(
        metadata={"description": "The `edited_at` that you read; refused if it changed since."}
    )


class HandoverOut(Schema):
    """A territory on its way from one holder to the next."""

    id = fields.Integer(required=True)
    territory = fields.Nested(HeldTerritoryOut, required=True)
    leaver = fields.Nested(PersonNameOut, required=True, allow_none=True)
    to = fields.Nested(PersonNameOut, required=True)
    on = fields.Date(required=True, metadata=_ON)
    interim = fields.Boolean(required=True, metadata=_INTERIM)
    state = fields.Enum(HandoverState, by_value=fields.String, required=True)
    created_at = fields.DateTime(required=True)
    interviewed_at = fields.DateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When the leaver said that everything is told."},
    )
    done_at = fields.DateTime(required=True, allow_none=True)


class SectionProgressOut(Schema):
    """How many lines of a section have been read."""

    name = fields.String(required=True)
    read = fields.Integer(required=True)
    total = fields.Integer(required=True)


class ProgressOut(Schema):
    """How far the next holder is with the brief."""

    read = fields.Integer(required=True)
    total = fields.Integer(required=True)
    last_read_at = fields.DateTime(required=True, allow_none=True)
    sections = fields.List(fields.Nested(SectionProgressOut), required=True)


class MustKnowOut(Schema):
    """What whoever holds the territory must know."""

    id = fields.UUID(required=True)
    text = fields.String(required=True)
    prompt = fields.Enum(Prompt, by_value=fields.String, required=True, allow_none=True)
    note = fields.UUID(required=True, allow_none=True)
    account = fields.Nested(PersonNameOut, required=True, allow_none=True)
    author = fields.Nested(PersonNameOut, required=True)
    at = fields.DateTime(required=True)
    edited_at = fields.DateTime(required=True, allow_none=True)


def handover_out(found: HandoverView) -> dict[str, Any]:
    """The handover as `HandoverOut` describes it."""
    leaver = None
    if found.from_id is not None:
        leaver = {"id": found.from_id, "name": found.from_name}
    return {
        "id": found.id,
        "territory": {"slug": found.territory.slug, "name": found.territory.name},
        "leaver": leaver,
        "to": {"id": found.to_id, "name": found.to_name},
        "on": found.on.isoformat(),
        "interim": found.interim,
        "state": found.state.value,
        "created_at": iso(found.created_at),
        "interviewed_at": iso(found.interviewed_at) if found.interviewed_at else None,
        "done_at": iso(found.done_at) if found.done_at else None,
    }


def progress_out(found: Progress) -> dict[str, Any]:
    """The progress as `ProgressOut` describes it."""
    return {
        "read": found.read,
        "total": found.total,
        "last_read_at": iso(found.last_read_at) if found.last_read_at else None,
        "sections": [
            {"name": one.name.value, "read": one.read, "total": one.total} for one in found.sections
        ],
    }


def must_know_out(found: MustKnowView) -> dict[str, Any]:
    """The must-know as `MustKnowOut` describes it."""
    account = None
    if found.account is not None:
        account = {"id": found.account.id, "name": found.account.name}
    return {
        "id": str(found.id),
        "text": found.text,
        "prompt": found.prompt.value if found.prompt else None,
        "note": str(found.note_id) if found.note_id else None,
        "account": account,
        "author": {"id": found.author_id, "name": found.author_name},
        "at": iso(found.at),
        "edited_at": iso(found.edited_at) if found.edited_at else None,
    }
