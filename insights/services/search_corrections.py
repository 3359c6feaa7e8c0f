"""Other spellings of a search that finds nothing.

They come from the notes themselves, and only from those that the reader may find: a note that is
sealed from somebody corrects nothing for them.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.search.analysis import words
from insights.search.engine import Reader
from insights.search.spelling import is_near
from insights.search.tree import Fuzzy, Leaf, Node, Word, as_text, leaves, rewritten
from insights.services.access import Actor
from insights.services.search_choice import SearchChoice
from insights.services.search_request import Asked, understood

MOST_CORRECTIONS = 3
# Words of a search that are looked at for a slip, and notes that are asked for the right spelling.
MOST_MISSPELLED, SPELLING_SAMPLE = 3, 40


@dataclass(frozen=True)
class Correction:
    """Another spelling of a search's text, and how many notes it finds."""

    text: str
    count: int


def corrections(
    session: Session,
    actor: Actor,
    reader: Reader,
    choice: SearchChoice,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> list[Correction]:
    """For a search that finds nothing: other spellings of its words, most notes first, at most 3.

    They come from notes that the actor may see, and only those are offered that find some of them
    with the same filters. Raises as `search` does.
    """
    asked = understood(session, actor, reader, choice, zone=zone, now=now)
    anything = replace(asked, choice=SearchChoice(limit=SPELLING_SAMPLE))
    trees = [asked.tree]
    for word in _misspelled(anything, reader, asked.tree):
        spellings = _spellings(anything, reader, word)
        trees = [
            rewritten(tree, _respelled(word, spelling))
            for tree in trees
            for spelling in spellings or [word.text]
        ][: MOST_CORRECTIONS**2]
    counted = [
        Correction(as_text(tree), reader.count(asked.request(tree)))
        for tree in trees
        if tree != asked.tree
    ]
    found = sorted((one for one in counted if one.count), key=lambda one: -one.count)
    return found[:MOST_CORRECTIONS]


def _misspelled(asked: Asked, reader: Reader, tree: Node) -> list[Word]:
    """The words of a text that no note has."""
    sought = dict.fromkeys(leaf for leaf in leaves(tree) if isinstance(leaf, Word))
    single = [leaf for leaf in sought if len(words(leaf.text)) == 1]
    missing = (leaf for leaf in single if reader.count(asked.request(leaf)) == 0)
    return [leaf for leaf, _ in zip(missing, range(MOST_MISSPELLED), strict=False)]


def _spellings(asked: Asked, reader: Reader, word: Word) -> list[str]:
    """The nearest words in notes that the reader may find, the usual ones first."""
    [typed] = words(word.text)
    edits = 1 if len(typed) < 5 else 2
    request = replace(asked.request(Fuzzy(typed, edits)), highlight=True)
    marked = Counter(
        spelling
        for hit in reader.search(request).hits
        for piece, is_match in hit.excerpt or ()
        if is_match
        for spelling in words(piece)
    )
    # What is one change away leaves nothing to guess; forms of one word find the same notes.
    likely = [one for one in marked if is_near(typed, one, 1)] or list(marked)
    usual: dict[str, str] = {}
    for spelling in sorted(likely, key=lambda one: (-marked[one], one)):
        usual.setdefault(reader.analysis.stem(spelling), spelling)
    return list(usual.values())[:MOST_CORRECTIONS]


def _respelled(word: Word, spelling: str) -> Callable[[Leaf], Node]:
    return lambda leaf: Word(spelling) if leaf == word else leaf
