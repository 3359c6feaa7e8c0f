"""The shapes of triage: the inbox, a decision, and what came of it."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields, validate

from insights.clock import iso
from insights.models import Kind, TriageState
from insights.schemas.fields import (
    Choice,
    Identity,
    InputSchema,
    Several,
    Switch,
    Text,
    WholeNumber,
)
from insights.schemas.lists import PageQuery
from insights.schemas.notes import NoteOut, note_out
from insights.schemas.people import PersonNameOut
from insights.services.inbox import InboxItem
from insights.services.triage import MOST_AT_ONCE, Decided, TriageView

_HOW_MANY = f"Name 1 to {MOST_AT_ONCE} notes."


class InboxQuery(PageQuery):
    """Which notes of the inbox to list; each filter narrows the list."""

    state = Choice(TriageState, load_default=TriageState.NEW)
    territory = Text(metadata={"description": "By slug, code or name, with all below it."})
    kind = Choice(Kind)
    competitor = Text(metadata={"description": "By slug, name or alias."})
    mine = Switch(
        load_default=False, metadata={"description": "Only those about which you decided last."}
    )


class TriagePut(InputSchema):
    """How far the note is from now on."""

    state = Choice(TriageState, required=True)
    version = WholeNumber(
        metadata={
            "description": "The version that you have read: when somebody has decided since, the "
            "answer is 409. Without it only the same decision by somebody else is refused."
        }
    )


class DecisionsPost(InputSchema):
    """One decision about several notes."""

    state = Choice(TriageState, required=True)
    notes = Several(
        Identity(),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE, error=_HOW_MANY),
        metadata={"description": f"The ids of 1 to {MOST_AT_ONCE} notes."},
    )


class TriageOut(Schema):
    """How far a note is."""

    note_id = fields.UUID(required=True)
    state = fields.Enum(TriageState, by_value=fields.String, required=True)
    person = fields.Nested(
        PersonNameOut,
        required=True,
        allow_none=True,
        metadata={"description": "Who decided last; null while it is new, and for the operator."},
    )
    opened_at = fields.DateTime(
        required=True, metadata={"description": "When it came into the inbox."}
    )
    changed_at = fields.DateTime(required=True)
    version = fields.Integer(required=True)


class InboxItemOut(Schema):
    """A note of the inbox."""

    note = fields.Nested(NoteOut, required=True)
    triage = fields.Nested(TriageOut, required=True)
    sent_to = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The first few places that got it, other than single persons."},
    )


class DecisionOut(Schema):
    """What came of a decision about one of several notes."""

    note_id = fields.UUID(required=True)
    triage = fields.Nested(
        TriageOut, required=True, allow_none=True, metadata={"description": "Null if refused."}
    )
    problem = fields.String(
        required=True, metadata={"description": "Why it was refused; empty if it was not."}
    )


def triage_out(view: TriageView) -> dict[str, Any]:
    """The state as `TriageOut` describes it."""
    person = {"id": view.person_id, "name": view.person_name} if view.person_id else None
    return {
        "note_id": str(view.note_id),
        "state": view.state.value,
        "person": person,
        "opened_at": iso(view.opened_at),
        "changed_at": iso(view.changed_at),
        "version": view.version,
    }


def inbox_out(items: Sequence[InboxItem]) -> list[dict[str, Any]]:
    """The notes as `InboxItemOut` describes them."""
    return [
        {
            "note": note_out(one.card),
            "triage": triage_out(one.triage),
            "sent_to": list(one.sent_to),
        }
        for one in items
    ]


def decision_out(decided: Decided) -> dict[str, Any]:
    """What came of it as `DecisionOut` describes it."""
    return {
        "note_id": str(decided.note_id),
        "triage": triage_out(decided.triage) if decided.triage else None,
        "problem": decided.problem,
    }
