"""What `/insight` answers: a verb is done, and every other text is the beginning of a note."""

from collections.abc import Callable, Mapping

from insights.text import fold, shorten
from integrations.slack import (
    account_answers,
    blocks,
    brief_answers,
    own_notes,
    question_asking,
    search_answers,
    topic_answers,
    trend_answers,
)
from integrations.slack import text as slack_text
from integrations.slack.blocks import Message
from integrations.slack.capture_form import Asked, open_form
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners
from integrations.slack.saved_messages import as_read

COMMANDS = (
    ("/insight", "opens the form of a new note"),
    ("/insight [what you heard]", "opens it with your text in it"),
    ("/insight note [text]", "the same, for a text that begins with one of these words"),
    ("/insight search [words]", "finds notes: `search competitor:acme pricing since:30d`"),
    ("/insight trends [territory]", "what is coming up there; your own if you leave it out"),
    (
        "/insight brief [territory]",
        "what whoever visits it must know; your own if you leave it out",
    ),
    ("/insight account [name]", "what is known of a customer before a visit"),
    ("/insight topics [words]", "what is being worked on, yours first"),
    ("/insight question [text]", "asks the field, for those who may"),
    ("/insight mine", "your notes, and what became of them"),
    ("/insight help", "this list"),
)
ELSEWHERE = "On any message: ⋮ → *Save as insight*. Only you see what these commands answer."
LONGEST_ECHO = 80


def register(listeners: Listeners) -> None:
    """Puts the handlers where Slack's commands and clicks arrive."""
    listeners.command("/insight")(insight)
    search_answers.register(listeners)
    trend_answers.register(listeners)
    question_asking.register(listeners)


def insight(heard: Heard) -> Answer:
    """Does what the line says."""
    with heard.reading() as session:
        typed = as_read(session, heard.team_id, str(heard.body.get("text") or ""))
    first, _, rest = typed.partition(" ")
    verb = VERBS.get(fold(first))
    if verb is not None:
        return verb(heard, rest.strip())
    if first and not rest:
        return _unknown(heard, first)
    return _note(heard, typed)


def _note(heard: Heard, words: str) -> Answer:
    open_form(heard, Asked(words, channel_id=str(heard.body.get("channel_id") or "")))
    return None


def _search(heard: Heard, words: str) -> Answer:
    with heard.reading() as session:
        actor = heard.actor(session)
        return _private(search_answers.results(session, heard.parts, actor, words, heard.now))


def _trends(heard: Heard, words: str) -> Answer:
    with heard.reading() as session:
        actor = heard.actor(session)
        return _private(trend_answers.emerging(session, heard.parts, actor, words, heard.now))


def _brief(heard: Heard, words: str) -> Answer:
    with heard.reading() as session:
        actor = heard.actor(session)
        return _private(brief_answers.answer(session, heard.parts, actor, words, heard.now))


def _account(heard: Heard, words: str) -> Answer:
    with heard.reading() as session:
        actor = heard.actor(session)
        return _private(account_answers.answer(session, heard.parts, actor, words, heard.now))


def _topics(heard: Heard, words: str) -> Answer:
    with heard.reading() as session:
        actor, today = heard.actor(session), heard.parts.today(heard.now)
        links = heard.parts.links
        return _private(topic_answers.answer(session, actor, words, links, today=today))


def _question(heard: Heard, words: str) -> Answer:
    question_asking.open_form(heard, words)
    return None


def _mine(heard: Heard, _: str) -> Answer:
    caller = heard.caller
    with heard.reading() as session:
        actor = heard.actor(session, make_guest=caller is not None and caller.is_guest)
        return _private(own_notes.newest(session, actor, heard.parts.links))


def _help(heard: Heard, _: str) -> Answer:
    return _private(_listed("*Field Insights in Slack*"))


def _unknown(heard: Heard, word: str) -> Answer:
    """One word alone is no note; a typing mistake must not open a form."""
    shown = slack_text.escape(shorten(word, LONGEST_ECHO))
    return _private(
        _listed(
            f"“{shown}” is no command, and nothing was done. If it is a note, write "
            f"`/insight note {shown}`."
        )
    )


def _listed(lead: str) -> Message:
    listed = "\n".join(f"• `{line}` {words}" for line, words in COMMANDS)
    told = "\n".join((lead, listed, ELSEWHERE))
    shown = [blocks.section(lead), blocks.section(listed), blocks.context(ELSEWHERE)]
    return Message(told, shown)


def _private(message: Message) -> Answer:
    return {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}


VERBS: Mapping[str, Callable[[Heard, str], Answer]] = {
    "help": _help,
    "?": _help,
    "note": _note,
    "search": _search,
    "find": _search,
    "trends": _trends,
    "trend": _trends,
    "brief": _brief,
    "account": _account,
    "topics": _topics,
    "topic": _topics,
    "question": _question,
    "mine": _mine,
}
