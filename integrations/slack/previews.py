"""What a link to one of our pages shows in Slack: no more than everyone in the channel may see.

Whoever reads along in a channel need not have an account, so a preview of a note tells its kind,
its territory and how far it is. Its words are shown only where the organisation has its notes sent
to anyway. Of notes that are sealed, withdrawn or unknown, and of trends that were computed with
sealed ones, nothing is shown, as if there were no such page.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.services import (
    access,
    catalogue,
    competitors,
    note_cards,
    products,
    segments,
    territories,
    trend_words,
    trends,
    triage,
)
from insights.services.note_cards import NoteCard
from insights.services.triage import TriageView
from integrations.slack import blocks, bullets, cards, digests, text
from integrations.slack.blocks import Block
from integrations.slack.links import Links, Page, Target

READER = access.EVERYBODY
MOST_LINKS = 10
MOST_TRENDS = 3
QUIET = "Nothing is coming up beyond the usual."


def of_links(
    session: Session, urls: Iterable[str], *, links: Links, shows_text: bool, today: date
) -> dict[str, dict[str, list[Block]]]:
    """The previews by address, for chat.unfurl; addresses that show nothing are left out.

    `shows_text` says that everyone in the channel may read notes that are open to everyone.
    `today` is the day in the organisation's zone. At most ten links are looked at.
    """
    found = {}
    for url in list(dict.fromkeys(urls))[:MOST_LINKS]:
        target = links.target(text.unescape(url))
        if target is None:
            continue
        try:
            shown = list(_blocks(session, target, links, shows_text=shows_text, today=today))
        except NotFound:
            continue
        found[url] = {"blocks": shown}
    return found


def _blocks(
    session: Session, target: Target, links: Links, *, shows_text: bool, today: date
) -> Iterator[Block]:
    match target.page:
        case Page.NOTE:
            yield from _note(session, UUID(target.key), links, shows_text=shows_text)
        case Page.TREND:
            view = trends.get(session, READER, int(target.key), on=today)
            yield blocks.section(digests.sentence(view, links))
            yield blocks.context(text.escape(trend_words.stage_words(view)))
        case Page.SEARCH:
            title = text.link(links.search(target.key), f"Search: {target.key}")
            yield blocks.section(f"*{title}*")
        case _:
            yield from _name(session, target, links, today=today)


def _note(session: Session, note_id: UUID, links: Links, *, shows_text: bool) -> Iterator[Block]:
    found = note_cards.cards_of(session, READER, [note_id])
    if not found:
        raise NotFound("Not everyone may see this note.")
    card = found[0]
    title = f"{card.kind.capitalize()} note from {card.territory.name}"
    yield blocks.section(f"*{text.link(links.note(card.id), title)}*")
    if shows_text:
        yield blocks.quote(card.text)
    view = triage.views_of(session, [card.id]).get(card.id)
    yield blocks.context(" · ".join(_facts(card, view)))


def _facts(card: NoteCard, view: TriageView | None) -> Iterator[str]:
    yield text.date(card.noted_at)
    if card.sightings:
        yield bullets.seen_by(card)
    if view is not None:
        yield cards.standing(view)


def _name(session: Session, target: Target, links: Links, *, today: date) -> Iterator[Block]:
    """A territory, competitor, segment or product: what is coming up with it."""
    match target.page:
        case Page.TERRITORY:
            place = territories.get(session, READER, slug=target.key)
            path = catalogue.current(session).lineage(place.id)
            name, url = " › ".join(one.name for one in path), links.territory(place.slug)
            found = trends.emerging(session, READER, on=today, territory_id=place.id)
        case Page.COMPETITOR:
            rival = competitors.get(session, READER, slug=target.key)
            name, url = rival.name, links.competitor(rival.slug)
            found = trends.emerging(session, READER, on=today, competitor_id=rival.id)
        case Page.SEGMENT:
            segment = segments.get(session, READER, slug=target.key)
            name, url = segment.name, links.segment(segment.slug)
            found = trends.emerging(session, READER, on=today, segment_id=segment.id)
        case _:
            product = products.get(session, READER, slug=target.key)
            name, url = product.name, links.product(product.slug)
            found = trends.emerging(session, READER, on=today, product_id=product.id)
    yield blocks.section(f"*{text.link(url, name)}*")
    shown = found.trends[:MOST_TRENDS]
    if shown:
        yield bullets.block(bullets.of_trend(one, links) for one in shown)
    else:
        yield blocks.context(QUIET)
