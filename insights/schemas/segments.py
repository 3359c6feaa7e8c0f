"""The shapes of a segment and of the two dimensions."""

from typing import Any

from marshmallow import Schema, fields

from insights.schemas.fields import InputSchema, Text, WholeNumber
from insights.schemas.lists import ArchivedQuery
from insights.schemas.tags import SegmentNameOut, segment_name
from insights.services.catalogue import SegmentItem

_NAME = {"maxLength": 120}


class SegmentsQuery(ArchivedQuery):
    """Which segments to list."""

    dimension = WholeNumber(high=2)


class SegmentPost(InputSchema):
    """A segment to be added."""

    name = Text(required=True, metadata=_NAME)
    dimension = WholeNumber(high=2, required=True)


class RenamePatch(InputSchema):
    """Another name."""

    name = Text(required=True, metadata=_NAME)


class SegmentOut(SegmentNameOut):
    """A value of one of the two dimensions."""

    archived = fields.Boolean(required=True)


class DimensionOut(Schema):
    """What a group of segments tells apart."""

    dimension = fields.Integer(required=True)
    name = fields.String(required=True)


def segment_out(segment: SegmentItem) -> dict[str, Any]:
    """The segment as `SegmentOut` describes it."""
    return {**segment_name(segment), "archived": segment.archived}
