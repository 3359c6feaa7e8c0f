"""Questions to the field: asked, answered, closed; and what people looked for in vain."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import FieldErrors, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import (
    access_work,
    question_answers,
    question_coverage,
    questions,
    search_misses,
)
from insights.services.question_coverage import Coverage, CoverageRow
from insights.services.question_views import QuestionView
from insights.services.questions import QuestionFilter
from insights.web import question_forms
from insights.web.note_cards import asked_position, cursor_of, is_partial, shown_all
from insights.web.note_forms import sentences

blueprint = Blueprint("questions", __name__, url_prefix="/questions")

PAGE = 20
MOST_TO_ME = 50
# Territories on the page of a question; the silent ones are the first.
MOST_COVERED = 60
MISSES_ON_A_PAGE = 50

blueprint.get("/new")(question_forms.new)
blueprint.post("")(question_forms.ask)
blueprint.get("/<int:question_id>/edit")(question_forms.edit)
blueprint.post("/<int:question_id>/edit")(question_forms.update)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Open questions, those to the person first; with `?show=` closed ones, or those they asked."""
    session, me, today = db_session(), actor(), runtime().today()
    show = request.args.get("show", "open")
    after = request.args.get("after", type=int)
    chosen = {
        "closed": QuestionFilter(open=False),
        "mine": QuestionFilter(asker_id=me.id),
    }.get(show, QuestionFilter(open=True, aimed=False))
    is_first = show not in ("closed", "mine") and after is None
    to_me = questions.for_person(session, me, today=today, limit=MOST_TO_ME) if is_first else []
    found = questions.list_questions(session, me, chosen, today=today, limit=PAGE + 1, after=after)
    following = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template(
        "questions/index.html",
        tabs=_tabs(show),
        to_me=to_me,
        found=found[:PAGE],
        is_first=is_first,
        today=today,
        may_ask=access_work.may_ask(me),
        first_url=url_for(".index", show=show) if after is not None else None,
        next_url=url_for(".index", show=show, after=following) if following else None,
    )


@blueprint.get("/<int:question_id>")
def page(question_id: int) -> ResponseReturnValue:
    """One question: what is asked, from where answers have come, and the answers themselves."""
    if is_partial() and "after" in request.args:
        question = questions.get(db_session(), actor(), question_id)
        return render_template("questions/more.html", **_answers(question))
    return _page(question_id)


@blueprint.post("/<int:question_id>/close")
def close(question_id: int) -> ResponseReturnValue:
    """Ends the question with a summary; a refused form comes back as it was sent."""
    session, me = db_session(), actor()
    summary = request.form.get("summary", "")
    version = request.form.get("version", type=int)
    try:
        questions.close(
            session, me, question_id, summary=summary, expected_version=version, now=now()
        )
    except Invalid as refusal:
        discard(session)
        return _page(question_id, summary=summary, refused=refusal.fields), 422
    flash("The question is closed. Those who answered are told.")
    return redirect(url_for(".page", question_id=question_id), 303)


@blueprint.post("/<int:question_id>/remind")
def remind(question_id: int) -> ResponseReturnValue:
    """Tells those who hold a silent territory once more."""
    told = question_coverage.remind_silent(
        db_session(), actor(), question_id, now=now(), today=runtime().today()
    )
    people = "person is" if told == 1 else "people are"
    flash(f"{told} {people} reminded." if told else "Everybody silent was told today already.")
    return redirect(url_for(".page", question_id=question_id, _anchor="coverage"), 303)


@blueprint.post("/<int:question_id>/answers")
def link(question_id: int) -> ResponseReturnValue:
    """Has a note that was there before answer the question."""
    session, typed = db_session(), request.form.get("note", "")
    note_id = _note_id(typed)
    if note_id is None:
        discard(session)
        message = "Paste the address of a note's page."
        return _page(question_id, note=typed, refused={"note": [message]}), 422
    question_answers.link(session, actor(), question_id, note_id, now=now())
    flash("The note answers the question.")
    return redirect(url_for(".page", question_id=question_id, _anchor="answers"), 303)


@blueprint.post("/<int:question_id>/answers/<uuid:note_id>/remove")
def unlink(question_id: int, note_id: UUID) -> ResponseReturnValue:
    """Has the note answer the question no longer."""
    question_answers.unlink(db_session(), actor(), question_id, note_id, now=now())
    flash("The note no longer answers the question. It stays where it is.")
    return redirect(url_for(".page", question_id=question_id, _anchor="answers"), 303)


@blueprint.get("/misses")
def misses() -> ResponseReturnValue:
    """What people looked for in vain in the last 90 days, for analysts and admins."""
    words = request.args.get("q", "")[: search_misses.LONGEST]
    asked = {"yes": True, "no": False}.get(request.args.get("asked", ""))
    offset = max(0, min(request.args.get("offset", 0, type=int), search_misses.DEEPEST))
    found = search_misses.list_misses(
        db_session(),
        actor(),
        now=now(),
        words=words,
        asked=asked,
        limit=MISSES_ON_A_PAGE + 1,
        offset=offset,
    )
    kept: dict[str, Any] = {"q": words or None, "asked": request.args.get("asked")}
    more = offset + MISSES_ON_A_PAGE if len(found) > MISSES_ON_A_PAGE else None
    return render_template(
        "questions/misses.html",
        tabs=_tabs("misses"),
        misses=found[:MISSES_ON_A_PAGE],
        words=words,
        asked=request.args.get("asked", ""),
        first_url=url_for(".misses", **kept) if offset else None,
        next_url=url_for(".misses", **kept, offset=more) if more else None,
    )


def _page(
    question_id: int,
    *,
    summary: str = "",
    note: str = "",
    refused: FieldErrors | None = None,
) -> str:
    session, me, today = db_session(), actor(), runtime().today()
    coverage = question_coverage.coverage(session, me, question_id, today=today)
    is_open = coverage.question.is_open_on(today)
    return render_template(
        "questions/page.html",
        question=coverage.question,
        is_open=is_open,
        coverage=coverage,
        covered=_covered(coverage),
        all_shown="all" in request.args,
        may_remind=coverage.question.may_close and is_open and coverage.silent_people,
        summary=summary,
        note=note,
        errors=sentences(refused or {}, {"": "summary"}),
        today=today,
        **_answers(coverage.question),
    )


def _covered(coverage: Coverage) -> Sequence[CoverageRow]:
    """The territories that the page shows; with `?all=1` every one."""
    return coverage.rows if request.args.get("all") else coverage.rows[:MOST_COVERED]


def _answers(question: QuestionView) -> dict[str, Any]:
    """A part of the answers; `mine` are the ids of those that the person wrote."""
    me, question_id = actor(), question.id
    found = question_answers.list_answers(
        db_session(), me, question_id, after=asked_position(), limit=PAGE
    )
    # The list goes on from the page itself, also where a refused form came back.
    cursor = cursor_of(found.next) if found.next else None
    return {
        "question_id": question_id,
        "may_close": question.may_close,
        "notes": shown_all(found.cards),
        "mine": {str(card.id) for card in found.cards if card.author_id == me.id},
        "next_url": url_for(".page", question_id=question_id, after=cursor) if cursor else None,
    }


def _note_id(typed: str) -> UUID | None:
    """The id at the end of what was pasted: an id, or the address of a note's page."""
    word = typed.strip().split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    try:
        return UUID(word)
    except ValueError:
        return None


def _tabs(show: str) -> list[dict[str, Any]]:
    me = actor()
    named = [("open", "Open", url_for(".index")), ("closed", "Closed", None)]
    if access_work.may_ask(me):
        named.append(("mine", "Asked by me", None))
    found = [
        {"label": label, "url": url or url_for(".index", show=key), "active": show == key}
        for key, label, url in named
    ]
    if me.sees_all:
        url = url_for(".misses")
        found.append({"label": "Found nothing", "url": url, "active": show == "misses"})
    return found
