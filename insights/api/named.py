"""Filters of lists that name something: a territory, a competitor, a product or a segment."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.services import catalogue
from insights.services.lookup import quoted

# By slug, name or the like.
WORDS = ("territory", "competitor", "product", "segment")


def named_ids(session: Session, query: Mapping[str, object]) -> dict[str, int]:
    """The ids of the filters that are words, as in `territory_id`; raises Invalid naming those
    that name nothing."""
    words = {name: str(query[name]) for name in WORDS if name in query}
    if not words:
        return {}
    known = catalogue.current(session)
    find = {
        "territory": known.find_territory,
        "competitor": known.find_competitor,
        "product": known.find_product,
        "segment": known.find_segment,
    }
    found = {name: find[name](word) for name, word in words.items()}
    unknown = {
        name: [f"“{quoted(words[name])}” is not known."] for name in found if not found[name]
    }
    if unknown:
        raise Invalid(unknown)
    return {f"{name}_id": item.id for name, item in found.items() if item}
