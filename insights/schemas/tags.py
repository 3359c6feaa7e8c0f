"""What notes are tagged with and filed under, as other shapes name it: by slug and name."""

from typing import Any

from marshmallow import Schema, fields

from insights.schemas.fields import Text
from insights.services.catalogue import Item, Place, SegmentItem
from insights.services.names import LONGEST


def name_field(**options: Any) -> Text:
    """What a named thing is called."""
    return Text(longest=LONGEST, **options)


class _NameOut(Schema):
    slug = fields.String(required=True, metadata={"description": "Stays when the name changes."})
    name = fields.String(required=True)


class TerritoryNameOut(_NameOut):
    """A territory, by name."""

    code = fields.String(required=True, allow_none=True)


class SegmentNameOut(_NameOut):
    """A segment, by name."""

    dimension = fields.Integer(required=True, metadata={"description": "1 or 2."})


class CompetitorNameOut(_NameOut):
    """A competitor, by name."""


class ProductNameOut(_NameOut):
    """A product, by name."""


def named(item: Item) -> dict[str, Any]:
    """A competitor or product by name."""
    return {"slug": item.slug, "name": item.name}


def place_name(place: Place) -> dict[str, Any]:
    """A territory by name."""
    return {"slug": place.slug, "name": place.name, "code": place.code}


def segment_name(segment: SegmentItem) -> dict[str, Any]:
    """A segment by name."""
    return {"slug": segment.slug, "name": segment.name, "dimension": segment.dimension}
