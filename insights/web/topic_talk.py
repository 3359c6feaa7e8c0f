"""The discussion on the page of a topic."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from uuid_utils.compat import uuid7

from insights.db import discard
from insights.errors import Conflict, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import topic_discussion, topics
from insights.web.note_forms import sentences
from insights.web.topic_pages import SentRemark, topic_page

blueprint = Blueprint("talk", __name__, url_prefix="/<int:topic_id>/comments")


@blueprint.post("")
def add(topic_id: int) -> ResponseReturnValue:
    """Adds a remark under the id that the form carries, so that a second send adds nothing."""
    session, me = db_session(), actor()
    text, comment_id = request.form.get("text", ""), _sent_id()
    try:
        topic_discussion.add(session, me, topic_id, comment_id=comment_id, text=text, now=now())
    except (Invalid, Conflict) as refusal:
        discard(session)
        fields = refusal.fields if isinstance(refusal, Invalid) else {"text": [refusal.message]}
        remark = SentRemark(text, errors=sentences(fields))
        page = topic_page(topics.get(session, me, topic_id), remark=remark)
        return page, 422 if isinstance(refusal, Invalid) else 409
    return _back(topic_id, f"comment-{comment_id}")


@blueprint.post("/<uuid:comment_id>/edit")
def edit(topic_id: int, comment_id: UUID) -> ResponseReturnValue:
    """Changes what the person's own remark says; a refused text comes back as it was sent."""
    session, me = db_session(), actor()
    # The page may hold several of these forms: each names its field after its remark.
    text = request.form.get(f"text-{comment_id}", "")
    try:
        topic_discussion.edit(session, me, comment_id, text=text, now=now())
    except Invalid as refusal:
        discard(session)
        remark = SentRemark(text, comment_id, sentences(refusal.fields))
        return topic_page(topics.get(session, me, topic_id), remark=remark), 422
    return _back(topic_id, f"comment-{comment_id}")


@blueprint.post("/<uuid:comment_id>/withdraw")
def withdraw(topic_id: int, comment_id: UUID) -> ResponseReturnValue:
    """Hides a remark."""
    topic_discussion.withdraw(db_session(), actor(), comment_id, now=now())
    flash("The comment is withdrawn.")
    return _back(topic_id, "discussion")


def _back(topic_id: int, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("topics.page", topic_id=topic_id, _anchor=anchor), 303)


def _sent_id() -> UUID:
    try:
        return UUID(request.form.get("id", ""))
    except ValueError:
        return uuid7()
