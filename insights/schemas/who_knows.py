"""The shapes of who knows about something."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.schemas.fields import QuerySchema, Text, WholeNumber
from insights.schemas.people import PersonNameOut
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.services.query_texts import LONGEST_QUERY
from insights.services.who_knows import MOST_KNOWERS, Knower


class WhoKnowsQuery(QuerySchema):
    """About what somebody is to know; all that is given has to be met."""

    q = Text(
        load_default="",
        longest=LONGEST_QUERY,
        metadata={"description": "In the language of the search box."},
    )
    competitor = Text(metadata={"description": "By slug, name or alias."})
    segment = Text(metadata={"description": "By slug or name."})
    territory = Text(metadata={"description": "By slug, code or name, with all below it."})
    account = WholeNumber(metadata={"description": "The account's id."})
    limit = WholeNumber(high=MOST_KNOWERS, load_default=10, metadata={"description": "People."})


class KnowerOut(Schema):
    """A person with what they told of it, as you may see it."""

    person = fields.Nested(PersonNameOut, required=True)
    active = fields.Boolean(required=True, metadata={"description": "False: they have left."})
    notes = fields.Integer(required=True)
    corroborated = fields.Integer(
        required=True, metadata={"description": "How many of them others have seen too."}
    )
    newest_at = fields.DateTime(required=True)
    territories = fields.List(
        fields.Nested(TerritoryNameOut),
        required=True,
        metadata={"description": "Where most of it is from, at most 3."},
    )


def knower_out(knower: Knower) -> dict[str, Any]:
    """The person as `KnowerOut` describes them."""
    return {
        "person": {"id": knower.person_id, "name": knower.name},
        "active": knower.is_active,
        "notes": knower.notes,
        "corroborated": knower.corroborated,
        "newest_at": iso(knower.newest_at),
        "territories": [place_name(one) for one in knower.territories],
    }
