"""The brief of a territory: all that whoever takes it over must know, on one page.

It is read live and as its reader may see it, so it is never out of date and tells nobody more than
their notes would. It comes from a fixed number of queries and of requests to the search index,
however many notes the territory has; what it lists is limited. While there is no index the sections
that are counted are empty and say so.
"""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.errors import Invalid, NotFound, Unavailable
from insights.models import Handover, HandoverState
from insights.search.engine import Reader
from insights.services import catalogue
from insights.services.access import Actor
from insights.services.brief_lines import Brief, BriefSection, SectionName
from insights.services.brief_notes import NotesOf
from insights.services.brief_places import account_section, competitor_section, people_section
from insights.services.brief_sections import (
    emerging_section,
    must_know_section,
    promise_section,
    question_section,
    topic_section,
)
from insights.services.sole_knowledge import only_one_section


def brief(
    session: Session,
    actor: Actor,
    reader: Reader,
    *,
    territory_id: int,
    now: datetime,
    today: date,
    zone: ZoneInfo,
    since: datetime | None = None,
    leaver_id: int | None = None,
) -> Brief:
    """The brief of a territory with everything below it, as the actor may see it at this moment.

    `today` is the day in the organisation's time zone; what happened after `since` is new to the
    actor. `leaver_id` is whose knowledge is looked at in particular; without one it is that of
    whoever handed the territory over last, and of anybody if nobody did. Raises NotFound.
    """
    known = catalogue.current(session)
    if territory_id not in known.territories:
        raise NotFound("There is no such territory.")
    places = known.subtree(territory_id)
    leaver = leaver_id or _last_leaver(session, territory_id)
    notes = NotesOf(session, actor, reader, places)
    sections = (
        must_know_section(session, actor, territory_id, places),
        promise_section(session, actor, territory_id, places),
        emerging_section(session, actor, territory_id, today=today, zone=zone),
        topic_section(session, actor, places),
        question_section(session, actor, places, today=today),
        _counted(SectionName.ONLY_ONE, lambda: only_one_section(notes, leaver_id=leaver, now=now)),
        _counted(SectionName.COMPETITORS, lambda: competitor_section(notes, now=now)),
        account_section(session, actor, places),
        _counted(SectionName.PEOPLE, lambda: people_section(notes, leaver_id=leaver, now=now)),
    )
    return Brief(known.territories[territory_id], now, since, leaver, sections)


def _counted(name: SectionName, read: Callable[[], BriefSection]) -> BriefSection:
    """The section; an empty one that says so while the index cannot count it."""
    try:
        return read()
    except (Unavailable, Invalid):
        return BriefSection(name, (), is_counted=False)


def _last_leaver(session: Session, territory_id: int) -> int | None:
    done = (
        Handover.territory_id == territory_id,
        Handover.state == HandoverState.DONE,
        Handover.from_id.is_not(None),
    )
    return session.scalar(
        select(Handover.from_id).where(*done).order_by(Handover.id.desc()).limit(1)
    )
