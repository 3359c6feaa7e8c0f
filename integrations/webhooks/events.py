"""What webhooks are told: one event for each parcel, as docs/webhooks.md describes them.

The form is what the Standard Webhooks specification proposes: type, time and data. Notes and trends
look as they do in the JSON API.
"""

import json
from datetime import datetime
from typing import Any

from insights.clock import iso
from insights.models import DeliveryMatter
from insights.schemas.notes import note_out
from insights.schemas.trends import trend_out
from insights.services import parcel_words
from insights.services.deliveries import Parcel
from insights.services.digests import Digest
from insights.services.parcels import Contents
from insights.services.trends import TrendView

NOTE_MATCHED = "note.matched"
NOTES_DIGEST = "notes.digest"
NOTE_NEWS = "note.news"
TREND_OPENED = "trend.opened"
DIGEST_WEEKLY = "digest.weekly"
ROUTE_TEST = "route.test"


def body_of(parcel: Parcel, contents: Contents, now: datetime) -> str:
    """The body of the request: JSON in UTF-8."""
    kind, data = _event(parcel, contents)
    route = {"id": parcel.route_id, "name": parcel.route_name}
    told = {"type": kind, "timestamp": iso(now), "data": {"route": route, **data}}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _event(parcel: Parcel, contents: Contents) -> tuple[str, dict[str, Any]]:
    if parcel.matter is DeliveryMatter.TEST:
        return ROUTE_TEST, {"text": parcel_words.TEST_LEAD}
    if contents.summary is not None:
        return DIGEST_WEEKLY, _digest(contents.summary, contents)
    if contents.trend is not None:
        return TREND_OPENED, {"trend": _trend(contents.trend, contents)}
    notes = [note_out(card) for card in contents.cards]
    if parcel.is_digest:
        return NOTES_DIGEST, {"notes": notes}
    if parcel.matter is DeliveryMatter.NEWS:
        return NOTE_NEWS, {"note": notes[0], "state": parcel.detail}
    return NOTE_MATCHED, {"note": notes[0]}


def _trend(trend: TrendView, contents: Contents) -> dict[str, Any]:
    return trend_out(trend, contents.evidence_ids.get(trend.id, ()))


def _digest(digest: Digest, contents: Contents) -> dict[str, Any]:
    return {
        "place": digest.place,
        "monday": digest.monday.isoformat(),
        "emerged": [_trend(one, contents) for one in digest.emerged],
        "sighted": [note_out(card) for card in digest.sighted],
        "unanswered": [note_out(card) for card in digest.unanswered],
        "unanswered_count": digest.unanswered_count,
    }
