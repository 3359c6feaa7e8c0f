"""What is coming up somewhere, as an answer in Slack to the person who asked; it can be shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from insights.errors import Forbidden, NotFound
from insights.services import access, catalogue, trends
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item
from insights.services.lookup import quoted
from insights.services.trends import Emerging
from integrations.slack import blocks, bullets, posting, text
from integrations.slack.blocks import Block, Message
from integrations.slack.capture_lists import held_place
from integrations.slack.heard import Heard
from integrations.slack.home import LITTLE_HISTORY, NOTHING_COMPUTED, NOTHING_EMERGES
from integrations.slack.links import Links
from integrations.slack.listening import Answer, Listeners
from integrations.slack.parts import SlackParts

SHARE = "trends.share"
MOST_TRENDS = 5
COMPANY = "company"
GONE = "What this was about is there no more. Ask again with `/insight trends`."
ONLY_SEALED = (
    "This was not shared: sealed notes were counted in it, and without them nothing is coming up. "
    "Tell those who may read them the link instead."
)
_ASK = blocks.confirmation(
    "Share this?", "It is posted in this channel, as everyone in the company may see it.", "Share"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A part of the company: a territory, competitor or segment by its id, or the whole of it."""

    kind: str
    id: int
    name: str
    url: str


def register(listeners: Listeners) -> None:
    """Puts the handler where Slack's clicks arrive."""
    listeners.action(SHARE)(share)


def emerging(
    session: Session, parts: SlackParts, actor: Actor, words: str, now: datetime
) -> Message:
    """The strongest trends of the territory, competitor or segment that the words name; of the
    person's own territory without any, or of the company for who holds none.

    Raises NotFound for words that name nothing.
    """
    subject = _meant(catalogue.current(session), actor, words, parts.links)
    found = _found(session, parts, actor, subject, now)
    return _told(subject, found, parts.links, offers_share=True)


def share(heard: Heard) -> Answer:
    """Has what is coming up posted where the person asked, as everyone may see it.

    Raises Forbidden where the app cannot write, and when only sealed notes show a trend.
    """
    parts, value = heard.parts, str(heard.body["actions"][0].get("value"))
    with heard.writing() as session:
        heard.actor(session)
        channel_id = posting.writable_channel(session, heard)
        subject = _subject_of(catalogue.current(session), value, parts.links)
        found = _found(session, parts, access.EVERYBODY, subject, heard.now)
        if not found.trends:
            raise Forbidden(ONLY_SEALED)
        message = _told(subject, found, parts.links, offers_share=False)
        key = f"trends:{heard.receipt.key}"
        posting.put(session, heard, message, key=key, channel_id=channel_id)
    return None


def _found(
    session: Session, parts: SlackParts, actor: Actor, subject: Subject, now: datetime
) -> Emerging:
    part = {} if subject.kind == COMPANY else {f"{subject.kind}_id": subject.id}
    return trends.emerging(session, actor, on=parts.today(now), limit=MOST_TRENDS, **part)


def _told(subject: Subject, found: Emerging, links: Links, *, offers_share: bool) -> Message:
    title = f"*What is coming up: {text.escape(subject.name)}*"
    more = text.link(subject.url, f"More of {subject.name}")
    if not found.trends:
        quiet = NOTHING_EMERGES if found.history >= trends.LEAST_HISTORY else LITTLE_HISTORY
        told = quiet if found.day else NOTHING_COMPUTED
        shown = [blocks.section(title), blocks.section(told), blocks.context(more)]
        return Message("\n".join((title, told, more)), shown)
    button = _share_button(subject) if offers_share else None
    lines = [bullets.of_trend(one, links) for one in found.trends]
    shown = [blocks.section(title, button), bullets.block(lines), blocks.context(more)]
    return Message("\n".join((title, bullets.as_text(lines), more)), shown)


def _share_button(subject: Subject) -> Block:
    return blocks.button("Share", SHARE, f"{subject.kind}:{subject.id}", confirm=_ASK)


def _meant(known: Catalogue, actor: Actor, words: str, links: Links) -> Subject:
    """What the words name; the person's own territory without any."""
    if not words:
        own = held_place(actor, known.territories.values())
        return _subject("territory", own, links) if own else _company(links)
    for kind, find in (
        ("territory", known.find_territory),
        ("competitor", known.find_competitor),
        ("segment", known.find_segment),
    ):
        item = find(words)
        if item is not None:
            return _subject(kind, item, links)
    raise NotFound(
        f"“{quoted(words)}” is no territory, competitor or segment. If it was the beginning of a "
        "note, write `/insight note` before it."
    )


def _subject_of(known: Catalogue, value: str, links: Links) -> Subject:
    """What a button is about; raises NotFound for what is gone."""
    kind, _, number = value.partition(":")
    items: Mapping[str, Mapping[int, Item]] = {
        "territory": known.territories,
        "competitor": known.competitors,
        "segment": known.segments,
    }
    if kind == COMPANY:
        return _company(links)
    item = items.get(kind, {}).get(int(number)) if number.isdecimal() else None
    if item is None:
        raise NotFound(GONE)
    return _subject(kind, item, links)


def _subject(kind: str, item: Item, links: Links) -> Subject:
    page = {
        "territory": links.territory,
        "competitor": links.competitor,
        "segment": links.segment,
    }[kind]
    return Subject(kind, item.id, item.name, page(item.slug))


def _company(links: Links) -> Subject:
    return Subject(COMPANY, 0, "the whole company", links.trends())
