"""The shapes of a battlecard: its lines, what they cite, how fresh they are, what they were."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.models import CardSection, LineType
from insights.schemas.fields import (
    Choice,
    Identity,
    InputSchema,
    Several,
    Switch,
    Text,
    WholeNumber,
)
from insights.schemas.lists import PageQuery
from insights.schemas.tags import CompetitorNameOut, TerritoryNameOut, named, place_name
from insights.services.battlecard_citations import Citation, Said
from insights.services.battlecard_freshness import Freshness
from insights.services.battlecard_history import History
from insights.services.battlecard_lines import LONGEST_TEXT, MOST_CITATIONS
from insights.services.battlecards import Battlecard, LineView, SectionView
from insights.services.note_history import Change
from insights.services.shelf_lives import LONGEST_DAYS


def _text(**options: Any) -> Text:
    return Text(metadata={"description": f"At most {LONGEST_TEXT:,} characters."}, **options)


def _reply() -> Text:
    return Text(metadata={"description": "What we say to an objection; of others empty."})


def _shelf_days() -> WholeNumber:
    description = "Days without news after which it is stale; null for what its type says."
    return WholeNumber(high=LONGEST_DAYS, allow_none=True, metadata={"description": description})


class LinePost(InputSchema):
    """A line to be added at the end of a section."""

    section = Choice(CardSection, required=True)
    type = Choice(LineType)
    text = _text(required=True)
    reply = _reply()
    shelf_days = _shelf_days()
    notes = Several(
        Identity(),
        metadata={"description": f"The notes on which it rests, at most {MOST_CITATIONS}."},
    )


class LinePatch(InputSchema):
    """What is to be changed of a line; what is left out stays."""

    version = WholeNumber(required=True, metadata={"description": "The one that you have read."})
    section = Choice(CardSection)
    type = Choice(LineType)
    text = _text()
    reply = _reply()
    shelf_days = _shelf_days()


class LineMove(InputSchema):
    """Where a line is to go in its section."""

    up = Switch(required=True, metadata={"description": "Otherwise it goes down."})


class ArchivedLinesQuery(PageQuery):
    """Which lines that were taken off the card to list."""


class CitationOut(Schema):
    """A note on which a line rests."""

    note_id = fields.UUID(required=True)
    text = fields.String(required=True, metadata={"description": "Its first 400 characters."})
    author_name = fields.String(required=True)
    territory = fields.Nested(TerritoryNameOut, required=True)
    noted_at = fields.DateTime(required=True)
    sealed = fields.Boolean(required=True)
    sightings = fields.Integer(required=True)
    last_seen_at = fields.DateTime(required=True)


class FreshnessOut(Schema):
    """When a line was last known to hold, and how long it holds."""

    at = fields.DateTime(required=True)
    territory = fields.Nested(TerritoryNameOut, required=True, allow_none=True)
    by = fields.String(
        required=True, metadata={"description": "note, check, or nothing: its own writing."}
    )
    days = fields.Integer(required=True, metadata={"description": "Since then."})
    shelf_days = fields.Integer(required=True)
    stale = fields.Boolean(required=True)
    words = fields.String(required=True)


class DoubtOut(Schema):
    """Who says that a line no longer holds."""

    by = fields.String(required=True)
    territory = fields.Nested(TerritoryNameOut, required=True, allow_none=True)
    at = fields.DateTime(required=True)


class LineOut(Schema):
    """One line of a battlecard."""

    id = fields.Integer(required=True)
    competitor = fields.Nested(CompetitorNameOut, required=True)
    section = fields.Enum(CardSection, by_value=fields.String, required=True)
    type = fields.Enum(LineType, by_value=fields.String, required=True)
    text = fields.String(required=True)
    reply = fields.String(required=True)
    shelf_days = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)
    archived = fields.Boolean(required=True)
    notes = fields.List(fields.Nested(CitationOut), required=True)
    freshness = fields.Nested(FreshnessOut, required=True)
    doubt = fields.Nested(
        DoubtOut,
        required=True,
        allow_none=True,
        metadata={"description": "Only for those who keep battlecards."},
    )


class SectionOut(Schema):
    """A section of a battlecard, with its lines in order."""

    section = fields.Enum(CardSection, by_value=fields.String, required=True)
    title = fields.String(required=True)
    lines = fields.List(fields.Nested(LineOut), required=True)


class BattlecardOut(Schema):
    """What is known of a competitor, as you may see it."""

    competitor = fields.Nested(CompetitorNameOut, required=True)
    sections = fields.List(fields.Nested(SectionOut), required=True)
    stale = fields.Integer(required=True, metadata={"description": "How many lines are stale."})


class LineFieldOut(Schema):
    """One field of a change."""

    field = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)


class LineChangeOut(Schema):
    """A change of a line; `version` is the one that it made."""

    version = fields.Integer(required=True)
    by = fields.String(required=True)
    at = fields.DateTime(required=True)
    fields_ = fields.List(fields.Nested(LineFieldOut), required=True, data_key="fields")


class LineHistoryOut(Schema):
    """The last 100 changes of a line, newest first."""

    items = fields.List(fields.Nested(LineChangeOut), required=True)
    withheld = fields.Boolean(
        required=True,
        metadata={"description": "Whether some rest on notes that are sealed from you."},
    )


def battlecard_out(card: Battlecard) -> dict[str, Any]:
    """The card as `BattlecardOut` describes it."""
    return {
        "competitor": named(card.competitor),
        "sections": [_section_out(one) for one in card.sections],
        "stale": card.stale,
    }


def line_out(line: LineView) -> dict[str, Any]:
    """The line as `LineOut` describes it."""
    return {
        "id": line.id,
        "competitor": named(line.competitor),
        "section": line.section.value,
        "type": line.type.value,
        "text": line.text,
        "reply": line.reply,
        "shelf_days": line.shelf_days,
        "version": line.version,
        "created_at": iso(line.created_at),
        "updated_at": iso(line.updated_at),
        "archived": line.archived_at is not None,
        "notes": [_citation_out(one) for one in line.citations],
        "freshness": _freshness_out(line.freshness),
        "doubt": _doubt_out(line.doubt) if line.doubt else None,
    }


def history_out(history: History) -> dict[str, Any]:
    """The history as `LineHistoryOut` describes it."""
    return {
        "items": [_change_out(one) for one in history.changes],
        "withheld": history.withheld,
    }


def _section_out(section: SectionView) -> dict[str, Any]:
    lines = [line_out(one) for one in section.lines]
    return {"section": section.section.value, "title": section.title, "lines": lines}


def _citation_out(cited: Citation) -> dict[str, Any]:
    return {
        "note_id": str(cited.note_id),
        "text": cited.text,
        "author_name": cited.author_name,
        "territory": place_name(cited.place),
        "noted_at": iso(cited.noted_at),
        "sealed": cited.sealed,
        "sightings": cited.sightings,
        "last_seen_at": iso(cited.newest_at),
    }


def _freshness_out(fresh: Freshness) -> dict[str, Any]:
    return {
        "at": iso(fresh.at),
        "territory": place_name(fresh.place) if fresh.place else None,
        "by": fresh.by.value,
        "days": fresh.days,
        "shelf_days": fresh.shelf,
        "stale": fresh.stale,
        "words": fresh.words,
    }


def _doubt_out(said: Said) -> dict[str, Any]:
    return {
        "by": said.person_name,
        "territory": place_name(said.place) if said.place else None,
        "at": iso(said.at),
    }


def _change_out(change: Change) -> dict[str, Any]:
    return {
        "version": change.version,
        "by": change.editor_name,
        "at": iso(change.at),
        "fields": [
            {
                "field": one.field,
                "before": "".join(piece.text for piece in one.before),
                "after": "".join(piece.text for piece in one.after),
            }
            for one in change.fields
        ],
    }
