"""Knowledge that only one person has: what of a territory is lost when nobody asks them.

A customer, competitor or segment is known to one person alone when all that was noted about it in
the territory within two years is theirs, and nobody has seen any of it too. It is counted as the
reader may see it: a note that is sealed from them makes nothing known to more people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Account
from insights.services import catalogue, people
from insights.services.brief_lines import BriefLine, BriefSection, Lead, Leads, SectionName, counted
from insights.services.brief_notes import (
    NotesOf,
    Subject,
    quotes,
    seen_by_others,
    since_days,
)

DAYS = 730
# Of each sort of subject.
MOST = 20

_LEADS: Mapping[Subject, Leads] = {
    "account_id": Leads.ACCOUNT,
    "competitor_id": Leads.COMPETITOR,
    "segment_id": Leads.SEGMENT,
}


@dataclass(frozen=True, slots=True)
class Sole:
    """Something that one person alone wrote about, with their notes, newest first."""

    subject: Subject
    id: int
    author_id: int
    count: int
    note_ids: Sequence[UUID] = ()


def only_one_section(notes: NotesOf, *, leaver_id: int | None, now: datetime) -> BriefSection:
    """What only the leaver knows, with the newest note of each; without a leaver, what only one
    person knows, whoever that is. The most written about comes first.

    Raises Unavailable when there is no index yet, and Invalid when there are too many authors and
    subjects to compare.
    """
    found = [
        one
        for subject in _LEADS
        for one in _sole(notes, subject, leaver_id=leaver_id, since=since_days(now, DAYS))
    ]
    quoted = quotes(notes.session, notes.actor, [one.note_ids[0] for one in found])
    named = _Names(notes, found)
    lines = [
        BriefLine(
            key=f"sole-{_LEADS[one.subject]}:{one.id}",
            title=named.title(one),
            facts=(
                f"only {named.people[one.author_id]} wrote about it",
                counted(one.count, "note"),
            ),
            at=quoted[one.note_ids[0]].at,
            lead=Lead(_LEADS[one.subject], named.key(one)),
            quote=quoted[one.note_ids[0]],
        )
        for one in found
        if one.note_ids[0] in quoted
    ]
    return BriefSection(SectionName.ONLY_ONE, lines)


def _sole(
    notes: NotesOf, subject: Subject, *, leaver_id: int | None, since: datetime
) -> list[Sole]:
    """The first 20 that one person alone wrote about and nobody else has seen."""
    alone = [
        Sole(subject, one, *authors.popitem())
        for one, authors in notes.authors(subject, since=since).items()
        if len(authors) == 1 and (leaver_id is None or leaver_id in authors)
    ]
    alone.sort(key=lambda one: (-one.count, one.id))
    ids = notes.newest(
        subject, {one.id for one in alone[: 2 * MOST]}, since=since, author_id=leaver_id or 0
    )
    seen = seen_by_others(notes.session, [note for found in ids.values() for note in found])
    unseen = [
        Sole(subject, one.id, one.author_id, one.count, ids[one.id])
        for one in alone
        if one.id in ids and seen.isdisjoint(ids[one.id])
    ]
    return unseen[:MOST]


class _Names:
    """What everything is called. Two queries."""

    def __init__(self, notes: NotesOf, found: Sequence[Sole]) -> None:
        session: Session = notes.session
        self._known = catalogue.current(session)
        self.people = people.person_names(
            session, notes.actor, ids={one.author_id for one in found}
        )
        accounts = [one.id for one in found if one.subject == "account_id"]
        named = select(Account.id, Account.name).where(Account.id.in_(accounts))
        rows = session.execute(named).all() if accounts else []
        self._accounts: dict[int, str] = {row.id: row.name for row in rows}

    def title(self, one: Sole) -> str:
        """The name of the customer, competitor or segment."""
        if one.subject == "account_id":
            return self._accounts.get(one.id, "A customer")
        if one.subject == "competitor_id":
            return self._known.competitor(one.id).name
        return self._known.segments[one.id].name

    def key(self, one: Sole) -> str:
        """What its page is addressed by."""
        if one.subject == "account_id":
            return str(one.id)
        if one.subject == "competitor_id":
            return self._known.competitor(one.id).slug
        return self._known.segments[one.id].slug
