"""The shapes of a comment."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.schemas.fields import Identity, InputSchema, Text
from insights.schemas.people import PersonNameOut
from insights.services.comments import LONGEST_TEXT, CommentView


class CommentPost(InputSchema):
    """A remark about a note, under an id that the client made."""

    id = Identity(required=True)
    text = Text(required=True, metadata={"description": f"At most {LONGEST_TEXT:,} characters."})


class CommentPatch(InputSchema):
    """What a comment is to say instead."""

    text = Text(required=True, metadata={"description": f"At most {LONGEST_TEXT:,} characters."})


class CommentOut(Schema):
    """A remark about a note."""

    id = fields.UUID(required=True)
    note_id = fields.UUID(required=True)
    author = fields.Nested(PersonNameOut, required=True)
    text = fields.String(required=True)
    at = fields.DateTime(required=True)
    edited_at = fields.DateTime(required=True, allow_none=True)


def comment_out(comment: CommentView) -> dict[str, Any]:
    """The comment as `CommentOut` describes it."""
    return {
        "id": str(comment.id),
        "note_id": str(comment.note_id),
        "author": {"id": comment.author_id, "name": comment.author_name},
        "text": comment.text,
        "at": iso(comment.at),
        "edited_at": iso(comment.edited_at) if comment.edited_at else None,
    }
