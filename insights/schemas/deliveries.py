"""The shapes of a delivery."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from insights.clock import iso
from insights.models import DeliveryMatter, DeliveryState
from insights.schemas.fields import Choice, Identity, WholeNumber
from insights.schemas.lists import PageQuery
from insights.services.delivery_lists import DeliveryView


class DeliveriesQuery(PageQuery):
    """Which deliveries to list: those of a note, or those to a destination in one state."""

    note = Identity(metadata={"description": "Of this note."})
    destination = WholeNumber(metadata={"description": "To this destination; give one of the two."})
    state = Choice(
        DeliveryState,
        load_default=DeliveryState.DEAD,
        metadata={"description": "Of those to a destination; it does not narrow those of a note."},
    )

    @validates_schema
    def needs_one(self, data: dict[str, Any], **_options: Any) -> None:
        """One of the two is asked for."""
        if ("note" in data) == ("destination" in data):
            raise ValidationError("Say of which note, or to which destination.", "note")


class DeliveryOut(Schema):
    """Something on its way to a destination, or that has arrived there."""

    id = fields.Integer(required=True)
    matter = fields.Enum(DeliveryMatter, by_value=fields.String, required=True)
    note = fields.UUID(required=True, allow_none=True)
    detail = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Which news, the number of the trend, or the Monday of the week."},
    )
    state = fields.Enum(DeliveryState, by_value=fields.String, required=True)
    attempts = fields.Integer(required=True)
    answer = fields.String(
        required=True, metadata={"description": "What the receiver said last when it failed."}
    )
    route_id = fields.Integer(required=True, allow_none=True)
    destination_id = fields.Integer(required=True)
    destination = fields.String(required=True)
    due_at = fields.DateTime(required=True)
    created_at = fields.DateTime(required=True)
    sent_at = fields.DateTime(required=True, allow_none=True)


def delivery_out(delivery: DeliveryView) -> dict[str, Any]:
    """The delivery as `DeliveryOut` describes it."""
    return {
        "id": delivery.id,
        "matter": delivery.matter.value,
        "note": str(delivery.note_id) if delivery.note_id else None,
        "detail": delivery.detail,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "answer": delivery.answer,
        "route_id": delivery.route_id,
        "destination_id": delivery.destination_id,
        "destination": delivery.destination_label,
        "due_at": iso(delivery.due_at),
        "created_at": iso(delivery.created_at),
        "sent_at": iso(delivery.sent_at) if delivery.sent_at else None,
    }
