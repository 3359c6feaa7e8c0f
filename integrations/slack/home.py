"""The app's own page in Slack: what waits for the person, what they are told, what is coming up.

Each person has one, written when they open it and again after what they do on it. It is always
written from what is so at that moment, by the worker.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from insights.errors import Forbidden
from insights.models import TellingMatter
from insights.services import access, inbox, letters, my_notes, questions, trends
from insights.services.access import Actor
from insights.services.my_notes import MyNote
from insights.services.trends import TrendView
from integrations.slack import (
    blocks,
    bullets,
    capture_form,
    cards,
    copies,
    home_updates,
    people,
    question_answers,
    tellings,
    text,
    topic_answers,
)
from integrations.slack.blocks import Block
from integrations.slack.bullets import Bullet
from integrations.slack.capture_form import Asked
from integrations.slack.gateway import SlackRefused
from integrations.slack.links import Links
from integrations.slack.listening import Heard, Listeners
from integrations.slack.parts import SlackParts
from integrations.slack.people import Caller

MOST_QUESTIONS = 3
MOST_NEWS = 5
MOST_TO_TRIAGE = 5
MOST_OWN = 5
MOST_TRENDS = 5
CAPTURE = "home.capture"
WELCOME = (
    "Field Insights keeps what we hear in the field and brings it to those who can use it, the "
    "same day. Write what a customer said: who it is for is found from the text."
)
NO_ACCOUNT = (
    "This works without an account. To see what becomes of your notes and what others hear, ask an "
    "admin for one with the e-mail address that you have in Slack."
)
NOTHING_WAITS = "Nothing waits for an answer. New notes come here as soon as a route sends them."
NONE_WRITTEN = "You have written none yet. Press *Capture*, or write `/insight` and what you heard."
NOTHING_COMPUTED = "Nothing is computed yet. Trends appear here within an hour of the first notes."
LITTLE_HISTORY = "There are too few weeks of notes yet to say what is unusual. Keep them coming."
NOTHING_EMERGES = "Quiet: nothing above what is usual."


def register(listeners: Listeners) -> None:
    """Hears of visits, and of the button that opens the form."""
    listeners.event("app_home_opened")(opened)
    listeners.action(CAPTURE)(capture)


def opened(heard: Heard) -> None:
    """Has the page written anew for whoever opens it."""
    if heard.event.get("tab") == "home":
        view = heard.event.get("view")
        shown = str(view.get("hash") or "") if isinstance(view, Mapping) else ""
        with heard.writing() as session:
            home_updates.put(heard, session, hash=shown)


def capture(heard: Heard) -> None:
    """Opens the form in which a note is written."""
    capture_form.open_form(heard, Asked())


def publish(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """The task that writes the page of `user`, where it still is what `hash` says, if that is said;
    where it is not, it is read and written once more. Raises what `Gateway.call` raises."""
    user_id = arguments["user"]
    gateway = parts.gateways.of(team_id)
    caller = people.identify(parts, team_id, user_id)
    try:
        view = view_for(parts, caller)
        gateway.call(
            "views.publish", user_id=user_id, view=view, hash=arguments.get("hash") or None
        )
    except SlackRefused as refused:
        if refused.code != "hash_conflict":
            raise
        gateway.call("views.publish", user_id=user_id, view=view_for(parts, caller))


def view_for(parts: SlackParts, caller: Caller) -> Block:
    """The page as it is at this moment."""
    now = parts.clock()
    with parts.database.reading() as session:
        try:
            actor = people.actor(session, caller, today=parts.today(now), now=now, make_guest=False)
        except Forbidden as refusal:
            return blocks.home(list(_stranger(caller, refusal)))
        return blocks.home(list(_person(session, actor, parts, now)))


def _stranger(caller: Caller, refusal: Forbidden) -> Iterator[Block]:
    has_account = caller.person_id is not None and not caller.is_guest
    yield blocks.section(WELCOME)
    yield blocks.actions("home", _capture())
    yield blocks.context(refusal.message if has_account else NO_ACCOUNT)


def _person(session: Session, actor: Actor, parts: SlackParts, now: datetime) -> Iterator[Block]:
    links = parts.links
    open_page = blocks.button("Open in browser", "home.open", url=links.home())
    yield blocks.actions("home", _capture(), open_page)
    yield from _asked(session, actor, parts, now)
    yield from _told(session, actor, links)
    if access.triages(actor):
        yield from _to_triage(session, actor, links)
    yield from _topics(session, actor, parts, now)
    yield from _own(session, actor, links)
    yield from _trends(session, actor, parts, now)


def _capture() -> Block:
    return blocks.button("Capture", CAPTURE, style="primary")


def _to_triage(session: Session, actor: Actor, links: Links) -> Iterator[Block]:
    found = inbox.page(session, actor, limit=MOST_TO_TRIAGE)
    yield from _headline("To triage")
    for item in found.items:
        shown = copies.topics_shown(session, item.card.id)
        yield from cards.card(item.card, item.triage, links=links, topics=shown).blocks
    if found.items:
        count = inbox.count_new(session, actor)
        yield blocks.context(text.link(links.inbox(), f"The inbox: {_counted(count)}"))
    else:
        yield blocks.context(NOTHING_WAITS)


def _asked(session: Session, actor: Actor, parts: SlackParts, now: datetime) -> Iterator[Block]:
    """Questions of headquarters to the person; nothing without any."""
    today = parts.today(now)
    found = questions.for_person(session, actor, today=today, limit=MOST_QUESTIONS)
    if not found:
        return
    yield from _headline("Questions for you")
    for one in found:
        link = text.link(parts.links.question(one.id), one.text)
        done = " · ✓ You have answered" if one.answered_by_me else ""
        told = f"{link}\nUntil {one.until.day} {one.until:%B}{done}"
        yield blocks.section(told, question_answers.button(one.id), f"question-{one.id}")


def _told(session: Session, actor: Actor, links: Links) -> Iterator[Block]:
    """What the person was told and has not read, but questions, which stand above."""
    found = letters.list_mine(session, actor, unread=True)
    shown = [one for one in found.items if one.matter is not TellingMatter.QUESTION][:MOST_NEWS]
    if not shown:
        return
    yield from _headline("News")
    for one in shown:
        yield from tellings.message(one.id, one.letter, links).blocks
    yield blocks.actions("news", tellings.read_button())
    yield blocks.context(text.link(links.news(), "All news"))


def _topics(session: Session, actor: Actor, parts: SlackParts, now: datetime) -> Iterator[Block]:
    """Topics that the person works on; nothing without any."""
    found = topic_answers.owned(session, actor)
    if found:
        today = parts.today(now)
        yield from _headline("Your topics")
        yield bullets.block(topic_answers.bullet(one, parts.links, today) for one in found)
        yield blocks.context(text.link(parts.links.topics(), topic_answers.ALL))


def _own(session: Session, actor: Actor, links: Links) -> Iterator[Block]:
    found = my_notes.list_mine(session, actor, limit=MOST_OWN)
    yield from _headline("Your notes")
    if found.notes:
        yield bullets.block(_mine(one, links) for one in found.notes)
        yield blocks.context(text.link(links.mine(), "All of them, and what became of each"))
    else:
        yield blocks.context(NONE_WRITTEN)


def _mine(note: MyNote, links: Links) -> Bullet:
    return Bullet(links.note(note.id), bullets.title(note.text), f": {note.state}")


def _trends(session: Session, actor: Actor, parts: SlackParts, now: datetime) -> Iterator[Block]:
    """Those of the territories that the person holds; of all for those who hold none."""
    emerging = trends.emerging(session, actor, on=parts.today(now), limit=trends.MOST_READ)
    shown = [one for one in emerging.trends if not actor.held or _is_mine(actor, one)]
    yield from _headline("Coming up in your territories" if actor.held else "Coming up")
    if shown:
        yield bullets.block(bullets.of_trend(one, parts.links) for one in shown[:MOST_TRENDS])
    elif emerging.day is None:
        yield blocks.context(NOTHING_COMPUTED)
    elif emerging.history < trends.LEAST_HISTORY:
        yield blocks.context(LITTLE_HISTORY)
    else:
        yield blocks.context(NOTHING_EMERGES)
    yield blocks.context(text.link(parts.links.trends(), "All that is coming up"))


def _headline(words: str) -> Iterator[Block]:
    yield blocks.divider()
    yield blocks.header(words)


def _is_mine(actor: Actor, view: TrendView) -> bool:
    return view.territory is not None and view.territory.id in actor.scope


def _counted(count: int) -> str:
    if count >= inbox.MOST_NEW_COUNTED:
        return f"{count} notes or more wait"
    return "1 note waits" if count == 1 else f"{count} notes wait"
