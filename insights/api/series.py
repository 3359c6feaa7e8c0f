"""Series: notes week by week, as charts draw them. Counted are those that you may see."""

from typing import Any

from flask import url_for

from insights.api.answers import moved, tagged
from insights.api.operations import Answer, ApiBlueprint
from insights.clock import start_of
from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.schemas.series import (
    SeriesOf,
    SeriesOut,
    SeriesQuery,
    item_rows,
    kind_rows,
    series_out,
    share_rows,
)
from insights.services import catalogue, competitors, products, segments, territories
from insights.services.shares import competitor_shares, product_shares
from insights.services.volumes import View, Weeks, weekly_kinds, weekly_segments, weeks_up_to

blueprint = ApiBlueprint("series", __name__)


@blueprint.operation(
    "GET",
    "/series",
    scope="read",
    query=SeriesQuery(),
    answers=SeriesOut(),
    refuses=(503,),
    etag=True,
)
def get_series(query: dict[str, Any]) -> Answer:
    """Notes of the whole company by week."""
    return _counted(query, View())


@blueprint.operation(
    "GET",
    "/territories/<slug>/series",
    scope="read",
    query=SeriesQuery(),
    answers=SeriesOut(),
    refuses=(503,),
    etag=True,
)
def get_territory_series(slug: str, query: dict[str, Any]) -> Answer:
    """Notes of a territory and everything below it by week."""
    session = db_session()
    place = territories.get(session, actor(), slug=slug)
    below = catalogue.current(session).subtree(place.id)
    return _counted(query, View(territory_ids=below))


@blueprint.operation(
    "GET",
    "/competitors/<slug>/series",
    scope="read",
    query=SeriesQuery(),
    answers=SeriesOut(),
    refuses=(503,),
    etag=True,
    moves=True,
)
def get_competitor_series(slug: str, query: dict[str, Any]) -> Answer:
    """Notes about a competitor by week; by competitor: of all, to compare it with."""
    found = competitors.get(db_session(), actor(), slug=slug)
    if found.slug != slug:
        return moved(url_for(".get_competitor_series", slug=found.slug))
    return _counted(query, View(competitor_id=found.id))


@blueprint.operation(
    "GET",
    "/segments/<slug>/series",
    scope="read",
    query=SeriesQuery(),
    answers=SeriesOut(),
    refuses=(503,),
    etag=True,
)
def get_segment_series(slug: str, query: dict[str, Any]) -> Answer:
    """Notes about customers of a segment by week."""
    segment = segments.get(db_session(), actor(), slug=slug)
    return _counted(query, View(segment_id=segment.id))


@blueprint.operation(
    "GET",
    "/products/<slug>/series",
    scope="read",
    query=SeriesQuery(),
    answers=SeriesOut(),
    refuses=(503,),
    etag=True,
)
def get_product_series(slug: str, query: dict[str, Any]) -> Answer:
    """Notes about a product by week; by product: of all, to compare it with."""
    product = products.get(db_session(), actor(), slug=slug)
    return _counted(query, View(product_id=product.id))


def _counted(query: dict[str, Any], view: View) -> Answer:
    today, zone = runtime().today(), runtime().settings.zone
    last = min(query.get("on") or today, today)
    weeks = weeks_up_to(start_of(last, zone), zone, query["weeks"])
    rows = _rows(query["what"], view, weeks)
    return tagged(series_out(query["what"], weeks, rows, today=today))


def _rows(what: SeriesOf, view: View, weeks: Weeks) -> list[dict[str, Any]]:
    session, me, reader = db_session(), actor(), runtime().reader
    match what:
        case SeriesOf.KINDS:
            return kind_rows(weekly_kinds(me, reader, view, weeks=weeks))
        case SeriesOf.COMPETITORS:
            return share_rows(competitor_shares(session, me, reader, view, weeks=weeks))
        case SeriesOf.PRODUCTS:
            return share_rows(product_shares(session, me, reader, view, weeks=weeks))
        case SeriesOf.SEGMENTS:
            return [
                row
                for dimension in sorted(catalogue.current(session).dimensions)
                for row in item_rows(
                    weekly_segments(session, me, reader, view, dimension=dimension, weeks=weeks)
                )
            ]
