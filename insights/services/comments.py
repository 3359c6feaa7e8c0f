"""Comments: the conversation under a note, seen by whoever may see the note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.errors import Conflict, Forbidden, Invalid, NotFound
from insights.models import Comment, Note, Person
from insights.services import access, journal
from insights.services.access import Actor
from insights.text import clean

LONGEST_TEXT = 5_000
MOST_SHOWN = 200

_Visible: TypeAlias = Select[UUID, UUID, int, str, str, datetime, datetime | None]
_Row: TypeAlias = Row[UUID, UUID, int, str, str, datetime, datetime | None]


@dataclass(frozen=True)
class CommentView:
    """One remark as it is shown."""

    id: UUID
    note_id: UUID
    author_id: int
    author_name: str
    text: str
    at: datetime
    edited_at: datetime | None
    may_edit: bool
    may_withdraw: bool


def add(
    session: Session, actor: Actor, note_id: UUID, *, comment_id: UUID, text: str, now: datetime
) -> bool:
    """Stores a comment; returns False when this id was stored before (a second send).

    Raises NotFound, Invalid(text), and Conflict when the id belongs to another comment.
    """
    note = access.note(session, actor, note_id)
    earlier = session.get(Comment, comment_id)
    if earlier is not None:
        _require_same(actor, note_id, earlier)
        return False
    text = _checked(text)
    if note.withdrawn_at is not None:
        raise Forbidden("The note was withdrawn; its conversation is closed.")
    row = {"id": comment_id, "note_id": note_id, "author_id": actor.id, "text": text, "at": now}
    if session.scalars(insert_or_skip(session, Comment, Comment.id), [row]).all():
        data = {"comment": str(comment_id)}
        journal.append(
            session, "comment.added", ("note", note_id), actor_id=actor.id, now=now, data=data
        )
        return True
    _require_same(actor, note_id, session.get_one(Comment, comment_id))
    return False


def _require_same(actor: Actor, note_id: UUID, earlier: Comment) -> None:
    if (earlier.author_id, earlier.note_id) != (actor.id, note_id):
        raise Conflict("This id belongs to another comment. Send it under a new id.")


def edit(session: Session, actor: Actor, comment_id: UUID, *, text: str, now: datetime) -> bool:
    """Changes what the actor's own comment says; returns False when it says so already.

    What it said before stands in the journal. Raises NotFound, Forbidden and Invalid(text).
    """
    comment, note = _found(session, actor, comment_id)
    if comment.author_id != actor.id:
        raise Forbidden("A comment is changed by its author.")
    if comment.withdrawn_at is not None:
        raise Forbidden("The comment was withdrawn. Write a new one.")
    text = _checked(text)
    if note.withdrawn_at is not None:
        raise Forbidden("The note was withdrawn; its conversation is closed.")
    if text == comment.text:
        return False
    data = {"comment": str(comment_id), "before": comment.text}
    comment.text, comment.edited_at = text, now
    session.flush()
    journal.append(
        session, "comment.edited", ("note", note.id), actor_id=actor.id, now=now, data=data
    )
    return True


def withdraw(session: Session, actor: Actor, comment_id: UUID, *, now: datetime) -> None:
    """Hides a comment; for its author and managers of the note's territory.

    Raises NotFound and Forbidden. Withdrawing twice changes nothing.
    """
    comment, note = _found(session, actor, comment_id)
    if not _may_withdraw(actor, comment.author_id, note):
        raise Forbidden("A comment is withdrawn by its author or a manager of the territory.")
    if comment.withdrawn_at is None:
        comment.withdrawn_at = now
        session.flush()
        data = {"comment": str(comment_id)}
        journal.append(
            session, "comment.withdrawn", ("note", note.id), actor_id=actor.id, now=now, data=data
        )


def _found(session: Session, actor: Actor, comment_id: UUID) -> tuple[Comment, Note]:
    """The comment and its note, for whoever may see the note; raises NotFound, in the same words
    for a comment of a hidden note as for one that is not there."""
    not_found = NotFound("There is no such comment, or you may not see it.")
    comment = session.get(Comment, comment_id)
    if comment is None:
        raise not_found
    try:
        return comment, access.note(session, actor, comment.note_id)
    except NotFound:
        raise not_found from None


def get(session: Session, actor: Actor, comment_id: UUID) -> CommentView:
    """One comment that was not withdrawn, for whoever may see its note; raises NotFound."""
    statement = _visible().where(Comment.id == comment_id)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound("There is no such comment, or it was withdrawn.")
    return _view(row, actor, access.note(session, actor, row.note_id))


def list_comments(session: Session, actor: Actor, note_id: UUID) -> Sequence[CommentView]:
    """The newest 200 comments of a note in the order they were written. Raises NotFound."""
    note = access.note(session, actor, note_id)
    newest = _visible().where(Comment.note_id == note_id)
    newest = newest.order_by(Comment.at.desc(), Comment.id.desc()).limit(MOST_SHOWN)
    return [_view(row, actor, note) for row in reversed(session.execute(newest).all())]


def _visible() -> _Visible:
    return (
        select(
            Comment.id,
            Comment.note_id,
            Comment.author_id,
            Person.name.label("author_name"),
            Comment.text,
            Comment.at,
            Comment.edited_at,
        )
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.withdrawn_at.is_(None))
    )


def _view(row: _Row, actor: Actor, note: Note) -> CommentView:
    may_edit = row.author_id == actor.id and note.withdrawn_at is None
    return CommentView(*row, may_edit, _may_withdraw(actor, row.author_id, note))


def _may_withdraw(actor: Actor, author_id: int, note: Note) -> bool:
    return author_id == actor.id or actor.manages(note.territory_id)


def _checked(text: str) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise Invalid({"text": ["Write a comment: the text is empty."]})
    if len(cleaned) > LONGEST_TEXT:
        raise Invalid(
            {"text": [f"Shorten the comment to {LONGEST_TEXT:,} characters; it has "
                      f"{len(cleaned):,}."]}
        )  # fmt: skip
    return cleaned
