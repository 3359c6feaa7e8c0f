"""What is known before a visit to an account, in short: `/insight account` answers it to the person
alone."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from insights.errors import Invalid, NotFound
from insights.services import account_briefs, accounts, note_cards
from insights.services.access import Actor
from insights.services.account_briefs import AccountBrief, Met
from insights.services.accounts import AccountView
from insights.services.lookup import quoted
from insights.services.note_cards import NoteCard, NoteFilter
from insights.services.promises import PromiseView
from insights.text import fold
from integrations.slack import blocks, bullets, text
from integrations.slack.blocks import Block, Message
from integrations.slack.bullets import Bullet
from integrations.slack.links import Links
from integrations.slack.parts import SlackParts

NO_NAME = "Say which account: `/insight account Mercy Hospital`."
NOTHING = "Nothing is known of it yet: the first note about it stands here."
MOST_NAMED = 8
MOST_LINES = 5
MOST_NOTES = 3


def answer(session: Session, parts: SlackParts, actor: Actor, words: str, now: datetime) -> Message:
    """The account that the words name, as the person may see what is known of it; the names of
    those that have the words, where there are several.

    Raises Invalid without words, and NotFound for words that name none.
    """
    if not words:
        raise Invalid(NO_NAME)
    found = accounts.list_accounts(session, actor, words=words, limit=MOST_NAMED)
    meant = [one for one in found if fold(one.name) == fold(words)] or found
    if not meant:
        raise NotFound(
            f"No account is called “{quoted(words)}”. If it was the beginning of a note, write "
            "`/insight note` before it."
        )
    if len(meant) > 1:
        return _several(meant, parts.links)
    today = parts.today(now)
    brief = account_briefs.brief(
        session, actor, parts.reader, account_id=meant[0].id, now=now, today=today
    )
    about = NoteFilter(account_id=meant[0].id)
    newest = note_cards.list_notes(session, actor, about, limit=MOST_NOTES).cards
    return _message(brief, newest, parts.links, today)


def _several(found: Sequence[AccountView], links: Links) -> Message:
    lead = "*Several accounts have these words.* Say more of the name, or open one:"
    lines = [Bullet(links.account(one.id), bullets.title(one.name)) for one in found]
    return Message(
        f"{lead}\n{bullets.as_text(lines)}", [blocks.section(lead), bullets.block(lines)]
    )


def _message(brief: AccountBrief, newest: Sequence[NoteCard], links: Links, today: date) -> Message:
    place = brief.account.territory.name if brief.account.territory else ""
    title = f"*Account: {text.escape(brief.account.name)}*"
    if place:
        title += f" · {text.escape(place)}"
    shown: list[Block] = [blocks.section(title)]
    told = [title]
    for heading, lines in _parts(brief, newest, links, today):
        if lines:
            shown += [blocks.section(f"*{heading}*"), bullets.block(lines)]
            told += [f"*{heading}*", bullets.as_text(lines)]
    if len(told) == 1:
        shown.append(blocks.section(NOTHING))
        told.append(NOTHING)
    foot = text.link(links.account(brief.account.id), "All that is known of it")
    shown.append(blocks.context(foot))
    return Message("\n".join((*told, foot)), shown)


def _parts(
    brief: AccountBrief, newest: Sequence[NoteCard], links: Links, today: date
) -> Iterator[tuple[str, list[Bullet]]]:
    promised = [_promise(one, today) for one in brief.promises[:MOST_LINES]]
    yield "Promised", promised
    yield "Newest notes", [bullets.of_note(one, links) for one in newest]
    yield "Competitors named there", [_met(one, links) for one in brief.met[:MOST_LINES]]
    questions, topics = brief.questions[:MOST_LINES], brief.topics[:MOST_LINES]
    asked = [Bullet(links.question(one.id), bullets.title(one.text)) for one in questions]
    yield "Asked and open", asked
    work = [Bullet(links.topic(one.id), bullets.title(one.title)) for one in topics]
    yield "Being worked on", work


def _met(met: Met, links: Links) -> Bullet:
    notes = "1 note" if met.notes == 1 else f"{met.notes:,} notes"
    name = met.competitor.name
    return Bullet(links.competitor(met.competitor.slug), name, f" · {notes} · ", met.newest_at)


def _promise(promise: PromiseView, today: date) -> Bullet:
    due = f"{promise.due.day} {promise.due:%B}" if promise.due else ""
    late = "overdue since" if promise.is_overdue(today) else "until"
    told = f" · {late} {due}" if due else ""
    return Bullet("", bullets.title(promise.text), f" · {promise.maker_name}{told}")
