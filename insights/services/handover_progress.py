"""Who has read what of a brief: ticks on lines, and how far the successor is.

A tick belongs to a handover, a person and the key of a line, and keeps the moment of the first
reading. Whatever a key names, it is only ever compared with the lines of a brief.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip, table_of
from insights.errors import Forbidden, Invalid
from insights.models import Handover, HandoverRead
from insights.services import access_work
from insights.services.access import Actor
from insights.services.brief_lines import Brief, SectionName
from insights.services.handovers import HandoverView

MOST_AT_ONCE = 500
# More than any brief has lines, with those that it has no longer.
MOST_KEPT = 5_000
_LINE = re.compile(r"[a-z-]{1,20}:[0-9a-f-]{1,36}")
_READS = table_of(HandoverRead)


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How many lines of a section have been read; both counts are of lines the reader sees."""

    name: SectionName
    read: int
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the next holder is with the brief, as one reader may know it."""

    sections: Sequence[SectionProgress]
    last_read_at: datetime | None

    @property
    def read(self) -> int:
        """How many lines have been read."""
        return sum(one.read for one in self.sections)

    @property
    def total(self) -> int:
        """How many lines there are."""
        return sum(one.total for one in self.sections)


def mark_read(
    session: Session, actor: Actor, handover_id: int, lines: Collection[str], *, now: datetime
) -> int:
    """Ticks these lines off for the actor; returns how many were not yet.

    For both people of the handover, managers of the territory and admins; each ticks for
    themselves. Raises NotFound, and Invalid(lines) for more than 500 or what is no key of a line.
    """
    row = access_work.handover(session, actor, handover_id)
    if actor.journal_id is None:
        raise Forbidden("The operator reads nothing.")
    if len(lines) > MOST_AT_ONCE or not all(_LINE.fullmatch(one) for one in lines):
        message = f"Send up to {MOST_AT_ONCE} keys of lines of the brief."
        raise Invalid({"lines": [message]})
    _require_room(session, actor, row.id, len(lines))
    rows = [
        {"handover_id": row.id, "person_id": actor.id, "line": one, "at": now}
        for one in sorted(set(lines))
    ]
    if not rows:
        return 0
    statement = insert_or_skip(session, HandoverRead, _READS.c.line)
    return len(session.execute(statement, rows).all())


def reads_of(session: Session, handover_id: int, person_id: int) -> dict[str, datetime]:
    """What the person has ticked off, with the moment. For services and edges that have asked who
    may know."""
    chosen = select(HandoverRead.line, HandoverRead.at).where(
        HandoverRead.handover_id == handover_id, HandoverRead.person_id == person_id
    )
    return {row.line: row.at for row in session.execute(chosen)}


def last_reading(
    session: Session, actor: Actor, handover_id: int, *, before: datetime
) -> datetime | None:
    """When the actor ticked something off last, up to a moment; None before the first time."""
    chosen = select(func.max(HandoverRead.at)).where(
        HandoverRead.handover_id == handover_id,
        HandoverRead.person_id == actor.id,
        HandoverRead.at <= before,
    )
    return session.scalar(chosen)


def progress(found: Brief, reads: Mapping[str, datetime]) -> Progress:
    """How much of a brief has been read, section by section; empty sections are left out."""
    return Progress(
        sections=[
            SectionProgress(name, sum(key in reads for key in keys), len(keys))
            for name, keys in found.keys.items()
            if keys
        ],
        last_read_at=max(reads.values(), default=None),
    )


def read_counts(
    session: Session, actor: Actor, shown: Sequence[HandoverView]
) -> dict[int, tuple[int, datetime]]:
    """By handover how many lines its next holder has ticked off, and when the last one; absent
    without any. One query."""
    counted = (
        select(HandoverRead.handover_id, func.count(), func.max(HandoverRead.at))
        .join(Handover, Handover.id == HandoverRead.handover_id)
        .where(
            Handover.id.in_([one.id for one in shown]),
            HandoverRead.person_id == Handover.to_id,
            access_work.visible_handovers(actor),
        )
        .group_by(HandoverRead.handover_id)
    )
    return {number: (count, last) for number, count, last in session.execute(counted)}


def _require_room(session: Session, actor: Actor, handover_id: int, more: int) -> None:
    own = (HandoverRead.handover_id == handover_id, HandoverRead.person_id == actor.id)
    if (session.scalar(select(func.count()).where(*own)) or 0) + more > MOST_KEPT:
        raise Invalid({"lines": ["This is more than a brief has lines."]})
