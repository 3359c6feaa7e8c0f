"""What the form tells before a note is saved: what should not be in it, and who said it already."""

from sqlalchemy.orm import Session

from insights.errors import Unavailable
from insights.services import guard_rails
from insights.services.access import Actor
from insights.services.guard_rails import Rule
from insights.services.note_cards import NoteCard
from insights.services.similar import similar_notes
from insights.text import clean, shorten
from integrations.slack.parts import SlackParts

MOST_SIMILAR = 3
LONGEST_PIECE = 60


def findings(session: Session, text: str) -> list[tuple[Rule, str]]:
    """What the guard-rails find in the text, each rule once with the first piece it is about."""
    rails, stored = guard_rails.current(session), clean(text)
    first: dict[str, str] = {}
    for one in rails.findings(stored):
        first.setdefault(one.key, shorten(stored[one.start : one.end], LONGEST_PIECE))
    return [(rails.rule(key), piece) for key, piece in first.items()]


def similar(session: Session, parts: SlackParts, actor: Actor | None, text: str) -> list[NoteCard]:
    """Notes of others that say much the same; none for those who may not search."""
    if actor is None or not text:
        return []
    try:
        found = similar_notes(session, actor, parts.reader, text, limit=2 * MOST_SIMILAR)
    except Unavailable:
        return []
    return [card for card in found if card.author_id != actor.id][:MOST_SIMILAR]
