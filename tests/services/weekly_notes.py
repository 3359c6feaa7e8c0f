"""Notes spread over weeks, for tests of what is counted by week."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from insights.services.access import Actor
from insights.services.volumes import Weeks, weeks_up_to
from tests.drafts import posted
from tests.fixtures.app import Stage
from tests.organisation import NOW

UTC_ZONE = ZoneInfo("UTC")


def last_weeks(count: int) -> Weeks:
    """The last weeks up to the tests' present."""
    return weeks_up_to(NOW, UTC_ZONE, count)


def post_weekly(
    stage: Stage,
    author: Actor,
    text: str,
    *counts: int,
    territory: str = "georgia",
    **fields: object,
) -> None:
    """Posts as many notes in each of the last weeks, oldest first; the index follows."""
    with stage.database.writing() as session:
        for weeks_ago, count in enumerate(reversed(counts)):
            moment = NOW - timedelta(weeks=weeks_ago)
            for _ in range(count):
                posted(session, author, text, now=moment, territory=territory, **fields)
    stage.catch_up()
