"""Lists of links in messages: what people wrote stands in them letter for letter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from insights.services import trend_words
from insights.services.note_cards import NoteCard
from insights.services.trends import TrendView
from insights.text import shorten
from integrations.slack import text
from integrations.slack.blocks import Block
from integrations.slack.links import Links

LONGEST_TITLE = 110
# Slack tells days in each reader's own zone and language.
DAY = "{date_short_pretty}"


@dataclass(frozen=True, slots=True)
class Bullet:
    """One entry: a link with its label, and what is told after it, both plain; then a day. Without
    an address the label stands alone."""

    url: str
    label: str
    told: str = ""
    at: datetime | None = None


def of_trend(view: TrendView, links: Links) -> Bullet:
    """What is coming up where, with what was counted and expected."""
    return Bullet(links.trend(view.id), trend_words.lead(view), f": {trend_words.figures(view)}")


def of_note(card: NoteCard, links: Links, *more: str) -> Bullet:
    """The beginning of a note; its place, who wrote it, and what else there is to say."""
    told = " · ".join((card.territory.name, card.author_name, *more))
    return Bullet(links.note(card.id), title(card.text), f" · {told} · ", card.noted_at)


def seen_by(card: NoteCard) -> str:
    """How many others have seen what the note tells."""
    return "1 has seen it too" if card.sightings == 1 else f"{card.sightings:,} have seen it too"


def title(words: str) -> str:
    """The beginning of a note in one line."""
    return shorten(" ".join(words.split()), LONGEST_TITLE)


def block(bullets: Iterable[Bullet], block_id: str = "") -> Block:
    """The list as a block: no notation is read in it."""
    lines = [{"type": "rich_text_section", "elements": _line(one)} for one in bullets]
    listed = {"type": "rich_text_list", "style": "bullet", "elements": lines}
    made: Block = {"type": "rich_text", "elements": [listed]}
    return made | {"block_id": block_id} if block_id else made


def as_text(bullets: Iterable[Bullet]) -> str:
    """The list in Slack's notation, for notifications."""
    return "\n".join(f"• {_in_notation(one)}" for one in bullets)


def _in_notation(one: Bullet) -> str:
    day = _day(one.at) if one.at else ""
    label = text.link(one.url, one.label) if one.url else text.escape(one.label)
    return f"{label}{text.escape(one.told)}{day}"


def _line(one: Bullet) -> list[Block]:
    label: Block = {"type": "link", "url": one.url, "text": one.label}
    parts = [label if one.url else {"type": "text", "text": one.label}]
    if one.told:
        parts.append({"type": "text", "text": one.told})
    if one.at:
        parts.append(
            {
                "type": "date",
                "timestamp": int(one.at.timestamp()),
                "format": DAY,
                "fallback": _utc_day(one.at),
            }
        )
    return parts


def _day(moment: datetime) -> str:
    return f"<!date^{int(moment.timestamp())}^{DAY}|{_utc_day(moment)}>"


def _utc_day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B %Y}"
