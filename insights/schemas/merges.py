"""The shape of a merge: what was merged into something, and whether that was undone."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.services.merging import MergedFrom


class MergedOut(Schema):
    """What was merged into another one."""

    name = fields.String(required=True)
    slug = fields.String(required=True, metadata={"description": "Parts it, while it is open."})
    at = fields.DateTime(required=True)
    by = fields.String(required=True, allow_none=True, metadata={"description": "Who merged it."})
    open = fields.Boolean(required=True, metadata={"description": "Whether it can be undone."})
    undone_at = fields.DateTime(required=True, allow_none=True)
    undone_by = fields.String(required=True, allow_none=True)


def merged_out(merged: MergedFrom) -> dict[str, Any]:
    """The merge as `MergedOut` describes it."""
    return {
        "name": merged.name,
        "slug": merged.slug,
        "at": iso(merged.at),
        "by": merged.actor_name,
        "open": merged.is_open,
        "undone_at": iso(merged.undone_at) if merged.undone_at else None,
        "undone_by": merged.undone_by,
    }
