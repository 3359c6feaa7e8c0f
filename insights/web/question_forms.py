"""The form of a question: asked anew, of a search or for a topic, and changed while it is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from insights.db import discard
from insights.errors import FieldErrors, Invalid, NotFound
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import Kind
from insights.services import access_work, catalogue, question_prefill, questions, search_misses
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.lookup import LARGEST_ID
from insights.services.query_texts import LONGEST_QUERY
from insights.services.question_views import QuestionView, TopicName
from insights.web.note_forms import sentences

USUAL_TIME = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class QuestionForm:
    """What stands in the fields; `query` is the search that the question is made of."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    territories: tuple[int, ...] = ()
    segments: tuple[int, ...] = ()
    until: str = ""
    topic: int | None = None
    query: str = ""
    version: int | None = None


@dataclass(frozen=True)
class AimOption:
    """A territory to ask, at its level of the tree."""

    id: int
    name: str
    depth: int


def new() -> ResponseReturnValue:
    """The form of a new question; with `?q=…` made of a search, with `?topic=…` for a topic."""
    session, me = db_session(), actor()
    access_work.require_asker(me)
    query = request.args.get("q", "")[:LONGEST_QUERY]
    begun = question_prefill.prefill(
        session, me, runtime().reader, query, zone=runtime().settings.zone, now=now()
    )
    form = QuestionForm(
        text=begun.text,
        kinds=begun.kinds,
        territories=begun.territory_ids,
        segments=begun.segment_ids,
        until=(runtime().today() + USUAL_TIME).isoformat(),
        topic=_number(request.args.get("topic", "")),
        query=query,
    )
    return form_page(session, me, form)


def ask() -> ResponseReturnValue:
    """Asks, and leads to the page of the question; a refused form comes back as it was sent."""
    session, me, form = db_session(), actor(), _read(request.form)
    today = runtime().today()
    try:
        asked = questions.ask(
            session, me, topic_id=form.topic, now=now(), today=today, **_values(form)
        )
    except Invalid as refusal:
        discard(session)
        return form_page(session, me, form, refusal.fields), 422
    if form.query:
        search_misses.note_asked(session, me, query=form.query, question_id=asked.id, now=now())
    flash("The question is asked. Those who hold these territories are told.")
    return redirect(url_for("questions.page", question_id=asked.id), 303)


def edit(question_id: int) -> ResponseReturnValue:
    """The form for changing a question that was not closed."""
    session, me = db_session(), actor()
    found = questions.get_changeable(session, me, question_id)
    return form_page(session, me, _of(found), question=found)


def update(question_id: int) -> ResponseReturnValue:
    """Changes the question; a refused form comes back as it was sent."""
    session, me, form = db_session(), actor(), _read(request.form)
    try:
        questions.change(
            session, me, question_id, expected_version=form.version, now=now(),
            today=runtime().today(), **_values(form),
        )  # fmt: skip
    except Invalid as refusal:
        discard(session)
        found = questions.get_changeable(session, me, question_id)
        return form_page(session, me, form, refusal.fields, question=found), 422
    flash("The question is changed.")
    return redirect(url_for("questions.page", question_id=question_id), 303)


def form_page(
    session: Session,
    me: Actor,
    form: QuestionForm,
    refused: FieldErrors | None = None,
    *,
    question: QuestionView | None = None,
) -> str:
    """The form with all that can be chosen by this person."""
    known = catalogue.current(session)
    return render_template(
        "questions/form.html",
        form=form,
        errors=sentences(refused or {}, {"": "text"}),
        question=question,
        places=aims(known, me, form.territories),
        asks_all=access_work.may_ask(me, ()),
        dimensions=_dimensions(known, form.segments),
        topic=_topic(session, me, form.topic),
        cancel_url=_cancel_url(form, question),
    )


def aims(known: Catalogue, me: Actor, chosen: Sequence[int]) -> list[AimOption]:
    """The territories that the person may ask: those that are chosen, then the others in use as a
    tree."""
    found = [
        AimOption(one, known.territories[one].name, 0) for one in chosen if one in known.territories
    ]

    def visit(parent_id: int | None, depth: int) -> None:
        for place in known.children(parent_id):
            shown = not place.archived and access_work.may_ask(me, (place.id,))
            if shown and place.id not in chosen:
                found.append(AimOption(place.id, place.name, depth))
            visit(place.id, depth + shown)

    visit(None, 0)
    return found


def _dimensions(known: Catalogue, chosen: Sequence[int]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in known.dimensions}
    for one in known.segments.values():
        if not one.archived or one.id in chosen:
            found[one.dimension].append({"value": one.id, "label": one.name})
    return [(known.dimensions[number], options) for number, options in found.items() if options]


def _read(sent: MultiDict[str, str]) -> QuestionForm:
    return QuestionForm(
        text=sent.get("text", ""),
        kinds=tuple(sent.getlist("kinds")),
        territories=_numbers(sent.getlist("territories")),
        segments=_numbers([*sent.getlist("segments_1"), *sent.getlist("segments_2")]),
        until=sent.get("until", ""),
        topic=_number(sent.get("topic", "")),
        query=sent.get("q", "")[:LONGEST_QUERY],
        version=_number(sent.get("version", "")),
    )


def _of(found: QuestionView) -> QuestionForm:
    return QuestionForm(
        text=found.text,
        kinds=tuple(one.value for one in found.kinds),
        territories=tuple(one.id for one in found.territories),
        segments=tuple(one.id for one in found.segments),
        until=found.until.isoformat(),
        version=found.version,
    )


def _values(form: QuestionForm) -> Mapping[str, Any]:
    """What the services take; raises Invalid(until) for what is no day."""
    try:
        until = date.fromisoformat(form.until.strip())
    except ValueError:
        raise Invalid({"until": ["Choose the last day on which answers are wanted."]}) from None
    return {
        "text": form.text,
        "kinds": [kind for kind in Kind if kind.value in form.kinds],
        "territory_ids": form.territories,
        "segment_ids": form.segments,
        "until": until,
    }


def _numbers(words: Sequence[str]) -> tuple[int, ...]:
    found = (_number(word) for word in words)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _number(word: str) -> int | None:
    usable = word.isascii() and word.isdigit() and len(word) < 11
    return int(word) if usable and 0 < int(word) <= LARGEST_ID else None


def _topic(session: Session, me: Actor, topic_id: int | None) -> TopicName | None:
    """The topic that the form is for; one that the person does not see is left out."""
    if topic_id is None:
        return None
    try:
        found = access_work.topic(session, me, topic_id)
    except NotFound:
        return None
    return TopicName(found.id, found.title)


def _cancel_url(form: QuestionForm, question: QuestionView | None) -> str:
    if question is not None:
        return url_for("questions.page", question_id=question.id)
    if form.query:
        return url_for("search.page", q=form.query)
    return url_for("questions.index")
