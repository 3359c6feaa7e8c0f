"""Notes that say much the same as a text: beside a note, and while one is being written."""

from collections.abc import Sequence
from math import log
from uuid import UUID

from sqlalchemy.orm import Session

from insights.search.analysis import words
from insights.search.engine import Reader
from insights.search.query import Query
from insights.search.request import SearchRequest
from insights.search.tree import Word, either
from insights.services import access, note_cards
from insights.services.access import Actor
from insights.services.note_cards import NoteCard

MOST_SIMILAR = 20
# The words that tell most of a text: fewer find only copies, more find everything.
_MOST_TELLING = 10
_FEWEST_TELLING = 2
_READ = 4_000
"""Characters of the text that are looked at."""
_ENOUGH = 0.4
"""The share of what a text tells that a note must tell, too."""


def similar_notes(
    session: Session,
    actor: Actor,
    reader: Reader,
    text: str,
    *,
    exclude: UUID | None = None,
    limit: int = 5,
) -> list[NoteCard]:
    """Notes that the actor may see and that have the telling words of the text, most alike first.

    A word tells the more the fewer notes have it (inverse document frequency). `exclude` is the
    note that the text is of. At most 20. Raises Unavailable when there is no index yet.
    """
    telling = _telling(reader, text)
    if len(telling) < _FEWEST_TELLING:
        return []
    limit = max(0, min(limit, MOST_SIMILAR))
    request = SearchRequest(
        audience=access.reader_keys(actor),
        query=Query(either(*(Word(word) for word in telling))),
        limit=limit + 1,
    )
    found = [hit.id for hit in reader.search(request).hits if hit.id != exclude]
    cards = note_cards.cards_of(session, actor, found[:limit])
    return [card for card in cards if _share(reader, telling, card.text) >= _ENOUGH]


def _telling(reader: Reader, text: str) -> dict[str, float]:
    """The words that tell most of a text, with how much each tells."""
    analysis = reader.analysis
    candidates = list(
        dict.fromkeys(word for word in words(text[:_READ]) if not analysis.is_stop_word(word))
    )
    counts = reader.frequencies(candidates)
    most = max([1, *counts])
    # A word that no note has tells most of all: what is new about a text makes it less alike.
    weights = {
        word: log(1 + most / (count or 0.5)) for word, count in zip(candidates, counts, strict=True)
    }
    heaviest = sorted(weights, key=lambda word: -weights[word])[:_MOST_TELLING]
    return {word: weights[word] for word in heaviest}


def _share(reader: Reader, telling: dict[str, float], text: str) -> float:
    stems = set(_stems(reader, words(text)))
    told = sum(
        weight
        for (_, weight), stem in zip(telling.items(), _stems(reader, list(telling)), strict=True)
        if stem in stems
    )
    return told / sum(telling.values())


def _stems(reader: Reader, typed: Sequence[str]) -> list[str]:
    return reader.analysis.stems(list(typed))
