"""Topics: pieces of work that gather notes, with an answer and an outcome for each note."""

from typing import Any
from uuid import UUID

from flask import url_for

from insights.api import cursors
from insights.api.answers import answer, moved, page, versioned
from insights.api.named import named_ids
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.lists import list_of, page_of
from insights.schemas.topic_notes import (
    GatheredOut,
    OutcomesPost,
    ProposalsPost,
    SettledOut,
    TopicNoteOut,
    TopicNotesMovedOut,
    TopicNotesPost,
    TopicNotesQuery,
    gathered_out,
    settled_out,
    topic_note_out,
)
from insights.schemas.topics import (
    TopicCommentOut,
    TopicCommentPatch,
    TopicCommentPost,
    TopicCommentsQuery,
    TopicCountsOut,
    TopicMergeOut,
    TopicMergePost,
    TopicOut,
    TopicPatch,
    TopicPost,
    TopicRevisionOut,
    TopicSplitPost,
    TopicsQuery,
    counts_out,
    topic_changes,
    topic_comment_out,
    topic_given,
    topic_merge_out,
    topic_out,
    topic_revision_out,
)
from insights.services import (
    topic_discussion,
    topic_merging,
    topic_notes,
    topic_outcomes,
    topics,
)
from insights.services.topics import TopicFilter, TopicPosition

# Its name is the heading in the document.
blueprint = ApiBlueprint("topics", __name__)

_TOPIC = "/topics/<number:topic_id>"


@blueprint.operation("GET", "/topics", scope="read", query=TopicsQuery(), answers=page_of(TopicOut))
def list_topics(query: dict[str, Any]) -> Answer:
    """Topics that you may see, what is due first, then the newest, a page at a time.

    Those that were merged into another are left out.
    """
    session = db_session()
    found = topics.list_topics(
        session,
        actor(),
        TopicFilter(
            states=[query["state"]] if "state" in query else (),
            owner_id=query.get("owner"),
            mine=query["mine"],
            unowned=query["unowned"],
            team=query["team"],
            overdue_on=runtime().today() if query["overdue"] else None,
            words=query["q"],
            trend_id=query.get("trend"),
            **named_ids(session, query),
        ),
        after=TopicPosition.of_number(cursors.number(query.get("cursor"))),
        limit=query["limit"],
    )
    following = cursors.of_number(found.next.number if found.next else None)
    return page([topic_out(one) for one in found.items], following)


@blueprint.operation("GET", "/topics/counts", scope="read", answers=TopicCountsOut())
def count_topics() -> Answer:
    """How many topics that you may see are in each state, and how many are overdue."""
    return counts_out(topics.count_topics(db_session(), actor(), today=runtime().today()))


@blueprint.operation(
    "POST",
    "/topics",
    scope="write",
    body=TopicPost(),
    answers=TopicOut(),
    success=(201,),
    refuses=(404,),
)
def post_topic(body: dict[str, Any]) -> Answer:
    """Opens a topic, from nothing, from notes or from a trend; for analysts, managers and admins.

    Notes that you may not see or that were withdrawn are left out. Whom it is given to is told.
    """
    given = topic_given(body)
    opened = topics.open_topic(db_session(), actor(), now=now(), **given)
    response = answer(topic_out(opened), 201)
    response.headers["Location"] = url_for("api.topics.get_topic", topic_id=opened.id)
    return response


@blueprint.operation("GET", _TOPIC, scope="read", answers=TopicOut(), etag=True, moves=True)
def get_topic(topic_id: int) -> Answer:
    """One topic; the address of one that was merged leads to the other, if you may see that."""
    session, me = db_session(), actor()
    found = topics.get(session, me, topic_id)
    if found.merged_into_id is not None and topics.may_see(session, me, found.merged_into_id):
        return moved(url_for(".get_topic", topic_id=found.merged_into_id))
    return versioned(topic_out(found))


@blueprint.operation(
    "PATCH", _TOPIC, scope="write", body=TopicPatch(), answers=TopicOut(), refuses=(409,)
)
def patch_topic(topic_id: int, body: dict[str, Any]) -> Answer:
    """Changes a topic and keeps what it said before; for analysts, managers and admins.

    With `version` the answer is 409 when somebody has changed it since, and names who.
    """
    version = body.pop("version", None)
    changed = topics.change(
        db_session(), actor(), topic_id, expected_version=version, now=now(), **topic_changes(body)
    )
    return topic_out(changed)


@blueprint.operation("GET", f"{_TOPIC}/revisions", scope="read", answers=list_of(TopicRevisionOut))
def list_topic_revisions(topic_id: int) -> Answer:
    """The changes of a topic, newest first, at most 100."""
    found = topics.history(db_session(), actor(), topic_id)
    return {"items": [topic_revision_out(one) for one in found]}


@blueprint.operation(
    "GET",
    f"{_TOPIC}/notes",
    scope="read",
    query=TopicNotesQuery(),
    answers=page_of(TopicNoteOut),
)
def list_topic_notes(topic_id: int, query: dict[str, Any]) -> Answer:
    """The notes of a topic that you may see, the last added first, a page at a time."""
    found = topic_notes.notes_of(
        db_session(),
        actor(),
        topic_id,
        gathering=query["gathering"],
        settled=query.get("settled"),
        after=cursors.position(query.get("cursor")),
        limit=query["limit"],
    )
    return page([topic_note_out(one) for one in found.items], cursors.of_position(found.next))


@blueprint.operation(
    "POST",
    f"{_TOPIC}/notes",
    scope="write",
    body=TopicNotesPost(),
    answers=GatheredOut(),
    refuses=(409,),
)
def gather_notes(topic_id: int, body: dict[str, Any]) -> Answer:
    """Gathers notes, and tells of each that was refused why; a second time changes nothing."""
    found = topic_notes.gather(db_session(), actor(), topic_id, body["notes"], now=now())
    return gathered_out(found)


@blueprint.operation(
    "POST",
    f"{_TOPIC}/notes/drop",
    scope="write",
    body=TopicNotesPost(),
    answers=TopicNotesMovedOut(),
    refuses=(409,),
)
def drop_notes(topic_id: int, body: dict[str, Any]) -> Answer:
    """Takes gathered notes out of the topic; nothing proposes them to it again."""
    return {"notes": topic_notes.drop(db_session(), actor(), topic_id, body["notes"], now=now())}


@blueprint.operation(
    "POST",
    f"{_TOPIC}/proposals/accept",
    scope="write",
    body=ProposalsPost(),
    answers=TopicNotesMovedOut(),
    refuses=(409,),
)
def accept_proposals(topic_id: int, body: dict[str, Any]) -> Answer:
    """Gathers notes that were proposed; without `notes` all that you may see."""
    return {"notes": topic_notes.accept(db_session(), actor(), topic_id, body["notes"], now=now())}


@blueprint.operation(
    "POST",
    f"{_TOPIC}/proposals/dismiss",
    scope="write",
    body=ProposalsPost(),
    answers=TopicNotesMovedOut(),
    refuses=(409,),
)
def dismiss_proposals(topic_id: int, body: dict[str, Any]) -> Answer:
    """Declines notes that were proposed, for good; without `notes` all that you may see."""
    return {"notes": topic_notes.dismiss(db_session(), actor(), topic_id, body["notes"], now=now())}


@blueprint.operation(
    "POST",
    f"{_TOPIC}/outcomes",
    scope="write",
    body=OutcomesPost(),
    answers=SettledOut(),
    refuses=(409,),
)
def post_outcomes(topic_id: int, body: dict[str, Any]) -> Answer:
    """Says what became of gathered notes.

    With the first outcome of a note its author and all who saw the same are told, once.
    """
    settled = topic_outcomes.settle(
        db_session(),
        actor(),
        topic_id,
        body["notes"],
        body["outcome"],
        text=body["text"],
        known_note_id=body["known_note"],
        now=now(),
    )
    return settled_out(settled)


@blueprint.operation(
    "GET",
    f"{_TOPIC}/comments",
    scope="read",
    query=TopicCommentsQuery(),
    answers=page_of(TopicCommentOut),
)
def list_topic_comments(topic_id: int, query: dict[str, Any]) -> Answer:
    """The discussion of a topic and of those that were merged into it, a page at a time.

    The newest page comes first; each is in the order in which its remarks were made.
    """
    found = topic_discussion.list_comments(
        db_session(),
        actor(),
        topic_id,
        before=cursors.position(query.get("cursor")),
        limit=query["limit"],
    )
    shown = [topic_comment_out(one) for one in found.items]
    return page(shown, cursors.of_position(found.earlier))


@blueprint.operation(
    "POST",
    f"{_TOPIC}/comments",
    scope="write",
    body=TopicCommentPost(),
    answers=TopicCommentOut(),
    success=(201, 200),
    refuses=(409,),
)
def post_topic_comment(topic_id: int, body: dict[str, Any]) -> Answer:
    """Adds a remark: 201 the first time, 200 with the remark when its id was sent before."""
    session, me, comment_id = db_session(), actor(), body["id"]
    added = topic_discussion.add(
        session, me, topic_id, comment_id=comment_id, text=body["text"], now=now()
    )
    stored = topic_discussion.get(session, me, comment_id)
    return answer(topic_comment_out(stored), 201 if added else 200)


@blueprint.operation(
    "PATCH",
    "/topics/comments/<uuid:comment_id>",
    scope="write",
    body=TopicCommentPatch(),
    answers=TopicCommentOut(),
)
def edit_topic_comment(comment_id: UUID, body: dict[str, Any]) -> Answer:
    """Changes what a remark says; for whoever made it."""
    session, me = db_session(), actor()
    topic_discussion.edit(session, me, comment_id, text=body["text"], now=now())
    return topic_comment_out(topic_discussion.get(session, me, comment_id))


@blueprint.operation(
    "POST", "/topics/comments/<uuid:comment_id>/withdraw", scope="write", success=(204,)
)
def withdraw_topic_comment(comment_id: UUID) -> None:
    """Hides a remark; for whoever made it and for admins."""
    topic_discussion.withdraw(db_session(), actor(), comment_id, now=now())


@blueprint.operation(
    "POST",
    f"{_TOPIC}/merge",
    scope="write",
    body=TopicMergePost(),
    answers=TopicOut(),
    refuses=(409,),
)
def merge_topic(topic_id: int, body: dict[str, Any]) -> Answer:
    """Moves all notes of the topic into another one, which is answered, and leads to it."""
    session, me = db_session(), actor()
    topic_merging.merge(session, me, source_id=topic_id, into=body["into"], now=now())
    return topic_out(topics.get(session, me, body["into"]))


@blueprint.operation(
    "POST",
    f"{_TOPIC}/split",
    scope="write",
    body=TopicSplitPost(),
    answers=TopicOut(),
    success=(201,),
    refuses=(409,),
)
def split_topic(topic_id: int, body: dict[str, Any]) -> Answer:
    """Moves notes of the topic, with what became of them, into a new one, which is answered."""
    session, me = db_session(), actor()
    made = topic_merging.split(session, me, topic_id, body["notes"], title=body["title"], now=now())
    return answer(topic_out(topics.get(session, me, made)), 201)


@blueprint.operation("GET", f"{_TOPIC}/merges", scope="read", answers=list_of(TopicMergeOut))
def list_topic_merges(topic_id: int) -> Answer:
    """The merges and splits of a topic, newest first, at most 50."""
    found = topic_merging.merges_of(db_session(), actor(), topic_id)
    return {"items": [topic_merge_out(one) for one in found]}


@blueprint.operation(
    "POST",
    "/topics/merges/<number:merge_id>/undo",
    scope="write",
    answers=TopicOut(),
    refuses=(409,),
)
def undo_topic_merge(merge_id: int) -> Answer:
    """Takes a merge or a split back, and answers the topic that it began with.

    When something was built on it since, the answer is 409 and says what.
    """
    session, me = db_session(), actor()
    return topic_out(topics.get(session, me, topic_merging.undo(session, me, merge_id, now=now())))
