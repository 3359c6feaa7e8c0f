"""The one shape in which the API refuses: problem details after RFC 9457.

Filled by `insights/http/errors.py`; this documents it.
"""

from marshmallow import Schema, fields

MEDIA_TYPE = "application/problem+json"


class Problem(Schema):
    """Why a request was refused, in words for people and by field for programs."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "What is wrong, what to do."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "Messages by field; the empty name is the request as a whole."},
    )
    reference = fields.String(metadata={"description": "Quote it when you report a failure."})
