"""Weekly summaries: what came up in a territory, what ended, how much was noted, and where not."""

from datetime import date

from insights.api.answers import tagged
from insights.api.operations import Answer, ApiBlueprint
from insights.errors import NotFound
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.trend_summaries import TrendSummaryOut, trend_summary_out
from insights.services import territories, trend_evidence
from insights.services.trend_summaries import summary

# Its name is the heading in the document.
blueprint = ApiBlueprint("weeks", __name__)


@blueprint.operation(
    "GET",
    "/territories/<slug>/weeks/<monday>",
    scope="read",
    answers=TrendSummaryOut(),
    refuses=(503,),
    etag=True,
)
def get_trend_summary(slug: str, monday: str) -> Answer:
    """The summary of the week that begins on this Monday, such as 2026-03-16.

    The end of the week is compared with its beginning; of the present week, until now.
    """
    session, me, parts = db_session(), actor(), runtime()
    place = territories.get(session, me, slug=slug)
    found = summary(
        session,
        me,
        parts.reader,
        place.id,
        week=_monday(monday),
        zone=parts.settings.zone,
        now=now(),
    )
    listed = (*found.opened, *found.going_on, *found.ended)
    return tagged(trend_summary_out(found, trend_evidence.visible(session, me, listed)))


def _monday(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound("There is no such week. Give its Monday, such as 2026-03-16.") from None
