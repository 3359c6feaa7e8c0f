"""The forms of a topic: opening one, changing what it says, and writing its answer."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.db import discard
from insights.errors import Conflict, FieldProblems, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.models import Audience, TopicState
from insights.services import access_work, topics
from insights.services.access import Actor
from insights.services.topic_notes import MOST_AT_ONCE
from insights.services.topics import TopicChanges, TopicView
from insights.web.note_forms import sentences
from insights.web.ticked_notes import ticked

blueprint = Blueprint("forms", __name__)

FIELDS = ("title", "owner", "team", "due", "query", "audience", "trend")
AUDIENCES = {one.value: one for one in Audience}
PLACES = {"owner_id": "owner", "trend_id": "trend", "note_ids": "note", "notes": "note"}


class Said(TypedDict):
    """What both forms ask for, as the service takes it."""

    title: str
    owner_id: int | None
    team: str
    due: date | None
    query: str | None


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a topic, about a trend with `?trend=`, with notes with `?note=`."""
    session, me = db_session(), actor()
    access_work.require_topic_worker(me)
    trend_id = request.args.get("trend", type=int)
    values = dict.fromkeys(FIELDS, "") | {"owner": str(me.id)}
    if trend_id is not None:
        proposal = topics.propose(session, me, trend_id, now=now())
        values |= {"title": proposal.title, "trend": str(trend_id)}
        return _new_page(values, evidence=len(proposal.note_ids))
    return _new_page(values)


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Opens the topic; with `begin` only shows the form, for notes that come from a list."""
    session, me, values = db_session(), actor(), _sent()
    if "begin" in request.form:
        access_work.require_topic_worker(me)
        return _new_page(dict.fromkeys(FIELDS, "") | {"owner": str(me.id)})
    try:
        made = topics.open_topic(
            session,
            me,
            note_ids=ticked()[:MOST_AT_ONCE],
            audience=AUDIENCES.get(values["audience"]),
            trend_id=int(values["trend"]) if values["trend"].isdecimal() else None,
            now=now(),
            **_read(values),
        )
    except Invalid as refusal:
        discard(session)
        return _new_page(values, errors=sentences(refusal.fields, PLACES)), 422
    flash("The topic is open." if made.notes == 0 else f"The topic is open, with {_notes(made)}.")
    return redirect(url_for("topics.page", topic_id=made.id), 303)


@blueprint.get("/<int:topic_id>/edit")
def edit(topic_id: int) -> ResponseReturnValue:
    """The form for changing what the topic says."""
    session, me = db_session(), actor()
    access_work.require_topic_worker(me)
    view = topics.get(session, me, topic_id)
    return _edit_page(view, _stored(view))


@blueprint.post("/<int:topic_id>/edit")
def save(topic_id: int) -> ResponseReturnValue:
    """Changes it; a refused or outdated form comes back as it was sent."""
    session, me, values = db_session(), actor(), _sent()
    version = request.form.get("version", type=int)
    try:
        said = _read(values)
        former = topics.get(session, me, topic_id).audience
        audience = AUDIENCES.get(values["audience"], former)
        topics.change(
            session, me, topic_id,
            expected_version=version, now=now(), audience=audience, **said,
        )  # fmt: skip
    except Invalid as refusal:
        discard(session)
        view = topics.get(session, me, topic_id)
        errors = sentences(refusal.fields, PLACES)
        return _edit_page(view, values, errors=errors, version=version), 422
    except Conflict as conflict:
        discard(session)
        view = topics.get(session, me, topic_id)
        return _edit_page(view, values, conflict=conflict.message), 409
    flash("Saved.")
    return redirect(url_for("topics.page", topic_id=topic_id), 303)


@blueprint.get("/<int:topic_id>/answer")
def answer(topic_id: int) -> ResponseReturnValue:
    """The form for the answer."""
    session, me = db_session(), actor()
    access_work.require_topic_worker(me)
    view = topics.get(session, me, topic_id)
    return _answer_page(view, view.answer)


@blueprint.post("/<int:topic_id>/answer")
def save_answer(topic_id: int) -> ResponseReturnValue:
    """Shows how the answer will look, or keeps it and, if wanted, says that it is the answer."""
    session, me, text = db_session(), actor(), request.form.get("answer", "")
    version, wanted = request.form.get("version", type=int), request.form.get("do", "save")
    access_work.require_topic_worker(me)
    if wanted == "preview":
        view = topics.get(session, me, topic_id)
        return _answer_page(view, text, preview=text, version=version)
    changes: TopicChanges = {"answer": text}
    if wanted == "answered":
        changes["state"] = TopicState.ANSWERED
    try:
        topics.change(session, me, topic_id, expected_version=version, now=now(), **changes)
    except Invalid as refusal:
        discard(session)
        view = topics.get(session, me, topic_id)
        errors = sentences(refusal.fields, {"state": "answer"})
        return _answer_page(view, text, errors=errors, version=version), 422
    except Conflict as conflict:
        discard(session)
        view = topics.get(session, me, topic_id)
        return _answer_page(view, text, conflict=conflict.message), 409
    flash("The topic is answered." if "state" in changes else "The answer is saved.")
    return redirect(url_for("topics.page", topic_id=topic_id, _anchor="answer"), 303)


def _sent() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in FIELDS}


def _stored(view: TopicView) -> dict[str, str]:
    """The fields as the topic has them."""
    return {
        "title": view.title,
        "owner": str(view.owner_id or ""),
        "team": view.team,
        "due": view.due.isoformat() if view.due else "",
        "query": view.query or "",
        "audience": view.audience.value,
        "trend": str(view.trend_id or ""),
    }


def _read(values: Mapping[str, str]) -> Said:
    """The fields as the service takes them; raises Invalid with those that cannot be read."""
    problems = FieldProblems()
    due: date | None = None
    with problems:
        due = _day(values["due"])
    problems.settle()
    return {
        "title": values["title"],
        "owner_id": int(values["owner"]) if values["owner"].isdecimal() else None,
        "team": values["team"],
        "due": due,
        "query": values["query"].strip() or None,
    }


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid({"due": ["Give a day such as 2026-03-18."]}) from None


def _notes(made: TopicView) -> str:
    return "1 note" if made.notes == 1 else f"{made.notes} notes"


def _owners(session: Session, me: Actor) -> list[dict[str, Any]]:
    return [{"value": number, "label": name} for number, name in topics.owners(session, me)]


def _new_page(
    values: Mapping[str, str], *, evidence: int = 0, errors: Mapping[str, str] | None = None
) -> str:
    note_ids: Sequence[UUID] = ticked()[:MOST_AT_ONCE]
    return render_template(
        "topics/new.html",
        values=values,
        owners=_owners(db_session(), actor()),
        note_ids=note_ids,
        evidence=evidence,
        errors=errors or {},
    )


def _edit_page(
    view: TopicView,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    conflict: str = "",
    version: int | None = None,
) -> str:
    """`version` is the one that the person has read; after a conflict they have read the present
    one, which the page shows beside what they wrote."""
    return render_template(
        "topics/edit.html",
        topic=view,
        values=values,
        owners=_owners(db_session(), actor()),
        version=version or view.version,
        conflict=conflict,
        errors=errors or {},
    )


def _answer_page(
    view: TopicView,
    text: str,
    *,
    preview: str = "",
    errors: Mapping[str, str] | None = None,
    conflict: str = "",
    version: int | None = None,
) -> str:
    return render_template(
        "topics/answer_form.html",
        topic=view,
        text=text,
        preview=preview,
        version=version or view.version,
        conflict=conflict,
        errors=errors or {},
        is_answered=view.state in (TopicState.ANSWERED, TopicState.CLOSED),
    )
