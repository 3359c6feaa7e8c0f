"""What a search found, as templates show it: notes with marked words and why, and the ways on."""

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

from insights.search.ranking import BoostKind
from insights.services.search import Result, WayOut
from insights.services.search_choice import SearchChoice
from insights.services.search_corrections import Correction
from insights.web.note_cards import shown
from insights.web.search_chips import Labels
from insights.web.search_choice import address, changed
from insights.web.search_facets import TITLES

OTHER_PARTS = {"text": "the words", "period": "the period"}
REASONS: dict[BoostKind, str] = {
    "fresh": "fresh",
    "first-hand": "first-hand",
    "seen": "seen by others",
}


def notes(results: Iterable[Result]) -> list[dict[str, Any]]:
    """The notes as cards; the excerpt takes the place of the text where something is marked."""
    return [_note(result) for result in results]


def _note(result: Result) -> dict[str, Any]:
    note = shown(result.card)
    pieces = result.excerpt or ()
    if any(hit for _, hit in pieces):
        note["excerpt"] = [{"text": text, "hit": hit} for text, hit in pieces]
    if result.words:
        note["why"] = {
            "words": f"{result.words:.1f}",
            "boosts": [f"{REASONS[one.kind]}: ×{one.factor:.4g}" for one in result.boosts],
            "score": f"{result.words * prod(one.factor for one in result.boosts):.1f}",
        }
    return note


def corrected(choice: SearchChoice, found: Sequence[Correction]) -> list[dict[str, Any]]:
    """Other spellings, with the addresses of their searches."""
    return [
        {"text": one.text, "count": one.count, "url": changed(choice, text=one.text)}
        for one in found
    ]


def ways_out(words: Labels, choice: SearchChoice, found: Sequence[WayOut]) -> list[dict[str, Any]]:
    """What to drop, in words, with what that would find."""
    return [
        {"label": _part(words, choice, way.part), "url": address(way.choice), "count": way.count}
        for way in found
    ]


def _part(words: Labels, choice: SearchChoice, part: str) -> str:
    if part in OTHER_PARTS:
        return OTHER_PARTS[part]
    return f"{TITLES[part].lower()} {words.all_of(choice, part)}"
