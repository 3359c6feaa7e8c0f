"""Competitors, with all names by which people in the field call them."""

from typing import Any

from flask import url_for

from insights.api.answers import answer, moved
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.competitors import (
    CompetitorMerge,
    CompetitorOut,
    CompetitorPatch,
    CompetitorPost,
    competitor_out,
)
from insights.schemas.lists import ArchivedQuery, list_of
from insights.services import competitors

blueprint = ApiBlueprint("competitors", __name__)


@blueprint.operation(
    "GET", "/competitors", scope="read", query=ArchivedQuery(), answers=list_of(CompetitorOut)
)
def list_competitors(query: dict[str, Any]) -> Answer:
    """Competitors in order of name."""
    found = competitors.list_competitors(db_session(), actor(), archived=query["archived"])
    return {"items": [competitor_out(one) for one in found]}


@blueprint.operation(
    "GET", "/competitors/<slug>", scope="read", answers=CompetitorOut(), moves=True
)
def get_competitor(slug: str) -> Answer:
    """One competitor. One that was merged into another has the address of that other one."""
    found = competitors.get(db_session(), actor(), slug=slug)
    if found.slug != slug:
        return moved(url_for(".get_competitor", slug=found.slug))
    return competitor_out(found)


@blueprint.operation(
    "POST",
    "/competitors",
    scope="write",
    body=CompetitorPost(),
    answers=CompetitorOut(),
    success=(201,),
)
def post_competitor(body: dict[str, Any]) -> Answer:
    """Adds a competitor. For analysts, managers and admins."""
    stored = competitors.create(db_session(), actor(), now=now(), **body)
    return answer(competitor_out(stored), 201)


@blueprint.operation(
    "PATCH",
    "/competitors/<slug>",
    scope="write",
    body=CompetitorPatch(),
    answers=CompetitorOut(),
    refuses=(409,),
)
def patch_competitor(slug: str, body: dict[str, Any]) -> Answer:
    """Changes name or aliases; the slug stays. For analysts, managers and admins."""
    return competitor_out(competitors.change(db_session(), actor(), now=now(), slug=slug, **body))


@blueprint.operation(
    "POST",
    "/competitors/<slug>/archive",
    scope="write",
    answers=CompetitorOut(),
    refuses=(409,),
)
def archive_competitor(slug: str) -> Answer:
    """Takes a competitor out of use: notes keep it, new text is not tagged with it."""
    return competitor_out(competitors.archive(db_session(), actor(), now=now(), slug=slug))


@blueprint.operation(
    "POST",
    "/competitors/<slug>/restore",
    scope="write",
    answers=CompetitorOut(),
    refuses=(409,),
)
def restore_competitor(slug: str) -> Answer:
    """Takes a competitor into use again."""
    return competitor_out(competitors.restore(db_session(), actor(), now=now(), slug=slug))


@blueprint.operation(
    "POST",
    "/competitors/<slug>/merge",
    scope="write",
    body=CompetitorMerge(),
    answers=CompetitorOut(),
    refuses=(409,),
)
def merge_competitor(slug: str, body: dict[str, Any]) -> Answer:
    """Makes two competitors one, for good: notes, products, aliases and the slug go to the other.

    Answers that other one. For analysts, managers and admins.
    """
    return competitor_out(competitors.merge(db_session(), actor(), now=now(), slug=slug, **body))
