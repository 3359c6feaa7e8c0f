"""What the fields of a query mean: words of a person in, ids and times out.

A field that names nothing is no error: its words are searched for instead, and a notice says so.
A word that is a name or an alias of a competitor or product stands for all of its names: notes that
carry the tag are found as well. Words in quotation marks stand for themselves.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.clock import start_of
from insights.models import Impact, Kind, Known, Source
from insights.search.query import SHORTEST_PREFIX, Query
from insights.search.tree import (
    Among,
    And,
    Field,
    Node,
    Not,
    Or,
    Period,
    Word,
    both,
    either,
    leaves,
)
from insights.services import accounts, lookup, people
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item
from insights.services.search_dates import Days, days_of
from insights.tagging.dictionary import TagKind
from insights.text import fold

Named = TypeVar("Named", bound=Item)

ME = "me"
WORDS: Mapping[str, Sequence[str]] = {
    "kind": [member.value for member in Kind],
    "known": [member.value for member in Known],
    "impact": [member.value for member in Impact],
    "source": [member.value for member in Source],
}
FLAGS: Mapping[str, Mapping[str, str]] = {
    "is": {"sealed": "sealed", "seen": "seen"},
    "has": {"photo": "photo", "photos": "photo", "sighting": "seen", "sightings": "seen"},
}
DATES = ("since", "until", "on", "date")
_TAG_FIELDS = {TagKind.COMPETITOR: "competitor_id", TagKind.PRODUCT: "product_id"}


@dataclass(frozen=True)
class Terms:
    """All that the fields of one search may need to know; `notices` gathers what is to be told.

    `today` is the day in the organisation's time zone `zone`.
    """

    known: Catalogue
    actor: Actor
    zone: ZoneInfo
    today: date
    people_named: Mapping[str, frozenset[int]]
    accounts_named: Mapping[str, frozenset[int]]
    notices: list[str] = field(default_factory=list)

    def resolved(self, tree: Node) -> Node:
        """The tree as engines take it: no `Field` is left in it, names stand for their tags."""
        match tree:
            case Not(child):
                return Not(self.resolved(child))
            case Or(children):
                return either(*(self.resolved(child) for child in children))
            case And() | Word():
                return both(*self._with_tags(tree))
            case Field():
                return self._field(tree)
            case _:
                return tree

    def ids_of(self, asked: Field) -> frozenset[int] | None:
        """The ids that a field names: people, accounts, or items of the catalogue themselves."""
        if asked.name == "author":
            return self.people_named.get(asked.value) or None
        if asked.name == "account":
            return self.accounts_named.get(asked.value) or None
        find = finders(self.known).get(asked.name)
        item = find(asked.value) if find else None
        return frozenset({item.id}) if item else self._begun(asked) or None

    def word_of(self, asked: Field) -> str | None:
        """The value of a field that has a fixed list of words."""
        return next((word for word in WORDS.get(asked.name, ()) if word == fold(asked.value)), None)

    def days_of(self, asked: Field) -> Days | None:
        """The days that a field of dates names; `since` and `until` are open at one end."""
        return days_of(asked.value, self.today)

    def _begun(self, asked: Field) -> frozenset[int]:
        """The items in use of which a name begins so: few people type a company's whole name."""
        begun = fold(asked.value.removesuffix("*"))
        items = items_of(self.known).get(asked.name, {})
        return frozenset(
            one.id
            for one in items.values()
            if len(begun) >= SHORTEST_PREFIX and not one.archived
            if any(fold(name).startswith(begun) for name in one.names)
        )

    def _field(self, asked: Field) -> Node:
        found = self._meaning(asked)
        if found is None:
            self.notices.append(self._unknown(asked))
            return Word(asked.value)
        return found

    def _meaning(self, asked: Field) -> Node | None:
        if asked.name in DATES:
            days = self.days_of(asked)
            return None if days is None else self._period(asked.name, days)
        if asked.name in FLAGS:
            flag = FLAGS[asked.name].get(fold(asked.value))
            return None if flag is None else Among("flags", frozenset({flag}))
        if asked.name in WORDS:
            word = self.word_of(asked)
            return None if word is None else Among(asked.name, frozenset({word}))
        ids = self.ids_of(asked)
        if ids is None:
            return None
        return Among(
            f"{asked.name}_id", self.known.subtrees(ids) if asked.name == "territory" else ids
        )

    def _period(self, name: str, days: Days) -> Period:
        since = None if name == "until" else start_of(days[0], self.zone)
        until = None if name == "since" else start_of(days[1] + timedelta(days=1), self.zone)
        return Period(since, until)

    def _unknown(self, asked: Field) -> str:
        quoted = lookup.quoted(asked.value)
        if asked.name in DATES:
            return f"{asked.name}: “{quoted}” is no day such as 2026-03-18 or 30d; it is a word."
        choices = sorted(FLAGS.get(asked.name, ())) or sorted(WORDS.get(asked.name, ()))
        if choices:
            return f"{asked.name}: “{quoted}” is none of {', '.join(choices)}; it is a word."
        return f"{asked.name}: nothing is called “{quoted}”; it is searched for as a word."

    def _with_tags(self, tree: And | Word) -> Iterator[Node]:
        """The parts of a conjunction; runs of words that are a name stand for its tag, too."""
        children = tree.children if isinstance(tree, And) else (tree,)
        run: list[Word] = []
        for child in children:
            if isinstance(child, Word):
                run.append(child)
                continue
            yield from self._tagged(run)
            run = []
            yield self.resolved(child)
        yield from self._tagged(run)

    def _tagged(self, run: Sequence[Word]) -> Iterator[Node]:
        text = " ".join(word.text for word in run)
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        position = 0
        for number, word in enumerate(run):
            starts[position] = number
            ends[position + len(word.text)] = number + 1
            position += len(word.text) + 1
        tags: dict[tuple[int, int], list[Node]] = {}
        for match in self.known.dictionary.find(text) if run else ():
            tag = _TAG_FIELDS.get(match.kind)
            if tag and match.start in starts and match.end in ends:
                place = (starts[match.start], ends[match.end])
                tags.setdefault(place, []).append(Among(tag, frozenset({match.id})))
        number = 0
        while number < len(run):
            end = next((end for start, end in tags if start == number), number + 1)
            yield either(both(*run[number:end]), *tags.get((number, end), ()))
            number = end


def terms(
    session: Session,
    actor: Actor,
    known: Catalogue,
    query: Query,
    *,
    zone: ZoneInfo,
    today: date,
) -> Terms:
    """What the fields of this query need; reads people and accounts only if it names some."""
    asked = [leaf for leaf in leaves(query.tree) if isinstance(leaf, Field)]
    return Terms(
        known,
        actor,
        zone,
        today,
        _people_named(session, actor, _values(asked, "author")),
        _accounts_named(session, actor, _values(asked, "account")),
    )


def _values(asked: Iterable[Field], name: str) -> list[str]:
    return list(dict.fromkeys(one.value for one in asked if one.name == name))


def _people_named(
    session: Session, actor: Actor, words: Sequence[str]
) -> dict[str, frozenset[int]]:
    named = people.ids_named(session, actor, words=[word for word in words if word != ME])
    return {**named, ME: frozenset({actor.id})}


def _accounts_named(
    session: Session, actor: Actor, words: Sequence[str]
) -> dict[str, frozenset[int]]:
    return accounts.ids_named(session, actor, words=words) if words else {}


def items_of(known: Catalogue) -> Mapping[str, Mapping[int, Item]]:
    """By field: the items that it may name."""
    return {
        "territory": known.territories,
        "segment": known.segments,
        "competitor": known.competitors,
        "product": known.products,
    }


def finders(known: Catalogue) -> Mapping[str, Callable[[str], Item | None]]:
    """By field: what finds the item of a word. Addresses carry slugs, and a slug may since have
    become another one's name, so slugs come first."""
    return {
        "territory": _slug_first(known.territories, known.find_territory),
        "segment": _slug_first(known.segments, known.find_segment),
        "competitor": _slug_first(known.competitors, known.find_competitor),
        "product": _slug_first(known.products, known.find_product),
    }


def _slug_first(
    items: Mapping[int, Named], find: Callable[[str], Named | None]
) -> Callable[[str], Named | None]:
    def find_word(word: str) -> Named | None:
        return next((item for item in items.values() if item.slug == word), None) or find(word)

    return find_word
