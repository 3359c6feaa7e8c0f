"""“Add to a topic”: where the notes go that were ticked in a search or in the inbox, or one note
from its page. Their ids travel in the form, at most `MOST_AT_ONCE`."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import Conflict, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import TopicState
from insights.services import access_work, topic_notes, topics
from insights.services.topic_notes import MOST_AT_ONCE, Gathered
from insights.services.topics import TopicFilter
from insights.web.note_forms import sentences
from insights.web.ticked_notes import ticked
from insights.web.topic_notes import refusals
from insights.web.topic_rows import rows_of

blueprint = Blueprint("choosing", __name__)

OFFERED = 20
AT_WORK = (TopicState.OPEN, TopicState.IN_PROGRESS)


@blueprint.route("/choose", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Into which of the topics that are worked on; without notes it says where to tick some."""
    return _choice()


@blueprint.post("/gather")
def gather() -> ResponseReturnValue:
    """Puts the notes into the chosen topic."""
    session, me, topic_id = db_session(), actor(), request.form.get("topic", 0, type=int)
    try:
        if not topic_id:
            raise Invalid({"topic": ["Choose a topic, or open a new one."]})
        gathered = topic_notes.gather(session, me, topic_id, ticked(), now=now())
    except (Invalid, Conflict) as refusal:
        discard(session)
        fields = refusal.fields if isinstance(refusal, Invalid) else {"topic": [refusal.message]}
        return _choice(sentences(fields)), 422
    flash(_told(gathered))
    return redirect(url_for("topics.page", topic_id=topic_id, _anchor="notes"), 303)


def _choice(errors: Mapping[str, str] | None = None) -> str:
    session, me = db_session(), actor()
    access_work.require_topic_worker(me)
    words = request.values.get("q", "").strip()
    wanted = TopicFilter(states=AT_WORK, words=words)
    found = topics.list_topics(session, me, wanted, limit=OFFERED)
    note_ids = ticked()
    return render_template(
        "topics/choose.html",
        note_ids=note_ids[:MOST_AT_ONCE],
        left_out=max(0, len(note_ids) - MOST_AT_ONCE),
        rows=rows_of(found.items, runtime().today()),
        has_more=found.next is not None,
        words=words,
        chosen=request.form.get("topic", ""),
        errors=errors or {},
    )


def _told(gathered: Gathered) -> str:
    """What came of it, in words."""
    added, unchanged = len(gathered.added), len(gathered.unchanged)
    words = []
    if added or not unchanged:
        words.append(f"{added} {'note is' if added == 1 else 'notes are'} added.")
    if unchanged:
        words.append(f"{unchanged} {'was' if unchanged == 1 else 'were'} in it already.")
    return " ".join([*words, *refusals(gathered.refused)])
