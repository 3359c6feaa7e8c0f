"""Saving a note from Slack: the form comes back, asks once more where there is reason to, and is
stored."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from insights.errors import Conflict, Invalid
from insights.models import Audience, GuardAction, Impact, Kind, Known, Source
from insights.services import catalogue, note_cards, notes, sightings
from insights.services.access import Actor
from insights.services.catalogue import Item
from insights.services.note_drafts import NoteDraft
from insights.services.notes import Receipt
from integrations.slack import (
    calls,
    capture_advice,
    capture_fields,
    captured,
    home_updates,
)
from integrations.slack.blocks import Block
from integrations.slack.capture_fields import (
    CALLBACK,
    Filled,
    Found,
    Memory,
    consent_to,
    filled_of,
    form,
    memory_of,
)
from integrations.slack.capture_lists import has_account
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners


def register(listeners: Listeners) -> None:
    """Puts the handlers where Slack's forms and clicks arrive."""
    listeners.view(CALLBACK)(submitted)
    listeners.action(capture_fields.SEEN)(seen)


def submitted(heard: Heard) -> Answer:
    """Saves the note of the form; or shows the form again with what there is to decide first.

    Raises Invalid by field, with which the form stays open.
    """
    view = heard.body["view"]
    memory, filled = memory_of(view, heard.team_id), filled_of(view)
    again = _again(heard, memory, filled)
    if again is not None:
        return {"response_action": "update", "view": again}
    with heard.writing() as session:
        actor = heard.actor(session, make_guest=True)
        receipt = _post(session, actor, _draft(session, memory, filled), heard)
        card = note_cards.card(session, actor, receipt.note_id)
        captured.confirm(session, heard, card, channel_id=memory.channel_id, message=memory.message)
        home_updates.put(heard, session)
    return None


def seen(heard: Heard) -> Answer:
    """Counts the person among those who saw a similar note, and says so in the form."""
    note_id, view = captured.clicked_note(heard), heard.body.get("view") or {}
    with heard.writing() as session:
        actor = heard.actor(session)
        sightings.add(session, actor, note_id, now=heard.now)
        calls.put(
            session,
            key=f"seen:{heard.receipt.key}",
            team_id=heard.team_id,
            method="views.update",
            arguments={
                "view_id": view.get("id"),
                "hash": view.get("hash"),
                "view": _after_seen(session, heard, actor, note_id),
            },
            now=heard.now,
        )
    return None


def _after_seen(session: Session, heard: Heard, actor: Actor, note_id: UUID) -> Block:
    view, links = heard.body["view"], heard.parts.links
    if view.get("callback_id") != CALLBACK:
        return capture_fields.already_saved(
            note_cards.card(session, actor, note_id), links, own=False
        )
    memory, filled = memory_of(view, heard.team_id), filled_of(view)
    memory = replace(memory, seen=(*memory.seen, note_id))
    was_asked = "acknowledged" in filled.chosen
    findings = capture_advice.findings(session, filled.text) if was_asked else []
    similar = note_cards.cards_of(session, actor, memory.similar)
    return form(memory, filled, links, Found(findings, similar))


def _again(heard: Heard, memory: Memory, filled: Filled) -> Block | None:
    """The form with findings that are not confirmed, or similar notes that were not shown yet.

    Raises Invalid for a text that cannot be sent as it is.
    """
    with heard.reading() as session:
        findings = capture_advice.findings(session, filled.text)
        blocked = [rule.sentence for rule, _ in findings if rule.action is GuardAction.BLOCK]
        if blocked:
            raise Invalid({"text": blocked})
        actor = heard.actor(session) if has_account(heard) else None
        similar = capture_advice.similar(session, heard.parts, actor, filled.text)
        ids = tuple(card.id for card in similar)
        is_asked = not findings or consent_to(findings) in filled.values("acknowledged")
        if is_asked and set(ids) <= set(memory.similar):
            return None
        memory = replace(memory, similar=ids)
        return form(memory, filled, heard.parts.links, Found(findings, similar))


def _draft(session: Session, memory: Memory, filled: Filled) -> NoteDraft:
    known, message = catalogue.current(session), memory.message
    is_first = message is not None and memory.note_id == message.note_id
    kind, account_id = filled.value("kind"), filled.value("account")
    question_id = filled.value("question")
    findings = capture_advice.findings(session, filled.text)
    is_confirmed = consent_to(findings) in filled.values("acknowledged")
    return NoteDraft(
        id=memory.note_id,
        text=filled.text,
        source=Source.SLACK,
        kind=Kind(kind) if kind else None,
        territory=next(iter(_slugs(filled, "territory", known.territories)), None),
        segments=_slugs(filled, "segments", known.segments),
        competitors=_slugs(filled, "competitors", known.competitors),
        account_id=int(account_id) if account_id else None,
        question_id=int(question_id) if question_id else None,
        known=Known(filled.value("known") or Known.FIRST_HAND),
        impact=Impact(filled.value("impact") or Impact.NORMAL),
        audience=Audience(filled.value("audience") or Audience.EVERYONE),
        captured_at=message.said_at if message else None,
        external_id=message.external_id if message and is_first else None,
        acknowledged=frozenset(rule.key for rule, _ in findings if is_confirmed),
    )


def _slugs(filled: Filled, name: str, items: Mapping[int, Item]) -> tuple[str, ...]:
    """The words by which services find what was chosen; what is gone is named as it was shown."""
    found = []
    for option in filled.chosen.get(name, ()):
        item = items.get(int(option["value"]))
        found.append(item.slug if item else str(option["text"]["text"]))
    return tuple(found)


def _post(session: Session, actor: Actor, draft: NoteDraft, heard: Heard) -> Receipt:
    """Stores the note; under an id of the person's own when somebody saved the message first."""
    try:
        return notes.post(session, actor, draft, now=heard.now)
    except Conflict:
        message = memory_of(heard.body["view"], heard.team_id).message
        if message is None:
            raise
        own = replace(draft, id=message.note_id_of(heard.user_id), external_id=None)
        return notes.post(session, actor, own, now=heard.now)
