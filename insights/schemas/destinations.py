"""The shapes of a destination."""

from typing import Any

from marshmallow import Schema, fields

from insights.models import DestinationKind
from insights.schemas.fields import Choice, InputSchema, Text
from insights.services.destinations import LONGEST_ADDRESS, LONGEST_LABEL, DestinationView


class DestinationPost(InputSchema):
    """Where a route is to send; the same address is the same destination."""

    kind = Choice(
        DestinationKind,
        required=True,
        metadata={"description": "slack-person are your own messages; webhooks are added apart."},
    )
    address = Text(
        longest=LONGEST_ADDRESS,
        load_default="",
        metadata={"description": "The mailbox, or the id of the Slack channel."},
    )
    team = Text(longest=20, load_default="", metadata={"description": "The Slack workspace."})


class WebhookPost(InputSchema):
    """A webhook to be added."""

    address = Text(longest=LONGEST_ADDRESS, required=True)
    label = Text(longest=LONGEST_LABEL, required=True)


class DestinationIdOut(Schema):
    """The number of a destination."""

    id = fields.Integer(required=True)


class WebhookOut(DestinationIdOut):
    """A webhook that was added."""

    secret = fields.String(
        required=True,
        metadata={"description": "Signs what is sent (Standard Webhooks). Told this once."},
    )


class DestinationOut(DestinationIdOut):
    """A destination that many people read, with what is on its way to it."""

    kind = fields.Enum(DestinationKind, by_value=fields.String, required=True)
    label = fields.String(required=True)
    takes_sealed = fields.Boolean(required=True)
    trouble = fields.String(
        required=True, metadata={"description": "Why nothing arrives; empty while all is well."}
    )
    waiting = fields.Integer(required=True)
    dead = fields.Integer(required=True, metadata={"description": "Given up."})


def destination_out(place: DestinationView) -> dict[str, Any]:
    """The destination as `DestinationOut` describes it."""
    return {
        "id": place.id,
        "kind": place.kind.value,
        "label": place.label,
        "takes_sealed": place.takes_sealed,
        "trouble": place.trouble,
        "waiting": place.waiting,
        "dead": place.dead,
    }
