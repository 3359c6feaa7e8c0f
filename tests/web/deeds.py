"""Deeds and readings of notes that several tests of pages need."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from insights.services import note_cards, notes
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW


def card_of(stage: Stage, reader: Actor, note_id: UUID) -> NoteCard:
    """The note as the reader sees it by now."""
    with stage.database.reading() as session:
        return note_cards.card(session, reader, note_id)


def who(characters: Characters, allowed: Callable[[Actor], bool]) -> set[str]:
    """The first names of those for whom it is so."""
    return {one.name.split()[0] for one in characters.everyone if allowed(one)}


def withdraw(stage: Stage, actor: Actor, note_id: UUID, reason: str = "") -> None:
    """Withdraws the note behind the pages' back."""
    with stage.database.writing() as session:
        within = timedelta(hours=24)
        notes.withdraw(session, actor, note_id, reason=reason, within=within, now=NOW)
