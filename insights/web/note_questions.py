"""Questions in the form of a note: the one that it answers, and those that it could answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.http.runtime import runtime
from insights.schemas.capture import question_in_kit
from insights.services import questions
from insights.services.access import Actor
from insights.services.capture_kit import MOST_QUESTIONS
from insights.services.question_views import QuestionView
from insights.web.note_forms import NoteForm


@dataclass(frozen=True)
class FormQuestions:
    """What the form says of questions: the one that is `answered`, and the `others` to the person.

    Both as the capture kit has them, so that the form looks the same with and without a signal.
    """

    answered: Mapping[str, Any] | None = None
    others: Sequence[Mapping[str, Any]] = ()


NO_QUESTIONS = FormQuestions()


def form_questions(session: Session, me: Actor, form: NoteForm) -> FormQuestions:
    """The questions beside a form as it stands."""
    found = questions.for_person(session, me, today=runtime().today(), limit=MOST_QUESTIONS)
    chosen = _chosen(session, me, form, found)
    return FormQuestions(
        question_in_kit(chosen) if chosen else None,
        [question_in_kit(one) for one in found if chosen is None or one.id != chosen.id],
    )


def preset(session: Session, me: Actor, form: NoteForm, *, territory_given: bool) -> NoteForm:
    """The form with what the question that it answers wants, where nothing else was said."""
    asked = _chosen(session, me, form, ())
    if asked is None:
        return replace(form, question="")
    kind = asked.kinds[0].value if len(asked.kinds) == 1 else ""
    place = asked.own_territory.slug if asked.own_territory else form.territory
    return replace(
        form,
        kind=form.kind or kind,
        segments=form.segments or tuple(one.slug for one in asked.segments if not one.archived),
        territory=form.territory if territory_given else place,
    )


def _chosen(
    session: Session, me: Actor, form: NoteForm, known: Sequence[QuestionView]
) -> QuestionView | None:
    if not form.question:
        return None
    number = int(form.question)
    found = next((one for one in known if one.id == number), None)
    if found is not None:
        return found
    try:
        return questions.get(session, me, number)
    except NotFound:
        return None
