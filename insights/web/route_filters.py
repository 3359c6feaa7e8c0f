"""Building a route's query by choosing: what there is to choose, and the text that it makes.

What is chosen is added to the text when the form is sent, and is changed there from then on: the
query of a route is one text in the search language, however it came about.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.services import catalogue
from insights.services.query_texts import LONGEST_QUERY
from insights.services.search_choice import SearchChoice, query_text
from insights.web.note_choices import territory_options

FILTERS = ("kind", "impact", "territory", "competitor", "segment")
# More than anybody looks through in a list.
MOST_NAMES = 500


def with_chosen(text: str, form: Mapping[str, str]) -> str:
    """The text and whatever of the filters is chosen in the form, all of which must hold."""
    chosen: dict[str, Any] = {
        name: (value,) for name in FILTERS if (value := form.get(f"only_{name}", ""))
    }
    if not chosen or len(text) > LONGEST_QUERY:
        return text
    known = catalogue.current(db_session())
    return query_text(known, SearchChoice(text=text, **chosen), runtime().reader.analysis)


def filter_options() -> dict[str, list[dict[str, Any]]]:
    """What the form offers of territories, competitors and segments."""
    known = catalogue.current(db_session())
    return {
        "territory": territory_options(known, actor(), ""),
        "competitor": _named(known.competitors.values()),
        "segment": _named(known.segments.values()),
    }


def _named(items: Iterable[Any]) -> list[dict[str, Any]]:
    used = [one for one in items if not one.archived]
    return [{"value": one.slug, "label": one.name} for one in used[:MOST_NAMES]]
