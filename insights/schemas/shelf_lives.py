"""The shapes of a shelf life: how long lines of a type hold."""

from marshmallow import Schema, fields

from insights.models import LineType
from insights.schemas.fields import InputSchema, WholeNumber
from insights.services.shelf_lives import LONGEST_DAYS


class ShelfLifePatch(InputSchema):
    """How long lines of the type are to hold."""

    days = WholeNumber(high=LONGEST_DAYS, required=True)


class ShelfLifeOut(Schema):
    """How many days lines of a type hold without news."""

    type = fields.Enum(LineType, by_value=fields.String, required=True)
    days = fields.Integer(required=True)
