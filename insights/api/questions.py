"""Questions to the field, their coverage and their answers, and searches that found nothing."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.exceptions import PreconditionFailed

from insights.api import cursors
from insights.api.answers import expected_version, page, versioned
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.lists import PageQuery, page_of
from insights.schemas.notes import NoteOut, notes_out
from insights.schemas.questions import (
    CoverageOut,
    QuestionClosing,
    QuestionOut,
    QuestionPatch,
    QuestionPost,
    QuestionsQuery,
    ReminderOut,
    changes_of,
    coverage_out,
    question_out,
)
from insights.schemas.search_misses import MissesQuery, MissOut, miss_out
from insights.services import (
    catalogue,
    question_answers,
    question_coverage,
    questions,
    search_misses,
)
from insights.services.question_views import QuestionView
from insights.services.questions import QuestionFilter

# Its name is the heading in the document.
blueprint = ApiBlueprint("questions", __name__)


@blueprint.operation(
    "GET", "/questions", scope="read", query=QuestionsQuery(), answers=page_of(QuestionOut)
)
def list_questions(query: dict[str, Any]) -> Answer:
    """Questions, the last asked first, a page at a time."""
    me, today, limit = actor(), runtime().today(), query["limit"]
    asker = me.id if query["mine"] else None
    chosen = QuestionFilter(open=query.get("open"), aimed=query.get("aimed"), asker_id=asker)
    after = cursors.number(query.get("cursor"))
    found = questions.list_questions(
        db_session(), me, chosen, today=today, limit=limit + 1, after=after
    )
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return page([question_out(one, today) for one in shown], cursors.of_number(following))


@blueprint.operation(
    "GET",
    "/questions/misses",
    scope="read",
    query=MissesQuery(),
    answers=page_of(MissOut),
)
def list_search_misses(query: dict[str, Any]) -> Answer:
    """Searches of the last 90 days that found nothing, those of most people first.

    For analysts and admins, to whom it is not told who searched.
    """
    limit, offset = query["limit"], cursors.number(query.get("cursor")) or 0
    found = search_misses.list_misses(
        db_session(),
        actor(),
        now=now(),
        words=query["q"],
        asked=query.get("asked"),
        limit=limit + 1,
        offset=offset,
    )
    following = offset + limit if len(found) > limit else None
    return page([miss_out(one) for one in found[:limit]], cursors.of_number(following))


@blueprint.operation(
    "GET", "/questions/<number:question_id>", scope="read", answers=QuestionOut(), etag=True
)
def get_question(question_id: int) -> Answer:
    """One question."""
    return _answer(questions.get(db_session(), actor(), question_id))


@blueprint.operation(
    "POST",
    "/questions",
    scope="write",
    body=QuestionPost(),
    answers=QuestionOut(),
    success=(201,),
    refuses=(404,),
)
def post_question(body: dict[str, Any]) -> Answer:
    """Asks the field; the holders of the territories are told.

    For analysts and admins, and for managers when all the territories are theirs.
    """
    session, today = db_session(), runtime().today()
    asked = questions.ask(
        session, actor(), topic_id=body.get("topic"), now=now(), today=today,
        **_required(session, body),
    )  # fmt: skip
    return _answer(asked, 201)


@blueprint.operation(
    "PATCH",
    "/questions/<number:question_id>",
    scope="write",
    body=QuestionPatch(),
    answers=QuestionOut(),
    refuses=(409,),
    etag=True,
    if_match=True,
)
def patch_question(question_id: int, body: dict[str, Any]) -> Answer:
    """Changes a question that was not closed; for whoever asked it, analysts and admins.

    Name the version that you have read in If-Match: when the question has changed since, the answer
    is 412 and nothing is overwritten.
    """
    session, me, version = db_session(), actor(), expected_version()
    changes = changes_of(catalogue.current(session), body)
    if version is not None and questions.get(session, me, question_id).version != version:
        raise PreconditionFailed
    changed = questions.change(
        session, me, question_id, expected_version=version, now=now(), today=runtime().today(),
        **changes,
    )  # fmt: skip
    return _answer(changed)


@blueprint.operation(
    "POST",
    "/questions/<number:question_id>/close",
    scope="write",
    body=QuestionClosing(),
    answers=QuestionOut(),
    refuses=(409,),
)
def close_question(question_id: int, body: dict[str, Any]) -> Answer:
    """Ends a question with a summary, which those who answered are told."""
    summary = body["summary"]
    closed = questions.close(db_session(), actor(), question_id, summary=summary, now=now())
    return question_out(closed, runtime().today())


@blueprint.operation(
    "GET", "/questions/<number:question_id>/coverage", scope="read", answers=CoverageOut()
)
def get_question_coverage(question_id: int) -> Answer:
    """From which of the territories that somebody holds an answer has come, silent ones first."""
    today = runtime().today()
    return coverage_out(question_coverage.coverage(db_session(), actor(), question_id, today=today))


@blueprint.operation(
    "POST",
    "/questions/<number:question_id>/remind",
    scope="write",
    answers=ReminderOut(),
    refuses=(409,),
)
def remind_of_question(question_id: int) -> Answer:
    """Tells the holders of the silent territories once more; each at most once a day."""
    told = question_coverage.remind_silent(
        db_session(), actor(), question_id, now=now(), today=runtime().today()
    )
    return {"told": told}


@blueprint.operation(
    "GET",
    "/questions/<number:question_id>/answers",
    scope="read",
    query=PageQuery(),
    answers=page_of(NoteOut),
)
def list_question_answers(question_id: int, query: dict[str, Any]) -> Answer:
    """The notes that answer a question and that you may see, the last linked first."""
    found = question_answers.list_answers(
        db_session(),
        actor(),
        question_id,
        after=cursors.position(query.get("cursor")),
        limit=query["limit"],
    )
    return page(notes_out(found.cards), cursors.of_position(found.next))


@blueprint.operation(
    "PUT",
    "/questions/<number:question_id>/answers/<uuid:note_id>",
    scope="write",
    success=(204,),
)
def put_question_answer(question_id: int, note_id: UUID) -> None:
    """Has a note answer the question; for its author and whoever may close the question."""
    question_answers.link(db_session(), actor(), question_id, note_id, now=now())


@blueprint.operation(
    "DELETE",
    "/questions/<number:question_id>/answers/<uuid:note_id>",
    scope="write",
    success=(204,),
)
def delete_question_answer(question_id: int, note_id: UUID) -> None:
    """Has a note answer the question no longer; for those who may say that it does."""
    question_answers.unlink(db_session(), actor(), question_id, note_id, now=now())


def _answer(question: QuestionView, status: int = 200) -> Answer:
    return versioned(question_out(question, runtime().today()), status)


def _required(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    """All that a new question needs, by the names of the service."""
    given = changes_of(catalogue.current(session), body)
    return {"kinds": (), "territory_ids": (), "segment_ids": (), **given}
