"""News: what you are told."""

from typing import Any

from insights.api import cursors
from insights.api.answers import page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.lists import page_of
from insights.schemas.tellings import (
    NewsAnswerOut,
    NewsAnswerPost,
    NewsOut,
    NewsQuery,
    NewsReadPost,
    news_out,
)
from insights.services import letters, tellings

# Its name is the heading in the document.
blueprint = ApiBlueprint("news", __name__)


@blueprint.operation("GET", "/news", scope="read", query=NewsQuery(), answers=page_of(NewsOut))
def list_news(query: dict[str, Any]) -> Answer:
    """What you are told, the newest first, a page at a time; a page may hold less than asked for
    with more to follow."""
    found = letters.list_mine(
        db_session(),
        actor(),
        unread=query["unread"],
        after=cursors.number(query.get("cursor")),
        limit=query["limit"],
    )
    return page([news_out(one) for one in found.items], cursors.of_number(found.next))


@blueprint.operation("POST", "/news/read", scope="write", body=NewsReadPost(), success=(204,))
def read_news(body: dict[str, Any]) -> None:
    """Marks some of your news as read, or all of it; what was read before stays read."""
    tellings.mark_read(
        db_session(), actor(), ids=body.get("ids"), until=body.get("until"), now=now()
    )


@blueprint.operation(
    "POST",
    "/news/<number:telling_id>/answer",
    scope="write",
    body=NewsAnswerPost(),
    answers=NewsAnswerOut(),
)
def answer_news(telling_id: int, body: dict[str, Any]) -> Answer:
    """Gives one of the answers that news of yours offers, and marks it as read."""
    said = letters.answer(db_session(), actor(), telling_id, body["value"], now=now())
    return {"words": said}
