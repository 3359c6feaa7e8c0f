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
from insights.schemas.merges import MergedOut, merged_out
from insights.schemas.proposed_names import (
    ProposedAliasPost,
    ProposedNameOut,
    ProposedNamePost,
    proposed_name_out,
)
from insights.services import competitors, name_proposals

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
    """Makes two competitors one: notes, products, lines of the battlecard, aliases and the slug go
    to the other.

    Answers that other one. For analysts, managers and admins.
    """
    return competitor_out(competitors.merge(db_session(), actor(), now=now(), slug=slug, **body))


@blueprint.operation(
    "POST",
    "/competitors/<slug>/part",
    scope="write",
    answers=CompetitorOut(),
    refuses=(409,),
)
def part_competitor(slug: str) -> Answer:
    """Undoes the merge of a competitor into another; what was said since stays with that one.

    Answers the competitor as it is then. For analysts, managers and admins.
    """
    return competitor_out(competitors.part(db_session(), actor(), now=now(), slug=slug))


@blueprint.operation("GET", "/competitors/<slug>/merges", scope="read", answers=list_of(MergedOut))
def list_competitor_merges(slug: str) -> Answer:
    """What was merged into a competitor, newest first, at most 50."""
    found = competitors.list_merged(db_session(), actor(), slug=slug)
    return {"items": [merged_out(one) for one in found]}


@blueprint.operation("GET", "/proposed-competitors", scope="read", answers=list_of(ProposedNameOut))
def list_proposed_competitors() -> Answer:
    """Names that the field mentions and nobody has entered. For analysts, managers and admins."""
    found = name_proposals.list_proposals(db_session(), actor())
    return {"items": [proposed_name_out(one) for one in found]}


@blueprint.operation(
    "POST",
    "/proposed-competitors/alias",
    scope="write",
    body=ProposedAliasPost(),
    answers=CompetitorOut(),
    refuses=(404, 409),
)
def adopt_proposed_name(body: dict[str, Any]) -> Answer:
    """Makes a proposed name an alias of a competitor; answers that one."""
    return competitor_out(name_proposals.adopt(db_session(), actor(), now=now(), **body))


@blueprint.operation(
    "POST",
    "/proposed-competitors/dismiss",
    scope="write",
    body=ProposedNamePost(),
    success=(204,),
    refuses=(404,),
)
def dismiss_proposed_name(body: dict[str, Any]) -> None:
    """Proposes a name never again."""
    name_proposals.dismiss(db_session(), actor(), now=now(), **body)
