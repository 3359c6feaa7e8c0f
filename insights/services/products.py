"""Products, ours and those of competitors, with all names by which people call them.

One that exists twice is merged into the other, as competitors are, and the merge can be undone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid, NotFound
from insights.models import Competitor, Product
from insights.services import access, catalogue, lookup, merged_notes, merging, names
from insights.services.access import Actor
from insights.services.aliases import (
    PRODUCTS,
    replace_aliases,
    require_naming,
    stored_aliases,
)
from insights.services.catalogue import MergedItem, NamedItem
from insights.services.merging import WARES, MergedFrom
from insights.text import fold


class ProductChanges(TypedDict, total=False):
    """What can be changed of a product; what is left out stays as it is."""

    name: str
    aliases: Sequence[str]
    competitor: str | None


def list_products(session: Session, _actor: Actor, *, archived: bool = False) -> list[NamedItem]:
    """Products in order of name, archived ones if asked for."""
    known = catalogue.current(session).products.values()
    return [one for one in known if archived or not one.archived]


def get(session: Session, _actor: Actor, *, slug: str) -> NamedItem:
    """The product of that slug, or the one that it was merged into; raises NotFound."""
    known = catalogue.current(session)
    for one in known.products_ever.values():
        if one.slug == slug:
            return known.product(one.id)
    raise NotFound(f"There is no product “{lookup.quoted(slug)}”.")


def merged(session: Session, _actor: Actor, *, slug: str) -> MergedItem | None:
    """The product of that slug as it was called before it was merged; None if it was not."""
    known = catalogue.current(session).merged_products.values()
    return next((one for one in known if one.slug == slug), None)


def count_notes(session: Session, actor: Actor, *, slug: str) -> int:
    """How many notes that the actor may see are about the product of that slug."""
    tag_id = get(session, actor, slug=slug).id
    return merged_notes.count_visible(session, actor, merged_notes.PRODUCT_TAGS, tag_id)


def create(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    name: str,
    aliases: Sequence[str] = (),
    competitor: str | None = None,
) -> NamedItem:
    """Adds a product, of the competitor of that slug or ours.

    Raises Forbidden for a rep, and Invalid(name, aliases, competitor), also when a name already
    stands for another product.
    """
    access.require_curator(actor)
    catalogue.changed(session)
    row = Product()
    typed: ProductChanges = {"name": name, "aliases": aliases, "competitor": competitor}
    stored = _describe(session, row, typed)
    names.record(session, actor, "created", row, now=now)
    return catalogue.product_of(row, stored)


def change(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    slug: str,
    **changes: Unpack[ProductChanges],
) -> NamedItem:
    """Changes what is given of name, aliases (all of them) and competitor (None: ours).

    Raises Forbidden for a rep, NotFound, Conflict for one that was merged into another, and
    Invalid(name, aliases, competitor).
    """
    access.require_curator(actor)
    catalogue.changed(session)
    row = merging.require_unmerged(session, WARES, slug)
    aliases = stored_aliases(session, PRODUCTS, row.id)
    former = (row.name, aliases, row.competitor_id)
    stored = _describe(session, row, {"name": row.name, "aliases": aliases, **changes})
    if former != (row.name, stored, row.competitor_id):
        data = {"changed": sorted(changes)}
        names.record(session, actor, "changed", row, now=now, data=data)
    return catalogue.product_of(row, stored)


def archive(session: Session, actor: Actor, *, now: datetime, slug: str) -> NamedItem:
    """Takes the product out of use: notes keep it, new text is not tagged with it.

    Raises Forbidden for a rep, NotFound, and Conflict for one that was merged into another.
    """
    return _set_archived(session, actor, now, slug, archived=True)


def restore(session: Session, actor: Actor, *, now: datetime, slug: str) -> NamedItem:
    """Takes the product into use again; raises as `archive` does."""
    return _set_archived(session, actor, now, slug, archived=False)


def merge(session: Session, actor: Actor, *, now: datetime, slug: str, into: str) -> NamedItem:
    """Makes two products one: all that belongs to `slug` belongs to `into` afterwards.

    Its notes are tagged with `into`, those that were tagged with both once; its name and aliases
    are aliases of `into`, and its slug stands for it. Whose product `into` is stays as it is, and
    so do the competitors of the notes. `part` undoes it.

    Returns `into` as it is then. Raises Forbidden for a rep, NotFound, Conflict when `slug` was
    merged before, and Invalid(into), also when either is archived or both together have more than
    50 aliases.
    """
    access.require_curator(actor)
    catalogue.changed(session)
    target, aliases = merging.merge(session, actor, WARES, slug=slug, into=into, now=now)
    return catalogue.product_of(target, aliases)


def part(session: Session, actor: Actor, *, now: datetime, slug: str) -> NamedItem:
    """Undoes the merge of `slug` into another product, exactly; see `merging.part`.

    Returns `slug` as it is then. Raises Forbidden for a rep, NotFound, and Conflict when it is not
    merged, when the other one was merged itself, and when one of its words is another's by now.
    """
    access.require_curator(actor)
    catalogue.changed(session)
    row, aliases = merging.part(session, actor, WARES, slug=slug, now=now)
    return catalogue.product_of(row, aliases)


def list_merged(session: Session, actor: Actor, *, slug: str) -> list[MergedFrom]:
    """What was merged into the product of that slug, newest first, and what of it was undone.

    Raises NotFound.
    """
    return merging.merged_into(session, actor, WARES, get(session, actor, slug=slug).id)


def _describe(session: Session, row: Product, typed: ProductChanges) -> tuple[str, ...]:
    problems = FieldProblems()
    with problems:
        naming = require_naming(
            session, PRODUCTS, name=typed["name"], aliases=typed["aliases"], own_id=row.id or 0
        )
    with problems:
        maker_id = row.competitor_id
        if "competitor" in typed:
            maker_id = _require_maker(session, typed["competitor"], current=maker_id)
    problems.settle()
    row.name, row.folded, row.competitor_id = naming.name, fold(naming.name), maker_id
    if row.slug is None:
        row.slug = names.free_slug(session, Product, row.name)
    session.add(row)
    session.flush()
    replace_aliases(session, PRODUCTS, row.id, naming.aliases)
    return naming.aliases


def _require_maker(session: Session, slug: str | None, *, current: int | None) -> int | None:
    if not slug:
        return None
    maker = lookup.by_slug(session, Competitor, slug)
    if maker is None:
        message = f"There is no competitor “{lookup.quoted(slug)}”. Choose one from the list."
        raise Invalid({"competitor": [message]})
    if maker.merged_into_id:
        maker = session.get_one(Competitor, maker.merged_into_id)
    if maker.archived_at and maker.id != current:
        message = f"{maker.name} is archived. Restore it or choose another competitor."
        raise Invalid({"competitor": [message]})
    return maker.id


def _set_archived(
    session: Session, actor: Actor, now: datetime, slug: str, *, archived: bool
) -> NamedItem:
    access.require_curator(actor)
    catalogue.changed(session)
    merging.require_unmerged(session, WARES, slug)
    row = names.set_archived(session, actor, Product, slug, now=now, archived=archived)
    return catalogue.product_of(row, stored_aliases(session, PRODUCTS, row.id))
