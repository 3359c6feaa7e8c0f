"""The form in which a note is written in Slack: how it opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from insights.errors import InsightsError, Unavailable
from insights.services import access, catalogue, note_cards
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.question_views import QuestionView
from integrations.slack import (
    blocks,
    calls,
    capture_advice,
    capture_fields,
    capture_lists,
    capture_submission,
    captured,
    people,
    question_answers,
)
from integrations.slack.apologies import TOO_LATE
from integrations.slack.blocks import Block
from integrations.slack.capture_fields import (
    AUDIENCES,
    KINDS,
    KNOWN,
    Filled,
    Found,
    Memory,
    chosen,
    form,
    segment_option,
    territory_option,
)
from integrations.slack.capture_lists import held_place
from integrations.slack.gateway import SlackBusy, SlackRefused, SlackSilent
from integrations.slack.heard import Heard
from integrations.slack.listening import Listeners
from integrations.slack.parts import SlackParts
from integrations.slack.people import Caller
from integrations.slack.saved_messages import SavedMessage, note_of, place_of

FILL = "capture.fill"
NOT_OPENED = (
    "The form did not open: Slack gives us three seconds, and they were over. Nothing was saved. "
    "Please try again."
)
KEPT = "This is what you wrote:"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form is opened with; `heard` says that they are somebody else's words, `question`
    what the note is to answer."""

    text: str = ""
    channel_id: str = ""
    message: SavedMessage | None = None
    heard: bool = False
    question: QuestionView | None = None


def register(listeners: Listeners) -> None:
    """Puts all that belongs to the form where Slack's interactions arrive."""
    capture_submission.register(listeners)
    capture_lists.register(listeners)
    captured.register(listeners)
    question_answers.register(listeners)
    listeners.action(question_answers.ANSWER)(answer)


def answer(heard: Heard) -> None:
    """Opens the form with the question whose button was clicked."""
    with heard.reading() as session:
        question = question_answers.clicked(session, heard)
    open_form(heard, Asked(question=question))


def open_form(heard: Heard, asked: Asked) -> None:
    """Opens the form at the person's screen. When it cannot be, they are told, and what they
    wrote is told with it.

    Somebody whom we do not know yet waits in front of an empty window while we find out.
    """
    if heard.caller is None:
        view_id = _shown(heard, capture_fields.waiting(), asked)
        if view_id:
            _put_fill(heard, view_id, asked)
        return
    with heard.reading() as session:
        view = first_view(session, heard.parts, heard.caller, asked, heard.now)
    _shown(heard, view, asked)


def fill(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """The task that finds out who somebody is, and puts their form into the window that waits.

    Raises what `Gateway.call` raises.
    """
    message = arguments["message"]
    asked = Asked(
        text=arguments["text"],
        channel_id=arguments["channel"],
        message=SavedMessage(team_id, *message) if message else None,
        heard=arguments["heard"],
    )
    caller = people.identify(parts, team_id, arguments["user"])
    with parts.database.reading() as session:
        try:
            view = first_view(session, parts, caller, asked, parts.clock())
        except InsightsError as refusal:
            view = _notice(refusal.message, asked.text)
    parts.gateways.of(team_id).call("views.update", view_id=arguments["view"], view=view)


def first_view(
    session: Session, parts: SlackParts, caller: Caller, asked: Asked, now: datetime
) -> Block:
    """The form as it opens; or the note, for a message that was saved before.

    Raises Forbidden for somebody whose account has ended.
    """
    actor = _account(session, parts, caller, now)
    message = asked.message
    note_id: UUID = uuid7()
    if message is not None:
        earlier = note_of(session, message)
        if earlier is None:
            note_id = message.note_id
        elif actor and earlier.withdrawn_at is None and access.may_see(actor, earlier):
            card = note_cards.card(session, actor, earlier.id)
            return capture_fields.already_saved(card, parts.links, own=card.author_id == actor.id)
    similar = capture_advice.similar(session, parts, actor, asked.text)
    memory = Memory(
        note_id=note_id,
        channel_id=asked.channel_id,
        message=message,
        similar=tuple(card.id for card in similar),
        brief=actor is None,
        asked=asked.question is not None
        or question_answers.are_open(session, actor, today=parts.today(now)),
    )
    filled = Filled(asked.text, _defaults(session, actor, asked))
    return form(memory, filled, parts.links, Found(similar=similar))


def _shown(heard: Heard, view: Block, asked: Asked) -> str:
    """The id of the view, once it is open; empty when it could not be opened."""
    try:
        opened = heard.gateway.call(
            "views.open", trigger_id=heard.body.get("trigger_id"), view=view
        )
        return str(opened["view"]["id"])
    except SlackRefused as refused:
        if refused.code not in TOO_LATE:
            raise
        reason = NOT_OPENED
    except (SlackBusy, SlackSilent):
        reason = NOT_OPENED
    except Unavailable as error:
        reason = error.message
    kept = [blocks.section(KEPT), blocks.quote(asked.text)] if asked.text else []
    with heard.writing() as session:
        heard.tell(session, reason, [blocks.section(reason), *kept] if kept else None)
    return ""


def _put_fill(heard: Heard, view_id: str, asked: Asked) -> None:
    message = asked.message
    with heard.writing() as session:
        calls.put(
            session,
            key=f"{FILL}:{view_id}",
            team_id=heard.team_id,
            method=FILL,
            arguments={
                "view": view_id,
                "user": heard.user_id,
                "text": asked.text,
                "channel": asked.channel_id,
                "message": [message.channel_id, message.ts, message.thread] if message else None,
                "heard": asked.heard,
            },
            now=heard.now,
        )


def _notice(text: str, kept: str) -> Block:
    parts = [blocks.section(text)]
    if kept:
        parts += [blocks.section(KEPT), blocks.quote(kept)]
    return blocks.modal("capture.refused", capture_fields.TITLE, parts, close="Close")


def _account(session: Session, parts: SlackParts, caller: Caller, now: datetime) -> Actor | None:
    """The person as services see them; None for those without an account."""
    if caller.person_id is None or caller.is_guest:
        return None
    return people.actor(session, caller, today=parts.today(now), now=now, make_guest=False)


def _defaults(session: Session, actor: Actor | None, asked: Asked) -> dict[str, tuple[Block, ...]]:
    """One's own territory; what a question is about; heard, for the words of somebody else; and
    sealed, for what only the members of a private channel read."""
    known, message = catalogue.current(session), asked.message
    defaults: dict[str, tuple[Block, ...]] = {}
    place = held_place(actor, known.territories.values()) if actor else None
    if place is not None:
        defaults |= chosen("territory", territory_option(known, place))
    if asked.question is not None:
        defaults |= _answering(known, asked.question)
    if asked.heard:
        defaults |= chosen("known", KNOWN[1])
    if message is not None and place_of(session, message.team_id, message.channel_id).private:
        defaults |= chosen("audience", AUDIENCES[1])
    return defaults


def _answering(known: Catalogue, question: QuestionView) -> dict[str, tuple[Block, ...]]:
    """The question, the territory of the person's own at which it is aimed, and the customers and
    the only kind of note that it asks about."""
    place = question.own_territory
    return {
        **chosen("question", question_answers.option(question)),
        **(chosen("territory", territory_option(known, place)) if place else {}),
        **chosen("segments", *(segment_option(known, one) for one in question.segments)),
        **(chosen("kind", KINDS[question.kinds[0]]) if len(question.kinds) == 1 else {}),
    }
