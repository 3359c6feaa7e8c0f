"""Saved searches: your own, and those that colleagues share."""

from typing import Any

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.lists import page_of
from insights.schemas.saved_searches import (
    SavedSearchesQuery,
    SavedSearchOut,
    SavedSearchPatch,
    SavedSearchPost,
    saved_search_out,
)
from insights.services import saved_searches

# Its name is the heading in the document.
blueprint = ApiBlueprint("searches", __name__)


@blueprint.operation(
    "GET", "/searches", scope="read", query=SavedSearchesQuery(), answers=page_of(SavedSearchOut)
)
def list_saved_searches(query: dict[str, Any]) -> Answer:
    """Saved searches, the last saved first, a page at a time."""
    limit = query["limit"]
    found = saved_searches.list_searches(
        db_session(),
        actor(),
        limit=limit + 1,
        after=cursors.number(query.get("cursor")),
        mine=query.get("mine"),
    )
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return page([saved_search_out(one) for one in shown], cursors.of_number(following))


@blueprint.operation("GET", "/searches/<number:search_id>", scope="read", answers=SavedSearchOut())
def get_saved_search(search_id: int) -> Answer:
    """One saved search."""
    return saved_search_out(saved_searches.get(db_session(), actor(), search_id=search_id))


@blueprint.operation(
    "POST",
    "/searches",
    scope="write",
    body=SavedSearchPost(),
    answers=SavedSearchOut(),
    success=(201,),
)
def post_saved_search(body: dict[str, Any]) -> Answer:
    """Saves a search of your own; you can keep 200."""
    saved = saved_searches.save(db_session(), actor(), now=now(), **body)
    return answer(saved_search_out(saved), 201)


@blueprint.operation(
    "PATCH",
    "/searches/<number:search_id>",
    scope="write",
    body=SavedSearchPatch(),
    answers=SavedSearchOut(),
)
def patch_saved_search(search_id: int, body: dict[str, Any]) -> Answer:
    """Changes a saved search; for its owner, and for admins while it is shared."""
    changed = saved_searches.change(db_session(), actor(), now=now(), search_id=search_id, **body)
    return saved_search_out(changed)


@blueprint.operation("DELETE", "/searches/<number:search_id>", scope="write", success=(204,))
def delete_saved_search(search_id: int) -> None:
    """Removes a saved search for good; for its owner, and for admins while it is shared."""
    saved_searches.remove(db_session(), actor(), now=now(), search_id=search_id)
