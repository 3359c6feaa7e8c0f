"""What becomes of text that a person types: entities, mentions, links."""

import re
from typing import Any

from tests.slack_server.workspace import Workspace

WORDS = re.compile(r"https?://[^\s<>|]+|@[\w.-]+|#[\w-]+")


def escaped(text: str) -> str:
    """The three characters that Slack writes as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encoded(workspace: Workspace, text: str, *, labels: bool = False) -> str:
    """Typed text as apps receive it: <@U…> for @name, <#C…|name> for #channel, <https://…>.

    With `labels` people are written <@U…|name>, as commands with should_escape do.
    """

    def replaced(match: re.Match[str]) -> str:
        word = match.group()
        if word.startswith("http"):
            return f"<{escaped(word)}>"
        return _mention(workspace, word, labels=labels) or escaped(word)

    parts, last = [], 0
    for match in WORDS.finditer(text):
        parts += [escaped(text[last : match.start()]), replaced(match)]
        last = match.end()
    return "".join([*parts, escaped(text[last:])])


def links(text: str) -> list[str]:
    """The addresses in what was typed."""
    return [word for word in WORDS.findall(text) if word.startswith("http")]


def as_rich_text(text: str, block_id: str) -> list[dict[str, Any]]:
    """The block with which every message of a person comes."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def _mention(workspace: Workspace, word: str, *, labels: bool) -> str | None:
    name = word[1:]
    if word.startswith("#"):
        found = [one for one in workspace.channels.values() if one.name == name]
        return f"<#{found[0].id}|{name}>" if found else None
    people = [one for one in workspace.people.values() if one.name == name]
    if not people:
        return None
    return f"<@{people[0].id}|{name}>" if labels else f"<@{people[0].id}>"
