"""Queries that people keep under a name: saved searches, routes and alerts say the same of both."""

from insights.errors import Invalid
from insights.services import names
from insights.text import fold

LONGEST_NAME = 80
LONGEST_QUERY = 1_000


def require_name(typed: str, *, noun: str) -> tuple[str, str]:
    """The name on one line, and folded, as it is compared with others; raises Invalid(name)."""
    name = names.one_line(typed)
    folded = fold(name)
    if not folded:
        raise Invalid({"name": [f"Give the {noun} a name of 1 to {LONGEST_NAME} characters."]})
    if len(name) > LONGEST_NAME or len(folded) > names.LONGEST_FOLDED:
        raise Invalid({"name": [f"Shorten the name to {LONGEST_NAME} characters at most."]})
    return name, folded


def require_query(typed: str, *, missing: str) -> str:
    """The query on one line; raises Invalid(query), with the words `missing` when there is none."""
    query = names.one_line(typed)
    if not query:
        raise Invalid({"query": [missing]})
    if len(query) > LONGEST_QUERY:
        raise Invalid({"query": [f"Shorten the search to {LONGEST_QUERY:,} characters at most."]})
    return query
