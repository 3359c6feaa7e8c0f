"""Who knows about a word, a competitor, a segment, a territory or an account."""

from typing import Any

from insights.api.answers import answer
from insights.api.named import named_ids
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.lists import list_of
from insights.schemas.who_knows import KnowerOut, WhoKnowsQuery, knower_out
from insights.services import who_knows
from insights.services.who_knows import About

# Its name is the heading in the document.
blueprint = ApiBlueprint("who knows", __name__)


@blueprint.operation(
    "GET",
    "/who-knows",
    scope="read",
    query=WhoKnowsQuery(),
    answers=list_of(KnowerOut),
    refuses=(503,),
)
def list_who_knows(query: dict[str, Any]) -> Answer:
    """People by what they told lately and others have confirmed, those who know most first.

    Only notes that you may see count, at most 2,000 of them; nobody is named when nothing is asked.
    """
    session = db_session()
    about = About(words=query["q"], account_id=query.get("account"), **named_ids(session, query))
    found = who_knows.who_knows(
        session,
        actor(),
        runtime().reader,
        about=about,
        now=now(),
        limit=query["limit"],
        zone=runtime().settings.zone,
    )
    return answer({"items": [knower_out(one) for one in found]})
