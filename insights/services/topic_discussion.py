"""The discussion of a topic: remarks of all who see it, on one page with those of topics that were
merged into it since.

A remark that was made in a sealed topic stays hidden from those who may not see that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, literal, select, tuple_
from sqlalchemy.orm import Session

from insights.db import UTCDateTime, insert_or_skip
from insights.errors import Conflict, Forbidden, Invalid, NotFound
from insights.models import Person, Topic, TopicComment
from insights.services import access_work
from insights.services.access import Actor
from insights.services.note_cards import Position
from insights.services.topic_work import record, require_unmerged
from insights.text import clean

LONGEST_TEXT = 5_000
MOST_ON_A_PAGE = 100
_NOT_FOUND = "There is no such remark, or you may not see it."


@dataclass(frozen=True, slots=True)
class TopicCommentView:
    """One remark. `origin` is the title of the topic that it was made in, where that is not the
    one that is read because it was merged into it since; else empty."""

    id: UUID
    topic_id: int
    origin: str
    author_id: int
    author_name: str
    text: str
    at: datetime
    edited_at: datetime | None
    may_edit: bool
    may_withdraw: bool


@dataclass(frozen=True)
class CommentPage:
    """The newest remarks in the order in which they were made; `earlier` is where to go on towards
    the beginning, if there are more."""

    items: Sequence[TopicCommentView]
    earlier: Position | None


def add(
    session: Session, actor: Actor, topic_id: int, *, comment_id: UUID, text: str, now: datetime
) -> bool:
    """Stores a remark of whoever sees the topic; False when this id was stored before.

    Raises NotFound, Invalid(text), and Conflict when the id belongs to another remark or the topic
    was merged into another.
    """
    topic = access_work.topic(session, actor, topic_id)
    earlier = session.get(TopicComment, comment_id)
    if earlier is not None:
        _require_same(actor, topic_id, earlier)
        return False
    text = _checked(text)
    require_unmerged(session, actor, topic)
    row = {"id": comment_id, "topic_id": topic_id, "author_id": actor.id, "text": text, "at": now}
    if session.scalars(insert_or_skip(session, TopicComment, TopicComment.id), [row]).all():
        record(
            session, actor, "commented", topic_id, now=now, comment=str(comment_id), what="added"
        )
        return True
    _require_same(actor, topic_id, session.get_one(TopicComment, comment_id))
    return False


def edit(session: Session, actor: Actor, comment_id: UUID, *, text: str, now: datetime) -> bool:
    """Changes what the actor's own remark says; False when it says so already.

    Raises NotFound, Forbidden and Invalid(text).
    """
    comment = _found(session, actor, comment_id)
    if comment.author_id != actor.id:
        raise Forbidden("A remark is changed by whoever made it.")
    if comment.withdrawn_at is not None:
        raise Forbidden("The remark was withdrawn. Write a new one.")
    text = _checked(text)
    if text == comment.text:
        return False
    comment.text, comment.edited_at = text, now
    session.flush()
    record(
        session,
        actor,
        "commented",
        comment.topic_id,
        now=now,
        comment=str(comment_id),
        what="edited",
    )
    return True


def withdraw(session: Session, actor: Actor, comment_id: UUID, *, now: datetime) -> None:
    """Hides a remark; for whoever made it and for admins. Twice changes nothing.

    Raises NotFound and Forbidden.
    """
    comment = _found(session, actor, comment_id)
    if not _may_withdraw(actor, comment.author_id):
        raise Forbidden("A remark is withdrawn by whoever made it or by an admin.")
    if comment.withdrawn_at is None:
        comment.withdrawn_at = now
        session.flush()
        record(
            session,
            actor,
            "commented",
            comment.topic_id,
            now=now,
            comment=str(comment_id),
            what="withdrawn",
        )


def get(session: Session, actor: Actor, comment_id: UUID) -> TopicCommentView:
    """One remark that was not withdrawn, as it stands in its own topic; raises NotFound."""
    row = session.execute(
        _REMARKS.where(TopicComment.id == comment_id, access_work.visible_topics(actor))
    ).one_or_none()
    if row is None:
        raise NotFound(_NOT_FOUND)
    return _view(actor, row, row.topic_id)


def list_comments(
    session: Session,
    actor: Actor,
    topic_id: int,
    *,
    before: Position | None = None,
    limit: int = 50,
) -> CommentPage:
    """The newest remarks, `limit` (at most 100) at a time, older than `before`; with those of
    topics that were merged into this one, as far as the actor may see them.

    Two queries. Raises NotFound.
    """
    access_work.topic(session, actor, topic_id)
    limit = max(1, min(limit, MOST_ON_A_PAGE))
    statement = _REMARKS.where(
        TopicComment.topic_id.in_(_family(topic_id)), access_work.visible_topics(actor)
    )
    if before is not None:
        at = literal(before.noted_at, UTCDateTime())
        identity = literal(before.id, TopicComment.id.type)
        statement = statement.where(tuple_(TopicComment.at, TopicComment.id) < tuple_(at, identity))
    newest = statement.order_by(TopicComment.at.desc(), TopicComment.id.desc())
    rows = session.execute(newest.limit(limit + 1)).all()
    shown = [_view(actor, row, topic_id) for row in reversed(rows[:limit])]
    return CommentPage(shown, Position(shown[0].at, shown[0].id) if len(rows) > limit else None)


_REMARKS: Select[*tuple[Any, ...]] = (
    select(
        TopicComment.id,
        TopicComment.topic_id,
        Topic.title,
        TopicComment.author_id,
        Person.name.label("author_name"),
        TopicComment.text,
        TopicComment.at,
        TopicComment.edited_at,
    )
    .join(Topic, Topic.id == TopicComment.topic_id)
    .join(Person, Person.id == TopicComment.author_id)
    .where(TopicComment.withdrawn_at.is_(None))
)


def _family(topic_id: int) -> Select[int]:
    """The topic and all that were merged into it, one after the other."""
    merged = select(Topic.id).where(Topic.id == topic_id).cte(recursive=True)
    merged = merged.union(select(Topic.id).join(merged, Topic.merged_into_id == merged.c.id))
    found: Select[int] = select(merged.c.id)
    return found


def _view(actor: Actor, row: Row[Any], read_in: int) -> TopicCommentView:
    return TopicCommentView(
        id=row.id,
        topic_id=row.topic_id,
        origin="" if row.topic_id == read_in else row.title,
        author_id=row.author_id,
        author_name=row.author_name,
        text=row.text,
        at=row.at,
        edited_at=row.edited_at,
        may_edit=row.author_id == actor.id,
        may_withdraw=_may_withdraw(actor, row.author_id),
    )


def _may_withdraw(actor: Actor, author_id: int) -> bool:
    return author_id == actor.id or actor.manages_all


def _require_same(actor: Actor, topic_id: int, earlier: TopicComment) -> None:
    if (earlier.author_id, earlier.topic_id) != (actor.id, topic_id):
        raise Conflict("This id belongs to another remark. Send it under a new id.")


def _found(session: Session, actor: Actor, comment_id: UUID) -> TopicComment:
    """The remark, for whoever sees its topic; raises NotFound in the same words for a hidden one
    as for one that is not there."""
    comment = session.get(TopicComment, comment_id)
    if comment is None:
        raise NotFound(_NOT_FOUND)
    try:
        access_work.topic(session, actor, comment.topic_id)
    except NotFound:
        raise NotFound(_NOT_FOUND) from None
    return comment


def _checked(text: str) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise Invalid({"text": ["Write a remark: the text is empty."]})
    if len(cleaned) > LONGEST_TEXT:
        message = f"Shorten the remark to {LONGEST_TEXT:,} characters; it has {len(cleaned):,}."
        raise Invalid({"text": [message]})
    return cleaned
