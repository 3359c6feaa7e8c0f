"""Silence: the territories that say less than is usual there."""

from typing import Any

from insights.api import cursors
from insights.api.answers import tagged, with_link
from insights.api.operations import Answer, ApiBlueprint
from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.silence import SilenceMapOut, SilenceQuery, silence_map_out
from insights.services import catalogue
from insights.services.catalogue import Place
from insights.services.lookup import quoted
from insights.services.silence import silence_map

blueprint = ApiBlueprint("silence", __name__)


@blueprint.operation(
    "GET",
    "/silence",
    scope="read",
    query=SilenceQuery(),
    answers=SilenceMapOut(),
    refuses=(503,),
    etag=True,
)
def list_silence(query: dict[str, Any]) -> Answer:
    """Territories with their last 26 weeks against what is usual there, the most silent first.

    Only notes that you may see are counted. The present week counts as far as it has gone.
    """
    begin = cursors.number(query.get("cursor")) or 0
    end = begin + query["limit"]
    found = silence_map(
        db_session(),
        actor(),
        runtime().reader,
        within=_place(query.get("within")),
        regions=query["regions"],
        offset=begin,
        limit=query["limit"],
        zone=runtime().settings.zone,
        now=now(),
    )
    following = cursors.of_number(end if end < found.total else None)
    return with_link(tagged(silence_map_out(found, following)), following)


def _place(word: str | None) -> Place | None:
    if word is None:
        return None
    place = catalogue.current(db_session()).find_territory(word)
    if place is None:
        raise Invalid({"within": [f"“{quoted(word)}” is not known."]})
    return place
