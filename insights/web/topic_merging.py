"""Making one topic of two, splitting notes off into a new one, and undoing both."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import Conflict, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access_work, topic_merging, topics
from insights.services.topics import TopicFilter
from insights.web.note_forms import sentences
from insights.web.ticked_notes import ticked
from insights.web.topic_rows import rows_of

blueprint = Blueprint("merging", __name__, url_prefix="/<int:topic_id>")

OFFERED = 20


@blueprint.get("/merge")
def choose(topic_id: int) -> ResponseReturnValue:
    """Which topic it is to become a part of: the newest, or those with words in their title."""
    return _choice(topic_id)


@blueprint.post("/merge")
def merge(topic_id: int) -> ResponseReturnValue:
    """Merges the topic into the chosen one."""
    session, me = db_session(), actor()
    into = request.form.get("into", 0, type=int)
    try:
        if not into:
            raise Invalid({"into": ["Choose the topic that is to go on."]})
        topic_merging.merge(session, me, source_id=topic_id, into=into, now=now())
    except Invalid as refusal:
        discard(session)
        return _choice(topic_id, sentences(refusal.fields)), 422
    flash("The topics are one now. You can undo that here.")
    return redirect(url_for("topics.page", topic_id=into), 303)


@blueprint.post("/split")
def split_form(topic_id: int) -> ResponseReturnValue:
    """Asks for the title of the new topic into which the ticked notes go."""
    access_work.require_topic_worker(actor())
    if not ticked():
        flash("No note was ticked. Tick those that are to go into a topic of their own.", "error")
        return redirect(url_for("topics.page", topic_id=topic_id, _anchor="notes"), 303)
    return _split_page(topic_id)


@blueprint.post("/split/new")
def split(topic_id: int) -> ResponseReturnValue:
    """Moves the notes into a new topic."""
    title = request.form.get("title", "")
    try:
        made = topic_merging.split(
            db_session(), actor(), topic_id, ticked(), title=title, now=now()
        )
    except Invalid as refusal:
        discard(db_session())
        return _split_page(topic_id, title, sentences(refusal.fields)), 422
    flash("The notes are in a topic of their own. You can undo that here.")
    return redirect(url_for("topics.page", topic_id=made), 303)


@blueprint.post("/undo/<int:merge_id>")
def undo(topic_id: int, merge_id: int) -> ResponseReturnValue:
    """Takes a merge or a split back; when that is not possible any more, it is said why."""
    try:
        began = topic_merging.undo(db_session(), actor(), merge_id, now=now())
    except Conflict as conflict:
        discard(db_session())
        flash(conflict.message, "error")
        return redirect(url_for("topics.page", topic_id=topic_id), 303)
    flash("Undone: everything is where it was.")
    return redirect(url_for("topics.page", topic_id=began), 303)


def _choice(topic_id: int, errors: Mapping[str, str] | None = None) -> str:
    session, me = db_session(), actor()
    access_work.require_topic_worker(me)
    words = request.values.get("q", "").strip()
    found = topics.list_topics(session, me, TopicFilter(words=words), limit=OFFERED + 1)
    others = [one for one in found.items if one.id != topic_id][:OFFERED]
    return render_template(
        "topics/merge.html",
        topic=topics.get(session, me, topic_id),
        rows=rows_of(others, runtime().today()),
        words=words,
        errors=errors or {},
    )


def _split_page(topic_id: int, title: str = "", errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "topics/split.html",
        topic=topics.get(db_session(), actor(), topic_id),
        note_ids=ticked(),
        title=title,
        errors=errors or {},
    )
