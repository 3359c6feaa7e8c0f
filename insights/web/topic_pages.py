"""The page of one topic, also when something on it was refused and comes back as it was sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.models import Gathering, MergeKind, TopicState
from insights.services import (
    access_work,
    questions,
    topic_discussion,
    topic_merging,
    topic_notes,
    topics,
)
from insights.services.access import Actor
from insights.services.topic_merging import TopicMergeView
from insights.services.topic_notes import TopicNoteView
from insights.services.topics import TopicView
from insights.web.note_cards import asked_position, cursor_of, shown
from insights.web.topic_rows import row_of
from insights.web.topic_words import OUTCOMES, STATES, StateWords, day_words

PAGE = 20
PROPOSALS_SHOWN = 10
MERGES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class SentOutcome:
    """An outcome that was refused: of which notes, what was typed, and what is wrong with it.

    `single` is the note whose own form it was, empty for the form of the ticked ones.
    """

    single: str = ""
    ticked: Collection[str] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> Mapping[str, str]:
        """What is wrong, by the fields of the page."""
        prefix = f"{self.single}-" if self.single else ""
        return {prefix + name: text for name, text in self.errors.items()}


@dataclass(frozen=True, slots=True)
class SentRemark:
    """A remark that was refused; of the remark `id` when an existing one was to be changed."""

    text: str = ""
    id: UUID | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> Mapping[str, str]:
        """What is wrong, by the fields of the page."""
        ending = f"-{self.id}" if self.id else ""
        return {name + ending: text for name, text in self.errors.items()}


def topic_page(
    view: TopicView, *, sent: SentOutcome = SentOutcome(), remark: SentRemark = SentRemark()
) -> str:
    """The topic with all that is shown of it, in a fixed number of queries."""
    session, me, today = db_session(), actor(), runtime().today()
    return render_template(
        "topics/page.html",
        topic=view,
        row=row_of(view, today),
        due_day=day_words(view.due, today) if view.due else "",
        may_work=view.may_change,
        may_settle=view.may_change,
        merged=view.merged_into_id is not None,
        next_states=_next_states(view),
        merges=_undoable(session, me, view),
        sent=sent,
        remark=remark,
        problems={**sent.summary, **remark.summary},
        outcomes=OUTCOMES,
        changes=topics.history(session, me, view.id),
        may_ask=access_work.may_ask(me),
        questions=questions.of_topic(session, me, view.id),
        **_notes(session, me, view),
        **_talk(session, me, view),
    )


def _next_states(view: TopicView) -> list[tuple[TopicState, StateWords]]:
    """Where the topic can go from here, as buttons; being answered has its own form."""
    offered = {
        TopicState.OPEN: (TopicState.IN_PROGRESS, TopicState.CLOSED),
        TopicState.IN_PROGRESS: (TopicState.CLOSED,),
        TopicState.ANSWERED: (TopicState.OPEN, TopicState.CLOSED),
        TopicState.CLOSED: (TopicState.OPEN,),
    }[view.state]
    if view.answer and view.state in (TopicState.OPEN, TopicState.IN_PROGRESS):
        offered = (TopicState.ANSWERED, *offered)
    return [(one, STATES[one]) for one in offered]


def _notes(session: Session, me: Actor, view: TopicView) -> dict[str, Any]:
    """The gathered notes from the asked place on, and the newest proposals."""
    position = asked_position() if request.method == "GET" else None
    found = topic_notes.notes_of(session, me, view.id, after=position, limit=PAGE)
    following = url_for(
        "topics.page",
        topic_id=view.id,
        after=cursor_of(found.next) if found.next else None,
        _anchor="notes",
    )
    return {
        "notes": [_note(one) for one in found.items],
        "proposals": _proposals(session, me, view) if view.may_change and view.proposed else [],
        "continued": position is not None,
        "next_url": following if found.next else None,
    }


def _note(one: TopicNoteView) -> dict[str, Any]:
    """A note with what became of it; `values` fill the form that changes the outcome."""
    known = str(one.known_note_id) if one.known_note_id else ""
    values = {
        "outcome": one.outcome.value if one.outcome else "",
        "text": one.outcome_text,
        "known": url_for("notes.page", note_id=known, _external=True) if known else "",
    }
    return {"note": shown(one.card), "row": one, "values": values}


def _proposals(session: Session, me: Actor, view: TopicView) -> list[dict[str, Any]]:
    found = topic_notes.notes_of(
        session, me, view.id, gathering=Gathering.PROPOSED, limit=PROPOSALS_SHOWN
    )
    return [shown(one.card) for one in found.items]


def _undoable(session: Session, me: Actor, view: TopicView) -> list[dict[str, Any]]:
    """The last merges and splits that were not undone."""
    if not view.may_change:
        return []
    found = topic_merging.merges_of(session, me, view.id)
    return [_merge(view, one) for one in found if one.undone_at is None][:MERGES_SHOWN]


def _merge(view: TopicView, one: TopicMergeView) -> dict[str, Any]:
    outgoing = one.source_id == view.id
    return {
        "id": one.id,
        "is_split": one.kind is MergeKind.TOPIC_SPLIT,
        "outgoing": outgoing,
        "other_id": one.target_id if outgoing else one.source_id,
        "other_title": one.target_title if outgoing else one.source_title,
        "actor_name": one.actor_name,
        "at": one.at,
        "notes": one.notes,
    }


def _talk(session: Session, me: Actor, view: TopicView) -> dict[str, Any]:
    before = asked_position("earlier") if request.method == "GET" else None
    found = topic_discussion.list_comments(session, me, view.id, before=before)
    earlier = url_for(
        "topics.page",
        topic_id=view.id,
        earlier=cursor_of(found.earlier) if found.earlier else None,
        _anchor="discussion",
    )
    return {
        "remarks": found.items,
        "earlier_url": earlier if found.earlier else None,
        "is_earlier": before is not None,
        "remark_id": uuid7(),
    }
