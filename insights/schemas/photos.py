"""The shapes of a photo: as it is announced, and as it is told."""

from typing import Any

from marshmallow import Schema, fields, validate

from insights.models import AttachmentState
from insights.schemas.fields import Identity, InputSchema, Text, WholeNumber
from insights.services.photos import LARGEST_PHOTO, PhotoView


class PhotoPost(InputSchema):
    """A photo that is going to be sent, under an id that the client made."""

    id = Identity(required=True)
    size = WholeNumber(
        high=LARGEST_PHOTO, required=True, metadata={"description": "Bytes of the file."}
    )
    sha256 = Text(
        required=True,
        validate=validate.Regexp("^[0-9a-f]{64}$", error="Give 64 digits, 0 to 9 and a to f."),
        metadata={"description": "SHA-256 of the file, in hexadecimal digits."},
    )


class PhotoOut(Schema):
    """A photo of a note. What is shown is made anew from the file, upright, without metadata."""

    id = fields.UUID(required=True)
    note = fields.UUID(required=True, metadata={"description": "The id of its note."})
    state = fields.Enum(AttachmentState, by_value=fields.String, required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes of the file."})
    received = fields.Integer(
        required=True, metadata={"description": "Bytes that are here: where the next piece begins."}
    )
    width = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Pixels, once it is ready."}
    )
    height = fields.Integer(required=True, allow_none=True)
    refusal = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it is not shown."}
    )
    url = fields.String(
        required=True, metadata={"description": "The picture (JPEG), for who is signed in."}
    )
    thumbnail_url = fields.String(
        required=True, metadata={"description": "The same, at most 480 pixels long."}
    )


def photo_out(photo: PhotoView) -> dict[str, Any]:
    """The photo as `PhotoOut` describes it, ready for JSON."""
    return {
        "id": str(photo.id),
        "note": str(photo.note_id),
        "state": photo.state.value,
        "size": photo.size,
        "received": photo.received,
        "width": photo.width,
        "height": photo.height,
        "refusal": photo.refusal,
        "url": f"/photos/{photo.id}",
        "thumbnail_url": f"/photos/{photo.id}/small",
    }
