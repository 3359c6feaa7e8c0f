"""The shapes of the notes of a topic: gathered, proposed, settled."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from insights.clock import iso
from insights.models import Gathering, Outcome
from insights.schemas.fields import Choice, Identity, InputSchema, Several, Switch, Text
from insights.schemas.lists import PageQuery
from insights.schemas.notes import NoteOut, note_out
from insights.services import topic_outcomes
from insights.services.topic_notes import MOST_AT_ONCE, Gathered, TopicNoteView
from insights.services.topic_outcomes import Settled

HOW_MANY = f"Name 1 to {MOST_AT_ONCE} notes."


class TopicNotesQuery(PageQuery):
    """Which notes of a topic to list."""

    gathering = Choice(Gathering, load_default=Gathering.GATHERED)
    settled = Switch(metadata={"description": "Only those with an outcome, or without one."})


def notes_field(**options: Any) -> Several:
    """Which notes a deed is about."""
    return Several(
        Identity(),
        validate=validate.Length(1, MOST_AT_ONCE, error=HOW_MANY),
        metadata={"description": f"The ids of 1 to {MOST_AT_ONCE} notes."},
        **options,
    )


class TopicNotesPost(InputSchema):
    """Notes of a topic."""

    notes = notes_field(required=True)


class ProposalsPost(InputSchema):
    """Notes that were proposed."""

    notes = notes_field(load_default=None, allow_none=True)


class OutcomesPost(InputSchema):
    """What became of some notes."""

    notes = notes_field(required=True)
    outcome = Choice(Outcome, required=True)
    text = Text(
        load_default="",
        metadata={
            "description": "Used in what, why not now, known from where: at most "
            f"{topic_outcomes.LONGEST_TEXT} characters."
        },
    )
    known_note = Identity(
        load_default=None,
        allow_none=True,
        metadata={"description": "The note that said the same before."},
    )


class TopicNoteOut(Schema):
    """A note of a topic."""

    note = fields.Nested(NoteOut, required=True)
    gathering = fields.Enum(Gathering, by_value=fields.String, required=True)
    added_by = fields.String(
        required=True, metadata={"description": "Empty when a trend or a search proposed it."}
    )
    added_at = fields.DateTime(required=True)
    outcome = fields.Enum(Outcome, by_value=fields.String, required=True, allow_none=True)
    outcome_text = fields.String(required=True)
    known_note_id = fields.UUID(required=True, allow_none=True)
    outcome_by = fields.String(required=True)
    outcome_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "When it was first said."}
    )


class RefusedNoteOut(Schema):
    """A note that was refused, and why."""

    note_id = fields.UUID(required=True)
    problem = fields.String(required=True)


class GatheredOut(Schema):
    """What came of gathering notes."""

    added = fields.List(fields.UUID(), required=True)
    unchanged = fields.List(
        fields.UUID(), required=True, metadata={"description": "Those that were in the topic."}
    )
    refused = fields.List(fields.Nested(RefusedNoteOut), required=True)


class TopicNotesMovedOut(Schema):
    """How many notes were concerned."""

    notes = fields.Integer(required=True)


class SettledOut(Schema):
    """What came of saying outcomes."""

    notes = fields.List(
        fields.UUID(), required=True, metadata={"description": "Those whose outcome it is now."}
    )
    told = fields.Integer(required=True, metadata={"description": "How many people were told."})
    refused = fields.List(fields.Nested(RefusedNoteOut), required=True)


def topic_note_out(found: TopicNoteView) -> dict[str, Any]:
    """The note as `TopicNoteOut` describes it."""
    return {
        "note": note_out(found.card),
        "gathering": found.gathering.value,
        "added_by": found.added_by,
        "added_at": iso(found.added_at),
        "outcome": found.outcome.value if found.outcome else None,
        "outcome_text": found.outcome_text,
        "known_note_id": str(found.known_note_id) if found.known_note_id else None,
        "outcome_by": found.outcome_by,
        "outcome_at": iso(found.outcome_at) if found.outcome_at else None,
    }


def gathered_out(gathered: Gathered) -> dict[str, Any]:
    """What came of it as `GatheredOut` describes it."""
    return {
        "added": [str(one) for one in gathered.added],
        "unchanged": [str(one) for one in gathered.unchanged],
        "refused": _refused(gathered.refused),
    }


def settled_out(settled: Settled) -> dict[str, Any]:
    """What came of it as `SettledOut` describes it."""
    return {
        "notes": [str(one) for one in settled.notes],
        "told": settled.told,
        "refused": _refused(settled.refused),
    }


def _refused(refused: Mapping[UUID, str]) -> list[dict[str, str]]:
    return [{"note_id": str(one), "problem": problem} for one, problem in refused.items()]
