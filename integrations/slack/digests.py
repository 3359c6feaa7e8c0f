"""What a week brought, and a trend that came up, as messages."""

from collections.abc import Iterator, Sequence

from insights.services import parcel_words, trend_summary_words, trend_words
from insights.services.digests import Digest
from insights.services.question_views import QuestionView
from insights.services.trend_evidence import EvidenceNote
from insights.services.trends import TrendView
from integrations.slack import blocks, bullets, text
from integrations.slack.blocks import Block, Message
from integrations.slack.bullets import Bullet
from integrations.slack.links import Links

# The weeks whose counts a message tells; the page has all of them.
RECENT_WEEKS = 6


def digest(summary: Digest, links: Links) -> Message:
    """The week as one message: what came up, what most have seen, what nobody has answered."""
    days = trend_summary_words.days(summary.monday, summary.sunday)
    title = f"{summary.place}, {days}"
    shown: list[Block] = [blocks.header(title)]
    told = [f"*{text.escape(title)}*"]
    for heading, listed in _parts(summary, links):
        shown += [blocks.section(f"*{heading}*"), bullets.block(listed)]
        told += [f"*{heading}*", bullets.as_text(listed)]
    shown.append(blocks.context(_ways_on(summary, links)))
    return Message("\n".join(told), shown)


def trend(view: TrendView, evidence: Sequence[EvidenceNote], links: Links) -> Message:
    """A trend that came up: the sentence, its last weeks, and the newest notes that prove it."""
    about = sentence(view, links)
    shown = [blocks.section(about)]
    notes = [_evidence(one, links) for one in evidence]
    if notes:
        shown.append(bullets.block(notes))
    search = text.link(links.search(trend_words.query(view)), "All of its notes")
    shown.append(blocks.context(f"{_recent_weeks(view)} · {search}"))
    return Message("\n".join(filter(None, (about, bullets.as_text(notes)))), shown)


def sentence(view: TrendView, links: Links) -> str:
    """What is coming up where, and on the next line with what figures, in Slack's notation."""
    lead = text.link(links.trend(view.id), trend_words.lead(view))
    return f"*{lead}*\n{text.escape(trend_words.figures(view))}."


def _parts(summary: Digest, links: Links) -> Iterator[tuple[str, list[Bullet]]]:
    """Headings, in Slack's notation, with what stands below them; those that are empty are not."""
    if summary.emerged:
        yield "Came up this week", [bullets.of_trend(one, links) for one in summary.emerged]
    if summary.sighted:
        sighted = [bullets.of_note(one, links, bullets.seen_by(one)) for one in summary.sighted]
        yield "Seen by most others", sighted
    if summary.unanswered:
        waiting = [bullets.of_note(one, links) for one in summary.unanswered]
        more = f": {summary.unanswered_count:,} in all, the oldest first"
        has_more = summary.unanswered_count > len(waiting)
        yield f"Waiting for an answer{more if has_more else ''}", waiting
    if summary.asked:
        yield parcel_words.ASKED, [_question(one, links) for one in summary.asked]


def _question(question: QuestionView, links: Links) -> Bullet:
    told = f" · {parcel_words.asked(question)}"
    return Bullet(links.question(question.id), bullets.title(question.text), told)


def _ways_on(summary: Digest, links: Links) -> str:
    inbox = [text.link(links.inbox(), "Inbox")] if summary.unanswered else []
    return " · ".join([text.link(links.trends(), "All that is coming up"), *inbox])


def _evidence(note: EvidenceNote, links: Links) -> Bullet:
    told = f" · {note.author_name} · "
    return Bullet(links.note(note.id), bullets.title(note.text), told, note.noted_at)


def _recent_weeks(view: TrendView) -> str:
    counts = view.series.counts[-RECENT_WEEKS:]
    return f"The last {len(counts)} weeks: {', '.join(map(trend_words.number, counts))}"
