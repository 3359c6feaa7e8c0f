"""The shapes of a segment and of the two dimensions."""

from typing import Any

from marshmallow import Schema, fields

from insights.schemas.fields import InputSchema, WholeNumber
from insights.schemas.lists import ArchivedQuery
from insights.schemas.tags import SegmentNameOut, name_field, segment_name
from insights.services.catalogue import SegmentItem


class SegmentsQuery(ArchivedQuery):
    """Which segments to list."""

    dimension = WholeNumber(high=2)


class SegmentPost(InputSchema):
    """A segment to be added."""

    name = name_field(required=True)
    dimension = WholeNumber(high=2, required=True)


class RenamePatch(InputSchema):
    """Another name."""

    name = name_field(required=True)


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
