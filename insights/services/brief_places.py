"""The sections of a brief that tell who is out there: competitors, customers, colleagues."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.clock import iso
from insights.models import Account, Note, Person
from insights.services import access, catalogue
from insights.services.access import Actor
from insights.services.brief_lines import BriefLine, BriefSection, Lead, Leads, SectionName, counted
from insights.services.brief_notes import NotesOf, first_of, quotes, since_days

RECENT_DAYS = 90
SEEN_DAYS = 730
KNOWN_DAYS = 365
MOST_COMPETITORS = 20
MOST_ACCOUNTS = 200
MOST_PEOPLE = 10
# Of so many competitors, the most noted ones, it is told who else knows about them.
MOST_ABOUT = 8
MOST_NAMED = 4


def competitor_section(notes: NotesOf, *, now: datetime) -> BriefSection:
    """The competitors seen in two years, most seen lately first, each with its newest note.

    Raises Unavailable when there is no index yet.
    """
    known = catalogue.current(notes.session)
    ever = notes.counts("competitor_id", since=since_days(now, SEEN_DAYS))
    lately = notes.counts("competitor_id", since=since_days(now, RECENT_DAYS))
    order = sorted(ever, key=lambda one: (-lately.get(one, 0), -ever[one], one))
    chosen = [one for one in order if one in known.competitors][:MOST_COMPETITORS]
    newest = first_of(notes.newest("competitor_id", chosen, since=since_days(now, SEEN_DAYS)))
    quoted = quotes(notes.session, notes.actor, newest.values())
    lines = []
    for one in chosen:
        item, quote = known.competitors[one], quoted.get(newest[one]) if one in newest else None
        lines.append(
            BriefLine(
                key=f"competitor:{one}",
                title=item.name,
                facts=(f"{counted(lately.get(one, 0), 'note')} in {RECENT_DAYS} days",),
                at=quote.at if quote else None,
                lead=Lead(Leads.COMPETITOR, item.slug),
                quote=quote,
            )
        )
    return BriefSection(SectionName.COMPETITORS, lines)


def account_section(session: Session, actor: Actor, territory_ids: Collection[int]) -> BriefSection:
    """The customers of the territory with the last note on each, the newest first, then those that
    nobody has written about; 200 at most. Three queries."""
    last = (
        select(Note.id)
        .where(Note.account_id == Account.id, access.visible_notes(actor))
        .order_by(Note.noted_at.desc())
        .limit(1)
        .correlate(Account)
        .scalar_subquery()
    )
    owned = (
        select(Account.id, Account.name, Account.folded, last.label("note_id"))
        .where(Account.territory_id.in_(sorted(territory_ids)), Account.archived_at.is_(None))
        .subquery()
    )
    rows = session.execute(
        select(owned.c.id, owned.c.name, owned.c.note_id)
        .outerjoin(Note, Note.id == owned.c.note_id)
        .order_by(Note.noted_at.desc().nulls_last(), owned.c.folded, owned.c.id)
        .limit(MOST_ACCOUNTS)
    ).all()
    quoted = quotes(session, actor, [row.note_id for row in rows if row.note_id is not None])
    lines = []
    for row in rows:
        quote = quoted.get(row.note_id)
        lines.append(
            BriefLine(
                key=f"account:{row.id}",
                title=row.name,
                facts=() if quote else ("no note yet",),
                at=quote.at if quote else None,
                lead=Lead(Leads.ACCOUNT, str(row.id)),
                quote=quote,
            )
        )
    return BriefSection(SectionName.ACCOUNTS, lines)


def people_section(notes: NotesOf, *, leaver_id: int | None, now: datetime) -> BriefSection:
    """Who else, anywhere in the company, wrote most in a year about the competitors that are noted
    most in the territory. Neither the leaver nor the reader is listed.

    Two requests to the index, one query. Raises Unavailable when there is no index yet.
    """
    since = since_days(now, KNOWN_DAYS)
    known = catalogue.current(notes.session)
    here = [one for one in notes.counts("competitor_id", since=since) if one in known.competitors]
    about = here[:MOST_ABOUT]
    everywhere = replace(notes, territory_ids=frozenset())
    by_person: dict[int, Counter[str]] = {}
    if about:
        asked = everywhere.request(since=since, competitor_ids=frozenset(about))
        pairs = notes.reader.cross(asked, "author_id", "competitor_id")
        for (author, one), count in pairs.items():
            if int(one) in about and author not in (leaver_id, notes.actor.id):
                by_person.setdefault(int(author), Counter())[known.competitors[int(one)].name] += (
                    count
                )
    first = sorted(by_person, key=lambda one: (-by_person[one].total(), one))[:MOST_PEOPLE]
    return BriefSection(SectionName.PEOPLE, _people(notes.session, first, by_person))


def _people(
    session: Session, chosen: Collection[int], by_person: dict[int, Counter[str]]
) -> list[BriefLine]:
    asked = select(Person.id, Person.name, Person.deactivated_at).where(Person.id.in_(chosen))
    found = {row.id: row for row in session.execute(asked)} if chosen else {}
    lines = []
    for one in chosen:
        named = by_person[one].most_common(MOST_NAMED)
        facts = [f"{name}: {counted(count, 'note')}" for name, count in named]
        if found[one].deactivated_at is not None:
            facts.append(f"left on {iso(found[one].deactivated_at)[:10]}")
        lead = Lead(Leads.PERSON, str(one))
        lines.append(BriefLine(f"person:{one}", found[one].name, facts, None, lead))
    return lines
