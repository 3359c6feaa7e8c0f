"""Briefs of territories: all that whoever takes one over must know."""

from typing import Any

from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.briefs import BriefOut, BriefQuery, brief_out
from insights.services import briefs, territories

# Its name is the heading in the document.
blueprint = ApiBlueprint("briefs", __name__)


@blueprint.operation(
    "GET", "/territories/<slug>/brief", scope="read", query=BriefQuery(), answers=BriefOut()
)
def get_brief(slug: str, query: dict[str, Any]) -> Answer:
    """The brief of a territory with everything below it, as you may see it at this moment."""
    session, me = db_session(), actor()
    found = briefs.brief(
        session,
        me,
        runtime().reader,
        territory_id=territories.get(session, me, slug=slug).id,
        now=now(),
        today=runtime().today(),
        zone=runtime().settings.zone,
        since=query.get("since"),
    )
    return brief_out(found)
