"""Notes as carriers get them, without a database."""

from uuid import uuid4

from insights.services.catalogue import Place
from insights.services.note_cards import NoteCard
from tests.organisation import GEORGIA, NOW, OWNER, SOUTHEAST


def card(text: str) -> NoteCard:
    """A note of the owner in Georgia with nothing but its text."""
    return NoteCard(
        id=uuid4(), external_id=None, text=text, kind="preference", known="first-hand",
        impact="normal", audience="everyone", source="web", author_id=OWNER,
        author_name="Olivia Owner",
        territory=Place(GEORGIA, "Georgia", "georgia", False, SOUTHEAST),
        account=None, captured_at=NOW, received_at=NOW, noted_at=NOW, clock_doubtful=False,
        version=1, edited_at=None, withdrawn_at=None, withdrawn_reason=None, segments=(),
        competitors=(), products=(), sightings=0, comments=0, sighted_by_me=False, photos=(),
    )  # fmt: skip
