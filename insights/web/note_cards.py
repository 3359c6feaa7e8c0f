"""Notes in lists: a card as templates show it, and the address of the next page of a list.

A list goes on from a cursor (where the last page ended) instead of a page number, so that a note
that arrives meanwhile shifts nothing.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import request, url_for

from insights.errors import Invalid
from insights.services.catalogue import Item
from insights.services.note_cards import AccountName, NoteCard, Position
from insights.services.photos import PhotoView


def shown(card: NoteCard) -> dict[str, Any]:
    """The note as templates/components/note.html takes it."""
    return {
        "id": str(card.id),
        "url": url_for("notes.page", note_id=card.id),
        "text": card.text,
        "kind": card.kind,
        "territory": linked("territories", card.territory),
        "account": _account(card.account),
        "author_name": card.author_name,
        "captured_at": card.noted_at,
        "competitors": [linked("competitors", one) for one in card.competitors],
        "segments": [linked("segments", one) for one in card.segments],
        "sightings": card.sightings,
        "comments": card.comments,
        "sealed": card.sealed,
        "clock_doubtful": card.clock_doubtful,
        "photos": [pictured(one) for one in card.photos],
    }


def _account(account: AccountName | None) -> dict[str, str] | None:
    if account is None:
        return None
    return {"name": account.name, "url": url_for("accounts.page", account_id=account.id)}


def pictured(photo: PhotoView) -> dict[str, Any]:
    """A photo as templates/components/photos.html takes it."""
    return {
        "id": str(photo.id),
        "url": url_for("photos.large", photo_id=photo.id),
        "small_url": url_for("photos.small", photo_id=photo.id),
        "width": photo.width,
        "height": photo.height,
    }


def shown_all(cards: Iterable[NoteCard]) -> list[dict[str, Any]]:
    """Several notes, in their order."""
    return [shown(card) for card in cards]


def linked(section: str, item: Item) -> dict[str, str]:
    """The name of a territory, competitor or segment with the address of its page."""
    return {"name": item.name, "url": url_for(f"{section}.page", slug=item.slug)}


def next_url(position: Position | None, **fixed: Any) -> str | None:
    """This page's address, going on behind `position`; None at the end of the list.

    `fixed` are the values of the address's own variables and what else has to stay in it.
    """
    if position is None or request.endpoint is None:
        return None
    return url_for(request.endpoint, after=cursor_of(position), **fixed)


def cursor_of(position: Position) -> str:
    """The place in a list as an address carries it."""
    return f"{position.noted_at.astimezone(UTC).isoformat()}~{position.id}"


def asked_position(name: str = "after") -> Position | None:
    """Where the list is to go on; None at its beginning. Raises Invalid for a broken cursor.

    A page with two lists has a parameter of another `name` for the second one.
    """
    cursor = request.args.get(name, "")
    if not cursor:
        return None
    moment, _, identity = cursor.partition("~")
    try:
        noted_at = datetime.fromisoformat(moment).astimezone(UTC)
        return Position(noted_at, UUID(identity))
    except (ValueError, OverflowError):
        raise Invalid("This address is damaged. Begin again at the first page.") from None


def is_partial() -> bool:
    """Whether htmx asks for a part of the page only."""
    return "HX-Request" in request.headers
