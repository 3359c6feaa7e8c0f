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
from insights.http import letter_paths
from insights.models import DeliveryMatter
from insights.services import parcel_words
from insights.services.deliveries import Parcel
from insights.services.digests import Digest
from insights.services.letter import Letter
from insights.services.note_cards import NoteCard
from insights.services.parcels import Contents
from insights.services.question_views import QuestionView
from insights.services.trend_words import sentence
from insights.services.trends import TrendView
from insights.text import shorten
from integrations.mail.links import Links

LONGEST_SUBJECT = 120
LONGEST_QUOTE = 2_000
# In a digest, where one goes to the note for the rest.
LONGEST_EXCERPT = 300
# Not every reader of mail puts a folded link together again.
_POLICY = SMTP.clone(max_line_length=400)


def message(
    parcel: Parcel, contents: Contents, *, sender: str, links: Links, now: datetime
) -> EmailMessage:
    """The mail for a parcel. Its Message-ID stays the same however often it is tried, so that a
    mailbox shows a second copy as the same mail."""
    made = EmailMessage(_POLICY)
    made["Subject"] = shorten(_subject(parcel, contents), LONGEST_SUBJECT)
    made["From"] = sender
    made["To"] = parcel.address
    made["Date"] = format_datetime(now)
    made["Message-ID"] = message_id(parcel, sender)
    # Nobody wrote it, so no machine should answer it (RFC 3834).
    made["Auto-Submitted"] = "auto-generated"
    group, end = _list(parcel, links)
    made["List-Id"] = f"<{group}.{_domain(sender)}>"
    # One click ends it (RFC 2369, RFC 8058).
    made["List-Unsubscribe"] = f"<{end}>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    name, told = _told(parcel, contents, links)
    told |= {"parcel": parcel, "links": links, "end": end}
    made.set_content(_templates().get_template(f"mail/{name}.txt").render(told))
    html = _templates().get_template(f"mail/{name}.html").render(told)
    made.add_alternative(html, subtype="html")
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


def _list(parcel: Parcel, links: Links) -> tuple[str, str]:
    """The list to which the mail belongs, and the link that ends it for its reader: a route, or the
    news that one is told oneself, which has no route."""
    if parcel.route_id is not None:
        return f"route-{parcel.route_id}", links.end(parcel.route_id)
    return "news", links.end_news(parcel.person_id or 0)


def _subject(parcel: Parcel, contents: Contents) -> str:
    if contents.letter is not None:
        return contents.letter.title
    if parcel.matter is DeliveryMatter.NEWS:
        return _news(parcel, contents)
    return f"{parcel.route_name}: {_found(parcel, contents)}"


def _found(parcel: Parcel, contents: Contents) -> str:
    """What a route has found, in a few words."""
    if parcel.matter is DeliveryMatter.TEST:
        return parcel_words.TEST.lower()
    if contents.trend is not None:
        return sentence(contents.trend)
    if contents.summary is not None:
        return parcel_words.digest_title(contents.summary)
    if parcel.is_digest:
        return "1 note" if len(contents.cards) == 1 else f"{len(contents.cards)} notes"
    return " ".join(contents.cards[0].text.split())


def _told(parcel: Parcel, contents: Contents, links: Links) -> tuple[str, dict[str, Any]]:
    """The template of the mail, and what it says."""
    match parcel.matter:
        case DeliveryMatter.TEST:
            return "test", {"lead": parcel_words.TEST_LEAD}
        case DeliveryMatter.NEWS:
            notes = _notes(contents.cards, links, LONGEST_QUOTE)
            return "news", {"lead": _news(parcel, contents), "notes": notes}
    if contents.letter is not None:
        return "telling", _letter(contents.letter, links)
    if contents.summary is not None:
        return "summary", _summary(contents.summary, links)
    if contents.trend is not None:
        return "trend", _trend(contents, contents.trend, links)
    return "notes", {"notes": _notes(contents.cards, links, LONGEST_QUOTE)}


def _news(parcel: Parcel, contents: Contents) -> str:
    return parcel_words.news(parcel.detail, contents.triage.get(contents.cards[0].id))


def _letter(letter: Letter, links: Links) -> dict[str, Any]:
    """What is told with where it leads. Answers are given on the page, where one is signed in."""
    return {
        "letter": letter,
        "url": links.told(letter),
        "opens": letter_paths.label_of(letter),
        "answer": links.answer(letter.question_id) if letter.question_id else "",
        "choices": " · ".join(one.label for one in letter.choices),
    }


def _trend(contents: Contents, trend: TrendView, links: Links) -> dict[str, Any]:
    evidence = [
        {
            "text": shorten(one.text, LONGEST_EXCERPT),
            "by": one.author_name,
            "url": links.note(one.id),
        }
        for one in contents.evidence
    ]
    return {"sentence": sentence(trend), "url": links.trend(trend.id), "notes": evidence}


def _summary(digest: Digest, links: Links) -> dict[str, Any]:
    """The digest part by part: a heading and its lines, each with its link."""
    parts = [
        (
            parcel_words.EMERGED,
            [
                {"text": sentence(one), "url": links.trend(one.id), "opens": "Open the trend"}
                for one in digest.emerged
            ],
        ),
        (parcel_words.SIGHTED, _notes(digest.sighted, links, LONGEST_EXCERPT)),
        (parcel_words.UNANSWERED, _notes(digest.unanswered, links, LONGEST_EXCERPT)),
        (parcel_words.ASKED, [_question(one, links) for one in digest.asked]),
    ]
    return {
        "title": parcel_words.digest_title(digest),
        "lead": parcel_words.digest_lead(digest),
        "parts": [part for part in parts if part[1]],
        "more": parcel_words.unanswered_more(digest),
    }


def _question(question: QuestionView, links: Links) -> dict[str, str]:
    told = f"{question.text} ({parcel_words.asked(question)})"
    return {"text": told, "url": links.question(question.id), "opens": "Open the question"}


def _notes(cards: Sequence[NoteCard], links: Links, longest: int) -> list[dict[str, str]]:
    return [_note(card, links, longest) for card in cards]


def _note(card: NoteCard, links: Links, longest: int) -> dict[str, str]:
    """What a mail says of a note."""
    tags = [one.name for one in (*card.competitors, *card.products, *card.segments)]
    about = [card.kind, card.territory.name, *tags]
    if card.account is not None:
        about.append(card.account.name)
    return {
        "text": shorten(card.text, longest),
        "about": " · ".join(about),
        "by": f"{card.author_name}, {card.captured_at:%d %b %Y %H:%M} UTC",
        "seen": f"{card.sightings} seen it too" if card.sightings else "",
        "url": links.note(card.id),
    }


def _domain(sender: str) -> str:
    return sender.rstrip("> ").rpartition("@")[2] or "localhost"
