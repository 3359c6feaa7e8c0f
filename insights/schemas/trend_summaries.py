"""The shapes of a territory's weekly summary."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from insights.schemas.notes import NoteOut, notes_out
from insights.schemas.silence import SilenceOut, silence_out
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.schemas.trends import TrendOut, trend_out
from insights.services import trend_summary_words as words
from insights.services.trend_summaries import Summary
from insights.services.trends import TrendView


class WeekVolumeOut(Schema):
    """Notes of a week, and what they are compared with."""

    week = fields.Integer(required=True)
    before = fields.Integer(required=True, metadata={"description": "The week before."})
    usual = fields.Float(
        required=True, metadata={"description": "The mean of the eight weeks before."}
    )


def _trends(description: str) -> fields.List[Any]:
    return fields.List(
        fields.Nested(TrendOut), required=True, metadata={"description": description}
    )


class TrendSummaryOut(Schema):
    """A territory's week in brief, with everything below the territory."""

    territory = fields.Nested(TerritoryNameOut, required=True)
    monday = fields.Date(required=True)
    over = fields.Boolean(required=True, metadata={"description": "Whether the week is over."})
    empty = fields.Boolean(required=True, metadata={"description": "There is nothing to tell."})
    title = fields.String(required=True)
    lead = fields.String(required=True, metadata={"description": "The week in a sentence or two."})
    text = fields.String(required=True, metadata={"description": "All of it as plain text."})
    volume = fields.Nested(WeekVolumeOut, required=True)
    opened = _trends("Those that came up in the week and are shown at its end.")
    going_on = _trends("The strongest ten of those that came up before.")
    ended = _trends("Those shown when the week began, and not at its end.")
    sighted = fields.List(
        fields.Nested(NoteOut),
        required=True,
        metadata={"description": "The notes of the week that most others have seen too."},
    )
    silent = fields.List(
        fields.Nested(SilenceOut),
        required=True,
        metadata={"description": "Territories below that said less than is usual there."},
    )


def trend_summary_out(summary: Summary, evidence: Mapping[int, Sequence[UUID]]) -> dict[str, Any]:
    """The summary as `TrendSummaryOut` describes it; `evidence` are the visible notes by trend."""

    def out(trends: Sequence[TrendView]) -> list[dict[str, Any]]:
        return [trend_out(one, evidence[one.id]) for one in trends]

    return {
        "territory": place_name(summary.place),
        "monday": summary.monday.isoformat(),
        "over": summary.is_over,
        "empty": summary.is_empty,
        "title": words.title(summary),
        "lead": words.lead(summary),
        "text": words.as_text(summary),
        "volume": {
            "week": summary.volume.week,
            "before": summary.volume.before,
            "usual": summary.volume.usual,
        },
        "opened": out(summary.opened),
        "going_on": out(summary.going_on),
        "ended": out(summary.ended),
        "sighted": notes_out(summary.sighted),
        "silent": [silence_out(one) for one in summary.silent],
    }
