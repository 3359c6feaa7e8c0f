"""The shapes of a proposed name: what the field mentions and nobody has entered."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.schemas.fields import InputSchema, Text
from insights.services.name_proposals import Proposal
from insights.services.names import LONGEST


class ProposedNamePost(InputSchema):
    """The proposed name that something is to be done with."""

    name = Text(required=True, longest=LONGEST)


class ProposedAliasPost(ProposedNamePost):
    """The proposed name, and of which competitor it is another name."""

    competitor = Text(required=True, metadata={"description": "The slug of the competitor."})


class ProposedNameOut(Schema):
    """A name that notes of the last 90 days mention."""

    name = fields.String(required=True)
    notes = fields.Integer(required=True, metadata={"description": "Of those open to everyone."})
    people = fields.Integer(required=True)
    last_at = fields.DateTime(required=True)


def proposed_name_out(proposal: Proposal) -> dict[str, Any]:
    """The proposal as `ProposedNameOut` describes it."""
    return {
        "name": proposal.name,
        "notes": proposal.notes,
        "people": proposal.people,
        "last_at": iso(proposal.last_at),
    }
