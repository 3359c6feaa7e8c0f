"""The shapes of “still true?”: what somebody is asked of a line, and what they say."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.models import Verdict
from insights.schemas.battlecards import LineOut, line_out
from insights.schemas.fields import Choice, InputSchema
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.services.battlecard_checks import CheckView


class CheckAnswer(InputSchema):
    """What you say of the line."""

    verdict = Choice(Verdict, required=True)


class CheckOut(Schema):
    """A line of which you are asked whether it still holds."""

    id = fields.Integer(required=True)
    line = fields.Nested(LineOut, required=True)
    territory = fields.Nested(
        TerritoryNameOut,
        required=True,
        allow_none=True,
        metadata={"description": "Whose knowledge is asked for."},
    )
    asked_at = fields.DateTime(required=True)
    answered_at = fields.DateTime(required=True, allow_none=True)
    verdict = fields.Enum(Verdict, by_value=fields.String, required=True, allow_none=True)


def check_out(check: CheckView) -> dict[str, Any]:
    """The check as `CheckOut` describes it."""
    return {
        "id": check.id,
        "line": line_out(check.line),
        "territory": place_name(check.place) if check.place else None,
        "asked_at": iso(check.asked_at),
        "answered_at": iso(check.answered_at) if check.answered_at else None,
        "verdict": check.verdict.value if check.verdict else None,
    }
