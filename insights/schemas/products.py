"""The shapes of a product."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from insights.schemas.competitors import aliases_field
from insights.schemas.fields import InputSchema, Text
from insights.schemas.tags import ProductNameOut, name_field, named
from insights.services.catalogue import NamedItem


def _maker() -> Text:
    return Text(
        allow_none=True,
        metadata={"description": "The slug of the competitor whose it is; null for ours."},
    )


class ProductPost(InputSchema):
    """A product to be added."""

    name = name_field(required=True)
    aliases = aliases_field()
    competitor = _maker()


class ProductPatch(InputSchema):
    """What is to be changed of a product; what is left out stays."""

    name = name_field()
    aliases = aliases_field()
    competitor = _maker()


class ProductMerge(InputSchema):
    """What a product is to be merged into."""

    into = Text(required=True, metadata={"description": "The slug of the other product."})


class ProductOut(ProductNameOut):
    """Something that is sold; ours when it belongs to no competitor."""

    aliases = fields.List(fields.String(), required=True)
    competitor = fields.String(
        required=True, allow_none=True, metadata={"description": "The slug of its maker."}
    )
    archived = fields.Boolean(required=True)


def product_out(product: NamedItem, competitors: Mapping[int, NamedItem]) -> dict[str, Any]:
    """The product as `ProductOut` describes it; `competitors` are all, by id."""
    maker = None if product.competitor_id is None else competitors[product.competitor_id].slug
    return {
        **named(product),
        "aliases": list(product.aliases),
        "competitor": maker,
        "archived": product.archived,
    }
