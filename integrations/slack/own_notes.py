"""A person's own notes, and what became of them, as an answer in Slack."""

from sqlalchemy.orm import Session

from insights.services import my_notes
from insights.services.access import Actor
from insights.services.my_notes import MyNote
from insights.text import shorten
from integrations.slack import blocks, text
from integrations.slack.blocks import Message
from integrations.slack.links import Links

MOST_NOTES = 5
MOST_EVENTS = 2
LONGEST_TITLE = 140
NONE_YET = "You have written no note yet. Write `/insight` and what you heard."


def newest(session: Session, actor: Actor, links: Links) -> Message:
    """The newest notes of the person; a fixed number of queries."""
    page = my_notes.list_mine(session, actor, limit=MOST_NOTES)
    if not page.notes:
        return Message(NONE_YET, [blocks.section(NONE_YET)])
    told = [_note(one, links) for one in page.notes]
    more = text.link(links.mine(), "All of them, and what became of each")
    title = "*Your newest notes*"
    shown = [blocks.section(title), *(blocks.section(one) for one in told), blocks.context(more)]
    return Message("\n".join((title, *told, more)), shown)


def _note(note: MyNote, links: Links) -> str:
    link = text.link(links.note(note.id), shorten(note.text, LONGEST_TITLE))
    facts = f"{text.escape(note.territory.name)} · {text.date(note.noted_at)}"
    events = [f"• {text.escape(one.words)}, {text.date(one.at)}" for one in note.events]
    return "\n".join((link, facts, text.escape(note.state), *events[:MOST_EVENTS]))
