"""The parts of a search in words: chips that take one away each, and names of what is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from insights.services import catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.search_choice import SearchChoice, Term
from insights.services.search_request import find_item
from insights.web.search_choice import FILTERS, NUMBERED, TAGS, Asked, changed, switched
from insights.web.search_facets import TITLES


@dataclass(frozen=True)
class Labels:
    """The words for what a search has chosen."""

    known: Catalogue
    names: Mapping[tuple[str, int], str]

    def of(self, name: str, value: str | int) -> str:
        """The words for one value of a filter; the value itself for what has no name any more."""
        if name in NUMBERED:
            return self.names.get((name, int(value)), str(value))
        if name in TAGS:
            item = find_item(self.known, name, str(value))
            return item.name if item else str(value)
        return str(value).capitalize()

    def all_of(self, choice: SearchChoice, name: str) -> str:
        """The words for all values of a filter, which are alternatives."""
        return " or ".join(self.of(name, value) for value in getattr(choice, name))


def labels(session: Session, actor: Actor, asked: Asked, choice: SearchChoice) -> Labels:
    """The words for a search; people and accounts that its text names take a query each."""
    names = dict(asked.names)
    for name, names_of in NUMBERED.items():
        missing = [one for one in getattr(choice, name) if (name, one) not in names]
        if missing:
            found = names_of(session, actor, ids=missing)
            names |= {(name, number): label for number, label in found.items()}
    return Labels(catalogue.current(session), names)


def chips(words: Labels, choice: SearchChoice, terms: Sequence[Term] = ()) -> list[dict[str, str]]:
    """What can be taken away with a tap: the filters, the period, and parts of the text."""
    found = [
        {
            "label": f"{TITLES[name]}: {words.of(name, value)}",
            "url": switched(choice, name, str(value)),
        }
        for name in FILTERS
        for value in getattr(choice, name)
    ]
    if choice.since:
        found.append({"label": f"Since {_day(choice.since)}", "url": changed(choice, since=None)})
    if choice.until:
        found.append({"label": f"Until {_day(choice.until)}", "url": changed(choice, until=None)})
    return found + [{"label": one.label, "url": changed(choice, text=one.without)} for one in terms]


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
