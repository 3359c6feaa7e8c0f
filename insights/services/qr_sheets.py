"""Sheets of QR codes: whoever scans one at a stand or on a table finds a note begun for that place.

A code holds the address of a new note with what is known of the place filled in. Nothing is stored:
a sheet is made of what its own address says, each time anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from segno.encoder import DataOverflowError
from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid
from insights.services import access, accounts, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item, Place
from insights.services.lookup import quoted
from insights.services.names import one_line

PER_PAGE = (1, 2, 6, 12)
PAPERS = ("a4", "letter")
MOST_CODES = 120
LONGEST_TITLE, LONGEST_SENTENCE = 80, 200
MOST_SEGMENTS = 10
# Of four levels the second: a fifteenth of a code may be soiled. The margin is that of ISO 18004.
CORRECTION, QUIET_ZONE = "m", 4
# A code of more modules than this is too fine for a small print and a hasty phone.
LARGEST_VERSION = 15


@dataclass(frozen=True, kw_only=True)
class SheetWish:
    """What somebody wants: territories, segments, account and tag as words.

    `repeat` prints each code as often as fits on a page.
    """

    territories: Sequence[str] = ()
    segments: Sequence[str] = ()
    account: str = ""
    tag: str = ""
    title: str = ""
    sentence: str = ""
    per_page: int = 6
    paper: str = "a4"
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class QrCode:
    """One code: `path` draws its dark modules in a square of `size`, the quiet zone included."""

    place: str
    address: str
    size: int
    path: str


@dataclass(frozen=True)
class Sheet:
    """What is printed, page by page."""

    title: str
    sentence: str
    per_page: int
    paper: str
    pages: Sequence[Sequence[QrCode]]


def make(session: Session, actor: Actor, wish: SheetWish, *, base: str) -> Sheet:
    """The sheet; `base` is the product's own address, ending in a slash.

    For admins, and for managers about the territories that they manage; an admin may leave the
    territory out. Raises Forbidden, and Invalid with every field to mend.
    """
    access.require_assigner(actor)
    problems = FieldProblems()
    known = catalogue.current(session)
    places: Sequence[Place | None] = ()
    query: dict[str, str | Sequence[str]] = {}
    with problems:
        places = _places(known, actor, wish.territories)
    with problems:
        query["segment"] = [one.slug for one in _segments(known, wish.segments)]
    with problems:
        query |= _account(session, actor, wish.account)
    with problems:
        query |= _tag(known, wish.tag)
    with problems:
        _require_words(wish)
    with problems:
        _require_form(wish)
    problems.settle()
    codes = [_code(base, place, query) for place in places]
    title, sentence = one_line(wish.title), one_line(wish.sentence)
    pages = tuple(_pages(codes, wish.per_page, repeat=wish.repeat))
    return Sheet(title, sentence, wish.per_page, wish.paper, pages)


def choosable(known: Catalogue, actor: Actor) -> list[Place]:
    """The territories for which the actor makes sheets, by name."""
    found = [
        one for one in known.territories.values() if not one.archived and actor.manages(one.id)
    ]
    return sorted(found, key=lambda one: [place.name for place in known.lineage(one.id)])


def _places(known: Catalogue, actor: Actor, words: Sequence[str]) -> Sequence[Place | None]:
    """The territories of the words, each once; None stands for "that of whoever scans"."""
    if len(words) > MOST_CODES:
        raise Invalid({"territories": [f"Choose at most {MOST_CODES} territories at once."]})
    found: dict[int, Place] = {}
    for word in filter(None, words):
        place = known.find_territory(word)
        if place is None or place.archived:
            raise Invalid({"territories": [f"“{quoted(word)}” is not a territory in use."]})
        access.require_manager_of(actor, place.id)
        found[place.id] = place
    if not found and not actor.manages_all:
        raise Invalid({"territories": ["Choose at least one of your territories."]})
    return tuple(found.values()) or (None,)


def _segments(known: Catalogue, words: Sequence[str]) -> Iterator[Item]:
    if len(words) > MOST_SEGMENTS:
        raise Invalid({"segments": [f"Choose at most {MOST_SEGMENTS} segments."]})
    for word in filter(None, words):
        segment = known.find_segment(word)
        if segment is None or segment.archived:
            raise Invalid({"segments": [f"“{quoted(word)}” is not a segment in use."]})
        yield segment


def _account(session: Session, actor: Actor, word: str) -> Mapping[str, str]:
    if not one_line(word):
        return {}
    try:
        return {"account": str(accounts.require_named(session, actor, words=word).id)}
    except Invalid as refusal:
        raise Invalid({"account": [refusal.message]}) from None


def _tag(known: Catalogue, word: str) -> Mapping[str, str]:
    if not one_line(word):
        return {}
    found = known.find_competitor(word) or known.find_product(word)
    if found is None or found.archived:
        raise Invalid({"tag": [f"“{quoted(word)}” is neither a competitor nor a product in use."]})
    return {"tag": found.slug}


def _require_words(wish: SheetWish) -> None:
    for name, text, longest in (
        ("title", wish.title, LONGEST_TITLE),
        ("sentence", wish.sentence, LONGEST_SENTENCE),
    ):
        if len(one_line(text)) > longest:
            raise Invalid({name: [f"Shorten this to {longest} characters."]})


def _require_form(wish: SheetWish) -> None:
    if wish.per_page not in PER_PAGE:
        numbers = ", ".join(map(str, PER_PAGE))
        raise Invalid({"per_page": [f"Choose one of {numbers} codes on a page."]})
    if wish.paper not in PAPERS:
        raise Invalid({"paper": ["Choose A4 or Letter."]})


def _code(base: str, place: Place | None, query: Mapping[str, str | Sequence[str]]) -> QrCode:
    whole = {"territory": place.slug, **query} if place else query
    address = f"{base}n?{urlencode(whole, doseq=True)}".removesuffix("?")
    try:
        code = segno.make_qr(address, error=CORRECTION)
    except DataOverflowError:
        raise _too_fine() from None
    if int(code.version) > LARGEST_VERSION:
        raise _too_fine()
    rows = [bytes(row) for row in code.matrix]
    return QrCode(
        place.name if place else "", address, len(rows) + 2 * QUIET_ZONE, "".join(_drawn(rows))
    )


def _too_fine() -> Invalid:
    return Invalid(
        {"segments": ["The address is too long for a code that a phone reads. Choose fewer."]}
    )


def _drawn(rows: Sequence[bytes]) -> Iterator[str]:
    """Each run of dark modules as a rectangle of an SVG path."""
    for top, row in enumerate(rows, start=QUIET_ZONE):
        column = 0
        while column < len(row):
            end = column
            while end < len(row) and row[end]:
                end += 1
            if end > column:
                yield f"M{column + QUIET_ZONE} {top}h{end - column}v1H{column + QUIET_ZONE}z"
            column = end + 1


def _pages(codes: Sequence[QrCode], per_page: int, *, repeat: bool) -> Iterator[Sequence[QrCode]]:
    if repeat:
        yield from ((code,) * per_page for code in codes)
        return
    for start in range(0, len(codes), per_page):
        yield codes[start : start + per_page]
