"""Products, ours and those of competitors."""

from typing import Any

from flask import url_for

from insights.api.answers import answer, moved
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.lists import ArchivedQuery, list_of
from insights.schemas.merges import MergedOut, merged_out
from insights.schemas.products import (
    ProductMerge,
    ProductOut,
    ProductPatch,
    ProductPost,
    product_out,
)
from insights.services import catalogue, products
from insights.services.catalogue import NamedItem

blueprint = ApiBlueprint("products", __name__)


@blueprint.operation(
    "GET", "/products", scope="read", query=ArchivedQuery(), answers=list_of(ProductOut)
)
def list_products(query: dict[str, Any]) -> Answer:
    """Products in order of name."""
    session = db_session()
    found = products.list_products(session, actor(), archived=query["archived"])
    makers = catalogue.current(session).competitors
    return {"items": [product_out(one, makers) for one in found]}


@blueprint.operation("GET", "/products/<slug>", scope="read", answers=ProductOut(), moves=True)
def get_product(slug: str) -> Answer:
    """One product. One that was merged into another has the address of that other one."""
    found = products.get(db_session(), actor(), slug=slug)
    if found.slug != slug:
        return moved(url_for(".get_product", slug=found.slug))
    return _out(found)


@blueprint.operation(
    "POST",
    "/products",
    scope="write",
    body=ProductPost(),
    answers=ProductOut(),
    success=(201,),
)
def post_product(body: dict[str, Any]) -> Answer:
    """Adds a product. For analysts, managers and admins."""
    return answer(_out(products.create(db_session(), actor(), now=now(), **body)), 201)


@blueprint.operation(
    "PATCH",
    "/products/<slug>",
    scope="write",
    body=ProductPatch(),
    answers=ProductOut(),
    refuses=(409,),
)
def patch_product(slug: str, body: dict[str, Any]) -> Answer:
    """Changes name, aliases or competitor; the slug stays. For analysts, managers and admins."""
    return _out(products.change(db_session(), actor(), now=now(), slug=slug, **body))


@blueprint.operation(
    "POST", "/products/<slug>/archive", scope="write", answers=ProductOut(), refuses=(409,)
)
def archive_product(slug: str) -> Answer:
    """Takes a product out of use: notes keep it, new text is not tagged with it."""
    return _out(products.archive(db_session(), actor(), now=now(), slug=slug))


@blueprint.operation(
    "POST", "/products/<slug>/restore", scope="write", answers=ProductOut(), refuses=(409,)
)
def restore_product(slug: str) -> Answer:
    """Takes a product into use again."""
    return _out(products.restore(db_session(), actor(), now=now(), slug=slug))


@blueprint.operation(
    "POST",
    "/products/<slug>/merge",
    scope="write",
    body=ProductMerge(),
    answers=ProductOut(),
    refuses=(409,),
)
def merge_product(slug: str, body: dict[str, Any]) -> Answer:
    """Makes two products one: notes, aliases and the slug go to the other.

    Answers that other one. For analysts, managers and admins.
    """
    return _out(products.merge(db_session(), actor(), now=now(), slug=slug, **body))


@blueprint.operation(
    "POST", "/products/<slug>/part", scope="write", answers=ProductOut(), refuses=(409,)
)
def part_product(slug: str) -> Answer:
    """Undoes the merge of a product into another; what was said since stays with that one.

    Answers the product as it is then. For analysts, managers and admins.
    """
    return _out(products.part(db_session(), actor(), now=now(), slug=slug))


@blueprint.operation("GET", "/products/<slug>/merges", scope="read", answers=list_of(MergedOut))
def list_product_merges(slug: str) -> Answer:
    """What was merged into a product, newest first, at most 50."""
    found = products.list_merged(db_session(), actor(), slug=slug)
    return {"items": [merged_out(one) for one in found]}


def _out(product: NamedItem) -> dict[str, Any]:
    return product_out(product, catalogue.current(db_session()).competitors)
