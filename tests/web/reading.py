"""Reading lists of notes and links off pages, as a person does."""

import re
from html import unescape

from werkzeug.test import TestResponse

from tests.web.pages import html_of, text_of


def page_text(answer: TestResponse) -> str:
    """The words of a page that came as it should."""
    assert answer.status_code == 200, answer.status
    return text_of(answer)


def notes_on(answer: TestResponse) -> list[str]:
    """The texts of the notes that a page lists."""
    found = re.findall(r'<p class="note-card-text">(.*?)</p>', html_of(answer), re.DOTALL)
    return [_words(re.sub(r"</?mark>", "", text)) for text in found]


def links_on(answer: TestResponse) -> dict[str, str]:
    """The addresses of a page's links by their words; of equal words the first."""
    found: dict[str, str] = {}
    for attributes, inside in re.findall(r"<a\b([^>]*)>(.*?)</a>", html_of(answer), re.DOTALL):
        address = re.search(r'href="([^"]*)"', attributes)
        if address:
            found.setdefault(_words(inside), unescape(address.group(1)))
    return found


def _words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
