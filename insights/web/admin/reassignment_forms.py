"""The form of a reassignment: what was typed, read as a choice, and what can be chosen."""

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.models import TeamType
from insights.schemas.fields import Choice as OneOf
from insights.schemas.fields import Day, InputSchema, Origin, Text, WholeNumber, load
from insights.schemas.reassignments import choice_of
from insights.services import catalogue, people, territory_rules
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.lookup import quoted
from insights.services.reassignment_filters import Choice
from insights.services.territory_rules import TEAM_WORDS
from insights.web.admin.forms import Values, lines, typed
from insights.web.admin.territories import parent_options

FIELDS = (
    "since",
    "holder",
    "region",
    "segment",
    "territories",
    "to",
    "table",
    "account_holder",
    "account_region",
    "account_segment",
    "account_state",
    "account_team_type",
    "account_to",
)
LABELS = {
    "since": "From",
    "holder": "Present holder",
    "region": "Region",
    "segment": "Segment",
    "territory": "Ticked territories",
    "to": "Next holder",
    "table": "Table",
    "account_holder": "Accounts of a holder",
    "account_region": "Accounts in a region",
    "account_segment": "Accounts of a segment",
    "account_state": "Accounts in a state",
    "account_team_type": "Accounts of a team",
    "account_to": "Accounts go to",
}
# Those of territories that are choices by themselves.
FILTERS = ("holder", "region", "segment")
# What stands for no person and no territory.
NOBODY, TABLE, RULES = "nobody", "table", "rules"
_SEPARATORS = ("\t", ";", ",")


class ReassignmentForm(InputSchema):
    """The fields of the form, all of them text."""

    since = Day(required=True)
    holder = WholeNumber()
    region = Text()
    segment = Text()
    territories = Text()
    to = Text()
    table = Text(longest=100_000)
    account_holder = WholeNumber()
    account_region = Text()
    account_segment = Text()
    account_state = Text()
    account_team_type = OneOf(TeamType)
    account_to = Text()


def sent() -> dict[str, str]:
    """The form as it was sent; ticked territories are one field from here on."""
    values = typed(*FIELDS)
    ticked = request.form.getlist("territory")
    if ticked:
        values["territories"] = ",".join(ticked)
    return values


def asked() -> dict[str, str]:
    """What the address says about the form, for links that begin one."""
    return {name: request.args.get(name, "") for name in FIELDS}


def choice_from(session: Session, me: Actor, values: Values) -> Choice:
    """The form as a choice; raises Invalid with the fields to be mended."""
    read = load(ReassignmentForm(Origin.FORM), values)
    body: dict[str, Any] = {"since": read["since"]}
    holders: dict[str, Any] = {name: read[name] for name in FILTERS if name in read}
    ticked = [one for one in read.get("territories", "").split(",") if one]
    if ticked:
        holders["territories"] = ticked
    holders |= _next_holder(session, me, read)
    accounts = {
        name.removeprefix("account_"): value
        for name, value in read.items()
        if name.startswith("account_")
    }
    if accounts.get("to") == RULES:
        del accounts["to"]
        accounts["by_rules"] = True
    parts = {"territories": holders, "accounts": accounts}
    body |= {name: part for name, part in parts.items() if part}
    return choice_of(catalogue.current(session), body)


def ticked_names(known: Catalogue, values: Values) -> list[str]:
    """The names of the ticked territories."""
    found = (known.find_territory(one) for one in values["territories"].split(",") if one)
    return [place.name for place in found if place]


def choices(session: Session, me: Actor, values: Values) -> dict[str, Any]:
    """What the selects of the form offer: of territories the part that the person manages."""
    known = catalogue.current(session)
    colleagues = [{"value": one.id, "label": one.name} for one in people.colleagues(session, me)]
    places = [one for one in parent_options(known) if me.manages(_id_of(known, one["value"]))]
    next_ones = [
        {"value": TABLE, "label": "Several people, by the table below"},
        {"value": NOBODY, "label": "Nobody for now"},
        {"label": "One person", "options": colleagues},
    ]
    targets = [
        {"value": RULES, "label": "Where its rule says, each by itself"},
        {"label": "One territory", "options": places},
    ]
    return {
        "people": colleagues,
        "places": places,
        "segments": _segments(known),
        "states": [{"value": one, "label": one} for one in territory_rules.states(session, me)],
        "teams": [{"value": one.value, "label": TEAM_WORDS[one]} for one in TeamType],
        "next_ones": next_ones,
        "targets": targets,
        "ticked": ticked_names(known, values),
        "labels": LABELS,
    }


def _id_of(known: Catalogue, slug: str) -> int:
    place = known.find_territory(slug)
    return place.id if place else 0


def _segments(known: Catalogue) -> list[dict[str, Any]]:
    return [
        {
            "label": name,
            "options": [
                {"value": one.slug, "label": one.name}
                for one in known.segments.values()
                if one.dimension == number and not one.archived
            ],
        }
        for number, name in sorted(known.dimensions.items())
    ]


def _next_holder(session: Session, me: Actor, read: dict[str, Any]) -> dict[str, Any]:
    word = read.get("to")
    if word == NOBODY:
        return {"vacate": True}
    if word == TABLE:
        return {"table": _table(session, me, read.get("table", ""))}
    if word is None:
        return {}
    if not word.isascii() or not word.isdigit():
        raise Invalid({"to": ["There is no such person. Choose one from the list."]})
    return {"to": int(word)}


def _table(session: Session, me: Actor, text: str) -> list[dict[str, Any]]:
    """Each line names a territory and a person, as two cells of a spreadsheet."""
    rows = [_cells(line) for line in lines(text)]
    if not rows:
        raise Invalid({"table": ["Write on each line a territory and who gets it."]})
    found = people.ids_named(session, me, words={person for _, person in rows})
    active = {one.id for one in people.colleagues(session, me)}
    table = []
    for territory, person in rows:
        ids = found.get(person, frozenset()) & active
        if len(ids) != 1:
            message = f"Nobody, or more than one, is called “{quoted(person)}”. Write a full name."
            raise Invalid({"table": [message]})
        table.append({"territory": territory, "person": next(iter(ids))})
    return table


def _cells(line: str) -> Sequence[str]:
    for separator in _SEPARATORS:
        territory, found, person = line.partition(separator)
        if found and territory.strip() and person.strip():
            return territory.strip(), person.strip()
    message = f"“{quoted(line)}” names no territory and person. Write: Georgia; Ana Ruiz."
    raise Invalid({"table": [message]})
