"""Reassigning: what a preview, the deed and its undoing take for many territories and accounts.

The alternative is what one did before: each assignment ended and each one started by itself, and
each account changed by itself, by the services that a page calls. A sample of them is timed.
"""

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks import scratch
from benchmarks.report import Report
from insights.clock import utc_now
from insights.db import Database, table_of
from insights.models import (
    Account,
    Assignment,
    Person,
    RuleAttribute,
    Territory,
    TerritoryRule,
)
from insights.services import (
    accounts,
    assignments,
    catalogue,
    reassignment_undo,
    reassignments,
    rule_report,
)
from insights.services.access import OPERATOR
from insights.services.reassignment_filters import AccountChoice, Choice, HolderChoice
from insights.text import fold

TERRITORIES, ACCOUNTS = 500, 20_000
SAMPLE, ACCOUNT_SAMPLE = 50, 200
HELD_SINCE = date(2020, 1, 1)
# Longest that people should wait, in seconds.
WANTED = {"preview": 2, "carry out": 5, "undo": 5, "report of the rules": 1}

T = TypeVar("T")


def measure(notes: int, territories: int | None = None, accounts_: int | None = None) -> Report:
    """Times each step on an installation with that many demo notes."""
    places, customers = territories or TERRITORIES, accounts_ or ACCOUNTS
    report = Report(
        f"Reassigning {places:,} territories and {customers:,} accounts at {notes:,} notes, SQLite",
        ("what", "seconds", "wanted"),
    )
    with scratch.installation(notes) as place:
        database = Database(f"sqlite:///{place.folder / 'insights.db'}")
        choice = _fill(database, places, customers)
        fingerprint = _timed(report, "preview", lambda: _look(database, choice))
        made = _timed(report, "carry out", lambda: _carry_out(database, choice, fingerprint))
        _timed(report, "undo", lambda: _undo(database, made))
        _timed(report, "report of the rules", lambda: _rules(database))
        _one_by_one(database, report, choice, places, customers)
        database.dispose()
    return report


def _timed(report: Report, what: str, deed: Callable[[], T]) -> T:
    start = time.perf_counter()
    done = deed()
    report.add(what, time.perf_counter() - start, WANTED.get(what, ""))
    return done


def _today() -> tuple[datetime, date]:
    now = utc_now()
    return now, now.astimezone(ZoneInfo("UTC")).date()


def _fill(database: Database, places: int, customers: int) -> Choice:
    """A region with held territories full of accounts, a rule for each, and who gets it all."""
    _, today = _today()
    with database.writing() as session:
        catalogue.changed(session)
        first = (session.scalar(select(func.max(Territory.id))) or 0) + 1
        names = ["Many at once", "Elsewhere", *(f"Many {one}" for one in range(places))]
        rows = [
            {
                "id": first + number,
                "parent_id": first if number > 1 else None,
                "name": name,
                "folded": fold(name),
                "slug": name.lower().replace(" ", "-"),
            }
            for number, name in enumerate(names)
        ]
        session.execute(insert(table_of(Territory)), rows)
        ids = [first + 2 + number for number in range(places)]
        people = session.scalars(select(Person.id).where(Person.deactivated_at.is_(None))).all()
        _hold(session, ids, people[1:])
        _place(session, ids, customers)
    holders = HolderChoice(region_id=first, to_id=people[0])
    return Choice(today, holders, AccountChoice(region_id=first, to_id=first + 1))


def _hold(session: Session, ids: list[int], people: Sequence[int]) -> None:
    held = [
        {"territory_id": one, "person_id": people[one % len(people)], "since": HELD_SINCE}
        for one in ids
    ]
    session.execute(insert(table_of(Assignment)), held)
    rules = [
        {
            "territory_id": one,
            "attribute": RuleAttribute.STATE,
            "value": f"S{one}",
            "created_at": utc_now(),
        }
        for one in ids
    ]
    session.execute(insert(table_of(TerritoryRule)), rules)


def _place(session: Session, ids: list[int], customers: int) -> None:
    """Each twentieth account stands elsewhere than its rule says."""
    rows = [
        {
            "name": f"Customer {number}",
            "folded": f"customer {number}",
            "territory_id": ids[number % len(ids)],
            "state": f"S{ids[(number + (number % 20 == 0)) % len(ids)]}",
        }
        for number in range(customers)
    ]
    session.execute(insert(table_of(Account)), rows)


def _look(database: Database, choice: Choice) -> str:
    with database.reading() as session:
        seen = reassignments.preview(session, OPERATOR, choice, today=choice.since, limit=50)
    return seen.fingerprint


def _carry_out(database: Database, choice: Choice, fingerprint: str) -> int:
    now, _ = _today()
    with database.writing() as session:
        return reassignments.carry_out(
            session, OPERATOR, choice, fingerprint=fingerprint, now=now, today=choice.since
        ).id


def _undo(database: Database, reassignment_id: int) -> None:
    now, _ = _today()
    with database.writing() as session:
        reassignment_undo.undo(session, OPERATOR, reassignment_id=reassignment_id, now=now)


def _rules(database: Database) -> None:
    """All that the page of the rules asks."""
    with database.reading() as session:
        rule_report.counts(session, OPERATOR)
        rule_report.list_found(session, OPERATOR, finding=rule_report.Finding.MISPLACED, limit=50)


def _one_by_one(
    database: Database, report: Report, choice: Choice, places: int, customers: int
) -> None:
    """A sample, each in a transaction of its own as a request makes it, reckoned up to all."""
    assert choice.holders is not None
    assert choice.accounts is not None
    region_id, to_id = choice.holders.region_id, choice.holders.to_id
    assert region_id is not None
    assert to_id is not None
    held = select(Assignment.id, Territory.slug).join(
        Territory, Territory.id == Assignment.territory_id
    )
    of_region = Territory.parent_id == region_id
    with database.reading() as session:
        rows = session.execute(held.where(of_region).limit(SAMPLE)).all()
        customers_of = select(Account.id).join(Territory, Territory.id == Account.territory_id)
        ids = session.scalars(customers_of.where(of_region).limit(ACCOUNT_SAMPLE)).all()
    start = time.perf_counter()
    for row in rows:
        _hand_over(database, row.id, row.slug, to_id, choice.since)
    of_place = (time.perf_counter() - start) / len(rows)
    start = time.perf_counter()
    for account_id in ids:
        with database.writing() as session:
            accounts.change(
                session, OPERATOR, now=utc_now(), account_id=account_id, territory="elsewhere"
            )
    of_account = (time.perf_counter() - start) / len(ids)
    total = of_place * places + of_account * customers
    report.add("one by one instead (reckoned up from a sample)", total, "")
    at_once = next(row[1] for row in report.rows if row[0] == "carry out")
    report.remarks.append(f"One by one takes {total / at_once:,.0f} times as long.")


def _hand_over(database: Database, assignment_id: int, slug: str, to_id: int, on: date) -> None:
    with database.writing() as session:
        now = utc_now()
        assignments.end(session, OPERATOR, now=now, assignment_id=assignment_id, until=on)
        assignments.assign(
            session, OPERATOR, now=now, territory_slug=slug, person_id=to_id, since=on
        )
