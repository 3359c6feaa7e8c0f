"""Segments: the values of two dimensions."""

from typing import Any

from insights.api.answers import answer
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.lists import list_of
from insights.schemas.segments import (
    DimensionOut,
    RenamePatch,
    SegmentOut,
    SegmentPost,
    SegmentsQuery,
    segment_out,
)
from insights.services import catalogue, segments

blueprint = ApiBlueprint("segments", __name__)


@blueprint.operation("GET", "/dimensions", scope="read", answers=list_of(DimensionOut))
def list_dimensions() -> Answer:
    """What the two groups of segments tell apart."""
    known = catalogue.current(db_session()).dimensions
    return {"items": [{"dimension": one, "name": known[one]} for one in sorted(known)]}


@blueprint.operation(
    "PATCH",
    "/dimensions/<number:dimension>",
    scope="admin",
    body=RenamePatch(),
    answers=DimensionOut(),
)
def patch_dimension(dimension: int, body: dict[str, Any]) -> Answer:
    """Gives the dimension 1 or 2 another name. For admins."""
    name = segments.rename_dimension(
        db_session(), actor(), now=now(), dimension=dimension, name=body["name"]
    )
    return {"dimension": dimension, "name": name}


@blueprint.operation(
    "GET", "/segments", scope="read", query=SegmentsQuery(), answers=list_of(SegmentOut)
)
def list_segments(query: dict[str, Any]) -> Answer:
    """Segments by dimension and name."""
    found = segments.list_segments(
        db_session(), actor(), dimension=query.get("dimension"), archived=query["archived"]
    )
    return {"items": [segment_out(one) for one in found]}


@blueprint.operation("GET", "/segments/<slug>", scope="read", answers=SegmentOut())
def get_segment(slug: str) -> Answer:
    """One segment."""
    return segment_out(segments.get(db_session(), actor(), slug=slug))


@blueprint.operation(
    "POST",
    "/segments",
    scope="admin",
    body=SegmentPost(),
    answers=SegmentOut(),
    success=(201,),
)
def post_segment(body: dict[str, Any]) -> Answer:
    """Adds a segment. For admins."""
    return answer(segment_out(segments.create(db_session(), actor(), now=now(), **body)), 201)


@blueprint.operation(
    "PATCH", "/segments/<slug>", scope="admin", body=RenamePatch(), answers=SegmentOut()
)
def patch_segment(slug: str, body: dict[str, Any]) -> Answer:
    """Gives a segment another name; its slug stays. For admins."""
    return segment_out(segments.rename(db_session(), actor(), now=now(), slug=slug, **body))


@blueprint.operation("POST", "/segments/<slug>/archive", scope="admin", answers=SegmentOut())
def archive_segment(slug: str) -> Answer:
    """Takes a segment out of use; notes and accounts keep it. For admins."""
    return segment_out(segments.archive(db_session(), actor(), now=now(), slug=slug))


@blueprint.operation("POST", "/segments/<slug>/restore", scope="admin", answers=SegmentOut())
def restore_segment(slug: str) -> Answer:
    """Takes a segment into use again. For admins."""
    return segment_out(segments.restore(db_session(), actor(), now=now(), slug=slug))
