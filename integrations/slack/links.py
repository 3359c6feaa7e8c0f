"""Links from Slack to the pages, and back: which page an address that somebody shares is of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit
from uuid import UUID

from insights.http import letter_paths
from insights.services.letter import Letter

_SLUG = re.compile(r"[a-z0-9-]{1,80}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_PORTS = {"http": 80, "https": 443}
_LONGEST_QUERY, _MOST_FIELDS = 1_000, 50
# Other pages stand where the one of a territory with such a name would.
_NO_TERRITORIES = frozenset({"map", "silence"})


class Page(StrEnum):
    """Pages of which a shared link can tell something."""

    NOTE = "notes"
    TERRITORY = "territories"
    COMPETITOR = "competitors"
    SEGMENT = "segments"
    PRODUCT = "products"
    TREND = "trends"
    SEARCH = "search"


_NAMED = (Page.TERRITORY, Page.COMPETITOR, Page.SEGMENT, Page.PRODUCT)


@dataclass(frozen=True, slots=True)
class Target:
    """A page, and which one of its kind: the note's id, a slug, a trend's number, a query."""

    page: Page
    key: str


@dataclass(frozen=True)
class Links:
    """`base` is the installation's public address, without a slash at its end."""

    base: str

    def home(self) -> str:
        """The first page."""
        return f"{self.base}/"

    def note(self, note_id: UUID) -> str:
        """The page of a note."""
        return f"{self.base}/{Page.NOTE}/{note_id}"

    def deliveries(self, note_id: UUID) -> str:
        """Where a note was sent."""
        return f"{self.note(note_id)}/deliveries"

    def territory(self, slug: str) -> str:
        """The page of a territory."""
        return self._named(Page.TERRITORY, slug)

    def week(self, slug: str, monday: date) -> str:
        """A territory's week in brief."""
        return f"{self.territory(slug)}/weeks/{monday.isoformat()}"

    def competitor(self, slug: str) -> str:
        """The page of a competitor."""
        return self._named(Page.COMPETITOR, slug)

    def segment(self, slug: str) -> str:
        """The page of a segment."""
        return self._named(Page.SEGMENT, slug)

    def product(self, slug: str) -> str:
        """The page of a product."""
        return self._named(Page.PRODUCT, slug)

    def trend(self, trend_id: int) -> str:
        """The page of a trend."""
        return f"{self.base}/{Page.TREND}/{trend_id}"

    def trends(self) -> str:
        """All that is emerging."""
        return f"{self.base}/{Page.TREND}"

    def search(self, query: str) -> str:
        """The results of a search, whose query is in the search language."""
        return f"{self.base}/{Page.SEARCH}?{urlencode({'q': query})}"

    def inbox(self) -> str:
        """The notes that wait for an answer."""
        return f"{self.base}/inbox"

    def mine(self) -> str:
        """The reader's own notes, with what became of them."""
        return f"{self.base}/mine"

    def told(self, letter: Letter) -> str:
        """The page that a letter is about."""
        return f"{self.base}{letter_paths.path_of(letter)}"

    def news(self) -> str:
        """All that the reader is told."""
        return f"{self.base}{letter_paths.NEWS}"

    def topic(self, topic_id: int) -> str:
        """The page of a topic."""
        return f"{self.base}/topics/{topic_id}"

    def topics(self) -> str:
        """The board of topics."""
        return f"{self.base}/topics"

    def question(self, question_id: int) -> str:
        """The page of a question to the field."""
        return f"{self.base}/questions/{question_id}"

    def questions(self) -> str:
        """The questions to the field."""
        return f"{self.base}/questions"

    def brief(self, slug: str) -> str:
        """The brief of a territory."""
        return f"{self.base}/briefs/territories/{slug}"

    def account(self, account_id: int) -> str:
        """What is known before a visit to an account."""
        return f"{self.base}/accounts/{account_id}"

    def target(self, url: str) -> Target | None:
        """The page that the address leads to; None for one that lies elsewhere, that is not of one
        note, place, name, trend or search, and for what is no address at all."""
        try:
            parts, home = urlsplit(url), urlsplit(self.base)
            if _server(parts) != _server(home) or "@" in parts.netloc:
                return None
            if not parts.path.startswith(f"{home.path}/"):
                return None
            return next(_targets(parts.path.removeprefix(home.path), parts.query), None)
        except ValueError:
            return None

    def _named(self, page: Page, slug: str) -> str:
        return f"{self.base}/{page}/{quote(slug, safe='')}"


def _server(parts: SplitResult) -> tuple[str, str | None, int | None]:
    scheme = parts.scheme.lower()
    port = _PORTS.get(scheme) if parts.port is None else parts.port
    return scheme, parts.hostname, port


def _targets(path: str, query: str) -> Iterator[Target]:
    match path.removesuffix("/").split("/"):
        case ["", Page.NOTE, key] if _UUID.fullmatch(key):
            yield Target(Page.NOTE, key.lower())
        case ["", Page.TREND, key] if _NUMBER.fullmatch(key):
            yield Target(Page.TREND, key)
        case ["", Page.SEARCH]:
            yield from _search(query)
        case ["", page, key] if page in _NAMED and _SLUG.fullmatch(key):
            if page != Page.TERRITORY or key not in _NO_TERRITORIES:
                yield Target(Page(page), key)


def _search(query: str) -> Iterator[Target]:
    words = dict(parse_qsl(query, max_num_fields=_MOST_FIELDS)).get("q", "").strip()
    if words and len(words) <= _LONGEST_QUERY:
        yield Target(Page.SEARCH, words)
