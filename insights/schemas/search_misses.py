"""The shapes of searches that found nothing."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.schemas.fields import Switch, Text
from insights.schemas.lists import PageQuery
from insights.services.search_misses import LONGEST, MissView


class MissesQuery(PageQuery):
    """Which searches to list."""

    q = Text(load_default="", longest=LONGEST, metadata={"description": "Words of the query."})
    asked = Switch(
        metadata={"description": "Only those of which a question was made, or only the others."}
    )


class MissOut(Schema):
    """A search of the last 90 days that found nothing."""

    query = fields.String(required=True)
    people = fields.Integer(required=True, metadata={"description": "How many sought it."})
    searches = fields.Integer(
        required=True, metadata={"description": "At most one an hour of each person."}
    )
    newest_at = fields.DateTime(required=True)
    question = fields.Integer(required=True, allow_none=True)


def miss_out(miss: MissView) -> dict[str, Any]:
    """The search as `MissOut` describes it."""
    return {
        "query": miss.query,
        "people": miss.people,
        "searches": miss.searches,
        "newest_at": iso(miss.newest_at),
        "question": miss.question_id,
    }
