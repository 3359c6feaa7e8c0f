"""Markdown that people write: as HTML that is safe to show, and as plain text."""

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

# What a text of ours needs; headings begin below those of the page.
TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def to_html(text: str) -> str:
    """The text as HTML: no markup of its own, no image, no script, links to http(s) and mailto."""
    made: str = _reader().render(text)
    return nh3.clean(
        made,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow ugc",
    )


def to_text(text: str) -> str:
    """The words alone, a paragraph or point a line."""
    lines = [_words(token) for token in _reader().parse(text) if token.type in _WORDY]
    return "\n".join(line for line in lines if line)


_WORDY = frozenset({"inline", "fence", "code_block"})


@cache
def _reader() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    made.disable("image")
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("heading_close", _heading)
    return made


def _heading(_renderer: object, tokens: list[Token], index: int, *_: object) -> str:
    level = min(int(tokens[index].tag[1]) + 2, 5)
    return f"<h{level}>" if tokens[index].nesting == 1 else f"</h{level}>\n"


def _words(token: Token) -> str:
    if token.children is None:
        return token.content.strip()
    parts = (
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children
    )
    return "".join(parts).strip()
