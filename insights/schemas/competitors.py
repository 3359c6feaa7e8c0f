"""The shapes of a competitor."""

from typing import Any

from marshmallow import fields

from insights.schemas.fields import InputSchema, Several, Text
from insights.schemas.tags import CompetitorNameOut, name_field, named
from insights.services.aliases import MOST_ALIASES
from insights.services.catalogue import NamedItem


def aliases_field() -> Several:
    """The other names of a competitor or product, all of them."""
    description = f"Other names by which text is tagged, all of them; at most {MOST_ALIASES}."
    return Several(Text(), metadata={"description": description})


class CompetitorPost(InputSchema):
    """A competitor to be added."""

    name = name_field(required=True)
    aliases = aliases_field()


class CompetitorPatch(InputSchema):
    """What is to be changed of a competitor; what is left out stays."""

    name = name_field()
    aliases = aliases_field()


class CompetitorMerge(InputSchema):
    """What a competitor is to be merged into."""

    into = Text(required=True, metadata={"description": "The slug of the other competitor."})


class CompetitorOut(CompetitorNameOut):
    """Somebody who sells to the same customers."""

    aliases = fields.List(fields.String(), required=True)
    archived = fields.Boolean(required=True)


def competitor_out(competitor: NamedItem) -> dict[str, Any]:
    """The competitor as `CompetitorOut` describes it."""
    return {
        **named(competitor),
        "aliases": list(competitor.aliases),
        "archived": competitor.archived,
    }
