"""What people read: text with Slack's marks turned into HTML, and live mentions found."""

import re
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup, escape

from tests.slack_server.messages import Message
from tests.slack_server.workspace import Workspace

TOKEN = re.compile(r"<([^<>]*)>")
# Stands for a token while the marks around it are read.
HOLE = "\ue000"
LIVE_WORDS = re.compile(r"@(?:channel|here|everyone)\b")
BROADCASTS = ("!channel", "!here", "!everyone")
MARKS = (
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), r"<s>\1</s>"),
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
)
STYLES = {"bold": "strong", "italic": "em", "strike": "s", "code": "code"}


def live_mentions(message: Message) -> list[str]:
    """Every <!channel>, <@U…> and their like that would call people."""
    found = [token for text in _parsed_texts(message) for token in _mentions(text)]
    if message.parsed_in_full:
        found += [word for text in _parsed_texts(message) for word in LIVE_WORDS.findall(text)]
    for element in _rich_elements(message.blocks):
        if element.get("type") == "broadcast":
            found.append(f"<!{element['range']}>")
        elif element.get("type") == "user":
            found.append(f"<@{element['user_id']}>")
        elif element.get("type") == "usergroup":
            found.append(f"<!subteam^{element['usergroup_id']}>")
    return found


def decoded(text: str) -> str:
    """The three entities as the characters they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mrkdwn(text: str, workspace: Workspace) -> Markup:
    """Text with Slack's marks as HTML; whatever calls people is marked as live."""
    text = text.replace(HOLE, "")
    tokens = [_token(match.group(1), workspace) for match in TOKEN.finditer(text)]
    html = _marked(TOKEN.sub(HOLE, text))
    for token in tokens:
        html = html.replace(HOLE, token, 1)
    return Markup(html.replace("\n", "<br>"))


def plain(text: str) -> Markup:
    """Text without marks as HTML."""
    return Markup(escape(decoded(text)).replace("\n", Markup("<br>")))


def text_object(part: dict[str, Any], workspace: Workspace) -> Markup:
    """A plain_text or mrkdwn object as HTML."""
    if part["type"] == "mrkdwn":
        return mrkdwn(part["text"], workspace)
    return plain(part["text"])


def rich_text(elements: list[dict[str, Any]], workspace: Workspace) -> Markup:
    """The elements of a rich_text block as HTML."""
    return Markup("").join(_rich(element, workspace) for element in elements)


def _mentions(text: str) -> Iterator[str]:
    for match in TOKEN.finditer(text):
        inside = match.group(1)
        if inside.startswith("@") or inside.startswith((*BROADCASTS, "!subteam")):
            yield match.group()


def _parsed_texts(message: Message) -> Iterator[str]:
    """The text itself, and every mrkdwn text of blocks and attachments."""
    yield message.text
    yield from _mrkdwn_texts([message.blocks, message.attachments])


def _mrkdwn_texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _mrkdwn_texts(one)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn" or part.get("type") == "markdown":
            yield str(part["text"])
        for value in part.values():
            yield from _mrkdwn_texts(value)


def _rich_elements(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, list):
        for one in part:
            yield from _rich_elements(one)
    elif isinstance(part, dict):
        yield part
        yield from _rich_elements(part.get("elements"))


def _marked(text: str) -> str:
    html = str(escape(decoded(text)))
    for mark, replacement in MARKS:
        html = mark.sub(replacement, html)
    return html


def _token(inside: str, workspace: Workspace) -> str:
    name, _, label = inside.partition("|")
    if name.startswith("@"):
        person = workspace.people.get(name[1:])
        return _live(f"@{person.name if person else name[1:]}")
    if name.startswith("#"):
        channel = workspace.channels.get(name[1:])
        return str(escape(f"#{channel.name if channel else label}"))
    if name.startswith("!date"):
        return f"<time>{escape(label or name)}</time>"
    if name.startswith("!"):
        return _live(f"@{label or name[1:]}")
    return str(Markup('<a href="{}">{}</a>').format(decoded(name), decoded(label or name)))


def _live(text: str) -> str:
    return str(Markup('<mark class="live">{}</mark>').format(text))


def _rich(element: dict[str, Any], workspace: Workspace) -> Markup:
    kind = element["type"]
    if kind == "rich_text_list":
        return _list(element, workspace)
    if "elements" in element:
        return _container(kind, rich_text(element["elements"], workspace))
    return _part(element, kind, workspace)


def _part(element: dict[str, Any], kind: str, workspace: Workspace) -> Markup:
    if kind == "text":
        html = Markup(escape(element["text"]).replace("\n", Markup("<br>")))
        for style, tag in STYLES.items():
            if element.get("style", {}).get(style):
                html = Markup("<{0}>{1}</{0}>").format(Markup(tag), html)
        return html
    if kind == "link":
        shown = element.get("text") or element["url"]
        return Markup('<a href="{}">{}</a>').format(element["url"], shown)
    if kind == "date":
        shown = element.get("fallback") or element["format"]
        return Markup("<time>{}</time>").format(shown)
    tokens = {
        "user": f"@{element.get('user_id')}",
        "channel": f"#{element.get('channel_id')}",
        "broadcast": f"!{element.get('range')}",
        "usergroup": f"!subteam^{element.get('usergroup_id')}",
    }
    if kind in tokens:
        return Markup(_token(tokens[kind], workspace))
    return Markup(escape(f":{element.get('name', kind)}:"))


def _list(element: dict[str, Any], workspace: Workspace) -> Markup:
    items = [rich_text(one["elements"], workspace) for one in element["elements"]]
    inner = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    tag = Markup("ol" if element.get("style") == "ordered" else "ul")
    return Markup("<{0}>{1}</{0}>").format(tag, inner)


def _container(kind: str, inner: Markup) -> Markup:
    tags = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}
    return Markup("<{0}>{1}</{0}>").format(Markup(tags.get(kind, "div")), inner)
