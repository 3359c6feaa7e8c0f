"""What the form of a note offers to choose from: territories, segments, tags found in the text."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.services import accounts, catalogue
from insights.services.access import Actor
from insights.services.accounts import AccountView
from insights.services.catalogue import Catalogue, Item, NamedItem
from insights.services.proposals import Proposal
from insights.web.note_forms import TAGS, NoteForm

# More names than this make a page heavy; whoever needs another one types it.
MOST_NAMES = 500
INDENT = "\u2003"

Option = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chip:
    """A tag that can be taken away: found in the text, or chosen besides."""

    field: str
    slug: str
    name: str
    chosen: bool
    found: bool


@dataclass(frozen=True)
class Choices:
    """The options of a form, as the templates of its fields take them."""

    territories: Sequence[Option]
    dimensions: Sequence[tuple[str, Sequence[Option]]]
    competitor_names: Sequence[str]
    product_names: Sequence[str]
    chips: Sequence[Chip]
    accounts: Sequence[AccountView]


# For a form that nobody has been asked to fill in yet.
NO_CHOICES = Choices((), (), (), (), (), ())


def choices(session: Session, me: Actor, form: NoteForm, proposal: Proposal) -> Choices:
    """All that the form offers, with what stands in it already."""
    known = catalogue.current(session)
    return Choices(
        territories=territory_options(known, me, form.territory),
        dimensions=dimensions(known, form, proposal),
        competitor_names=_names(known.competitors),
        product_names=_names(known.products),
        chips=chips(known, form, proposal),
        accounts=account_choices(session, me, form),
    )


def recognised(known: Catalogue, form: NoteForm) -> NoteForm:
    """The form with its words as slugs; those that name nothing stand where they can be mended.

    A word of `tags` stands for all that it names; one that names nothing is left out.
    """
    competitors, no_competitors = _slugs(form.competitors, known.find_competitor)
    products, no_products = _slugs(form.products, known.find_product)
    segments, _ = _slugs(form.segments, known.find_segment)
    place = known.find_territory(form.territory)
    return replace(
        form,
        tags=(),
        territory=place.slug if place else form.territory,
        segments=_joined(segments, _slugs(form.tags, known.find_segment)[0]),
        competitors=_joined(competitors, _slugs(form.tags, known.find_competitor)[0]),
        products=_joined(products, _slugs(form.tags, known.find_product)[0]),
        more_competitors=", ".join(filter(None, [form.more_competitors, *no_competitors])),
        more_products=", ".join(filter(None, [form.more_products, *no_products])),
    )


def current(form: NoteForm, proposal: Proposal) -> NoteForm:
    """The form without the tags that were proposed for words which the text no longer has."""
    outdated = set(form.proposed) - {
        f"{field}:{item.slug}" for field in TAGS for item in getattr(proposal, field)
    }

    def kept(field: str, slugs: Iterable[str]) -> tuple[str, ...]:
        return tuple(slug for slug in slugs if f"{field}:{slug}" not in outdated)

    return replace(
        form,
        segments=kept("segments", form.segments),
        competitors=kept("competitors", form.competitors),
        products=kept("products", form.products),
    )


def chips(known: Catalogue, form: NoteForm, proposal: Proposal) -> list[Chip]:
    """What the text names, and the competitors and products that were chosen besides.

    What was proposed before and is not chosen stays there, not chosen.
    """
    dismissed = form.dismissed
    found = [
        Chip(field, item.slug, item.name, f"{field}:{item.slug}" not in dismissed, found=True)
        for field in TAGS
        for item in getattr(proposal, field)
    ]
    there = {(chip.field, chip.slug) for chip in found}
    besides = [
        Chip(field, item.slug, item.name, chosen=True, found=False)
        for field, table in (("competitors", known.competitors), ("products", known.products))
        for item in table.values()
        if item.slug in getattr(form, field) and (field, item.slug) not in there
    ]
    return found + besides


def dimensions(
    known: Catalogue, form: NoteForm, proposal: Proposal
) -> list[tuple[str, list[Option]]]:
    """The segments in use of each dimension, and those that are chosen already.

    Without those that the text names: they are chips.
    """
    named = {one.slug for one in proposal.segments}
    found: dict[int, list[Option]] = {number: [] for number in known.dimensions}
    for one in known.segments.values():
        if one.slug not in named and (not one.archived or one.slug in form.segments):
            found[one.dimension].append({"value": one.slug, "label": one.name})
    return [(known.dimensions[number], options) for number, options in found.items() if options]


def territory_options(known: Catalogue, me: Actor, chosen: str) -> list[Option]:
    """The person's own first, then the tree, indented by its levels."""
    held = [known.territories[one] for one in me.held if not known.territories[one].archived]
    own: list[Option] = [{"value": place.slug, "label": place.name} for place in held]
    mine = {place.id for place in held}
    rest: list[Option] = []

    def visit(parent_id: int | None, depth: int) -> None:
        for place in known.children(parent_id):
            kept = place.slug == chosen
            if place.id not in mine and (kept or not place.archived):
                rest.append({"value": place.slug, "label": INDENT * depth + place.name})
            visit(place.id, depth + 1)

    visit(None, 0)
    if not own:
        return rest
    return [
        {"label": "My territories", "options": own},
        {"label": "All others", "options": rest},
    ]


def account_choices(session: Session, me: Actor, form: NoteForm) -> list[AccountView]:
    """The accounts that the typed words find; without words the chosen one."""
    if form.account_name.strip():
        return accounts.find(session, me, words=form.account_name)
    number = form.account.strip()
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        return []
    try:
        return [accounts.get(session, me, account_id=int(number))]
    except NotFound:
        return []


def _slugs(
    words: Iterable[str], find: Callable[[str], Item | None]
) -> tuple[tuple[str, ...], list[str]]:
    found = {word: find(word) for word in words}
    slugs = dict.fromkeys(item.slug for item in found.values() if item is not None)
    return tuple(slugs), [word for word, item in found.items() if item is None]


def _joined(*slugs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain(*slugs)))


def _names(items: Mapping[int, NamedItem]) -> list[str]:
    return [one.name for one in items.values() if not one.archived][:MOST_NAMES]
