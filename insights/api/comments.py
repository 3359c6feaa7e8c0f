"""Comments: the conversation under a note."""

from typing import Any
from uuid import UUID

from insights.api.answers import answer
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.comments import CommentOut, CommentPatch, CommentPost, comment_out
from insights.schemas.lists import list_of
from insights.services import comments

blueprint = ApiBlueprint("comments", __name__)


@blueprint.operation(
    "GET", "/notes/<uuid:note_id>/comments", scope="read", answers=list_of(CommentOut)
)
def list_comments(note_id: UUID) -> Answer:
    """The newest 200 comments of a note, in the order in which they were written."""
    found = comments.list_comments(db_session(), actor(), note_id)
    return {"items": [comment_out(one) for one in found]}


@blueprint.operation(
    "POST",
    "/notes/<uuid:note_id>/comments",
    scope="write",
    body=CommentPost(),
    answers=CommentOut(),
    success=(201, 200),
    refuses=(409,),
)
def post_comment(note_id: UUID, body: dict[str, Any]) -> Answer:
    """Adds a comment: 201 the first time, 200 with the comment when its id was sent before."""
    session, me = db_session(), actor()
    added = comments.add(session, me, note_id, comment_id=body["id"], text=body["text"], now=now())
    stored = comments.get(session, me, body["id"])
    return answer(comment_out(stored), 201 if added else 200)


@blueprint.operation(
    "PATCH",
    "/comments/<uuid:comment_id>",
    scope="write",
    body=CommentPatch(),
    answers=CommentOut(),
)
def edit_comment(comment_id: UUID, body: dict[str, Any]) -> Answer:
    """Changes what a comment says; for its author."""
    session, me = db_session(), actor()
    comments.edit(session, me, comment_id, text=body["text"], now=now())
    return comment_out(comments.get(session, me, comment_id))


@blueprint.operation("POST", "/comments/<uuid:comment_id>/withdraw", scope="write", success=(204,))
def withdraw_comment(comment_id: UUID) -> None:
    """Hides a comment; for its author, managers of the note's territory and admins."""
    comments.withdraw(db_session(), actor(), comment_id, now=now())
