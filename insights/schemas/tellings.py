"""The shapes of what somebody is told."""

from typing import Any

from marshmallow import Schema, fields, validate

from insights.clock import iso
from insights.models import TellingMatter
from insights.schemas.fields import InputSchema, Moment, Several, Switch, Text, WholeNumber
from insights.schemas.lists import PageQuery
from insights.services.letter import Leads
from insights.services.letters import MOST_ON_A_PAGE, Told

MOST_READ_AT_ONCE = 100
_NUMBERS = f"Give 1 to {MOST_READ_AT_ONCE} numbers, or leave it out for all."


class NewsQuery(PageQuery):
    """Which news to list."""

    limit = WholeNumber(
        high=MOST_ON_A_PAGE,
        load_default=MOST_ON_A_PAGE,
        metadata={"description": "Items on a page."},
    )
    unread = Switch(
        load_default=False, metadata={"description": "Only what you have not read yet."}
    )


class NewsReadPost(InputSchema):
    """What of your news you have read: all of it when both are left out."""

    ids = Several(
        WholeNumber(),
        validate=validate.Length(1, MOST_READ_AT_ONCE, error=_NUMBERS),
        metadata={"description": f"Up to {MOST_READ_AT_ONCE} numbers of news."},
    )
    until = Moment(metadata={"description": "When you asked for the list."})


class NewsAnswerPost(InputSchema):
    """An answer that is offered with the news."""

    value = Text(
        required=True,
        longest=40,
        metadata={"description": "The `value` of one of its `choices`."},
    )


class NewsChoiceOut(Schema):
    """An answer that can be given."""

    value = fields.String(required=True)
    label = fields.String(required=True)


class NewsOut(Schema):
    """One thing that you are told, in words as you may see it now."""

    id = fields.Integer(required=True)
    matter = fields.Enum(TellingMatter, by_value=fields.String, required=True)
    at = fields.DateTime(required=True)
    read = fields.Boolean(required=True)
    title = fields.String(required=True)
    lines = fields.List(fields.String(), required=True)
    leads_to = fields.Enum(
        Leads, by_value=fields.String, required=True, metadata={"description": "What it is about."}
    )
    key = fields.String(
        required=True, metadata={"description": "The id, number or slug of what it is about."}
    )
    question = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "The question that a note of yours may answer."},
    )
    choices = fields.List(fields.Nested(NewsChoiceOut), required=True)


class NewsAnswerOut(Schema):
    """What is so after an answer."""

    words = fields.String(required=True)


def news_out(told: Told) -> dict[str, Any]:
    """What is told as `NewsOut` describes it."""
    letter = told.letter
    return {
        "id": told.id,
        "matter": told.matter.value,
        "at": iso(told.at),
        "read": told.read,
        "title": letter.title,
        "lines": list(letter.lines),
        "leads_to": letter.leads.value,
        "key": letter.key,
        "question": letter.question_id,
        "choices": [{"value": one.value, "label": one.label} for one in letter.choices],
    }
