"""What somebody may be about to search for, while they type.

The word being typed is taken for the beginning of a name (competitor, product, territory, segment)
or of a word that notes use; the whole text for a part of a saved search's name. Words come only
from notes that the actor may see.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal, TypeAlias, get_args

from sqlalchemy.orm import Session

from insights.search.analysis import words
from insights.search.engine import Reader
from insights.search.query import MOST_CHARACTERS, SHORTEST_PREFIX
from insights.search.tree import Field, as_text
from insights.services import access, catalogue, saved_searches
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.search_terms import items_of
from insights.text import clean, fold

NamedKind: TypeAlias = Literal["competitor", "product", "territory", "segment"]
SuggestionKind: TypeAlias = Literal["saved", NamedKind, "word"]

MOST_SUGGESTIONS = 8
# Whose names are offered, the likeliest first.
_NAMED: Sequence[NamedKind] = get_args(NamedKind)
_MOST_SAVED, _MOST_NAMES, _MOST_WORDS = 3, 4, 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` is what the search box would hold; `hint` says in a word or two what `label` is."""

    kind: SuggestionKind
    label: str
    text: str
    hint: str


def suggestions(
    session: Session, actor: Actor, reader: Reader, typed: str, *, limit: int = MOST_SUGGESTIONS
) -> list[Suggestion]:
    """The most likely continuations of what was typed, at most `limit`: saved searches, names,
    then words with the number of notes that have them.

    Nothing for a text that ends in a space: the next word has not begun. Raises Unavailable when
    there is no index yet.
    """
    text = clean(typed[:MOST_CHARACTERS])
    if not text or typed[-1].isspace():
        return []
    head, _, tail = text.rpartition(" ")
    before = f"{head} " if head else ""
    known = catalogue.current(session)
    found = chain(
        islice(_saved(session, actor, text), _MOST_SAVED),
        islice(_names(known, before, tail), _MOST_NAMES),
        _words(actor, reader, before, tail),
    )
    return list(islice(found, limit))


def _saved(session: Session, actor: Actor, text: str) -> Iterator[Suggestion]:
    sought = fold(text)
    listed = saved_searches.list_mine_and_shared(
        session, actor, limit=saved_searches.MOST_PER_PERSON
    )
    for one in listed:
        if sought in fold(one.name):
            hint = "Saved search" if one.mine else f"Saved by {one.owner_name}"
            yield Suggestion("saved", one.name, one.query, hint)


def _names(known: Catalogue, before: str, tail: str) -> Iterator[Suggestion]:
    """Names of which the word is the beginning, or the beginning of one of their words."""
    sought = fold(tail)
    later: list[Suggestion] = []
    for kind in _NAMED:
        for item in items_of(known)[kind].values():
            rank = _rank(item.names, sought) if not item.archived else None
            if rank is None:
                continue
            text = before + as_text(Field(kind, item.slug))
            suggestion = Suggestion(kind, item.name, text, kind.capitalize())
            if rank == 0:
                yield suggestion
            else:
                later.append(suggestion)
    yield from later


def _rank(names: Iterable[str], sought: str) -> int | None:
    """0 for the beginning of a name, 1 for the beginning of a later word, None for neither."""
    folded = [fold(name) for name in names]
    if any(name.startswith(sought) for name in folded):
        return 0
    return 1 if any(f" {sought}" in name for name in folded) else None


def _words(actor: Actor, reader: Reader, before: str, tail: str) -> Iterator[Suggestion]:
    begun = words(tail)
    if len(begun) != 1 or len(begun[0]) < SHORTEST_PREFIX:
        return
    # One more than needed: the word itself, once it is typed to its end, is no news.
    found = reader.words(begun[0], access.reader_keys(actor), _MOST_WORDS + 1)
    for word, count in found:
        if word != begun[0] and not reader.analysis.is_stop_word(word):
            notes = "note" if count == 1 else "notes"
            yield Suggestion("word", word, before + word, f"{count:,} {notes}")
