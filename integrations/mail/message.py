"""Mails as they are sent: text and HTML that say the same, and the headers of a list."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from insights import resources
from insights.services.deliveries import Parcel
from insights.services.note_cards import NoteCard
from insights.text import shorten
from integrations.mail.links import Links

LONGEST_SUBJECT = 120
LONGEST_QUOTE = 2_000
# Not every reader of mail puts a folded link together again.
_POLICY = SMTP.clone(max_line_length=400)


def message(
    parcel: Parcel, cards: Sequence[NoteCard], *, sender: str, links: Links, now: datetime
) -> EmailMessage:
    """The mail for a parcel. Its Message-ID stays the same however often it is tried, so that a
    mailbox shows a second copy as the same mail."""
    made = EmailMessage(_POLICY)
    made["Subject"] = _subject(parcel, cards)
    made["From"] = sender
    made["To"] = parcel.address
    made["Date"] = format_datetime(now)
    made["Message-ID"] = message_id(parcel, sender)
    # Nobody wrote it, so no machine should answer it (RFC 3834).
    made["Auto-Submitted"] = "auto-generated"
    if parcel.route_id is not None:
        made["List-Id"] = f"<route-{parcel.route_id}.{_domain(sender)}>"
        # One click ends it (RFC 2369, RFC 8058).
        made["List-Unsubscribe"] = f"<{links.end(parcel.route_id)}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    told: dict[str, Any] = {
        "parcel": parcel,
        "notes": [_told(card, links) for card in cards],
        "end": links.end(parcel.route_id) if parcel.route_id is not None else None,
    }
    made.set_content(_templates().get_template("mail/notes.txt").render(told))
    made.add_alternative(_templates().get_template("mail/notes.html").render(told), subtype="html")
    return made


def message_id(parcel: Parcel, sender: str) -> str:
    """The Message-ID of a parcel's mail."""
    return f"<delivery-{parcel.deliveries[0]}@{_domain(sender)}>"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(resources.folder("templates")),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _subject(parcel: Parcel, cards: Sequence[NoteCard]) -> str:
    if parcel.is_digest:
        many = "1 note" if len(cards) == 1 else f"{len(cards)} notes"
        return shorten(f"{parcel.route_name}: {many}", LONGEST_SUBJECT)
    first = " ".join(cards[0].text.split())
    return shorten(f"{parcel.route_name}: {first}", LONGEST_SUBJECT)


def _told(card: NoteCard, links: Links) -> dict[str, str]:
    """What a mail says of a note."""
    tags = [one.name for one in (*card.competitors, *card.products, *card.segments)]
    about = [card.kind, card.territory.name, *tags]
    if card.account is not None:
        about.append(card.account.name)
    return {
        "text": shorten(card.text, LONGEST_QUOTE),
        "about": " · ".join(about),
        "by": f"{card.author_name}, {card.captured_at:%d %b %Y %H:%M} UTC",
        "seen": f"{card.sightings} seen it too" if card.sightings else "",
        "url": links.note(card.id),
    }


def _domain(sender: str) -> str:
    return sender.rstrip("> ").rpartition("@")[2] or "localhost"
