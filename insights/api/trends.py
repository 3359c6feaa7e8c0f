"""Trends: what surges where, against its own past and the rest of the company."""

from typing import Any

from flask import url_for

from insights.api import cursors
from insights.api.answers import moved, page, tagged
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.lists import page_of
from insights.schemas.notes import NoteOut, notes_out
from insights.schemas.trends import (
    EvidenceQuery,
    MutePut,
    TrendOut,
    TrendQuery,
    TrendsOut,
    TrendsQuery,
    VerdictPut,
    trend_out,
    trends_out,
)
from insights.services import (
    competitors,
    note_cards,
    products,
    segments,
    territories,
    trend_evidence,
    trend_reactions,
    trends,
)

blueprint = ApiBlueprint("trends", __name__)


@blueprint.operation(
    "GET", "/trends", scope="read", query=TrendsQuery(), answers=TrendsOut(), etag=True
)
def list_trends(query: dict[str, Any]) -> Answer:
    """What is emerging anywhere in the company."""
    return _listed(query)


@blueprint.operation(
    "GET",
    "/territories/<slug>/trends",
    scope="read",
    query=TrendsQuery(),
    answers=TrendsOut(),
    etag=True,
)
def list_territory_trends(slug: str, query: dict[str, Any]) -> Answer:
    """What is emerging in a territory and below it."""
    place = territories.get(db_session(), actor(), slug=slug)
    return _listed(query, territory_id=place.id)


@blueprint.operation(
    "GET",
    "/competitors/<slug>/trends",
    scope="read",
    query=TrendsQuery(),
    answers=TrendsOut(),
    etag=True,
    moves=True,
)
def list_competitor_trends(slug: str, query: dict[str, Any]) -> Answer:
    """Where a competitor, or one of its products, is emerging."""
    found = competitors.get(db_session(), actor(), slug=slug)
    if found.slug != slug:
        return moved(url_for(".list_competitor_trends", slug=found.slug))
    return _listed(query, competitor_id=found.id)


@blueprint.operation(
    "GET",
    "/segments/<slug>/trends",
    scope="read",
    query=TrendsQuery(),
    answers=TrendsOut(),
    etag=True,
)
def list_segment_trends(slug: str, query: dict[str, Any]) -> Answer:
    """What is emerging among the customers of a segment."""
    segment = segments.get(db_session(), actor(), slug=slug)
    return _listed(query, segment_id=segment.id)


@blueprint.operation(
    "GET",
    "/products/<slug>/trends",
    scope="read",
    query=TrendsQuery(),
    answers=TrendsOut(),
    etag=True,
)
def list_product_trends(slug: str, query: dict[str, Any]) -> Answer:
    """Where a product is emerging."""
    product = products.get(db_session(), actor(), slug=slug)
    return _listed(query, product_id=product.id)


@blueprint.operation(
    "GET",
    "/trends/<number:trend_id>",
    scope="read",
    query=TrendQuery(),
    answers=TrendOut(),
    etag=True,
)
def get_trend(trend_id: int, query: dict[str, Any]) -> Answer:
    """One trend, as it was last shown or watched by that day."""
    session, me = db_session(), actor()
    trend = trends.get(session, me, trend_id, on=_day(query))
    evidence = trend_evidence.visible(session, me, [trend])
    return tagged(trend_out(trend, evidence[trend.id]))


@blueprint.operation(
    "GET",
    "/trends/<number:trend_id>/evidence",
    scope="read",
    query=EvidenceQuery(),
    answers=page_of(NoteOut),
)
def list_trend_evidence(trend_id: int, query: dict[str, Any]) -> Answer:
    """The notes that prove a trend, newest first, of those that you may see."""
    session, me = db_session(), actor()
    trend = trends.get(session, me, trend_id, on=_day(query))
    ids = trend_evidence.visible(session, me, [trend])[trend.id]
    begin = cursors.number(query.get("cursor")) or 0
    end = begin + query["limit"]
    cards = note_cards.cards_of(session, me, ids[begin:end])
    return page(notes_out(cards), cursors.of_number(end if end < len(ids) else None))


@blueprint.operation("PUT", "/trends/<number:trend_id>/follow", scope="write", success=(204,))
def put_trend_follow(trend_id: int) -> None:
    """Follows a trend; doing so twice changes nothing."""
    trend_reactions.follow(db_session(), actor(), trend_id, now=now())


@blueprint.operation("DELETE", "/trends/<number:trend_id>/follow", scope="write", success=(204,))
def delete_trend_follow(trend_id: int) -> None:
    """Follows a trend no longer."""
    trend_reactions.unfollow(db_session(), actor(), trend_id, now=now())


@blueprint.operation(
    "PUT", "/trends/<number:trend_id>/mute", scope="write", body=MutePut(), success=(204,)
)
def put_trend_mute(trend_id: int, body: dict[str, Any]) -> None:
    """Mutes a trend for you, or for everyone, and says why; again with other words changes them."""
    trend_reactions.mute(db_session(), actor(), trend_id, now=now(), **body)


@blueprint.operation("DELETE", "/trends/<number:trend_id>/mute", scope="write", success=(204,))
def delete_trend_mute(trend_id: int) -> None:
    """Shows a muted trend again: to you, and to everyone for those who may mute it for everyone."""
    trend_reactions.unmute(db_session(), actor(), trend_id, now=now())


@blueprint.operation(
    "PUT", "/trends/<number:trend_id>/verdict", scope="write", body=VerdictPut(), success=(204,)
)
def put_trend_verdict(trend_id: int, body: dict[str, Any]) -> None:
    """Says whether a trend was useful to you. It is reported to admins and tunes nothing."""
    trend_reactions.judge(db_session(), actor(), trend_id, useful=body["useful"], now=now())


@blueprint.operation("DELETE", "/trends/<number:trend_id>/verdict", scope="write", success=(204,))
def delete_trend_verdict(trend_id: int) -> None:
    """Takes your verdict back."""
    trend_reactions.judge(db_session(), actor(), trend_id, useful=None, now=now())


def _listed(query: dict[str, Any], **about: int) -> Answer:
    session, me, limit = db_session(), actor(), query["limit"]
    found = trends.emerging(session, me, on=_day(query), limit=limit, **about)
    chosen = [*found.trends, *found.watched, *(found.muted if query["muted"] else ())]
    strongest = sorted(chosen, key=lambda one: -one.score)
    listed = [one for one in strongest if one.score >= query["least"]][:limit]
    return tagged(trends_out(found, listed, trend_evidence.visible(session, me, listed)))


def _day(query: dict[str, Any]) -> Any:
    return query.get("on") or runtime().today()
