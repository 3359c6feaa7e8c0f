"""Search: words and filters in, notes with excerpts and counts out."""

from typing import Any

from insights.api import cursors
from insights.api.answers import answer, with_link
from insights.api.operations import Answer, ApiBlueprint
from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.search import (
    SearchPageOut,
    SearchQuery,
    SuggestionsOut,
    SuggestionsQuery,
    choice_from,
    search_out,
    suggestions_out,
)
from insights.services import catalogue
from insights.services.search import search
from insights.services.search_choice import query_text
from insights.services.search_facets import ALL_FACETS
from insights.services.search_request import DEEPEST
from insights.services.suggestions import suggestions

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

    Only notes that you may see are found and counted. The search is exact: unlike the page, it
    never falls back on notes with only some of the words.
    """
    offset = cursors.number(query.get("cursor")) or 0
    if offset >= DEEPEST:
        raise Invalid({"cursor": [f"Search shows {DEEPEST:,} results. Narrow it by a filter."]})
    session, reader = db_session(), runtime().reader
    found = search(
        session,
        actor(),
        reader,
        choice_from(query, offset=offset),
        zone=runtime().settings.zone,
        now=now(),
        facets=ALL_FACETS if query["facets"] else (),
    )
    understood = query_text(catalogue.current(session), found.choice, reader.analysis)
    following = cursors.of_number(found.next_offset)
    return with_link(answer(search_out(found, understood, following)), following)


@blueprint.operation(
    "GET",
    "/search/suggestions",
    scope="read",
    query=SuggestionsQuery(),
    answers=SuggestionsOut(),
    refuses=(503,),
)
def suggest(query: dict[str, Any]) -> Answer:
    """What words that are being typed may become: saved searches, names, words of notes.

    Words come only from notes that you may see.
    """
    found = suggestions(db_session(), actor(), runtime().reader, query["q"], limit=query["limit"])
    return suggestions_out(found)
