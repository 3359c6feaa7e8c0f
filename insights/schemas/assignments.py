"""The shapes of an assignment: who held which territory, from a day to a day."""

from typing import Any

from marshmallow import Schema, fields

from insights.schemas.fields import Day, InputSchema, WholeNumber
from insights.schemas.people import PersonNameOut
from insights.services.assignments import Holding

_UNTIL = "The first day on which the territory is no longer held."


class AssignmentPost(InputSchema):
    """Who gets the territory, and from when."""

    person = WholeNumber(required=True, metadata={"description": "The person's id."})
    since = Day(required=True)
    until = Day(allow_none=True, load_default=None, metadata={"description": _UNTIL})


class AssignmentEnd(InputSchema):
    """When an assignment ends."""

    until = Day(required=True, metadata={"description": _UNTIL})


class HeldTerritoryOut(Schema):
    """The territory that was held."""

    slug = fields.String(required=True)
    name = fields.String(required=True)


class AssignmentOut(Schema):
    """Who held which territory, from a day to a day."""

    id = fields.Integer(required=True)
    person = fields.Nested(PersonNameOut, required=True)
    territory = fields.Nested(HeldTerritoryOut, required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True, metadata={"description": _UNTIL})


def assignment_out(holding: Holding) -> dict[str, Any]:
    """The assignment as `AssignmentOut` describes it."""
    return {
        "id": holding.id,
        "person": {"id": holding.person_id, "name": holding.person_name},
        "territory": {"slug": holding.territory_slug, "name": holding.territory_name},
        "since": holding.since.isoformat(),
        "until": holding.until.isoformat() if holding.until else None,
    }
