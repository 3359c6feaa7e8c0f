"""The catalogue: territories, segments, competitors and products as each process knows them.

These few thousand rows are needed by nearly every request (names on cards, subtrees in
permissions, aliases in tagging) and change rarely. A process keeps one immutable copy and asks
the database for a version only; every service that changes one of these tables calls `changed`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.models import (
    CatalogueVersion,
    Competitor,
    CompetitorAlias,
    Dimension,
    Product,
    ProductAlias,
    Segment,
    Territory,
)
from insights.tagging.dictionary import Dictionary, Entry, TagKind
from insights.text import fold

# In what a process keeps, and in what a session keeps of its present transaction.
CACHE_KEY = "catalogue"
CHANGED_KEY = "catalogue changed"
REMEMBERED_KEY = "catalogue remembered"
# Asked in every transaction; the table itself spares the mapper's work.
_VERSION = select(table_of(CatalogueVersion).c.version)
# The same as a column of what a transaction asks anyway (see `of_version`).
VERSION_COLUMN = _VERSION.scalar_subquery().label("catalogue_version")


@dataclass(frozen=True, slots=True)
class Item:
    """A named thing that notes are tagged with."""

    id: int
    name: str
    slug: str
    archived: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.name,)


T = TypeVar("T", bound=Item)


@dataclass(frozen=True, slots=True)
class Place(Item):
    """A territory of the tree."""

    parent_id: int | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class SegmentItem(Item):
    """A segment with the dimension (1 or 2) that it is a value of."""

    dimension: int = 1


@dataclass(frozen=True, slots=True)
class NamedItem(Item):
    """A competitor or product with its aliases; `competitor_id` is a product's maker."""

    aliases: tuple[str, ...] = ()
    competitor_id: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Name and aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class MergedItem(Item):
    """A competitor or product that is another one now (`into_id`); its own name is for the history
    alone."""

    into_id: int = 0


@dataclass(frozen=True)
class Catalogue:
    """One immutable reading of the catalogue; dictionaries are keyed by id, in order of name.

    A competitor that was merged into another is none of the `competitors`, only of `merged`; such a
    product only of `merged_products`.
    """

    version: UUID
    territories: Mapping[int, Place]
    segments: Mapping[int, SegmentItem]
    competitors: Mapping[int, NamedItem]
    products: Mapping[int, NamedItem]
    dimensions: Mapping[int, str]
    merged: Mapping[int, MergedItem] = field(default_factory=dict)
    merged_products: Mapping[int, MergedItem] = field(default_factory=dict)
    _children: dict[int | None, list[Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.territories.values():
            self._children.setdefault(place.parent_id, []).append(place)

    def children(self, territory_id: int | None) -> list[Place]:
        """The territories directly below; those at the top for None. In order of name."""
        return self._children.get(territory_id, [])

    def subtree(self, territory_id: int) -> frozenset[int]:
        """The ids of a territory and of everything below it."""
        found, waiting = set(), [territory_id]
        while waiting:
            current = waiting.pop()
            found.add(current)
            waiting += [child.id for child in self.children(current) if child.id not in found]
        return frozenset(found)

    def subtrees(self, territory_ids: Iterable[int]) -> frozenset[int]:
        """The ids of several territories and of everything below them."""
        return frozenset().union(*(self.subtree(one) for one in territory_ids))

    def lineage(self, territory_id: int) -> tuple[Place, ...]:
        """The path from the top of the tree down to the territory itself."""
        path: list[Place] = []
        current: int | None = territory_id
        while current is not None:
            place = self.territories[current]
            path.append(place)
            current = place.parent_id
        return tuple(reversed(path))

    def find_territory(self, word: str) -> Place | None:
        """The territory of that code, slug or name, however it is capitalised or accented."""
        return self._territory_words.get(fold(word.strip()))

    def find_segment(self, word: str) -> SegmentItem | None:
        """The segment of that slug or name; the first dimension wins when both have it."""
        return self._segment_words.get(fold(word.strip()))

    def find_competitor(self, word: str) -> NamedItem | None:
        """The competitor of that slug, name or alias; also of the slug of one merged into it."""
        return self._competitor_words.get(fold(word.strip()))

    def competitor(self, identity: int) -> NamedItem:
        """The competitor that a tag with this id means: what it was merged into, if it was."""
        merged = self.merged.get(identity)
        return self.competitors[merged.into_id if merged else identity]

    @cached_property
    def competitors_ever(self) -> Mapping[int, Item]:
        """All competitors under the names of their own, those merged into others too."""
        return {**self.competitors, **self.merged}

    def find_product(self, word: str) -> NamedItem | None:
        """The product of that slug, name or alias; also of the slug of one merged into it."""
        return self._product_words.get(fold(word.strip()))

    def product(self, identity: int) -> NamedItem:
        """The product that a tag with this id means: what it was merged into, if it was."""
        merged = self.merged_products.get(identity)
        return self.products[merged.into_id if merged else identity]

    @cached_property
    def products_ever(self) -> Mapping[int, Item]:
        """All products under the names of their own, those merged into others too."""
        return {**self.products, **self.merged_products}

    @cached_property
    def dictionary(self) -> Dictionary:
        """Every name and alias that text is searched for; built on first use."""
        return Dictionary(self.entries())

    def tags_of(self, text: str) -> dict[TagKind, list[int]]:
        """The ids that the text names by kind, each once; every kind has its list.

        A product stands for its maker too: who names the product speaks of the competitor.
        """
        found = self.dictionary.tags(text)
        makers = (self.products[one].competitor_id for one in found[TagKind.PRODUCT])
        in_use = [one for one in makers if one is not None and not self.competitors[one].archived]
        competitors = dict.fromkeys([*found[TagKind.COMPETITOR], *in_use])
        return {**found, TagKind.COMPETITOR: list(competitors)}

    @cached_property
    def _territory_words(self) -> dict[str, Place]:
        return _words(self.territories.values(), lambda one: (one.slug, one.code or "", one.name))

    @cached_property
    def _segment_words(self) -> dict[str, SegmentItem]:
        ordered = sorted(self.segments.values(), key=lambda one: one.dimension)
        return _words(ordered, lambda one: (one.slug, one.name))

    @cached_property
    def _competitor_words(self) -> dict[str, NamedItem]:
        former = [(one.slug, self.competitor(one.id)) for one in self.merged.values()]
        items = self.competitors.values()
        return _words(items, lambda one: (one.slug, one.name, *one.aliases), former)

    @cached_property
    def _product_words(self) -> dict[str, NamedItem]:
        former = [(one.slug, self.product(one.id)) for one in self.merged_products.values()]
        items = self.products.values()
        return _words(items, lambda one: (one.slug, one.name, *one.aliases), former)

    def entries(self) -> Iterable[Entry]:
        """Every name and alias of what is in use, with what it stands for."""
        for kind, items in (
            (TagKind.TERRITORY, self.territories),
            (TagKind.SEGMENT, self.segments),
        ):
            for item in items.values():
                if not item.archived:
                    yield Entry(kind, item.id, item.name)
        for kind, named in (
            (TagKind.COMPETITOR, self.competitors),
            (TagKind.PRODUCT, self.products),
        ):
            for one in named.values():
                if not one.archived:
                    for alias in (one.name, *one.aliases):
                        yield Entry(kind, one.id, alias)


def _words(
    items: Iterable[T],
    words_of: Callable[[T], Iterable[str]],
    former_slugs: Iterable[tuple[str, T]] = (),
) -> dict[str, T]:
    """Maps folded words to items; `words_of` gives the slug first, `former_slugs` are more slugs.

    Where two items share a word the one in use keeps it; of several in use the one whose slug it
    is, for that is what forms and addresses send even after a renaming.
    """
    claims = [
        (item.archived, rank, fold(word), item)
        for item in items
        for rank, word in enumerate(words_of(item))
        if word
    ]
    claims += [(item.archived, 0, slug, item) for slug, item in former_slugs]
    table: dict[str, T] = {}
    for _, _, word, item in sorted(claims, key=lambda claim: claim[:2]):
        table.setdefault(word, item)
    return table


def current(session: Session) -> Catalogue:
    """The catalogue as this transaction sees it, read anew only when it has changed."""
    transaction, remembered = session.info.get(REMEMBERED_KEY, (None, None))
    if transaction is not None and transaction is session.get_transaction():
        known: Catalogue = remembered
        return known
    return of_version(session, session.scalar(_VERSION))


def of_version(session: Session, version: UUID | None) -> Catalogue:
    """The catalogue of the version that this transaction has just read."""
    assert version is not None, "the first migration writes the row"
    if CHANGED_KEY in session.info:
        # It may go on changing under the same version, and it may be undone.
        return _load(session, version)
    cache = session.info["cache"]
    cached: Catalogue | None = cache.get(CACHE_KEY)
    if cached is None or cached.version != version:
        cached = cache[CACHE_KEY] = _load(session, version)
    session.info[REMEMBERED_KEY] = (session.get_transaction(), cached)
    return cached


def changed(session: Session) -> None:
    """To be called by whoever changes the catalogue, before reading the rows to be changed.

    The row also serves as a lock: two people who move parts of the tree at the same time take
    turns, so that together they cannot make a cycle.
    """
    session.execute(update(CatalogueVersion).values(version=uuid4()))
    session.info[CHANGED_KEY] = True
    session.info.pop(REMEMBERED_KEY, None)


def place_of(row: Territory) -> Place:
    """The row as an item of the catalogue."""
    return Place(row.id, row.name, row.slug, bool(row.archived_at), row.parent_id, row.code)


def segment_of(row: Segment) -> SegmentItem:
    """The row as an item of the catalogue."""
    return SegmentItem(row.id, row.name, row.slug, bool(row.archived_at), row.dimension_id)


def competitor_of(row: Competitor, aliases: Iterable[str]) -> NamedItem:
    """The row as an item of the catalogue."""
    return NamedItem(row.id, row.name, row.slug, bool(row.archived_at), tuple(aliases))


def product_of(row: Product, aliases: Iterable[str]) -> NamedItem:
    """The row as an item of the catalogue."""
    archived = bool(row.archived_at)
    return NamedItem(row.id, row.name, row.slug, archived, tuple(aliases), row.competitor_id)


def _load(session: Session, version: UUID) -> Catalogue:
    session.flush()
    return Catalogue(
        version=version,
        territories=_load_territories(session),
        segments=_load_segments(session),
        competitors=_load_competitors(session),
        products=_load_products(session),
        dimensions={row.id: row.name for row in session.scalars(select(Dimension))},
        merged=_load_merged(session, Competitor),
        merged_products=_load_merged(session, Product),
    )


def _load_territories(session: Session) -> dict[int, Place]:
    rows = session.scalars(select(Territory).order_by(Territory.folded))
    return {row.id: place_of(row) for row in rows}


def _load_segments(session: Session) -> dict[int, SegmentItem]:
    rows = session.scalars(select(Segment).order_by(Segment.dimension_id, Segment.folded))
    return {row.id: segment_of(row) for row in rows}


def _load_competitors(session: Session) -> dict[int, NamedItem]:
    aliases: dict[int, list[str]] = {}
    for alias in session.scalars(select(CompetitorAlias).order_by(CompetitorAlias.folded)):
        aliases.setdefault(alias.competitor_id, []).append(alias.alias)
    present = select(Competitor).where(Competitor.merged_into_id.is_(None))
    rows = session.scalars(present.order_by(Competitor.folded))
    return {row.id: competitor_of(row, aliases.get(row.id, ())) for row in rows}


def _load_merged(
    session: Session, model: type[Competitor] | type[Product]
) -> dict[int, MergedItem]:
    columns = (model.id, model.name, model.slug, model.merged_into_id)
    merged = select(*columns).where(model.merged_into_id.is_not(None))
    rows = session.execute(merged.order_by(model.name))
    return {
        row.id: MergedItem(row.id, row.name, row.slug, True, row.merged_into_id) for row in rows
    }


def _load_products(session: Session) -> dict[int, NamedItem]:
    aliases: dict[int, list[str]] = {}
    for alias in session.scalars(select(ProductAlias).order_by(ProductAlias.folded)):
        aliases.setdefault(alias.product_id, []).append(alias.alias)
    present = select(Product).where(Product.merged_into_id.is_(None))
    rows = session.scalars(present.order_by(Product.folded))
    return {row.id: product_of(row, aliases.get(row.id, ())) for row in rows}
