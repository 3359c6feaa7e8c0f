"""Segments: of which customers the field speaks, and the page of each segment."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.runtime import db_session
from insights.services import catalogue, segments
from insights.web.overview import further_notes, page_parts, trend_rows
from insights.web.trend_cards import emerging_part

blueprint = Blueprint("segments", __name__, url_prefix="/segments")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """All segments in use by dimension, those most spoken about first."""
    session = db_session()
    dimensions = catalogue.current(session).dimensions
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in dimensions.values()}
    for row in trend_rows("segment", "segment_id", segments.list_segments(session, actor())):
        groups[dimensions[row["item"].dimension]].append(row)
    return render_template("segments/index.html", groups=groups)


@blueprint.get("/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """One segment: where it is spoken about, who competes there, and the newest notes."""
    session = db_session()
    about = segments.get(session, actor(), slug=slug)
    further = further_notes("segment", about)
    if further is not None:
        return further
    dimension = catalogue.current(session).dimensions[about.dimension]
    return render_template(
        "segments/page.html",
        dimension=dimension,
        emerging=emerging_part(segment_id=about.id),
        **page_parts("segment", about),
    )
