"""The brief of a territory in short, as `/insight brief` answers it to the person alone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from insights.errors import Invalid, NotFound
from insights.services import briefs, catalogue
from insights.services.access import Actor
from insights.services.brief_lines import BriefLine, BriefSection, Lead, Leads, SectionName
from insights.services.catalogue import Catalogue, Place
from insights.services.lookup import quoted
from insights.text import shorten
from integrations.slack import blocks, bullets, text
from integrations.slack.blocks import Block, Message
from integrations.slack.bullets import Bullet
from integrations.slack.capture_lists import held_place
from integrations.slack.links import Links
from integrations.slack.parts import SlackParts

NO_PLACE = "Say of which territory: `/insight brief Georgia`."
NOTHING = "Nothing stands in it yet. What is noted, promised and pinned there comes here by itself."
# The sections that a message tells, with how many lines of each; the page has all of it.
SHOWN: Mapping[SectionName, tuple[str, int]] = {
    SectionName.MUST_KNOWS: ("Must know", 5),
    SectionName.PROMISES: ("Promised", 5),
    SectionName.EMERGING: ("Coming up", 3),
    SectionName.TOPICS: ("Being worked on", 3),
    SectionName.QUESTIONS: ("Asked and not answered", 3),
    SectionName.COMPETITORS: ("Competitors last seen", 5),
    SectionName.ACCOUNTS: ("Accounts", 5),
}
MOST_FACTS = 3


def answer(session: Session, parts: SlackParts, actor: Actor, words: str, now: datetime) -> Message:
    """The brief of the territory that the words name, as the person may see it; of their own
    without any. Raises NotFound for words that name none, and Invalid where there is no own one."""
    known = catalogue.current(session)
    place = _meant(known, actor, words)
    found = briefs.brief(
        session,
        actor,
        parts.reader,
        territory_id=place.id,
        now=now,
        today=parts.today(now),
        zone=parts.settings.zone,
    )
    others = [known.territories[one].name for one in actor.held if one != place.id]
    return _message(place, found.sections, parts.links, () if words else others)


def _meant(known: Catalogue, actor: Actor, words: str) -> Place:
    place = known.find_territory(words) if words else held_place(actor, known.territories.values())
    if place is not None:
        return place
    if not words:
        raise Invalid(NO_PLACE)
    raise NotFound(
        f"“{quoted(words)}” is no territory. If it was the beginning of a note, write "
        "`/insight note` before it."
    )


def _message(
    place: Place, sections: Sequence[BriefSection], links: Links, others: Sequence[str]
) -> Message:
    title = f"*Brief: {text.escape(place.name)}*"
    shown: list[Block] = [blocks.section(title)]
    told = [title]
    for section in sections:
        if section.name not in SHOWN or not section.lines:
            continue
        heading, most = SHOWN[section.name]
        lines = [_bullet(one, links) for one in section.lines[:most]]
        more = len(section.lines) - len(lines)
        head = f"*{heading}*" + (f" · {len(lines)} of {len(section.lines):,}" if more > 0 else "")
        shown += [blocks.section(head), bullets.block(lines)]
        told += [head, bullets.as_text(lines)]
    if len(told) == 1:
        shown.append(blocks.section(NOTHING))
        told.append(NOTHING)
    foot = text.link(links.brief(place.slug), "The whole brief, to read and to print")
    if others:
        foot += f" · Also yours: {text.escape(', '.join(others[:5]))}"
    shown.append(blocks.context(foot))
    return Message("\n".join((*told, foot)), shown)


def _bullet(line: BriefLine, links: Links) -> Bullet:
    facts = " · ".join(line.facts[:MOST_FACTS])
    url = _url(line.lead, links) if line.lead else ""
    title = shorten(" ".join(line.title.split()), bullets.LONGEST_TITLE)
    return Bullet(url, title, f" · {facts}" if facts else "")


def _url(lead: Lead, links: Links) -> str:
    """Where the line leads; empty for what has no page of its own."""
    pages: Mapping[Leads, Callable[[str], str]] = {
        Leads.NOTE: lambda key: links.note(UUID(key)),
        Leads.TREND: lambda key: links.trend(int(key)),
        Leads.TOPIC: lambda key: links.topic(int(key)),
        Leads.QUESTION: lambda key: links.question(int(key)),
        Leads.COMPETITOR: links.competitor,
        Leads.SEGMENT: links.segment,
        Leads.ACCOUNT: lambda key: links.account(int(key)),
    }
    page = pages.get(lead.to)
    return page(lead.key) if page else ""
