"""What one person is told, as a message to them and on their Home, with answers of one click.

A button carries the number of what is told and the answer; who clicked is looked at again.
"""

import re
from collections.abc import Iterator

from insights.errors import NotFound
from insights.http import letter_paths
from insights.services import letters, lookup, tellings
from insights.services.letter import Letter
from integrations.slack import blocks, home_updates, question_answers, text
from integrations.slack.blocks import Block, Message
from integrations.slack.heard import Heard
from integrations.slack.links import Links
from integrations.slack.listening import Answer, Listeners

# Each button of a row needs a name of its own, so the number of the choice follows.
ANSWER = "telling.answer"
OPEN = "telling.open"
READ = "telling.read"
MOST_CHOICES = 5


def register(listeners: Listeners) -> None:
    """Hears of clicks."""
    listeners.action(re.compile(rf"{re.escape(ANSWER)}\.\d"))(answer)
    listeners.action(READ)(read)


def message(telling_id: int, letter: Letter, links: Links) -> Message:
    """What is told as a message to the person; `telling_id` is its number."""
    title = f"*{text.link(links.told(letter), letter.title)}*"
    lines = [text.escape(one) for one in letter.lines]
    shown = [blocks.section("\n".join((title, *lines))), buttons(telling_id, letter, links)]
    return Message("\n".join((title, *lines)), shown)


def buttons(telling_id: int, letter: Letter, links: Links) -> Block:
    """The answers that can be given, and the way to the page."""
    return blocks.actions(f"telling-{telling_id}", *_buttons(telling_id, letter, links))


def answer(heard: Heard) -> Answer:
    """Gives the answer of the button, and says in the message's place what is so now; on the Home
    it is told beside it."""
    telling_id, value = _clicked(heard)
    with heard.writing() as session:
        actor = heard.actor(session)
        title = letters.get(session, actor, telling_id).letter.title
        said = letters.answer(session, actor, telling_id, value, now=heard.now)
        told = f"*{text.escape(title)}*\n{text.escape(said)}"
        if home_updates.is_home(heard):
            home_updates.refresh(heard, session)
            heard.tell(session, text.escape(said))
        else:
            heard.replace(session, told, [blocks.section(told)])
    return None


def read_button() -> Block:
    """Says that the person has read all of their news."""
    return blocks.button("Mark all as read", READ)


def read(heard: Heard) -> Answer:
    """Marks all that the person was told as read."""
    with heard.writing() as session:
        tellings.mark_read(session, heard.actor(session), now=heard.now)
        home_updates.refresh(heard, session)
    return None


def _buttons(telling_id: int, letter: Letter, links: Links) -> Iterator[Block]:
    for number, choice in enumerate(letter.choices[:MOST_CHOICES]):
        value = f"{telling_id}:{choice.value}"
        yield blocks.button(choice.label, f"{ANSWER}.{number}", value)
    if letter.question_id is not None:
        yield question_answers.button(letter.question_id)
    yield blocks.button(letter_paths.label_of(letter), OPEN, url=links.told(letter))


def _clicked(heard: Heard) -> tuple[int, str]:
    """What was told, and the answer; raises NotFound for a button that is none of ours."""
    try:
        number, _, value = str(heard.body["actions"][0]["value"]).partition(":")
        telling_id = int(number)
    except (KeyError, IndexError, TypeError, ValueError):
        telling_id, value = 0, ""
    if not 0 < telling_id <= lookup.LARGEST_ID or not value:
        raise NotFound("There is no such news. Nothing was done.")
    return telling_id, value
