"""The shape of a brief: sections of lines."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.schemas.assignments import HeldTerritoryOut
from insights.schemas.fields import Moment, QuerySchema
from insights.services.brief_lines import Brief, BriefLine, Leads, SectionName


class BriefQuery(QuerySchema):
    """From when on lines count as new."""

    since = Moment(metadata={"description": "Lines after it have `new`; none has if left out."})


class QuoteOut(Schema):
    """The beginning of a note."""

    note = fields.UUID(required=True)
    text = fields.String(required=True)
    author = fields.String(required=True)
    at = fields.DateTime(required=True)
    sealed = fields.Boolean(required=True)


class LeadOut(Schema):
    """What a line is about: what sort of thing, and its id, number or slug."""

    to = fields.Enum(Leads, by_value=fields.String, required=True)
    key = fields.String(required=True)


class BriefLineOut(Schema):
    """One thing to know."""

    key = fields.String(required=True, metadata={"description": "Stays the same from day to day."})
    title = fields.String(required=True)
    facts = fields.List(fields.String(), required=True)
    at = fields.DateTime(required=True, allow_none=True)
    new = fields.Boolean(required=True)
    leads = fields.Nested(LeadOut, required=True, allow_none=True)
    quote = fields.Nested(QuoteOut, required=True, allow_none=True)


class BriefSectionOut(Schema):
    """Lines under a heading."""

    name = fields.Enum(SectionName, by_value=fields.String, required=True)
    counted = fields.Boolean(
        required=True, metadata={"description": "False while the search index is missing."}
    )
    lines = fields.List(fields.Nested(BriefLineOut), required=True)


class BriefOut(Schema):
    """What whoever takes a territory over must know, as you may see it."""

    territory = fields.Nested(HeldTerritoryOut, required=True)
    as_of = fields.DateTime(required=True)
    sections = fields.List(fields.Nested(BriefSectionOut), required=True)


def brief_out(brief: Brief) -> dict[str, Any]:
    """The brief as `BriefOut` describes it."""
    return {
        "territory": {"slug": brief.territory.slug, "name": brief.territory.name},
        "as_of": iso(brief.as_of),
        "sections": [
            {
                "name": one.name.value,
                "counted": one.is_counted,
                "lines": [_line(brief, line) for line in one.lines],
            }
            for one in brief.sections
        ],
    }


def _line(brief: Brief, line: BriefLine) -> dict[str, Any]:
    quote = None
    if line.quote is not None:
        quote = {
            "note": str(line.quote.note_id),
            "text": line.quote.text,
            "author": line.quote.author_name,
            "at": iso(line.quote.at),
            "sealed": line.quote.sealed,
        }
    return {
        "key": line.key,
        "title": line.title,
        "facts": list(line.facts),
        "at": iso(line.at) if line.at else None,
        "new": brief.is_new(line),
        "leads": {"to": line.lead.to.value, "key": line.lead.key} if line.lead else None,
        "quote": quote,
    }
