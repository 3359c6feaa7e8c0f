"""The exit interview on one screen: every answer is kept by itself, once its field is left."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from uuid_utils.compat import uuid7

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.fields import Day, Identity, InputSchema, Origin, Text, WholeNumber, load
from insights.services import exit_interview
from insights.services.exit_interview import Answer
from insights.services.must_knows import LONGEST, PROMPTS, Prompt
from insights.web.admin.forms import refused
from insights.web.note_cards import is_partial, shown_all

blueprint = Blueprint("interview", __name__)


class AnswerForm(InputSchema):
    """What stands in the fields of one prompt."""

    id = Identity(required=True)
    text = Text(required=True, longest=LONGEST)
    account_id = WholeNumber()
    due = Day()


@blueprint.get("/<int:handover_id>/interview")
def page(handover_id: int) -> ResponseReturnValue:
    """All prompts with what was told so far."""
    return _page("handovers/interview.html", handover_id)


@blueprint.post("/<int:handover_id>/interview")
def tell(handover_id: int) -> ResponseReturnValue:
    """Stores every prompt that has a text; one that is refused comes back with its text."""
    sent = request.form.to_dict()
    asked = [one for one in Prompt if sent.get(f"{one}.text", "").strip()]
    for prompt in asked:
        try:
            given = load(AnswerForm(Origin.FORM), _fields(sent, prompt))
            answer = Answer(prompt=prompt, **given)
            exit_interview.tell(db_session(), actor(), handover_id, answer, now=now())
        except Invalid as refusal:
            errors = {"prompt": prompt.value, **refused(refusal)}
            return _part(handover_id, prompt, sent, errors), 422
    shown = asked[0] if asked else _named(sent)
    if is_partial() and shown is not None:
        return _part(handover_id, shown, {}, {})
    return redirect(_address(handover_id, asked[-1] if asked else None), 303)


@blueprint.post("/<int:handover_id>/interview/pin")
def pin(handover_id: int) -> ResponseReturnValue:
    """Pins a note that was suggested."""
    try:
        note_id, own_id = UUID(request.form["note"]), UUID(request.form["id"])
    except (KeyError, ValueError):
        raise Invalid("This form is damaged. Open the page again.") from None
    exit_interview.pin_note(
        db_session(), actor(), handover_id, note_id, must_know_id=own_id, now=now()
    )
    flash("Pinned. Whoever comes next sees it at the top of the brief.")
    return redirect(f"{url_for('.page', handover_id=handover_id)}#pinned", 303)


@blueprint.post("/<int:handover_id>/interview/finish")
def finish(handover_id: int) -> ResponseReturnValue:
    """Everything is told."""
    found = exit_interview.finish(db_session(), actor(), handover_id, now=now())
    flash(f"Thank you. {found.to_name} finds all of it in the brief of {found.territory.name}.")
    return redirect(url_for("handovers.page", handover_id=handover_id), 303)


def _page(template: str, handover_id: int, **more: Any) -> str:
    found = exit_interview.read(db_session(), actor(), handover_id, now=now())
    return render_template(
        template,
        interview=found,
        handover=found.handover,
        prompts=PROMPTS,
        suggested=shown_all(found.suggested),
        new_id=uuid7,
        values=more.pop("values", {}),
        errors=more.pop("errors", {}),
        **more,
    )


def _part(handover_id: int, prompt: Prompt, sent: dict[str, str], errors: dict[str, str]) -> str:
    """The whole page, or for htmx the part of one prompt."""
    template = "handovers/prompt.html" if is_partial() else "handovers/interview.html"
    return _page(template, handover_id, prompt=prompt, values=sent, errors=errors)


def _fields(sent: dict[str, str], prompt: Prompt) -> dict[str, str]:
    names = ("id", "text", "account_id", "due")
    return {name: sent[f"{prompt}.{name}"] for name in names if f"{prompt}.{name}" in sent}


def _named(sent: dict[str, str]) -> Prompt | None:
    """The prompt whose fields were sent, with nothing in them."""
    return next((one for one in Prompt if f"{one}.id" in sent), None)


def _address(handover_id: int, prompt: Prompt | None) -> str:
    address = url_for(".page", handover_id=handover_id)
    return f"{address}#prompt-{prompt}" if prompt else address
