"""Months of notes in the small organisation, in which something may emerge.

`ordinary` is a company in which nothing happens; `surge` lets several people speak of Ionfield in
Georgia. Texts are too short to be copies of one another. All rows come with their journal entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Audience, Impact, Kind, Known, Note, NoteCompetitor, NoteSegment, Source
from insights.services import journal
from tests.organisation import (
    ACME,
    ADMIN,
    ANALYST,
    FLORIDA,
    GEORGIA,
    IONFIELD,
    LEAVER,
    MANAGER,
    MEMBER,
    NEVADA,
    NOW,
    OWNER,
    STRANGER,
)

EVERYBODY = (OWNER, MEMBER, STRANGER, ANALYST, MANAGER, ADMIN, LEAVER)
SAYINGS = ("late delivery again", "happy customer", "asks about price", "new office", "slow router")


@dataclass(frozen=True)
class Said:
    """One note of the history."""

    at: datetime
    author: int
    territory: int = GEORGIA
    text: str = "late delivery again"
    competitors: Sequence[int] = ()
    audience: Audience = Audience.EVERYONE
    account: int | None = None
    segments: Sequence[int] = ()


def write(session: Session, notes: Sequence[Said]) -> list[UUID]:
    """Stores the notes, and says so in the journal; returns their ids, always the same."""
    ids = [uuid5(NAMESPACE_URL, f"{number} {said}") for number, said in enumerate(notes)]
    for identity, said in zip(ids, notes, strict=True):
        session.add(
            Note(
                id=identity,
                text=said.text,
                kind=Kind.PREFERENCE,
                known=Known.FIRST_HAND,
                impact=Impact.NORMAL,
                audience=said.audience,
                source=Source.WEB,
                author_id=said.author,
                territory_id=said.territory,
                account_id=said.account,
                captured_at=said.at,
                received_at=said.at,
                noted_at=said.at,
                clock_doubtful=False,
            )
        )
    session.flush()
    for identity, said in zip(ids, notes, strict=True):
        tags = [NoteCompetitor(note_id=identity, competitor_id=one) for one in said.competitors]
        session.add_all(tags)
        session.add_all(NoteSegment(note_id=identity, segment_id=one) for one in said.segments)
    session.flush()
    posted = [
        journal.entry("note.posted", ("note", identity), actor_id=said.author, now=said.at)
        for identity, said in zip(ids, notes, strict=True)
    ]
    journal.append_many(session, posted)
    return ids


def ordinary(weeks: int = 24, *, until: datetime = NOW, a_week: int = 8) -> list[Said]:
    """Weeks in which nothing happens, up to `until`; in each place somebody names Acme."""
    random = Random(7)
    notes = []
    for week in range(weeks):
        for territory in (GEORGIA, FLORIDA, NEVADA):
            for number in range(a_week):
                back = timedelta(weeks=week, seconds=random.randrange(7 * 86_400))
                notes.append(
                    Said(
                        at=until - back - timedelta(seconds=1),
                        author=EVERYBODY[random.randrange(len(EVERYBODY))],
                        territory=territory,
                        text=SAYINGS[random.randrange(len(SAYINGS))],
                        competitors=(ACME,) if number == 0 else (),
                    )
                )
    return notes


def surge(
    *, until: datetime = NOW, audience: Audience = Audience.EVERYONE, days: int = 12
) -> list[Said]:
    """Everybody speaks of Ionfield in Georgia within some days."""
    return [
        Said(
            at=until - timedelta(hours=3 + 24 * days * number // 14),
            author=EVERYBODY[number % len(EVERYBODY)],
            text=SAYINGS[number % len(SAYINGS)],
            competitors=(IONFIELD,),
            audience=audience,
        )
        for number in range(14)
    ]


def filled(database: Database, notes: Sequence[Said]) -> list[UUID]:
    """Stores the notes in a transaction of its own."""
    with database.writing() as session:
        return write(session, notes)
