"""When trends are computed: at night, and during the day once an hour when something changed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.clock import in_zone
from insights.models import Job
from insights.services import trend_weeks
from insights.services.jobs import TRENDS_JOB

EVERY = timedelta(hours=1)


def is_due(session: Session, *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether somebody should begin to compute trends at this moment.

    At once when it was asked for; with a new day in the organisation's zone; otherwise an hour
    after the last time if notes have changed. Not while somebody is at it.
    """
    job = session.get(Job, TRENDS_JOB)
    if job is None:
        return trend_weeks.has_stale(session)
    if job.leased_until is not None and job.leased_until >= now:
        return False
    tried = [one for one in (job.started_at, job.finished_at) if one is not None]
    if job.wanted_at is not None or not tried:
        return True
    last = max(tried)
    if in_zone(last, zone).date() < in_zone(now, zone).date():
        return True
    return now - last >= EVERY and trend_weeks.has_stale(session)
