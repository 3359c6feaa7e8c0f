"""The address of a search: what its parameters ask for, and the addresses one tap away.

An address may come from anywhere and be years old. What is not understood is left out and said in
words; the rest still searches. Words that name the same thing (`GA`, `georgia`) become its slug, so
an address that is copied from the page is the shortest one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from insights.services import accounts, catalogue, lookup, people, search_terms
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.search_choice import MOST_CHOICES, SearchChoice
from insights.services.search_dates import EARLIEST, LATEST
from insights.services.search_request import DEEPEST, find_item

TAGS = ("territory", "competitor", "segment", "product")
WORDS = {name: search_terms.WORDS[name] for name in ("kind", "known", "impact")}
NUMBERED: Mapping[str, Callable[..., Mapping[int, str]]] = {
    "author": people.person_names,
    "account": accounts.account_names,
}
FILTERS = (*TAGS, *WORDS, *NUMBERED)


@dataclass(frozen=True)
class Asked:
    """A search as its address asks for it; `ignored` says in words what was left out.

    `names` are those of the people and accounts chosen, by filter and number. `note_id` is the note
    that is open beside the results.
    """

    choice: SearchChoice
    ignored: Sequence[str]
    names: Mapping[tuple[str, int], str] = field(default_factory=dict)
    note_id: UUID | None = None


def read(session: Session, actor: Actor, arguments: MultiDict[str, str]) -> Asked:
    """What the parameters of an address ask for; never raises for what they hold."""
    reader = _Reader(session, actor, arguments)
    values: dict[str, Any] = {name: reader.tags(name) for name in TAGS}
    values |= {name: reader.words(name) for name in WORDS}
    values |= {name: reader.numbered(name) for name in NUMBERED}
    choice = SearchChoice(
        text=arguments.get("q", ""),
        since=reader.day("since"),
        until=reader.day("until"),
        sort="newest" if reader.word("sort", ("relevance", "newest")) == "newest" else "relevance",
        offset=reader.offset(),
        **values,
    )
    if choice.since and choice.until and choice.until < choice.since:
        reader.ignored.append("The period ends before it begins, so no note is in it.")
    return Asked(choice, reader.ignored, reader.names, reader.note_id())


def parameters(choice: SearchChoice) -> dict[str, Any]:
    """The choice as parameters of an address; what is empty or usual is left out."""
    found: dict[str, Any] = {name: list(getattr(choice, name)) for name in FILTERS}
    found |= {
        "q": choice.text,
        "since": choice.since.isoformat() if choice.since else None,
        "until": choice.until.isoformat() if choice.until else None,
        "sort": choice.sort if choice.sort == "newest" else None,
        "offset": choice.offset or None,
    }
    return {name: value for name, value in found.items() if value}


def address(choice: SearchChoice) -> str:
    """The address of the search; sharing it shares the search."""
    return url_for("search.page", **parameters(choice))


def changed(choice: SearchChoice, **values: Any) -> str:
    """The address of the search with some of its fields changed, at its first page."""
    return address(replace(choice, **values, offset=0))


def switched(choice: SearchChoice, name: str, value: str) -> str:
    """The address with one value of a filter switched: on, or off when it is chosen."""
    chosen = [str(one) for one in getattr(choice, name)]
    if value in chosen:
        chosen.remove(value)
    else:
        chosen.append(value)
    return changed(choice, **{name: tuple(chosen)})


def territory_switched(known: Catalogue, choice: SearchChoice, slug: str) -> str:
    """The same for a territory; choosing one lets go of those above and below it.

    Otherwise Georgia beside Southeast would change nothing.
    """
    if slug in choice.territory:
        return switched(choice, "territory", slug)
    place = find_item(known, "territory", slug)
    assert place is not None, "only territories of the catalogue are offered"
    line = {one.slug for one in known.lineage(place.id)}
    below = {known.territories[one].slug for one in known.subtree(place.id)}
    kept = [one for one in choice.territory if one not in line | below]
    return changed(choice, territory=(*kept, slug))


class _Reader:
    """Reads one address, gathering names and what had to be ignored on the way."""

    def __init__(self, session: Session, actor: Actor, arguments: MultiDict[str, str]) -> None:
        self._session = session
        self._actor = actor
        self._arguments = arguments
        self._known = catalogue.current(session)
        self.ignored: list[str] = []
        self.names: dict[tuple[str, int], str] = {}

    def tags(self, name: str) -> tuple[str, ...]:
        def understand(word: str) -> str | None:
            item = find_item(self._known, name, word)
            return item.slug if item else None

        return self._chosen(name, understand)

    def words(self, name: str) -> tuple[str, ...]:
        return self._chosen(name, {word: word for word in WORDS[name]}.get)

    def numbered(self, name: str) -> tuple[int, ...]:
        """People or accounts, whose addresses are numbers; one query for all of them."""
        asked = [number for word in self._values(name) if (number := _number(word))]
        if asked:
            found = NUMBERED[name](self._session, self._actor, ids=asked[:MOST_CHOICES])
            self.names |= {(name, number): label for number, label in found.items()}
        known = {str(number): str(number) for kind, number in self.names if kind == name}
        return tuple(int(value) for value in self._chosen(name, known.get))

    def word(self, name: str, allowed: Sequence[str]) -> str | None:
        word = self._arguments.get(name) or None
        if word is not None and word not in allowed:
            self.ignored.append(f"{name}: “{lookup.quoted(word)}” is none of {', '.join(allowed)}.")
            return None
        return word

    def day(self, name: str) -> date | None:
        word = self._arguments.get(name, "").strip()
        if not word:
            return None
        try:
            day = date.fromisoformat(word)
        except ValueError:
            self.ignored.append(f"{name}: “{lookup.quoted(word)}” is no day such as 2026-03-18.")
            return None
        if EARLIEST <= day <= LATEST:
            return day
        self.ignored.append(f"{name}: choose a day between {EARLIEST} and {LATEST}.")
        return None

    def offset(self) -> int:
        word = self._arguments.get("offset", "")
        number = _number(word) if word not in ("", "0") else 0
        if number is None or number >= DEEPEST:
            self.ignored.append(f"offset: only the first {DEEPEST:,} notes can be read.")
            return 0
        return number

    def note_id(self) -> UUID | None:
        word = self._arguments.get("note", "").strip()
        if not word:
            return None
        try:
            return UUID(word)
        except ValueError:
            self.ignored.append(f"note: “{lookup.quoted(word)}” is no note.")
            return None

    def _values(self, name: str) -> list[str]:
        values = [word.strip() for word in self._arguments.getlist(name)]
        return [word for word in dict.fromkeys(values) if word]

    def _chosen(self, name: str, understand: Callable[[str], str | None]) -> tuple[str, ...]:
        values = self._values(name)
        if len(values) > MOST_CHOICES:
            self.ignored.append(f"{name}: only the first {MOST_CHOICES} choices are used.")
        chosen: dict[str, None] = {}
        for word in values[:MOST_CHOICES]:
            understood = understand(word)
            if understood is None:
                self.ignored.append(f"{name}: “{lookup.quoted(word)}” is not known.")
            else:
                chosen[understood] = None
        return tuple(chosen)


def _number(word: str) -> int | None:
    """A number that can be somebody's; None for all else."""
    if not (word.isascii() and word.isdigit() and len(word) <= 10):
        return None
    number = int(word)
    return number if 0 < number <= lookup.LARGEST_ID else None
