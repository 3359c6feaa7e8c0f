"""Search: words and filters in, notes with excerpts and counts out."""

from typing import Any

from insights.api import cursors
from insights.api.answers import answer, with_link
from insights.api.operations import Answer, ApiBlueprint
from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.schemas.search import SearchPageOut, SearchQuery, choice_from, search_out
from insights.services.search import DEEPEST, search

blueprint = ApiBlueprint("search", __name__)


@blueprint.operation(
    "GET",
    "/search",
    scope="read",
    query=SearchQuery(),
    answers=SearchPageOut(),
    refuses=(503,),
)
def search_notes(query: dict[str, Any]) -> Answer:
    """Notes that match, best or newest first, with the pieces of their text around the matches.

    Only notes that you may see are found and counted.
    """
    offset = cursors.number(query.get("cursor")) or 0
    if offset >= DEEPEST:
        raise Invalid({"cursor": [f"Search shows {DEEPEST:,} results. Narrow it by a filter."]})
    found = search(
        db_session(),
        actor(),
        runtime().reader,
        choice_from(query, offset=offset),
        zone=runtime().settings.zone,
        with_facets=query["facets"],
    )
    following = cursors.of_number(found.next_offset)
    return with_link(answer(search_out(found, following)), following)
